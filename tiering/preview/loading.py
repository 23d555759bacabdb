"""How a book becomes columns: one pass over what is in force, then the tiers of each scheme that is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from django.db import connection, transaction
from django.utils import timezone
from numpy.typing import NDArray

from tiering.core.catalogue import CHANGE_METRICS
from tiering.core.columns import UNKNOWN_AGE
from tiering.core.document import Document, SubjectKind
from tiering.core.metric import Catalogue, Metric
from tiering.facts import local_day
from tiering.facts.reading import ages_of, values_of
from tiering.preview.book_sql import described, joined
from tiering.preview.copying import Field, Progress, copy_columns, load_columns, number
from tiering.preview.snapshot import Marks, Snapshot, draft_of
from tiering.selectors.catalogue import metrics_named
from tiering.services.clock import database_now
from tiering.services.planner import HASHING, over_the_book

OTHER: Final = "\0"
"""The word for a category that the catalogue does not have; no document can name it."""
ORIGIN: Final = "date '1970-01-01'"


class Outdated(Exception):
    """Facts of the snapshot are no longer among those that hold or did so lately."""


@dataclass(frozen=True)
class Needs:
    """What documents of one kind of subject read: the values of metrics, the ages of some, and the tiers of a scheme."""

    subject: SubjectKind
    scheme: int
    metrics: frozenset[str]
    aged: frozenset[str]

    @property
    def facts(self) -> list[str]:
        """The names of the columns of facts."""
        return [*map(value_name, sorted(self.metrics)), *map(age_name, sorted(self.aged))]

    @property
    def tiers(self) -> list[str]:
        """The names of the columns of tiers."""
        return [f"{name}-{self.scheme}" for name in ("tier", "since", "provisional", "overridden")]


def value_name(metric: str) -> str:
    """The name of the column with the values of a metric."""
    return f"value.{metric}"


def age_name(metric: str) -> str:
    """The name of the column with their ages in days."""
    return f"age.{metric}"


def take_snapshot(folder: Path, needs: Needs, catalogue: Catalogue, progress: Progress) -> Snapshot:
    """Write the book as it is now into a new snapshot; whoever else takes one is kept out by the caller."""
    taken = database_now()
    with draft_of(folder, needs.subject, taken) as (draft, final), transaction.atomic():
        with connection.cursor() as cursor:
            over_the_book(cursor)
            marks = _marks(cursor)
        words, fields = facts_fields(needs, catalogue)
        fields = [*_subjects(needs.subject), *fields]
        day = local_day(taken)
        params: dict[str, Any] = {"day": day}
        count = copy_columns(fields, f"FROM {_source(needs.subject)}", params, draft, progress)
        snapshot = Snapshot(draft, needs.subject, taken, day, count, marks, words)
        _sort(snapshot, fields)
        snapshot.write()
    return Snapshot.read(final)


def add_metrics(snapshot: Snapshot, needs: Needs, catalogue: Catalogue, progress: Progress) -> Snapshot:
    """Fetch what is still lacking, of the very facts that the snapshot is of. Raises Outdated."""
    lacking = Needs(
        needs.subject,
        needs.scheme,
        frozenset(one for one in needs.metrics if not snapshot.has([value_name(one)])),
        frozenset(one for one in needs.aged if not snapshot.has([age_name(one)])),
    )
    words, fields = facts_fields(lacking, catalogue)
    keys = [Field("facts", "f.id", "i8")]
    if needs.subject == "project":
        keys.append(Field("within", "p.id", "i8"))
    params: dict[str, Any] = {"day": snapshot.day, "taken": snapshot.taken}
    source = f"FROM {_recent(needs.subject)}"
    loaded = load_columns([*keys, *fields], source, params, progress=progress, **_beside(snapshot))
    at = _places(*([snapshot.column(key.name), loaded[key.name]] for key in keys))
    for one in fields:
        snapshot.add(one.name, loaded[one.name][at])
    return snapshot.add_vocabularies(words)


def add_tiers(snapshot: Snapshot, scheme: int, progress: Progress) -> None:
    """Fetch the tiers in force of a scheme, since which day they are, and whether they are provisional or an override
    holds them."""
    fields = [
        Field("client", "g.client_id", "i8"),
        Field("project", "coalesce(g.project_id, 0)", "i8"),
        Field("tier", "g.tier_id", "i4"),
        Field("since", f"(g.valid_from AT TIME ZONE %(zone)s)::date - {ORIGIN}", "i4"),
        Field("provisional", "coalesce(a.provisional, FALSE)::int", "u1"),
        Field("overridden", "(o.id IS NOT NULL)::int", "u1"),
    ]
    params = {"scheme": scheme, "zone": timezone.get_default_timezone_name()}
    loaded = load_columns(
        fields, _TIERS[snapshot.subject], params, planned=HASHING, progress=progress, **_beside(snapshot)
    )
    own = [snapshot.column(name) for name in _KEYS[snapshot.subject]]
    other = [loaded[name] for name in _KEYS[snapshot.subject]]
    at, found = _matches(own, other)
    for name in ("since", "provisional", "overridden", "tier"):  # the tier last: it tells that all are there
        values = np.zeros(snapshot.count, loaded[name].dtype)
        values[found] = loaded[name][at[found]]
        snapshot.add(f"{name}-{scheme}", values)


def _beside(snapshot: Snapshot) -> dict[str, Any]:
    """Where columns are on their way, so that `sweep` finds what is left of them."""
    return {"beside": snapshot.folder.parent, "prefix": f".{snapshot.subject}-"}


_KEYS: Final[Mapping[SubjectKind, tuple[str, ...]]] = {
    "client": ("client",),
    "project": ("client", "project"),
}
_HELD: Final = """
FROM tiering_assignment g
LEFT JOIN tiering_assessment a ON a.client_id = g.client_id AND a.scheme_id = g.scheme_id
    AND coalesce(a.project_id, 0) = coalesce(g.project_id, 0) AND a.valid_to IS NULL
