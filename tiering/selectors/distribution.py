"""How the values of metrics lie over the book: of each, a thousand values that stand for all of them."""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.core.cache import cache
from django.db import connection
from django.db.models import Max, QuerySet

from crm.models import User
from tiering.core.conditions import All, Condition, Not, metrics_of
from tiering.core.document import Scorecard, SubjectKind
from tiering.core.metric import Catalogue, Metric
from tiering.core.sql import compile_condition
from tiering.facts.reading import values_of
from tiering.models import Facts, ProjectFacts, TieringRun
from tiering.models.tiers import IN_FORCE

KEPT: Final = 60 * 60
STEPS: Final = 1000
SHARES: Final = [step / STEPS for step in range(STEPS + 1)]
LOOKED_AT: Final = 20_000
"""So many subjects are enough to draw by; of a larger book a sample is read, always the same one."""


@dataclass(frozen=True)
class Distribution:
    """The values of one metric over the subjects that were looked at.

    ``known`` is the share of them with a value. ``values`` are the 0th to the 1000th thousandth of those, rising, empty
    where nothing is known. ``categories`` are shares of those with a value by category, empty for a number.
    """

    known: float
    values: tuple[float, ...] = ()
    categories: Mapping[str, float] | None = None

    def share(self, low: float | None, high: float | None) -> float:
        """The share of the known values in ``[low, high)``; None is an open end."""
        if not self.values:
            return 0.0
        return (self._below(high) - self._below(low, at_least=0)) / len(self.values)

    def _below(self, edge: float | None, at_least: int | None = None) -> int:
        if edge is None:
            return len(self.values) if at_least is None else at_least
        return bisect_left(self.values, edge)

    def quantile(self, share: float) -> float:
        """The value up to which so large a share of the known values lies."""
        return self.values[round(share * (len(self.values) - 1))]

    def edge(self, share: float) -> float:
        """The least value with so large a share of the known values below it."""
        return self.values[min(round(share * (len(self.values) - 1)) + 1, len(self.values) - 1)]

    @cached_property
    def middle(self) -> tuple[float, float]:
        """The first and the 99th percentile: what a chart shows of a distribution with long ends."""
        return self.quantile(0.01), self.quantile(0.99)


UNKNOWN: Final = Distribution(0.0)
Distributions = Mapping[str, Distribution]


def audience(cards: Sequence[Scorecard], card: Scorecard, catalogue: Catalogue) -> Condition | None:
    """Whom a scorecard is for: its own condition and none of those before; None for everybody.

    Conditions that name what the catalogue does not have are left out: the draft is told so elsewhere.
    """
    place = next(number for number, other in enumerate(cards) if other is card)
    ahead = cards if card.when is None else cards[:place]
    parts: list[Condition] = [Not(other.when) for other in ahead if other.when is not None]
    if card.when is not None:
        parts.insert(0, card.when)
    usable = tuple(part for part in parts if metrics_of(part) <= catalogue.keys())
    return All(usable) if usable else None


def distributions(
    user: User, subject: SubjectKind, metrics: Iterable[Metric], among: Condition | None, catalogue: Catalogue
) -> Distributions:
    """How each of the metrics lies over the clients whom the user may see, or over clients within projects where those
    are the subject, as far as ``among`` describes them.

    One statement for all that is not at hand; kept until the next run ends, an hour at most.
    """
    names = {_cache_key(user, subject, metric.key, among): metric for metric in metrics}
    kept = cache.get_many(names)
    wanted = [metric for name, metric in names.items() if name not in kept]
    if wanted:
        counted = _counted(user, subject, wanted, among, catalogue)
        fresh = {name: counted[metric.key] for name, metric in names.items() if name not in kept}
        cache.set_many(fresh, KEPT)
        kept |= fresh
    return {metric.key: kept[name] for name, metric in names.items()}


def _cache_key(user: User, subject: SubjectKind, metric: str, among: Condition | None) -> str:
    over = TieringRun.objects.filter(finished_at__isnull=False).aggregate(run=Max("pk"))["run"]
    reach = "all" if user.sees_every_client else f"team-{user.team_id}"
    whom = hashlib.sha256(f"{subject}:{among!r}".encode()).hexdigest()[:16]
    return f"distribution:{over}:{reach}:{whom}:{metric}"


def _counted(
    user: User, subject: SubjectKind, metrics: Sequence[Metric], among: Condition | None, catalogue: Catalogue
) -> dict[str, Distribution]:
    rows, params = _subjects(user, subject)
    within = "p" if subject == "project" else None
    read = {metric.key for metric in metrics} | (metrics_of(among) if among else set())
    columns = values_of(read, "f", catalogue, within)
    where, given = compile_condition(among, columns, catalogue) if among else ("TRUE", ())
    values = ", ".join(f"{columns[metric.key]} AS v{number}" for number, metric in enumerate(metrics))
    told = ", ".join(_told(metric, f"v{number}") for number, metric in enumerate(metrics))
    # Names of the catalogue and of our tables; all values are parameters.
    book = f"SELECT {values} FROM {rows} WHERE {where}"  # noqa: S608
    statement = f"WITH book AS MATERIALIZED ({book}) SELECT count(*), {told} FROM book"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, (*params, *given, *(SHARES for metric in metrics if metric.is_number)))
        subjects, *found = cursor.fetchone()
    return {
        metric.key: _distribution(metric, subjects, known, values)
        for metric, known, values in zip(metrics, found[::2], found[1::2], strict=True)
    }


def _told(metric: Metric, value: str) -> str:
    if metric.is_number:
        return f"count({value}), percentile_disc(%s::float8[]) WITHIN GROUP (ORDER BY {value})"
    listed = f"SELECT {value} AS category, count(*) AS clients FROM book WHERE {value} IS NOT NULL GROUP BY 1"  # noqa: S608
    return f"count({value}), (SELECT jsonb_object_agg(category, clients) FROM ({listed}) c)"  # noqa: S608


def _distribution(metric: Metric, subjects: int, known: int, values: Any) -> Distribution:
    if not known:
        return UNKNOWN if metric.is_number else Distribution(0.0, categories={})
    if metric.is_number:
        return Distribution(known / subjects, tuple(values))
    shares = {category: clients / known for category, clients in json.loads(values).items()}
    return Distribution(known / subjects, categories=shares)


def _subjects(user: User, subject: SubjectKind) -> tuple[str, tuple[Any, ...]]:
    """A relation of facts as `f`, within projects beside `p`, and its parameters."""
    if subject == "client":
        text, params = _in_force(Facts.objects.visible_to(user))
        return f"({text}) f", params
    text, params = _in_force(ProjectFacts.objects.visible_to(user))
    facts = "tiering_facts f ON f.client_id = p.client_id AND f.valid_to IS NULL"
    return f"({text}) p LEFT JOIN {facts}", params


def _in_force(rows: QuerySet[Any]) -> tuple[str, tuple[Any, ...]]:
    text, params = rows.filter(IN_FORCE).query.sql_with_params()
    return _sampled(text, rows.model._meta.db_table), params


def _sampled(statement: str, table: str) -> str:
    """The statement with a sample of the table in its place, where that is large by the planner's estimate.

    The sample is one of whole blocks, always the same: nothing is counted, and little is read.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", (table,))
        rows = cursor.fetchone()[0]
    if rows <= 2 * LOOKED_AT:
        return statement
    percent = 100 * LOOKED_AT / rows
    # The ORM has no word for it.
    return statement.replace(
        f'FROM "{table}"', f'FROM "{table}" TABLESAMPLE SYSTEM ({percent:.6f}) REPEATABLE (0)', 1
    )
