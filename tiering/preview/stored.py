"""What a run found that only tried something out, in the figures of a preview: sums in the database, no row per client.

Exposure and all else beside the tiers is what was known at the run's as-of moment; who looks after whom is as it is
now. A run that derived its facts kept none: what is asked of facts is asked of those that were stored at the moment.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, cast

from django.db import connection, transaction
from django.utils import timezone

from crm.models import Client, User
from crm.querysets import reach
from tiering.core.catalogue import CHANGE_METRICS
from tiering.core.compile_scores import weighted
from tiering.core.conditions import metrics_of
from tiering.core.document import Document, Indicator, Scorecard, SubjectKind
from tiering.core.metric import Catalogue
from tiering.core.sql import Fragment, case, compile_condition, condition_sql, join, known, sql, value
from tiering.core.terms import Terms
from tiering.facts import local_day
from tiering.facts.reading import ages_of, values_of
from tiering.models import TieringRun
from tiering.preview.amounts import (
    GROUPINGS,
    MOST_MOVERS,
    Amount,
    Grouping,
    Impact,
    Limits,
    Missing,
    Mover,
    RankMove,
    Way,
)
from tiering.preview.book_sql import described, joined
from tiering.preview.reasons import Judge
from tiering.selectors.catalogue import metrics_named, policy_catalogue
from tiering.selectors.criteria import document_of, effective_version
from tiering.services.planner import HASHING, over_the_book, planning
from tiering.services.staging import named
from tiering.services.subjects import held_then
from tiering.services.terms import change_terms

Row = Sequence[Any]


@dataclass(frozen=True)
class Found:
    """The results of a run about one kind of subject, with what is told beside them, as a relation ``found``."""

    run: TieringRun
    document: Document
    within: bool
    visible: list[int] | None

    @classmethod
    def of(cls, run: TieringRun, user: User, *, within: bool) -> Found:
        """The results that a user may see."""
        everybody = reach(user) is None
        visible = None if everybody else list(Client.objects.visible_to(user).values_list("pk", flat=True))
        return cls(run, document_of(run.version), within, visible)

    def impact(self) -> Impact:
        """The figures. One pass over the results, and one over the facts for what is missing."""
        with transaction.atomic(), connection.cursor() as cursor, planning(cursor, HASHING):
            over_the_book(cursor)
            rows = self._rows(cursor, _SUMS, {})
            movers = self._rows(cursor, _MOVERS, {"most": MOST_MOVERS})
            missing = self._missing(cursor)
        return _impact(rows, tuple(self._mover(row) for row in movers), missing)

    def movers(self, results: Sequence[int]) -> list[Mover]:
        """Some of the results, by their ids, in the same order."""
        listed = f"({self._relation} AND t.id = ANY(%(results)s::bigint[])) AS found"
        statement = f"SELECT {_MOVER_COLUMNS}, id FROM {listed}"  # noqa: S608 - a relation of ours
        with connection.cursor() as cursor:
            cursor.execute(statement, {**self._params, "results": list(results)})
            found = {row[-1]: self._mover(row[:-1]) for row in cursor.fetchall()}
        return [found[pk] for pk in results if pk in found]

    @cached_property
    def judge(self) -> Judge:
        """Who tells why a subject of the run moves, beside the criteria that were in effect at its moment."""
        former = effective_version(self.run.version.criteria.scheme, self.run.as_of)
        document = document_of(former) if former else None
        if document and document.subject != self.document.subject:
            former = document = None
        return Judge(
            document=self.document,
            terms=Terms.read(self.run.terms),
            in_effect=document,
            in_effect_terms=change_terms(former, self.run.as_of) if former else Terms(),
            scheme=self.run.version.criteria.scheme_id,
            at=self.run.as_of,
        )

    def _rows(self, cursor: Any, statement: str, more: Mapping[str, Any]) -> list[Row]:
        """The rows of a statement over ``found``."""
        cursor.execute(f"WITH found AS MATERIALIZED ({self._relation}) {statement}", {**self._params, **more})
        return cursor.fetchall()

    @cached_property
    def _relation(self) -> str:
        """A SELECT of the results."""
        of = described(self._subject)
        columns = ", ".join(f"{expression} AS {name}" for name, expression in of.items())
        return _FOUND.format(columns=columns, review=self._review[0], source=self._source)

    @property
    def _params(self) -> dict[str, Any]:
        """The parameters of the relation."""
        return {
            "run": self.run.pk,
            "as_of": self.run.as_of,
            "day": local_day(self.run.as_of),
            "scheme": self.run.version.criteria.scheme_id,
            "zone": timezone.get_default_timezone_name(),
            "visible": self.visible,
            **self._review[1],
        }

    @property
    def _subject(self) -> SubjectKind:
        return "project" if self.within else "client"

    @property
    def _source(self) -> str:
        return _SOURCE.format(
            joined=joined(self._subject, "t.client_id", "t.project_id"),
            level="IS NOT NULL" if self.within else "IS NULL",
            visible="TRUE" if self.visible is None else "t.client_id = ANY(%(visible)s::bigint[])",
            **{alias: held_then(alias) for alias in ("f", "p", "a", "g")},
        )

    @cached_property
    def _catalogue(self) -> Catalogue:
        return policy_catalogue()

    @cached_property
    def _review(self) -> tuple[str, dict[str, Any]]:
        """Whether a person would have to decide on the move; see `core.evaluate.needs_review`."""
        when = self.document.policy.review_when
        if when is None:
            return "FALSE", {}
        read = metrics_of(when) - CHANGE_METRICS.keys()
        columns = {**values_of(read, "f", self._catalogue, "p"), **_MOVES}
        return named(compile_condition(when, columns, self._catalogue), "v")

    def _mover(self, row: Row) -> Mover:
        """A row of `_MOVERS`."""
        stored = self.run.basis == TieringRun.Basis.FACTS
        client, project, facts, within, held, after, says, days, score, exposure, revenue = row
        return Mover(
            client=client,
            project=project,
            facts=facts if stored else None,
            within=within if stored else None,
            before=held,
            after=after,
            says=says,
            held=held,
            held_days=days or 0,
            score=score,
            exposure=exposure,
            revenue=revenue,
        )

    def _missing(self, cursor: Any) -> tuple[Missing, ...]:
        """By metric for how many an indicator found no value; nothing where the facts are not stored."""
        if self.run.basis != TieringRun.Basis.FACTS or (self.document.subject == "project") != self.within:
            return ()
        metrics = sorted({part.metric for card in self.document.scorecards for part, _ in weighted(card)})
        counts = join(", ", self._counts(metrics))
        text, params = named((counts.text, counts.params), "m")
        cursor.execute(f"SELECT {text} {self._source}", {**self._params, **params})
        (row,) = cursor.fetchall()
        found = (Missing(key, *row[2 * at : 2 * at + 2]) for at, key in enumerate(metrics))
        return tuple(
            sorted(
                (one for one in found if one.subjects),
                key=lambda one: (-one.newly, -one.subjects, one.metric),
            )
        )

    def _counts(self, metrics: Sequence[str]) -> Iterator[Fragment]:
        former = effective_version(self.run.version.criteria.scheme, self.run.as_of)
        in_effect = document_of(former) if former else None
        for metric in metrics:
            lacks = self._lacks(self.document, metric, stored=True)
            yield sql("count(*) FILTER (WHERE ", lacks, ")")
            lacked = self._lacks(in_effect, metric, stored=False) if in_effect else Fragment("FALSE")
            yield sql("count(*) FILTER (WHERE ", lacks, " AND NOT ", lacked, ")")

    def _lacks(self, document: Document, metric: str, *, stored: bool) -> Fragment:
        """Whether an indicator of the scorecard that applies finds no value of the metric."""
        applies = Fragment("t.scorecard") if stored else self._card(document)
        lacking = [
            sql("(", applies, " = ", value(card.key, "text"), " AND NOT ", self._is_read(document, part), ")")
            for card in document.scorecards
            for part, _ in weighted(card)
            if part.metric == metric
        ]
        return sql("(", join(" OR ", lacking), ")") if lacking else Fragment("FALSE")

    def _card(self, document: Document) -> Fragment:
        columns = values_of(
            metrics_named(document) - CHANGE_METRICS.keys(), "f", self._catalogue, self._project
        )
        branches = (
            (condition_sql(card.when, columns, self._catalogue), _key(card))
            for card in document.scorecards
            if card.when is not None
        )
        return case(branches, next(_key(card) for card in document.scorecards if card.is_default))

    def _is_read(self, document: Document, part: Indicator) -> Fragment:
        """Whether the indicator can read a value."""
        (column,) = values_of([part.metric], "f", self._catalogue, self._project).values()
        read = (
            known(column, True)
            if part.bands
            else sql(column, " = ANY(", value(list(part.categories), "text[]"), ")")
        )
        if part.max_age_days is not None:
            (age,) = ages_of([part.metric], "f", "%(day)s::date", self._catalogue, self._project).values()
            read = sql(read, f" AND {age.replace('%', '%%')} <= ", value(part.max_age_days, "int"))
        return sql("((", read, ") IS TRUE)")

    @property
    def _project(self) -> str | None:
        return "p" if self.document.subject == "project" else None


def _key(card: Scorecard) -> Fragment:
    return value(card.key, "text")


_MOVES: Final = {
    "notches": "(t.held_rank - t.rank)::float8",
    "old_rank": "t.held_rank::float8",
    "new_rank": "t.rank::float8",
}

_SOURCE: Final = """
FROM tiering_trialresult t
LEFT JOIN tiering_facts f ON f.client_id = t.client_id AND {f}
LEFT JOIN tiering_projectfacts p ON p.client_id = t.client_id AND p.project_id = t.project_id AND {p}
LEFT JOIN tiering_assignment g ON g.client_id = t.client_id AND g.scheme_id = %(scheme)s
    AND coalesce(g.project_id, 0) = coalesce(t.project_id, 0) AND {g}
