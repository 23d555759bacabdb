"""Where clients stand now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from crm.models import Client, Project
from crm.reading import one_reading
from tiering.models import Assessment, Assignment, Proposal, Tier, TierScheme
from tiering.selectors.criteria import every_tier, primary_scheme
from tiering.selectors.evidence import in_force


@dataclass(frozen=True)
class Standing:
    """A client's tier in force since a moment, the assessment in force (its score, whether it is provisional), and
    the proposal that waits for a decision, if there is one."""

    tier: Tier
    since: datetime
    assessment: Assessment | None
    pending: Proposal | None

    @property
    def score(self) -> int | None:
        """In score units, see `tiering.core.document.points`."""
        return self.assessment.score if self.assessment else None

    @property
    def provisional(self) -> bool:
        return self.assessment is not None and self.assessment.provisional


@one_reading()
def standings(clients: Iterable[int], scheme: TierScheme | None = None) -> dict[int, Standing]:
    """By client id, the standing as a whole in a scheme (None: the primary one), in three or four queries for any.

    Clients that have no tier yet are left out.
    """
    scheme = scheme or primary_scheme()
    if scheme is None:
        return {}
    of_these = {"client__in": list(clients), "project": None, "scheme": scheme}
    assessed = Assessment.objects.filter(**of_these, valid_to__isnull=True)
    tiers = every_tier()
    by_client = {row.client_id: row for row in assessed.only("client", "score", "provisional")}
    waiting = Proposal.objects.filter(**of_these, status=Proposal.Status.PENDING)
    pending = {}
    for proposal in waiting.only("client", "to_tier"):
        proposal.to_tier = tiers[proposal.to_tier_id]
        pending[proposal.client_id] = proposal
    assigned = Assignment.objects.filter(**of_these, valid_to__isnull=True)
    return {
        client: Standing(tiers[tier], since, by_client.get(client), pending.get(client))
        for client, tier, since in assigned.values_list("client", "tier", "valid_from")
    }


def tier_at(client: Client, scheme: TierScheme, at: datetime, project: Project | None = None) -> Tier | None:
    """The tier in force at a moment, of the client as a whole or within a project; it can differ from the one assessed
    while a decision is awaited."""
    held = Assignment.objects.filter(in_force(at), client=client, project=project, scheme=scheme)
    row = held.select_related("tier").first()
    return row.tier if row else None


def pending_of(client: Client, scheme: TierScheme, project: Project | None = None) -> Proposal | None:
    """The change of the client's tier, as a whole or within a project, that waits for a decision."""
    waiting = Proposal.objects.filter(
        client=client, project=project, scheme=scheme, status=Proposal.Status.PENDING
    )
    return waiting.select_related("from_tier", "to_tier").first()
