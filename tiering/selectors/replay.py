"""Stored assessments compared with what they rest on: evaluated again from facts, criteria, terms and the tier held.

Any difference means that a row is not what a run wrote, or that a run wrote what the criteria do not say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet, Subquery

from tiering.core.document import content_hash
from tiering.models import Assessment, CriteriaVersion
from tiering.selectors.criteria import document_of
from tiering.selectors.recall import Parts, assessments, parts_of, result_of

BATCH = 2_000
"""Assessments that are in memory at once."""

TIERS = ("model_tier", "base_tier", "overlay_tier", "tier")
FIELDS = ("scorecard", "score", *TIERS, "provisional", "gates", "overlays")
"""What is compared; tiers by their rank."""

Values = tuple[Any, ...]


@dataclass(frozen=True)
class Difference:
    """A field of a stored assessment that is not what a replay gives; `project` is empty for the client as a whole."""

    client: str
    project: str
    scheme: str
    at: datetime
    field: str
    stored: Any
    recomputed: Any


@dataclass(frozen=True)
class Batch:
    """So many assessments were recomputed, and these differences found."""

    assessments: int
    differences: list[Difference]


@dataclass(frozen=True)
class Choice:
    """Which assessments to replay: of a scheme (its key), of a client (its code), those that began since a moment, the
    newest `limit` of them."""

    scheme: str | None = None
    client: str | None = None
    since: datetime | None = None
    limit: int | None = None

    def of(self, rows: QuerySet[Assessment]) -> QuerySet[Assessment]:
        """Those of the rows that were chosen."""
        if self.scheme is not None:
            rows = rows.filter(scheme__key=self.scheme)
        if self.client is not None:
            rows = rows.filter(client__code=self.client)
        if self.since is not None:
            rows = rows.filter(valid_from__gte=self.since)
        if self.limit is not None:
            newest = rows.order_by("-pk").values("pk")[: self.limit]
            rows = rows.filter(pk__in=Subquery(newest))
        return rows


def replay(choice: Choice, size: int = BATCH) -> Iterator[Batch]:
    """Recompute the chosen assessments in Python, newest first, holding no more than a batch of them."""
    return batches(choice.of(named_assessments()), size)


def named_assessments() -> QuerySet[Assessment]:
    """Assessments with all that they rest on, and with what names them in a report."""
    return assessments().select_related("client", "project", "scheme")


def batches(rows: QuerySet[Assessment], size: int = BATCH) -> Iterator[Batch]:
    """Recompute the rows, batch by batch."""
    rows, last = rows.order_by("-pk"), None
    while batch := list((rows if last is None else rows.filter(pk__lt=last))[:size]):
        parts = parts_of(batch)
        yield Batch(len(batch), [found for row in batch for found in _replayed(row, parts)])
        last = batch[-1].pk


def altered_versions(choice: Choice) -> list[CriteriaVersion]:
    """The versions behind the chosen assessments whose document is no longer what its hash says: by those nothing can
    be recomputed that would prove anything."""
    behind = choice.of(Assessment.objects.all()).order_by().values("version").distinct()
    versions = CriteriaVersion.objects.filter(pk__in=behind).select_related("criteria__scheme")
    return [version for version in versions if content_hash(version.document) != version.content_hash]


def _replayed(row: Assessment, parts: Parts) -> Iterator[Difference]:
    try:
        recomputed = expected(row, parts)
    except KeyError:  # the terms of the run lack the thresholds of a rank
        return iter([_difference(row, "terms", row.run.terms, None)])
    return differences(row, recomputed)


def expected(row: Assessment, parts: Parts) -> Values:
    """The values of `FIELDS` that the row should have; of one that was rolled up, those of the deciding project."""
    basis = parts.deciding(row)
    if basis is not row:
        return stored(basis)
    result = result_of(row)
    return tuple(
        list(value) if isinstance(value := getattr(result, field), tuple) else value for field in FIELDS
    )


def stored(row: Assessment) -> Values:
    """The values of `FIELDS` that the row has."""
    return tuple(getattr(row, field).rank if field in TIERS else getattr(row, field) for field in FIELDS)


def differences(row: Assessment, recomputed: Values) -> Iterator[Difference]:
    """Field by field where the row is not as recomputed; tiers by their key."""
    tiers = document_of(row.version).tiers
    for field, now, then in zip(FIELDS, stored(row), recomputed, strict=True):
        if now != then:
            was, would_be = (tiers[now].key, tiers[then].key) if field in TIERS else (now, then)
            yield _difference(row, field, was, would_be)


def _difference(row: Assessment, field: str, stored: Any, recomputed: Any) -> Difference:
    project = row.project.code if row.project else ""
    return Difference(row.client.code, project, row.scheme.key, row.valid_from, field, stored, recomputed)
