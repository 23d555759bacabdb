"""What the decision on an override asks for, and whether somebody may take part in it."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from crm.errors import DomainError
from crm.models import Client, Interest, Role, User
from tiering.core.authority import Change, Demand, OverrideLimits
from tiering.errors import ClientsOwnRM
from tiering.errors_overrides import OwnOverride
from tiering.errors_reviews import HasInterest
from tiering.models import Committee, Override, OverrideVote
from tiering.selectors.authority import AuthorityInEffect, Voice, authority_at, voice_among
from tiering.selectors.override_bearing import Bearing

DEFAULT_LIMITS: Final = OverrideLimits(
    up_share=500,
    down_share=1_000,
    up_officer_share=200,
    down_officer_share=500,
    longest_days=365,
    notches=2,
    warn_share=1_000,
)
"""How far overrides may go until an authority is in effect: 5 % of a scheme's clients up and 10 % down, 2 % and 5 % of
them by one officer, for a year, by two tiers; a warning from a tenth of a segment or of a gate's clients on."""

ABOVE_HARD_GATES: Final = Demand(of=3, needs=2)
"""What passes a hard gate is never one person's decision: where the authority asks for no committee, two of three."""


def override_limits(at: datetime | None = None) -> OverrideLimits:
    """How far overrides may go at a moment (None: now): the section `overrides` of the authority in effect."""
    return limits_in(authority_at(at))


def limits_in(in_effect: AuthorityInEffect) -> OverrideLimits:
    return in_effect.authority.overrides if in_effect.authority else DEFAULT_LIMITS


def demand_for(bearing: Bearing, exposure: float | None, in_effect: AuthorityInEffect) -> Demand:
    """What the authority asks of the decision on a change from what the criteria say to where an override leads."""
    says, leads_to = bearing.says, bearing.leads_to
    demand = in_effect.demand(
        Change(bearing.scheme, says.rank, leads_to.rank, says.key, leads_to.key, exposure or 0.0)
    )
    if bearing.above_hard_gate and demand.needs < 2:
        return replace(ABOVE_HARD_GATES, grade=demand.grade)
    return demand


def demand_of(override: Override, bearing: Bearing | None, in_effect: AuthorityInEffect) -> Demand:
    """What is left to ask for: with the first vote it is agreed, before that it follows from how things are now. A
    committee that an officer asked for is the least that decides."""
    asked = Demand(override.grade, override.members, override.needs)
    if bearing is None or override.votes.exists():
        return asked
    exposure = override.assessment.facts.values().get("exposure")
    demand = demand_for(bearing, exposure if isinstance(exposure, float) else None, in_effect)
    return demand.at_least(asked) if committee_of(override) else demand


def committee_of(override: Override) -> Committee | None:
    """The committee that an officer asked for."""
    return Committee.objects.filter(override=override).select_related("asked_by").first()


def barred_people(override: Override, rm: int | None) -> dict[int, type[DomainError]]:
    """Who takes no part in the decision, by id, and why. `rm` is the one whom the client has now."""
    interested = Interest.objects.current().filter(client=override.client_id).values_list("user", flat=True)
    found: dict[int, type[DomainError]] = dict.fromkeys(interested, HasInterest)
    if rm is not None:
        found[rm] = ClientsOwnRM
    found[override.requested_by_id] = OwnOverride
    return found


def voice_of(override: Override, rm: int | None, user: User, demand: Demand, day: date) -> Voice:
    """In whose name a risk officer may vote on an override on a day, or why they may not."""
    cast = OverrideVote.objects.filter(override=override).values_list("voter", "acting_for")
    voted = {person for pair in cast for person in pair if person is not None}
    return voice_among(barred_people(override, rm), voted, user, demand, day)


def able_officers(override: Override, client: Client, grade: int) -> list[User]:
    """The active risk officers of a grade at least whom nothing bars from deciding."""
    officers = User.objects.filter(role=Role.RISK_OFFICER, is_active=True, grade__gte=grade)
    return list(officers.exclude(pk__in=barred_people(override, client.rm_id)).order_by("pk"))


@dataclass(frozen=True)
class Tally:
    """How many approved and rejected so far."""

    approvals: int
    rejections: int


def tally_of(override: Override, barred: Container[int]) -> Tally:
    """Votes of whoever has become barred since do not count."""
    cast = override.votes.values_list("verdict", "voter", "acting_for")
    verdicts = [
        verdict for verdict, voter, principal in cast if voter not in barred and principal not in barred
    ]
    return Tally(verdicts.count("approve"), verdicts.count("reject"))
