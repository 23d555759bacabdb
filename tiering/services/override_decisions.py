"""Deciding on overrides: votes, the caps that approving must keep, and what follows."""

from datetime import datetime
from typing import Literal

from django.db import connection, transaction
from django.utils import timezone

from crm.errors import NotPermitted
from crm.formats import percent
from crm.models import User
from crm.services.observations import take_back_observations
from tiering.core.authority import Demand
from tiering.core.document import WHOLE
from tiering.errors import CommentRequired, EvidenceOutdated
from tiering.errors_overrides import (
    AssessedSince,
    AssessedSinceVotes,
    CapReached,
    CriteriaAgree,
    NotAssessed,
    OfficerCapReached,
    OtherInForce,
    OverrideDecided,
    OverrideOver,
    TooFar,
)
from tiering.models import Assessment, Override, OverrideVote, TierScheme, Vote
from tiering.selectors.authority import AuthorityInEffect, authority_at
from tiering.selectors.override_authority import barred_people, demand_of, limits_in, tally_of, voice_of
from tiering.selectors.override_bearing import (
    Bearing,
    assessment_of,
    bearing_as_it_stands,
    bearing_now,
)
from tiering.selectors.override_usage import Usage, book_of, usage_by_officer, usage_of
from tiering.selectors.overrides import in_force_of
from tiering.services.override_ledger import give_value, hold_tier, item_of, moment_for
from tiering.services.override_telling import tell_decided
from tiering.services.overrides import locked

Verdict = Literal["approve", "reject"]


@transaction.atomic
def decide_override(
    *,
    override: Override,
    verdict: Verdict,
    by: User,
    comment: str = "",
    assessment: int | None = None,
    at: datetime | None = None,
) -> Override:
    """Vote on an override; the vote that decides puts it in force or rejects it, else the rest of a committee follows.

    An approval names the `assessment` that was shown (None: whichever is in force). It is in force from the moment of
    the deciding vote (`at`; None: now) and replaces the one that it renews. Raises NotPermitted, OverrideDecided,
    CommentRequired for a rejection without a word; OwnOverride, ClientsOwnRM, HasInterest, GradeTooLow, AlreadyVoted;
    and for an approval OverrideOver, EvidenceOutdated, AssessedSince, AssessedSinceVotes, CriteriaAgree, OtherInForce,
    TooFar, CapReached, OfficerCapReached.
    """
    if not by.has_perm("tiering.decide_proposals"):
        raise NotPermitted
    if verdict == "reject" and not comment.strip():
        raise CommentRequired
    found, in_effect = locked(override), authority_at(at)
    if found.status != Override.Status.REQUESTED:
        raise OverrideDecided
    approves = verdict == "approve"
    bearing = _still_deviates(found, assessment, at) if approves else bearing_as_it_stands(found)
    demand = demand_of(found, bearing, in_effect)
    voice = voice_of(found, found.client.rm_id, by, demand, timezone.localdate(at))
    if voice.refusal:
        raise voice.refusal
    if approves:
        _keep_within_limits(found, by, in_effect)
    _ask_for(found, demand)
    OverrideVote.objects.create(
        override=found,
        voter=by,
        acting_for=voice.acting_for,
        verdict=verdict,
        comment=comment.strip(),
        **({"at": at} if at else {}),
    )
    _count(found, demand, Vote.Verdict(verdict), by, comment.strip(), at)
    return found


def _still_deviates(override: Override, shown: int | None, at: datetime | None) -> Bearing:
    """Where the override leads from the assessment in force, to which it is pinned from now on."""
    if override.ends <= (at or timezone.now()):
        raise OverrideOver
    assessment = assessment_of(override.client_id, override.scheme, override.project)
    if assessment is None:
        raise NotAssessed
    _must_be_up_to_date(assessment, at)
    if shown is not None and shown != assessment.pk:
        raise AssessedSince
    if assessment.pk != override.assessment_id and override.votes.exists():
        raise AssessedSinceVotes
    standing = in_force_of(override)
    if standing is not None and standing.pk != override.renews_id:
        raise OtherInForce
    bearing = bearing_now(override, assessment)
    if bearing is None:
        raise CriteriaAgree
    override.assessment = assessment
    override.direction, override.notches = bearing.direction, bearing.notches
    override.above_hard_gate = bearing.above_hard_gate
    return bearing


