"""Stored assessments as `core.evaluate` reads them: facts with their ages, and the setting of the run.

All that an assessment rests on comes with it (`assessments()`), so any number is recalled in a constant number of
queries, and one more for those that were rolled up from projects.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from tiering.core import metric
from tiering.core.evaluate import Assessment as Result
from tiering.core.evaluate import evaluate
from tiering.core.rollup import InProject, deciding
from tiering.core.terms import Ages, Setting, Terms
from tiering.facts import local_day
from tiering.models import Assessment, Assignment
from tiering.selectors.criteria import document_of, every_tier

NO_PROJECT = Value(0)
TIERS = ("tier", "model_tier", "base_tier", "overlay_tier")


class Recalled(QuerySet[Assessment]):
    """Assessments whose tiers are told afterwards, in one query: joined in, these four of a handful of rows would take
    the database longer to plan than all the rest."""

    def _fetch_all(self) -> None:
        was_read = self._result_cache is not None
        super()._fetch_all()
        if not was_read:
            _tell_tiers([row for row in self._result_cache or () if isinstance(row, Assessment)])


def _tell_tiers(rows: Sequence[Assessment]) -> None:
    tiers = every_tier() if rows else {}
    for row in rows:
        for name in TIERS:
            if tier := tiers.get(getattr(row, f"{name}_id")):
                setattr(row, name, tier)


def assessments() -> QuerySet[Assessment]:
    """Assessments with all that they rest on: facts, terms of the run, the tier that was in force just before and
    since when (`held_rank`, `held_since`). The documents are left out: those are parsed once."""
    held = (
        of_same_subject(Assignment.objects.all())
        .filter(valid_from__lt=OuterRef("valid_from"))
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=OuterRef("valid_from")))
        .order_by("-valid_from")
    )
    return (
        Recalled(Assessment)
        .select_related("facts", "project_facts", "version", "run")
        .defer("version__document")
        .annotate(
            held_rank=Subquery(held.values("tier__rank")[:1], output_field=IntegerField()),
            held_since=Subquery(held.values("valid_from")[:1]),
        )
    )


def of_same_subject(rows: QuerySet) -> QuerySet:
    """The rows of a ledger that are of the client, scheme and project of the row around them."""
    return rows.annotate(subject=Coalesce(F("project_id"), NO_PROJECT)).filter(
        client=OuterRef("client"),
        scheme=OuterRef("scheme"),
        subject=Coalesce(OuterRef("project_id"), NO_PROJECT),
    )


def facts_of(assessment: Assessment) -> metric.Facts:
    """The values that the assessment rests on; those within the project before those of the client as a whole."""
    values = assessment.facts.values()
    return {**values, **assessment.project_facts.values} if assessment.project_facts else values


def setting_of(assessment: Assessment) -> Setting:
    """Where the assessment happened: terms of its run, the tier in force just before, the ages of its facts."""
    annotated = vars(assessment)
    rank, since = annotated["held_rank"], annotated["held_since"]
    day = local_day(assessment.valid_from)
    return Setting(
        terms=Terms.read(assessment.run.terms),
        held=rank,
        held_days=(day - local_day(since)).days if since else 0,
        ages=_ages(assessment, day),
    )


def result_of(assessment: Assessment) -> Result:
    """The assessment with its full trace, evaluated again from what it rests on."""
    return evaluate(document_of(assessment.version), facts_of(assessment), setting_of(assessment))


@dataclass(frozen=True)
class Parts:
    """Those of some assessments that were rolled up, each with what it was rolled up from."""

    by_whole: dict[int, list[Assessment]]

    def of(self, assessment: Assessment) -> Sequence[Assessment]:
        """The assessments in projects that this one was rolled up from, the deciding one first."""
        parts = self.by_whole.get(assessment.pk, [])
        if not parts:
            return ()
        first = self.deciding(assessment)
        return (first, *(part for part in parts if part is not first))

    def deciding(self, assessment: Assessment) -> Assessment:
        """The assessment that this one took over; itself, when it was not rolled up."""
        parts = {part.project_id: part for part in self.by_whole.get(assessment.pk, ())}
        roll_up = document_of(assessment.version).roll_up
        if not parts or roll_up is None:
            return assessment
        results = [
            InProject(key or 0, part.tier.rank, part.score, facts_of(part).get(roll_up.by or ""))
            for key, part in parts.items()
        ]
        return parts[deciding(roll_up, results).project]


def parts_of(wholes: Iterable[Assessment]) -> Parts:
    """What those of the assessments were rolled up from that are of a client in a scheme of projects."""
    rolled = [
        row for row in wholes if row.project_id is None and document_of(row.version).subject == "project"
    ]
    if not rolled:
        return Parts({})
    of_clients = assessments().select_related("project").filter(project__isnull=False)
    found = of_clients.filter(
        client__in={row.client_id for row in rolled}, scheme__in={row.scheme_id for row in rolled}
    )
    by_subject = defaultdict(list)
    for part in found.filter(valid_from__lte=max(row.valid_from for row in rolled)):
        by_subject[part.client_id, part.scheme_id].append(part)
    return Parts(
        {
            row.pk: [part for part in by_subject[row.client_id, row.scheme_id] if _held(part, row)]
            for row in rolled
        }
    )


def _held(part: Assessment, whole: Assessment) -> bool:
    """Whether a part was in force when the whole was rolled up."""
    at = whole.valid_from
    return part.valid_from <= at and (part.valid_to is None or part.valid_to > at)


def _ages(assessment: Assessment, day: date) -> Ages:
    within = assessment.project_facts.ages(day) if assessment.project_facts else {}
    return {**assessment.facts.ages(day), **within}
