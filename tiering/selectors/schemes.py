"""Schemes side by side: where a client stands in each of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from crm.models import Client
from crm.reading import read_once
from tiering.models import Assessment, Assignment, Proposal, Tier, TierScheme
from tiering.selectors.criteria import every_tier
from tiering.selectors.evidence import in_force
from tiering.selectors.standing import Standing

Key = tuple[int, int | None, int]
"""Ids of a client, of a project (None: the client as a whole), and of a scheme."""


@dataclass(frozen=True)
class InScheme:
    """Where a client stands in a scheme as a whole, in a scheme of projects by roll-up; None where it has no tier."""

    scheme: TierScheme
    standing: Standing | None


@read_once
def schemes() -> list[TierScheme]:
    """Every scheme whose criteria have been published, the primary one first, then those of clients."""
    published = TierScheme.objects.filter(tiers__isnull=False).distinct()
    return list(published.order_by("-is_primary", "subject", "name_en", "pk"))


@read_once
def standings_of(client: Client, at: datetime) -> list[InScheme]:
    """The standing of a client in every scheme at a moment, in five queries."""
    found = standings_at(Q(client=client, project__isnull=True), at)
    return [InScheme(scheme, found.get((client.pk, None, scheme.pk))) for scheme in schemes()]


def standing_in(client: Client, scheme: TierScheme, at: datetime) -> Standing | None:
    """Where the client as a whole stands in a scheme at a moment, read with its standings in the others."""
    return next((found.standing for found in standings_of(client, at) if found.scheme == scheme), None)


def standings_at(subjects: Q, at: datetime) -> dict[Key, Standing]:
    """The standings of the subjects that a condition on `client` and `project` describes, at a moment.

    A change counts as pending when it waits still. Three queries for any number of subjects.
    """
    assessed = Assessment.objects.filter(in_force(at), subjects)
    assessments = {_key(row): row for row in assessed.select_related("version").defer("version__document")}
    waiting = Proposal.objects.filter(subjects, status=Proposal.Status.PENDING, created_at__lte=at)
    pending = {_key(row): row for row in waiting.select_related("from_tier", "to_tier")}
    held = Assignment.objects.filter(in_force(at), subjects)
    found: dict[Key, Standing] = {}
    tiers = every_tier()
    rows = held.values_list("client", "project", "scheme", "tier", "valid_from")
    for client, project, scheme, tier, since in rows:
        key = client, project, scheme
        found[key] = _standing(tiers[tier], since, assessments.get(key), pending.get(key))
    return found


def _standing(
    tier: Tier, since: datetime, assessment: Assessment | None, pending: Proposal | None
) -> Standing:
    if assessment is None:
        return Standing(tier, since, None, False, pending)
    return Standing(tier, since, assessment.score, assessment.provisional, pending, assessment)


def _key(row: Assessment | Proposal) -> Key:
    return row.client_id, row.project_id, row.scheme_id