def _must_be_up_to_date(assessment: Assessment, at: datetime | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(UP_TO_DATE, {"assessment": assessment.pk, "at": at})
        if cursor.fetchone() != (True,):
            raise EvidenceOutdated


UP_TO_DATE = """
SELECT NOT EXISTS (
    SELECT FROM tiering_retierrequest q WHERE q.client_id = a.client_id AND q.requested_at > f.recorded_at)
AND NOT EXISTS (
    SELECT FROM tiering_criteriaversion used JOIN tiering_criteriaversion newer
        ON newer.criteria_id = used.criteria_id AND newer.status IN ('published', 'superseded')
    WHERE used.id = a.version_id AND newer.effective_from > used.effective_from
    AND newer.effective_from <= coalesce(%(at)s, statement_timestamp()))
FROM tiering_assessment a JOIN tiering_facts f ON f.id = a.facts_id WHERE a.id = %(assessment)s
"""


def _keep_within_limits(override: Override, by: User, in_effect: AuthorityInEffect) -> None:
    """Hold an override that is about to be approved against how many and how far there may be."""
    limits = limits_in(in_effect)
    if limits.notches is not None and override.notches > limits.notches:
        raise TooFar(notches=override.notches, most=limits.notches)
    # Two approvals at once would not see each other's.
    TierScheme.objects.select_for_update(no_key=True).get(pk=override.scheme_id)
    book, scheme, direction = book_of(override.scheme), override.scheme, override.direction
    usage = usage_of(scheme, direction, limits, book, override.renews_id)
    if usage.is_full:
        raise CapReached(**_figures(usage))
    own = usage_by_officer(scheme, direction, by.pk, limits, book, override.renews_id)
    if own.is_full:
        raise OfficerCapReached(**_figures(own))


def _figures(usage: Usage) -> dict[str, object]:
    return {
        "count": usage.count + 1,
        "book": usage.book,
        "most": usage.most,
        "share": percent((usage.share or 0) / WHOLE, 1),
    }


def _ask_for(override: Override, demand: Demand) -> None:
    """Fix with the first vote what the decision asks for; it never asks for less than it did."""
    override.grade = max(override.grade, demand.grade)
    override.members, override.needs = demand.of, demand.needs
    override.save(
        update_fields=[
            "assessment", "direction", "notches", "above_hard_gate", "grade", "members", "needs",
        ]
    )  # fmt: skip


def _count(
    override: Override, demand: Demand, verdict: Vote.Verdict, by: User, comment: str, at: datetime | None
) -> None:
    """Carry out what the votes come to by this one. An approval never rejects: whoever rejects has said why."""
    tally = tally_of(override, barred_people(override, override.client.rm_id))
    outcome = demand.outcome(tally.approvals, tally.rejections)
    if outcome == "approved" and verdict == Vote.Verdict.APPROVE:
        _put_in_force(override, by, comment, at)
    elif outcome == "rejected" and verdict == Vote.Verdict.REJECT:
        moment = at or timezone.now()
        _sign(override, Override.Status.REJECTED, by, comment, moment, ended_at=moment)
    else:
        return
    tell_decided(override)


def _put_in_force(override: Override, by: User, comment: str, at: datetime | None) -> None:
    moment = moment_for([override.client_id], at)
    standing = in_force_of(override)
    if standing is not None:
        _replace(standing, moment)
    override.decided_by = by
    if override.kind == Override.Kind.INPUT:
        override.observation = give_value(override, item_of(override, timezone.localdate(moment)))
    _sign(override, Override.Status.IN_FORCE, by, comment, moment, starts=moment)
    if override.kind == Override.Kind.OUTPUT:
        hold_tier(override)


def _replace(standing: Override, moment: datetime) -> None:
    """Let the one that is renewed give way without a gap: from the moment on the other one counts."""
    Override.objects.filter(pk=standing.pk).update(status=Override.Status.REPLACED, ended_at=moment)
    if standing.observation_id:
        take_back_observations(ids=[standing.observation_id])


def _sign(
    override: Override, status: Override.Status, by: User, comment: str, moment: datetime, **more: datetime
) -> None:
    override.status, override.decided_by, override.decided_at = status, by, moment
    override.client_rm_id, override.comment = override.client.rm_id, comment
    for name, value in more.items():
        setattr(override, name, value)
    override.save()
