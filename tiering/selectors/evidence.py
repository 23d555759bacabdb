"""Stored assessments with the account that criteria and facts give of them, in a constant number of queries.

Nothing here reads the clock: an assessment pins its facts and its version, so its account stays the same for ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import OuterRef, Q, Subquery

from crm.models import Client
from tiering.core.document import SCORE_UNIT, Document
from tiering.core.evaluate import Assessment as Result
from tiering.core.evaluate import evaluate
from tiering.core.explain import Explanation, explain
from tiering.core.placement import Label
from tiering.models import Assessment, Assignment, Proposal, TierScheme
from tiering.selectors.criteria import document_of

QUARTER = timedelta(days=91)


@dataclass(frozen=True)
class Evidence:
    """An assessment, its account, and what it is compared with (None: nothing earlier)."""

    assessment: Assessment
    document: Document
    explanation: Explanation
    previous: Assessment | None
    before: Result | None


@dataclass(frozen=True)
class Reason:
    """What moved a tier most: a gate that fired (`points` is None), or a dimension by so many points."""

    name: Label
    points: float | None


def in_force(at: datetime) -> Q:
    """Ledger rows that hold at a moment."""
    return Q(valid_from__lte=at) & (Q(valid_to__isnull=True) | Q(valid_to__gt=at))


def assessments():
    """Assessments with all that their account reads, but not the documents: those are parsed once."""
    return Assessment.objects.select_related("facts", "version", "tier", "model_tier").defer(
        "version__document"
    )


def evidence_of(assessment: Assessment, previous: Assessment | None = None) -> Evidence:
    """The account of a stored assessment against an earlier one; both as `assessments()` loads them."""
    if previous is not None and previous.pk == assessment.pk:
        previous = None
    before = result_of(previous) if previous else None
    document = document_of(assessment.version)
    return Evidence(
        assessment, document, explain(document, assessment.facts.values(), before), previous, before
    )


def result_of(assessment: Assessment) -> Result:
    """The assessment with its full trace, replayed from stored facts and version."""
    return evaluate(document_of(assessment.version), assessment.facts.values())


def evidence_at(client: Client, scheme: TierScheme, at: datetime) -> Evidence | None:
    """Why the client had its score at a moment, against what held a quarter earlier; None where nothing held yet."""
    history = assessments().filter(client=client, scheme=scheme)
    now = history.filter(in_force(at)).first()
    if now is None:
        return None
    quarter_ago = history.filter(valid_from__lte=at - QUARTER).order_by("-valid_from").first()
    return evidence_of(now, quarter_ago or history.order_by("valid_from").first())


def evidence_of_proposal(proposal: Proposal) -> Evidence:
    """What is proposed, against the assessment behind the tier it would replace."""
    proposed = assessments().get(pk=proposal.assessment_id)
    behind = _assessments_behind([proposal]).get(proposal.pk)
    return evidence_of(proposed, assessments().filter(pk=behind).first())


def reasons_of(proposals: Iterable[Proposal]) -> Mapping[int, Reason]:
    """By proposal id, what moved the tier most. Proposals without any visible change are left out."""
    proposals = list(proposals)
    behind = _assessments_behind(proposals)
    loaded = assessments().in_bulk({p.assessment_id for p in proposals} | set(behind.values()))
    reasons = {}
    for proposal in proposals:
        proposed, replaced = loaded[proposal.assessment_id], loaded.get(behind.get(proposal.pk))
        reason = main_reason(
            document_of(proposed.version), result_of(proposed), result_of(replaced) if replaced else None
        )
        if reason:
            reasons[proposal.pk] = reason
    return reasons


def main_reason(document: Document, now: Result, before: Result | None) -> Reason | None:
    """A gate that holds the tier and did not before, else the dimension that took the score most where it went; None
    where nothing changed."""
    if now.tier != now.model_tier:
        fired_before = before.gates if before else ()
        for gate in document.gates:
            if gate.key in now.gates and gate.key not in fired_before:
                return Reason(gate.label, None)
    if before is None:
        return None
    earlier = {trace.key: trace.contribution for trace in before.dimensions}
    changes = [(t.contribution - earlier[t.key], t.key) for t in now.dimensions if t.key in earlier]
    change, key = max(
        changes, key=lambda item: item[0] * (1 if now.score > before.score else -1), default=(0, "")
    )
    return Reason(_dimension_label(document, now.scorecard, key), change / SCORE_UNIT) if change else None


def _dimension_label(document: Document, scorecard: str, key: str) -> Label:
    card = next(card for card in document.scorecards if card.key == scorecard)
    return next(dimension.label for dimension in card.dimensions if dimension.key == key)


def _assessments_behind(proposals: Iterable[Proposal]) -> dict[int, int]:
    """By proposal id, the assessment of the tier that held when the proposed one was assessed."""
    behind = (
        Assignment.objects.filter(
            client=OuterRef("client"),
            scheme=OuterRef("scheme"),
            valid_from__lt=OuterRef("assessment__valid_from"),
        )
        .order_by("-valid_from")
        .values("assessment")[:1]
    )
    found = Proposal.objects.filter(pk__in=[p.pk for p in proposals]).annotate(behind=Subquery(behind))
    return {pk: assessment for pk, assessment in found.values_list("pk", "behind") if assessment}
