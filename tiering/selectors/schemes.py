"""Schemes side by side: where a client stands in each of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from crm.models import Client
from crm.prepared import Given, prepared
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
    published = {tier.scheme_id: tier.scheme for tier in every_tier().values()}
    return sorted(published.values(), key=lambda one: (not one.is_primary, one.subject, one.name_en, one.pk))


@read_once
def standings_of(client: Client, at: datetime) -> list[InScheme]:
    """The standing of a client in every scheme at a moment, in four queries."""
    found = standings_at(at, within=False, client=client.pk)
    return [InScheme(scheme, found.get((client.pk, None, scheme.pk))) for scheme in schemes()]


def standing_in(client: Client, scheme: TierScheme, at: datetime) -> Standing | None:
    """Where the client as a whole stands in a scheme at a moment, read with its standings in the others."""
    return next((found.standing for found in standings_of(client, at) if found.scheme == scheme), None)


def standings_at(at: datetime, *, within: bool, **subject: int) -> dict[Key, Standing]:
    """The standings at a moment of a `client`, or of those in a `project`, by their ids: within projects, or as a whole.

    A change counts as pending when it waits still. Three queries for any number of subjects.
    """
    ((by, pk),) = subject.items()
    asked: dict[str, Any] = {"subject": pk, "at": at}
    assessments = {_key(row): row for row in _assessed(by, within, **asked)}
    pending = {_key(row): row for row in _waiting(by, within, **asked)}
    found: dict[Key, Standing] = {}
    tiers = every_tier()
    for client, project, scheme, tier, since in _held(by, within, **asked):
        key = client, project, scheme
        found[key] = _standing(tiers[tier], since, assessments.get(key), pending.get(key))
    return found


def _standing(
    tier: Tier, since: datetime, assessment: Assessment | None, pending: Proposal | None
) -> Standing:
    if assessment is None:
        return Standing(tier, since, None, False, pending)
    return Standing(tier, since, assessment.score, assessment.provisional, pending, assessment)


def _of(by: str, within: bool, subject: Given) -> Q:
    return Q(**{by: subject}, project__isnull=not within)


@prepared
def _assessed(by: str, within: bool, subject: Given, at: Given) -> QuerySet[Assessment]:
    rows = Assessment.objects.filter(_of(by, within, subject), in_force(at))
    return rows.select_related("version").defer("version__document")


@prepared
def _waiting(by: str, within: bool, subject: Given, at: Given) -> QuerySet[Proposal]:
    rows = Proposal.objects.filter(_of(by, within, subject), status=Proposal.Status.PENDING)
    return rows.filter(created_at__lte=at).select_related("from_tier", "to_tier")


@prepared
def _held(by: str, within: bool, subject: Given, at: Given) -> QuerySet[Assignment, tuple[Any, ...]]:
    rows = Assignment.objects.filter(_of(by, within, subject), in_force(at))
    return rows.values_list("client", "project", "scheme", "tier", "valid_from")


def _key(row: Assessment | Proposal) -> Key:
    return row.client_id, row.project_id, row.scheme_id
