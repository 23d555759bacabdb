"""Authorities in effect, officers, and proposals to vote on."""

from datetime import datetime
from typing import Any

from crm.models import Absence, Client, Role, User
from tests.factories import make_client, make_user
from tests.tiering.helpers import LONG_AGO
from tests.tiering.pages.making import waiting
from tiering.models import PolicyVersion, Proposal
from tiering.services.policies import put_policy_in_effect, start_policy

TWO_OF_THREE = {"committee": {"of": 3, "needs": 2}}


def authority(
    *rows: dict[str, Any], effective_from: datetime | None = LONG_AGO, **more: Any
) -> PolicyVersion:
    """An authority in effect whose last row lets any officer decide."""
    document = {"format": 1, "decisions": [*rows, {"needs": {"grade": 1}}], **more}
    author, publisher = make_user(Role.CRITERIA_ADMIN), make_user(Role.CRITERIA_ADMIN)
    version = start_policy(kind="authority", by=author, document=document)
    return put_policy_in_effect(version=version, publisher=publisher, effective_from=effective_from)


def everything_asks(needs: dict[str, Any]) -> PolicyVersion:
    """An authority that asks the same of every change."""
    return authority({"notches": {"min": 1, "max": 19}, "needs": needs})


def officer(grade: int = 1, **fields: Any) -> User:
    return make_user(Role.RISK_OFFICER, grade=grade, **fields)


def one_waiting(client: Client | None = None, **options: Any) -> Proposal:
    """A proposal from High to Low; the published criteria are `a_document()`."""
    (proposal,) = waiting(client or make_client(rm=make_user(Role.RM)), **options)
    return proposal


def away(user: User, deputy: User | None, first: Any, last: Any, is_away: bool = True) -> Absence:
    return Absence.objects.create(
        user=user, deputy=deputy, starts_on=first, ends_on=last, is_away=is_away, entered_by=user
    )
