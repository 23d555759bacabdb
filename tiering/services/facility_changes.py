"""What a change of tier proposes for facilities, and the decisions on that."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from django.db import connection, transaction

from crm.errors import DomainError, NotPermitted
from crm.models import Client, Facility, User
from crm.selectors.absences import has_interest
from crm.signals import records_changed
from tiering.core.sql import Compiled, Fragment
from tiering.core.tier_policy import WHOLE
from tiering.core.tier_policy_sql import ceiling_sql, complete_sql
from tiering.errors_follows import (
    ChangeDecided,
    ChangeNotFound,
    ChangeReasonRequired,
    FacilityMoved,
    RMDoesNotDecide,
)
from tiering.errors_reviews import HasInterest
from tiering.facts.reading import values_of
from tiering.models import FacilityChange, TierScheme
from tiering.selectors.catalogue import catalogue
from tiering.selectors.tier_policies import InEffect
from tiering.services.clock import database_now
from tiering.services.facility_sql import PROPOSE
from tiering.services.staging import named

Verdict = Literal["accept", "decline"]
Status, Term = FacilityChange.Status, FacilityChange.Term
PERMISSION = "tiering.decide_facilities"
REVOLVING = (
    Facility.Product.WORKING_CAPITAL,
    Facility.Product.LETTER_OF_CREDIT,
    Facility.Product.GUARANTEE,
    Facility.Product.SUPPLY_CHAIN,
)
"""What can be drawn again and again, so that a higher limit is of use."""
CENTS = Decimal("0.01")


def propose_changes(*, changes: Collection[int], scheme: TierScheme, policy: InEffect, day: date) -> int:
    """Propose what changes of tier ask of the facilities of locked clients, in place of what they proposed before; how
    many proposals. In the transaction of the caller, in one statement."""
    columns = values_of(policy.policy.metrics, "f", catalogue())
    ceiling, ceilings = named(_compiled(ceiling_sql(policy.policy, "t.key", columns)), "c")
    complete, completes = named(_compiled(complete_sql(policy.policy, "t.key", columns)), "k")
    terms = policy.by_tier(scheme)
    params = {
        **ceilings,
        **completes,
        "changes": list(changes),
        "scheme": scheme.pk,
        "policy": policy.version.pk,
        "tiers": [tier.pk for tier in terms],
        "add_ons": [found.add_on for found in terms.values()],
        "raise_at_most": policy.policy.raise_at_most / WHOLE,
        "revolving": list(REVOLVING),
        "day": day,
    }
    with connection.cursor() as cursor:
        cursor.execute(PROPOSE.format(ceiling=ceiling, complete=complete), params)
        return cursor.rowcount


def _compiled(fragment: Fragment) -> Compiled:
    return fragment.text, fragment.params


@dataclass(frozen=True)
class Decided:
    """How one of several decisions ended: `error` is None when it was taken."""

    change_id: int
    error: DomainError | None

    @property
    def ok(self) -> bool:
        return self.error is None


@transaction.atomic
def decide_change(
    *, change: FacilityChange, verdict: Verdict, by: User, reason: str, at: datetime | None = None
) -> FacilityChange:
    """Accept a change, so that the facility has the new limit or rate, or decline it.

    `at` is the moment of the decision (None: now). Raises NotPermitted, RMDoesNotDecide, HasInterest,
    ChangeReasonRequired, ChangeDecided, or FacilityMoved when an accepted one was proposed for another limit or rate
    than there is now.
    """
    client = Client.objects.select_for_update(no_key=True).get(pk=change.client_id)
    if by.pk == client.rm_id:
        raise RMDoesNotDecide
    if has_interest(by, client.pk):
        raise HasInterest
    if not by.has_perm(PERMISSION, client):
        raise NotPermitted
    if not reason.strip():
        raise ChangeReasonRequired
    status = Status.ACCEPTED if verdict == "accept" else Status.DECLINED
    decided = FacilityChange.objects.filter(pk=change.pk, status=Status.PROPOSED).update(
        status=status,
        decided_by=by,
        decided_at=at or database_now(),
        client_rm=client.rm_id,
        reason=reason.strip(),
    )
    if not decided:
        raise ChangeDecided
    change.refresh_from_db()
    if verdict == "accept":
        _carry_out(change)
    return change


def decide_changes(*, ids: Iterable[int], verdict: Verdict, by: User, reason: str) -> list[Decided]:
    """Decide on several changes, each for itself: one that is refused does not hold up the others."""
    ids = list(dict.fromkeys(ids))
    visible = FacilityChange.objects.visible_to(by).in_bulk(ids)
    return [Decided(pk, _attempt(visible.get(pk), verdict, by, reason)) for pk in ids]


def _attempt(change: FacilityChange | None, verdict: Verdict, by: User, reason: str) -> DomainError | None:
    try:
        if change is None:
            raise ChangeNotFound
        decide_change(change=change, verdict=verdict, by=by, reason=reason)
    except DomainError as error:
        return error
    return None


def _carry_out(change: FacilityChange) -> None:
    facility = Facility.objects.select_for_update().get(pk=change.facility_id)
    if change.term == Term.LIMIT:
        if facility.limit != change.before.quantize(CENTS) or facility.drawn > change.after:
            raise FacilityMoved
        facility.limit = change.after.quantize(CENTS)
        facility.save(update_fields=["limit"])
    else:
        if facility.rate is None or abs(Decimal(str(facility.rate)) - change.before) >= Decimal("0.000001"):
            raise FacilityMoved
        facility.rate = float(change.after)
        facility.save(update_fields=["rate"])
    records_changed()
