"""Stored assessments with the account that criteria and facts give of them, in a constant number of queries.

Nothing here reads the clock: an assessment pins its facts, its version and its run's terms, and the ledger tells which
tier was in force, so its account stays the same for ever.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property

from django.db.models import OuterRef, Q, QuerySet, Subquery

from crm.models import Client, Project
from crm.prepared import Among, Given, prepared
from crm.reading import read_once
from tiering.core.changes import Changes, changes
from tiering.core.document import SCORE_UNIT, Document
from tiering.core.evaluate import Assessment as Result
from tiering.core.explain import Explanation, explain
from tiering.core.lifts import Lift, lifts
from tiering.core.metric import Catalogue, Facts, is_missing
from tiering.core.placement import Label
from tiering.core.terms import Setting
from tiering.facts import local_day, origin
from tiering.models import Assessment, Assignment, Proposal, TierScheme
from tiering.selectors.catalogue import catalogue_of
from tiering.selectors.criteria import document_of
from tiering.selectors.recall import (
    assessments,
    facts_of,
    of_same_subject,
    parts_of,
    result_of,
    setting_of,
)

QUARTER = timedelta(days=91)


@dataclass(frozen=True)
class Source:
    """The kind of records behind a value, the one record's id and the day that it is of, where there are such."""

    source: str
    record: int | None
    as_of: date | None


@dataclass(frozen=True)
class Evidence:
    """An assessment, its account, and what it is compared with (None: nothing earlier).

    ``basis`` is the assessment that the account is of: the assessment itself, or for a tier that was rolled up from
    projects that of the deciding project, one of ``parts``. ``former`` is the assessment that held just before, where
    that was looked up too (``knows_former``).
    """

    assessment: Assessment
    basis: Assessment
    parts: Collection[Assessment]
    document: Document
    facts: Facts
    setting: Setting
    explanation: Explanation
    previous: Assessment | None
    before: Result | None
    former: Assessment | None = None
    knows_former: bool = False

    @cached_property
    def catalogue(self) -> Catalogue:
        """The metrics that the document may name, the institution's own among them."""
        return catalogue_of(self.document)

    def source(self, metric: str) -> Source:
        """Where the value of a metric came from."""
        within = self.basis.project_facts
        sources = within.sources if within and metric in within.values else self.basis.facts.sources
        found, age = origin(sources, metric), self.setting.ages.get(metric)
        day = None if age is None else local_day(self.basis.valid_from) - timedelta(days=age)
        return Source(found.source, found.record, day)

    @property
    def sources(self) -> dict[str, Source]:
        """Where each value came from that is known and that the criteria read, by metric."""
        known = (key for key in sorted(self.document.metrics) if not is_missing(self.facts.get(key)))
        return {key: self.source(key) for key in known}

    @cached_property
    def lifts(self) -> tuple[Lift, ...]:
        """The cheapest ways up a tier. Searched for when asked for: it takes a while."""
        return lifts(self.document, self.facts, self.setting, self.catalogue)


@dataclass(frozen=True)
class SinceLast:
    """The assessment that held before, and what changed since."""

    former: Assessment
    changes: Changes


@dataclass(frozen=True)
class Reason:
    """What moved a tier most: a gate that fired or an overlay that began (`points` is None), or a dimension by so many
    points."""

    name: Label
    points: float | None


def in_force(at: datetime | Given) -> Q:
    """Ledger rows that hold at a moment."""
    return Q(valid_from__lte=at) & (Q(valid_to__isnull=True) | Q(valid_to__gt=at))


def evidence_of(assessment: Assessment, previous: Assessment | None = None) -> Evidence:
    """The account of a stored assessment against an earlier one; both as `assessments()` loads them."""
    if previous is not None and previous.pk == assessment.pk:
        previous = None
    parts = parts_of([assessment, *([previous] if previous else [])])
    basis = parts.deciding(assessment)
    before = result_of(parts.deciding(previous)) if previous else None
    document, facts, setting = document_of(basis.version), facts_of(basis), setting_of(basis)
    return Evidence(
        assessment=assessment,
        basis=basis,
        parts=parts.of(assessment),
        document=document,
        facts=facts,
        setting=setting,
        explanation=explain(document, facts, setting, before),
        previous=previous,
        before=before,
    )


@read_once
def evidence_at(
    client: Client,
    scheme: TierScheme,
    at: datetime,
    *,
    project: Project | None = None,
    known_at: datetime | None = None,
) -> Evidence | None:
    """Why the client (or the client within a project) had its score at a moment, against what held a quarter earlier;
    None where nothing held yet. `known_at`: as the ledger told it then, without what it came to know later."""
    if known_at is None:
        return _evidence_in_one(client, scheme, at, project)
    history = told_by(assessments().filter(client=client, scheme=scheme, project=project), known_at)
    now = row_at(history, at, known_at)
    if now is None:
        return None
    quarter_ago = history.filter(valid_from__lte=at - QUARTER).order_by("-valid_from").first()
    return evidence_of(now, quarter_ago or history.order_by("valid_from").first())


def _evidence_in_one(
    client: Client, scheme: TierScheme, at: datetime, project: Project | None
) -> Evidence | None:
    """The same by the ledger as it is now. Which rows are meant is found first, by their days alone, so that what they
    rest on is loaded for all of them at once."""
    rows = _course(
        project is not None, client=client.pk, scheme=scheme.pk, project=project and project.pk, at=at
    )
    if not rows or (rows[-1][2] is not None and rows[-1][2] <= at):
        return None
    now, first, former = rows[-1][0], rows[0][0], rows[-2][0] if len(rows) > 1 else None
    previous = next((pk for pk, begun, _ended in reversed(rows) if begun <= at - QUARTER), first)
    ids = {pk for pk in (now, previous, former) if pk is not None}
    loaded = {row.pk: row for row in _recalled(ids=list(ids))}
    found = evidence_of(loaded[now], loaded[previous])
    return replace(found, former=loaded[former] if former else None, knows_former=True)