LEFT JOIN tiering_assessment a ON a.client_id = t.client_id AND a.scheme_id = %(scheme)s
    AND coalesce(a.project_id, 0) = coalesce(t.project_id, 0) AND {a}
{joined}
CROSS JOIN LATERAL (SELECT t.held_rank IS NOT NULL AND (t.client_id, coalesce(t.project_id, 0)) IN (
    SELECT o.client_id, coalesce(o.project_id, 0) FROM tiering_override o
    WHERE o.kind = 'output' AND o.scheme_id = %(scheme)s AND o.starts <= %(as_of)s
    AND (o.ended_at IS NULL OR o.ended_at > %(as_of)s)) AS holds) AS h
CROSS JOIN LATERAL (SELECT CASE WHEN h.holds THEN t.held_rank ELSE t.rank END AS rank) AS n
WHERE t.run_id = %(run)s AND t.project_id {level} AND {visible}"""

_FOUND: Final = """
SELECT t.id, t.client_id, t.project_id, f.id AS facts_id, p.id AS within_id, t.scorecard AS segment, t.held_rank,
       n.rank AS after, t.rank AS says, h.holds AND t.rank <> t.held_rank AS held_back,
       %(day)s::date - (g.valid_from AT TIME ZONE %(zone)s)::date AS held_days, t.score, {columns},
       CASE WHEN t.held_rank IS NULL THEN 'first' WHEN n.rank = t.held_rank THEN 'same'
            WHEN n.rank < t.held_rank THEN 'up' ELSE 'down' END AS way,
       coalesce(t.held_rank <> n.rank, FALSE) AND ({review}) AS review,
       t.provisional AND NOT coalesce(a.provisional, FALSE) AS newly
{source}"""

_KEYS: Final = ("held_rank", "after", "way", *GROUPINGS, "review", "newly", "held_back")
_SETS: Final[dict[str, tuple[str, ...]]] = {
    "moves": ("held_rank", "after"),
    **{grouping: (grouping, "way") for grouping in GROUPINGS},
    "review": ("review",),
    "newly": ("newly",),
    "held_back": ("held_back",),
    "limits": (),
}

_SUMS: Final = f"""
SELECT grouping({", ".join(_KEYS)}), {", ".join(_KEYS)}, count(*), sum(exposure)::float8, sum(revenue)::float8,
       count(*) FILTER (WHERE way IN ('up', 'down') AND facilities > 0),
       coalesce(sum(facilities) FILTER (WHERE way IN ('up', 'down')), 0)::bigint,
       coalesce(sum(limits) FILTER (WHERE way IN ('up', 'down')), 0)::float8
