"""What was said about a change while it waits, under whichever proposal it waited, and which questions are open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce

from crm.models import User
from tiering.models import Proposal, Remark

Kind = Remark.Kind


@dataclass(frozen=True)
class Said:
    """A remark as one reads it with a proposal. ``is_earlier``: it was said about a proposal that newer facts replaced.
    ``is_open``: a question that nobody answered yet."""

    remark: Remark
    is_earlier: bool
    is_open: bool


def talk_of(proposal: Proposal) -> list[Said]:
    """What was said from when the move began to wait until it was decided, the first first. One query."""
    remarks = remarks_of(proposal).select_related("author", "attachment", "answer", "question__author")
    return [
        Said(
            remark=remark,
            is_earlier=remark.proposal_id != proposal.pk,
            is_open=remark.kind == Kind.QUESTION and not hasattr(remark, "answer"),
        )
        for remark in remarks.order_by("pk")
    ]


def remarks_of(proposal: Proposal) -> QuerySet[Remark]:
    """The remarks that stand beside a proposal."""
    found = Remark.objects.filter(
        client=proposal.client_id,
        scheme=proposal.scheme_id,
        project=proposal.project_id,
        proposal__waiting_since=proposal.waiting_since,
    )
    return found.filter(at__lte=proposal.decided_at) if proposal.decided_at else found


def open_questions(proposal: Proposal) -> QuerySet[Remark]:
    """The questions about a proposal, or one that it replaced, that wait for the RM."""
    return remarks_of(proposal).filter(kind=Kind.QUESTION, answer__isnull=True)


def with_rm() -> Exists:
    """Whether a proposal (in a query of proposals) waits for an answer of the client's RM."""
    return Exists(
        Remark.objects.alias(place=Coalesce("project", 0)).filter(
            place=Coalesce(OuterRef("project"), 0),
            client=OuterRef("client"),
            scheme=OuterRef("scheme"),
            proposal__from_tier=OuterRef("from_tier"),
            proposal__to_tier=OuterRef("to_tier"),
            proposal__waiting_since=OuterRef("waiting_since"),
            kind=Kind.QUESTION,
            answer__isnull=True,
        )
    )


def waits_in_place_of(proposal: Proposal) -> Proposal | None:
    """The proposal that waits now for the same move: itself, or the one that newer facts put in its place."""
    return Proposal.objects.filter(
        client=proposal.client_id,
        scheme=proposal.scheme_id,
        project=proposal.project_id,
        waiting_since=proposal.waiting_since,
        from_tier=proposal.from_tier_id,
        to_tier=proposal.to_tier_id,
        status=Proposal.Status.PENDING,
    ).first()


def may_remark(user: User, proposal: Proposal) -> bool:
    """Whether somebody may say something: who decides, and who holds the client."""
    return user.has_perm("tiering.remark", proposal.client)


def event_of(remark: Remark) -> str:
    """The event that a question is, for its notice and its task."""
    return f"review-question:{remark.pk}"


def as_told(proposal: Proposal, by: User) -> dict[str, Any]:
    """What notices and tasks about a proposal say: the client, the move, and who did something."""
    return {
        "proposal": proposal.pk,
        "client": proposal.client.name,
        "old": proposal.from_tier.key,
        "new": proposal.to_tier.key,
        "by": by.name,
        "by_zh": by.name_zh,
    }