@prepared
def _course(
    within: bool, client: Given, scheme: Given, project: Given, at: Given
) -> QuerySet[Assessment, tuple[int, datetime, datetime | None]]:
    """The days of a subject's assessments."""
    rows = Assessment.objects.filter(client=client, scheme=scheme, valid_from__lte=at)
    rows = rows.filter(project=project if within else None)
    return rows.order_by("valid_from").values_list("pk", "valid_from", "valid_to")


@prepared
def _recalled(ids: Given) -> QuerySet[Assessment]:
    return assessments().filter(Among("pk", ids))


def told_by(rows: QuerySet, known_at: datetime | None) -> QuerySet:
    """The rows of a ledger that had been written by a moment (None: all)."""
    return rows if known_at is None else rows.filter(recorded_at__lte=known_at)


def row_at(rows: QuerySet, at: datetime, known_at: datetime | None = None):
    """Of one subject's rows the one that holds at a moment, or that did so as far as was known then (`told_by`)."""
    if known_at is None:
        return rows.filter(in_force(at)).first()
    row = rows.filter(valid_from__lte=at).order_by("-valid_from").first()
    if row is None or row.valid_to is None or row.valid_to > at:
        return row
    # It has ended since: by a row that nobody knew of yet, or else for good.
    successors = rows.model.objects.filter(client=row.client_id, scheme=row.scheme_id, project=row.project_id)
    return row if successors.filter(valid_from=row.valid_to).exists() else None


def since_last(evidence: Evidence) -> SinceLast | None:
    """What changed since the assessment that held before; None for the first. Two queries at most."""
    now = evidence.assessment
    former = evidence.former if evidence.knows_former else _former(now)
    if former is None:
        return None
    basis = parts_of([former]).deciding(former)
    changed = changes(
        (document_of(basis.version), evidence.document),
        (facts_of(basis), evidence.facts),
        (result_of(basis), evidence.explanation.assessment),
    )
    return SinceLast(former, changed)


def _former(now: Assessment) -> Assessment | None:
    earlier = assessments().filter(client=now.client_id, scheme=now.scheme_id, project=now.project_id)
    return earlier.filter(valid_from__lt=now.valid_from).order_by("-valid_from").first()


def evidence_of_proposal(proposal: Proposal) -> Evidence:
    """What is proposed, against the assessment behind the tier it would replace."""
    proposed = assessments().get(pk=proposal.assessment_id)
    behind = _assessments_behind([proposal])
    return evidence_of(proposed, assessments().filter(pk__in=behind.values()).first())


def reasons_of(proposals: Iterable[Proposal]) -> Mapping[int, Reason]:
    """By proposal id, what moved the tier most. Proposals without any visible change are left out."""
    proposals = list(proposals)
    behind = _assessments_behind(proposals)
    loaded = assessments().in_bulk({p.assessment_id for p in proposals} | set(behind.values()))
    parts = parts_of(loaded.values())
    reasons = {}
    for proposal in proposals:
        proposed = parts.deciding(loaded[proposal.assessment_id])
        replaced = loaded.get(behind.get(proposal.pk))
        reason = main_reason(
            document_of(proposed.version),
            result_of(proposed),
            result_of(parts.deciding(replaced)) if replaced else None,
        )
        if reason:
            reasons[proposal.pk] = reason
    return reasons


def main_reason(document: Document, now: Result, before: Result | None) -> Reason | None:
    """A gate or an overlay that moves the tier and did not before, else the dimension that took the score most where it
    went; None where nothing changed."""
    began = _began(document, now, before)
    if began:
        return Reason(began, None)
    if before is None:
        return None
    earlier = {trace.key: trace.contribution for trace in before.dimensions}
    changed = [(t.contribution - earlier[t.key], t.key) for t in now.dimensions if t.key in earlier]
    change, key = max(
        changed, key=lambda item: item[0] * (1 if now.score > before.score else -1), default=(0, "")
    )
    return Reason(_dimension_label(document, now.scorecard, key), change / SCORE_UNIT) if change else None


def _began(document: Document, now: Result, before: Result | None) -> Label | None:
    """The first gate, else the first overlay, that moves the tier and was not there before."""
    gates, overlays = (before.gates, before.overlays) if before else ((), ())
    for gate in document.gates if now.base_tier != now.model_tier else ():
        if gate.key in now.gates and gate.key not in gates:
            return gate.label
    for overlay in document.overlays if now.overlay_tier != now.base_tier else ():
        if overlay.key in now.overlays and overlay.key not in overlays:
            return overlay.label
    return None


def _dimension_label(document: Document, scorecard: str, key: str) -> Label:
    card = next(card for card in document.scorecards if card.key == scorecard)
    return next(dimension.label for dimension in card.dimensions if dimension.key == key)


def _assessments_behind(proposals: Iterable[Proposal]) -> dict[int, int]:
    """By proposal id, the assessment of the tier that held when the proposed one was assessed."""
    behind = (
        of_same_subject(Assignment.objects.all())
        .filter(valid_from__lt=OuterRef("assessment__valid_from"))
        .order_by("-valid_from")
        .values("assessment")[:1]
    )
    found = Proposal.objects.filter(pk__in=[p.pk for p in proposals]).annotate(behind=Subquery(behind))
    return {pk: assessment for pk, assessment in found.values_list("pk", "behind") if assessment}