FROM found GROUP BY GROUPING SETS ({", ".join(f"({', '.join(keys)})" for keys in _SETS.values())})
"""  # noqa: S608 - names of ours

_MOVER_COLUMNS: Final = (
    "client_id, project_id, facts_id, within_id, held_rank, after, says, held_days, score, exposure, revenue"
)
_MOVERS: Final = f"""
SELECT {_MOVER_COLUMNS} FROM found WHERE way IN ('up', 'down')
ORDER BY exposure DESC, client_id, project_id LIMIT %(most)s
"""  # noqa: S608


def _mask(keys: Sequence[str]) -> int:
    """What `grouping` gives for a set of keys: a bit for each key that is not in it, the last key's the lowest."""
    return sum(1 << place for place, key in enumerate(reversed(_KEYS)) if key not in keys)


_NAMES: Final = {_mask(keys): name for name, keys in _SETS.items()}


def _impact(rows: Sequence[Row], movers: tuple[Mover, ...], missing: tuple[Missing, ...]) -> Impact:
    """The figures in the rows of `_SUMS`."""
    moves: dict[RankMove, Amount] = {}
    groups: dict[Grouping, dict[int | str | None, dict[Way, Amount]]] = {one: {} for one in GROUPINGS}
    chosen, limits = dict.fromkeys(("review", "newly", "held_back"), Amount()), Limits()
    for mask, *rest in rows:
        keys, sums = dict(zip(_KEYS, rest, strict=False)), rest[len(_KEYS) :]
        name, amount = _NAMES[mask], Amount(*sums[:3])
        if name == "moves":
            moves[keys["held_rank"], keys["after"]] = amount
        elif name == "limits":
            limits = Limits(*sums[3:])
        elif name in chosen:
            chosen[name] = amount if keys[name] else chosen[name]
        else:
            groups[cast(Grouping, name)].setdefault(keys[name] or None, {})[keys["way"]] = amount
    return Impact(
        moves, groups, movers, chosen["review"], limits, chosen["newly"], chosen["held_back"], missing
    )
