"""What the pages of tier reviews show: rows of the queue, one change with its evidence, and refusals in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import npgettext

from crm.errors import DomainError
from crm.formats import localized, moment
from crm.models import User
from tiering import display
from tiering.errors import AlreadyDecided
from tiering.models import Proposal
from tiering.pages.account import Account, IndicatorLine, account_of, reason_text
from tiering.pages.consequences import consequence_lines
from tiering.pages.deciding import deciding_of, work_line
from tiering.selectors.consequences import consequences_of_proposal
from tiering.selectors.criteria import tiers_by_rank
from tiering.selectors.evidence import evidence_of_proposal, main_reason
from tiering.selectors.reasons import remembered_reasons
from tiering.selectors.standing import pending_of

FIGURES = ("utilisation", "days_overdue")
EARLIER_DECISIONS = 5


@dataclass(frozen=True)
class Row:
    """A line of the queue; ``due`` and ``is_late`` as of its clock, which stands still while the RM is asked."""

    proposal: Proposal
    reason: str
    waited: str
    assignee: User | None = None
    due: str = ""
    is_late: bool = False
    is_with_rm: bool = False
    has_committee: bool = False


@dataclass(frozen=True)
class Figure:
    """A fact beside the score."""

    label: str
    value: str


@dataclass(frozen=True)
class Refusal:
    """Why one proposal was not decided; `client` is empty where the reader may not know it."""

    proposal: int
    client: str
    message: str


def rows_of(proposals: list[Proposal], at: datetime) -> list[Row]:
    """Rows with the main reason of each change; a constant number of queries."""
    reasons = remembered_reasons(proposals)
    return [_row(proposal, reason_text(reasons.get(proposal.pk)), at) for proposal in proposals]


def _row(proposal: Proposal, reason: str, at: datetime) -> Row:
    """A line of a proposal as `queue` finds it."""
    is_with_rm = bool(getattr(proposal, "is_with_rm", False))
    line = work_line(proposal, at, is_with_rm)
    return Row(
        proposal=proposal,
        reason=reason,
        waited=_waited(proposal.waiting_since, at),
        assignee=line.work.assignee if line.work else None,
        due=line.due,
        is_late=line.is_late,
        is_with_rm=is_with_rm,
        has_committee=hasattr(proposal, "committee"),
    )


def detail_of(proposal: Proposal, user: User) -> dict[str, Any]:
    """Everything the page says about one change, and whether this reader may decide it."""
    evidence = evidence_of_proposal(proposal)
    proposal.assessment = evidence.assessment
    told = evidence.explanation
    facts = evidence.assessment.facts.values()
    account = account_of(evidence, tiers_by_rank(proposal.scheme))
    decided = deciding_of(proposal, user)
    barred = decided["deciding"].refusal
    follows = consequences_of_proposal(proposal)
    return {
        **decided,
        "proposal": proposal,
        "assessment": evidence.assessment,
        "account": account,
        "changed": changed_facts(account),
        "consequences": consequence_lines(follows) if follows else [],
        "override_url": override_url(proposal, user),
        "reason": reason_text(main_reason(evidence.document, told.assessment, evidence.before)),
        "figures": [Figure(display.metric_label(k), display.metric_value(k, facts[k])) for k in FIGURES],
        "version": evidence.assessment.version,
        "earlier": earlier_decisions(proposal),
        "barred": barred,
        "replacement": replacement_of(proposal),
        "is_open": proposal.status == Proposal.Status.PENDING and not barred and may_decide(user),
    }


def keys() -> list[tuple[str, str]]:
    """The keys of this page alone, for the list of all of them."""
    return [
        ("a", _("Approve")),
        ("r", _("Reject, with a comment")),
        ("q", _("Ask the RM, with a question")),
        ("o", _("Ask for an override")),
        ("t", _("Take it")),
    ]


def may_decide(user: User) -> bool:
    return user.has_perm("tiering.decide_proposals")


def changed_facts(account: Account) -> list[IndicatorLine]:
    """The indicators whose value is another than under the tier that would be replaced, those that count most first."""
    lines = [line for row in account.dimensions for line in row.indicators]
    changed = [line for line in lines if line.before and line.before != line.value]
    return sorted(changed, key=lambda line: -abs(line.change or 0))


def override_url(proposal: Proposal, user: User) -> str:
    """Where one asks for another tier than the criteria's; empty for whoever may not."""
    if not user.has_perm("tiering.request_overrides", proposal.client):
        return ""
    chosen = {"scheme": proposal.scheme_id, "tier": proposal.from_tier_id}
    if proposal.project_id:
        chosen["project"] = proposal.project_id
    return f"{reverse('tiering:override-new', args=[proposal.client_id])}?{urlencode(chosen)}"


def replacement_of(proposal: Proposal) -> Proposal | None:
    """The change that waits in place of one that newer facts replaced."""
    is_replaced = proposal.status == Proposal.Status.SUPERSEDED
    return pending_of(proposal.client, proposal.scheme, proposal.project) if is_replaced else None


def earlier_decisions(proposal: Proposal) -> Iterable[Proposal]:
    """The latest decisions on other changes of the same client, as a whole or within the same project."""
    others = Proposal.objects.filter(
        client=proposal.client_id, project=proposal.project_id, scheme=proposal.scheme_id
    ).exclude(pk=proposal.pk)
    decided = others.filter(decided_at__isnull=False).order_by("-decided_at")
    return decided.select_related("from_tier", "to_tier", "decided_by")[:EARLIER_DECISIONS]


def refusal_of(proposal: Proposal | None, pk: int, error: DomainError) -> Refusal:
    """A refusal in words; who decided and when, where somebody was faster."""
    if proposal is None:
        return Refusal(pk, "", str(error))
    message = decided_text(proposal) if isinstance(error, AlreadyDecided) else ""
    return Refusal(pk, proposal.client.name, message or str(error))


def decided_text(proposal: Proposal) -> str:
    """Who decided a proposal and when; empty for one that nobody decided."""
    if proposal.decided_by is None:
        return ""
    texts = {
        Proposal.Status.APPROVED: _("{who} approved this on {when}."),
        Proposal.Status.REJECTED: _("{who} rejected this on {when}."),
    }
    return texts[Proposal.Status(proposal.status)].format(
        who=localized(proposal.decided_by), when=moment(proposal.decided_at)
    )


def _waited(since: datetime, at: datetime) -> str:
    days = max(0, (at - since).days)
    return npgettext("waiting", "%(days)d d", "%(days)d d", days) % {"days": days}