LEFT JOIN tiering_override o ON o.id = g.override_id AND o.starts = g.valid_from
WHERE g.scheme_id = %(scheme)s AND g.valid_to IS NULL AND """
_TIERS: Final[Mapping[SubjectKind, str]] = {
    "client": f"{_HELD} g.project_id IS NULL",
    "project": f"{_HELD} g.project_id IS NOT NULL",
}


def _marks(cursor: Any) -> Marks:
    cursor.execute(
        "SELECT coalesce((SELECT max(id) FROM tiering_facts), 0),"
        " coalesce((SELECT max(id) FROM tiering_projectfacts), 0),"
        " coalesce((SELECT max(id) FROM tiering_assignment), 0)"
    )
    return Marks(*cursor.fetchone())


def _source(subject: SubjectKind) -> str:
    """The subjects with what is known of them now."""
    rows = "tiering_facts f"
    if subject == "project":
        rows += " JOIN tiering_projectfacts p ON p.client_id = f.client_id AND p.valid_to IS NULL"
    return f"{rows} {joined(subject, 'f.client_id', 'p.project_id')} WHERE f.valid_to IS NULL"


def _recent(subject: SubjectKind) -> str:
    """What held when a snapshot was taken, and more. A run closes rows as of its own moment, which may be earlier."""
    lately = "({0}.valid_to IS NULL OR {0}.valid_to > %(taken)s::timestamptz - interval '1 day')"
    rows = "tiering_facts f"
    if subject == "project":
        rows += f" JOIN tiering_projectfacts p ON p.client_id = f.client_id AND {lately.format('p')}"
    return f"{rows} WHERE {lately.format('f')}"


def _subjects(subject: SubjectKind) -> list[Field]:
    """Who the subjects are, and what a book is told apart and summed by."""
    of = described(subject)
    fields = [Field("client", "f.client_id", "i8"), Field("facts", "f.id", "i8")]
    if subject == "project":
        fields += [Field("project", "p.project_id", "i8"), Field("within", "p.id", "i8")]
    fields += [Field(name, of[name], "f8") for name in ("exposure", "revenue", "limits")]
    return fields + [Field(name, of[name], "i4") for name in ("facilities", "sector", "rm", "team", "region")]


def facts_fields(needs: Needs, catalogue: Catalogue) -> tuple[dict[str, tuple[str, ...]], list[Field]]:
    """The words of categories, and the columns of facts."""
    project = "p" if needs.subject == "project" else None
    words = {
        key: ("", *catalogue[key].categories, OTHER) for key in needs.metrics if not catalogue[key].is_number
    }
    values = values_of(needs.metrics, "f", catalogue, project)
    fields = [_value(catalogue[key], sql, words) for key, sql in values.items()]
    ages = ages_of(needs.aged, "f", "%(day)s::date", catalogue, project)
    fields += [Field(age_name(key), f"coalesce({age}, {UNKNOWN_AGE})", "i4") for key, age in ages.items()]
    return words, fields


def _value(metric: Metric, sql: str, words: Mapping[str, tuple[str, ...]]) -> Field:
    if metric.is_number:
        return number(value_name(metric.key), sql)
    known = words[metric.key][1:-1]
    listed = ", ".join(f"WHEN {_literal(word)} THEN {code}" for code, word in enumerate(known, 1))
    code = f"CASE coalesce({sql}, '') WHEN '' THEN 0 {listed.replace(', WHEN', ' WHEN')} ELSE {len(known) + 1} END"
    return Field(value_name(metric.key), code, "u1" if len(known) < 255 else "i2")


def _literal(word: str) -> str:
    with connection.cursor() as cursor:
        text: str = cursor.cursor.mogrify("%s", [word]).decode()
    return text.replace("%", "%%")


def _sort(snapshot: Snapshot, fields: Iterable[Field]) -> None:
    """Put the subjects in the order of their ids, where they did not come so."""
    keys = [snapshot.column(name) for name in _KEYS[snapshot.subject]]
    order = np.lexsort(keys[::-1])
    if (order[1:] > order[:-1]).all():
        return
    for one in fields:
        snapshot.add(one.name, snapshot.column(one.name)[order])


def _places(*keys: list[NDArray[Any]]) -> NDArray[np.intp]:
    """Where each of our rows stands among others, by (ours, others) of each key. Raises Outdated for one that does
    not."""
    at, found = _matches([ours for ours, _ in keys], [others for _, others in keys])
    if not found.all():
        raise Outdated
    return at


def _matches(
    ours: list[NDArray[Any]], others: list[NDArray[Any]]
) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """For each of our rows the place of the one with the same keys among the others, and whether there is one."""
    count = len(ours[0])
    if not len(others[0]):
        return np.zeros(count, np.intp), np.zeros(count, np.bool_)
    own, other = _ranked(ours, others)
    order = np.argsort(other, kind="stable")
    found = np.searchsorted(other, own, sorter=order).clip(max=len(other) - 1)
    at = order[found]
    return at, other[at] == own


def _ranked(
    ours: list[NDArray[Any]], others: list[NDArray[Any]]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Several keys of a row as one number."""
    if len(ours) == 1:
        return ours[0], others[0]
    own, other = np.zeros(len(ours[0]), np.int64), np.zeros(len(others[0]), np.int64)
    for mine, theirs in zip(ours, others, strict=True):
        known = np.unique(np.concatenate([mine, theirs]))
        own = own * len(known) + np.searchsorted(known, mine)
        other = other * len(known) + np.searchsorted(known, theirs)
    return own, other


def needs_of(scheme: int, *documents: Document) -> Needs:
    """What some documents of a scheme read, for review policies too."""
    metrics = frozenset().union(*map(metrics_named, documents)) - CHANGE_METRICS.keys()
    aged = frozenset().union(*(document.aged_metrics for document in documents))
    return Needs(documents[0].subject, scheme, metrics, aged)
