"""Where clients stand now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from crm.models import Client, Project
from crm.prepared import Among, Given, prepared
from crm.reading import one_reading
from tiering.models import Assessment, Assignment, Proposal, Tier, TierScheme
from tiering.selectors.criteria import every_tier, primary_scheme
from tiering.selectors.evidence import in_force


@dataclass(frozen=True)
class Waiting:
    """A proposal that waits for a decision, by its id and where it leads to."""

    id: int
    to_tier: Tier


@dataclass(frozen=True)
class Standing:
    """A client's tier in force since a moment, what the assessment in force says, and the proposal that waits for a
    decision, if there is one.

    The score is in score units, see `tiering.core.document.points`. The assessment itself is there where it is read of
    one client; of many what it says is enough.
    """

    tier: Tier
    since: datetime
    score: int | None
    provisional: bool
    pending: Proposal | Waiting | None
    assessment: Assessment | None = None


@one_reading()
def standings(clients: Iterable[int], scheme: TierScheme | None = None) -> dict[int, Standing]:
    """By client id, the standing as a whole in a scheme (None: the primary one), in three or four queries for any.

    Clients that have no tier yet are left out.
    """
    scheme = scheme or primary_scheme()
    if scheme is None:
        return {}
    these, tiers = {"clients": list(clients), "scheme": scheme.pk}, every_tier()
    assessed = {client: (score, provisional) for client, score, provisional in _assessed(**these)}
    waiting = {client: Waiting(pk, tiers[tier]) for client, pk, tier in _waiting(**these)}
    return {
        client: Standing(tiers[tier], since, *assessed.get(client, (None, False)), waiting.get(client))
        for client, tier, since in _assigned(**these)
    }


@prepared
def _assessed(clients: Given, scheme: Given) -> QuerySet:
    assessed = Assessment.objects.filter(
        Among("client", clients), project=None, scheme_id=scheme, valid_to=None
    )
    return assessed.order_by().values_list("client", "score", "provisional")


@prepared
def _waiting(clients: Given, scheme: Given) -> QuerySet:
    waiting = Proposal.objects.filter(
        Among("client", clients), project=None, scheme_id=scheme, status=Proposal.Status.PENDING
    )
    return waiting.order_by().values_list("client", "pk", "to_tier")


@prepared
def _assigned(clients: Given, scheme: Given) -> QuerySet:
    assigned = Assignment.objects.filter(
        Among("client", clients), project=None, scheme_id=scheme, valid_to=None
    )
    return assigned.order_by().values_list("client", "tier", "valid_from")


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
