"""When several officers decide on an override because one of them would rather not decide alone."""

from __future__ import annotations

from django.db import transaction

from crm.models import User
from tiering.errors_overrides import OverrideDecided
from tiering.models import Committee, Override
from tiering.selectors.authority import authority_at
from tiering.selectors.override_authority import able_officers, barred_people, demand_of
from tiering.selectors.override_bearing import bearing_as_it_stands
from tiering.services.committees import called
from tiering.services.override_telling import tell_committee
from tiering.services.overrides import locked


@transaction.atomic
def request_override_committee(
    *, override: Override, by: User, members: int, needs: int, reason: str
) -> Committee:
    """Let several officers decide on an override that one might, and tell those who may vote; the grade asked for stays.

    Should the facts come to ask for more before the first vote, that is asked for too. Raises NotPermitted,
    OverrideDecided, CommitteeAlready, VotesCast, CommitteeTooSmall, CommitteeReasonRequired, NobodyToDecide, or why this
    officer takes no part in the decision.
    """
    found = locked(override)
    if found.status != Override.Status.REQUESTED:
        raise OverrideDecided
    demand = demand_of(found, bearing_as_it_stands(found), authority_at())
    committee, others = called(
        Committee(override=found, client_id=found.client_id, members=members, needs=needs),
        by=by,
        reason=reason,
        demand=demand,
        barred=barred_people(found, found.client.rm_id),
        able=able_officers(found, found.client, demand.grade),
        has_votes=found.votes.exists(),
    )
    found.grade, found.members, found.needs = committee.grade, members, needs
    found.save(update_fields=["grade", "members", "needs"])
    tell_committee(found, others)
    return committee
