"""Who decides on a change and what was said so far, as the page of tier reviews shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.errors import DomainError
from crm.models import Role, User
from tiering import display
from tiering.core.authority import LOWEST_GRADE, Demand
from tiering.models import Committee, Proposal, ReviewWork, Vote
from tiering.selectors.authority import (
    AuthorityInEffect,
    authority_at,
    barred_people,
    committee_of,
    demand_of,
    voice_among,
    voted_in,
)
from tiering.selectors.talk import may_remark, talk_of

HOUR = 3600


@dataclass(frozen=True)
class Deciding:
    """What a decision asks for and who voted so far. ``acting_for``: in whose name the reader would vote (None: their
    own); ``refusal``: why they may not; ``open`` approvals are still needed."""

    demand: Demand
    text: str
    row: str
    votes: list[Vote]
    committee: Committee | None
    open: int
    acting_for: User | None
    refusal: DomainError | None

    @property
    def is_committee(self) -> bool:
        return self.demand.is_committee


@dataclass(frozen=True)
class WorkLine:
    """Whose work it is, and how much time is left; ``due`` is empty where no time was agreed."""

    work: ReviewWork | None
    due: str
    is_late: bool


def deciding_of(proposal: Proposal, user: User) -> dict[str, Any]:
    """Who decides, whose work it is and what was said, for one reader."""
    may_decide = user.has_perm("tiering.decide_proposals")
    waits = proposal.status == Proposal.Status.PENDING
    talk = talk_of(proposal)
    return {
        "deciding": _deciding(proposal, user, waits and may_decide),
        "work": work_line(proposal, timezone.now(), any(said.is_open for said in talk)),
        "officers": _officers(user) if waits and may_decide else [],
        "talk": talk,
        "may_remark": waits and may_remark(user, proposal),
    }


def _deciding(proposal: Proposal, user: User, votes_now: bool) -> Deciding:
    in_effect, committee = authority_at(proposal.decided_at), committee_of(proposal)
    demand = demand_of(proposal, in_effect, committee)
    votes = list(proposal.votes.select_related("voter", "acting_for").order_by("pk"))
    voice = None
    if votes_now:
        barred = barred_people(proposal, proposal.client.rm_id)
        voice = voice_among(barred, voted_in(votes), user, demand, timezone.localdate())
    approvals = sum(vote.verdict == Vote.Verdict.APPROVE for vote in votes)
    return Deciding(
        demand=demand,
        text=demand_text(demand),
        row=row_text(demand, in_effect),
        votes=votes,
        committee=committee,
        open=max(0, demand.needs - approvals),
        acting_for=voice.acting_for if voice else None,
        refusal=voice.refusal if voice else None,
    )


def demand_text(demand: Demand) -> str:
    """What a decision asks for, in a sentence."""
    if not demand.is_committee:
        if demand.grade == LOWEST_GRADE:
            return _("One risk officer decides.")
        return _("One risk officer of grade %(grade)s or more decides.") % {"grade": demand.grade}
    told = {"needs": demand.needs, "of": demand.of, "grade": demand.grade}
    if demand.grade == LOWEST_GRADE:
        return _("A committee decides: %(needs)s of %(of)s have to approve.") % told
    return _("A committee decides: %(needs)s of %(of)s have to approve, of grade %(grade)s or more.") % told


def row_text(demand: Demand, in_effect: AuthorityInEffect) -> str:
    """The name of the row of the authority that asks for it; empty where none does."""
    if demand.row is None or in_effect.authority is None:
        return ""
    label = in_effect.authority.rows[demand.row].label
    return display.label(label) if label else ""


def work_line(proposal: Proposal, at: datetime, is_with_rm: bool) -> WorkLine:
    """Whose work a proposal is; the clock stands still while the RM is asked."""
    work = getattr(proposal, "work", None)
    if work is None or work.due_at is None or proposal.status != Proposal.Status.PENDING:
        return WorkLine(work, "", False)
    if is_with_rm:
        return WorkLine(work, _("the clock stands still"), False)
    left = work.due_at - at
    return WorkLine(work, time_left(left.total_seconds()), left.total_seconds() <= 0)


def time_left(seconds: float) -> str:
    """How long until something is due, or since it was, in hours or days."""
    hours = round(abs(seconds) / HOUR)
    if hours < 48:
        text = (
            ngettext("due in %(n)d hour", "due in %(n)d hours", hours)
            if seconds > 0
            else ngettext("late by %(n)d hour", "late by %(n)d hours", hours)
        )
        return text % {"n": hours}
    days = hours // 24
    text = (
        ngettext("due in %(n)d day", "due in %(n)d days", days)
        if seconds > 0
        else ngettext("late by %(n)d day", "late by %(n)d days", days)
    )
    return text % {"n": days}


def _officers(user: User) -> list[User]:
    """To whom work can be handed over."""
    officers = User.objects.filter(role=Role.RISK_OFFICER, is_active=True)
    return list(officers.exclude(pk=user.pk).order_by("name"))


def vote_text(proposal: Proposal, told: Mapping[str, str]) -> str:
    """That a vote was cast and others have to follow."""
    demand = demand_of(proposal, authority_at(), committee_of(proposal))
    approvals = proposal.votes.filter(verdict=Vote.Verdict.APPROVE).count()
    text = _("Your vote on {client} is noted: {approvals} of {needs} approvals.")
    return text.format(**told, approvals=approvals, needs=demand.needs)
