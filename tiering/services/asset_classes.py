"""Giving a client, or one of its facilities, a class of assets."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models.functions import Now

from crm.errors import Invalid, NotPermitted
from crm.models import Client, Facility, User
from tiering.errors_alerts import AlertReasonRequired, BetterThanFloor
from tiering.models import AssetClass
from tiering.selectors.asset_classes import GRADES, floor_of


@transaction.atomic
def classify(
    *, client: Client, grade: str, reason: str, day: date, by: User, facility: Facility | None = None
) -> AssetClass:
    """Give a client, or one of its facilities, a class as of a day; it holds until another takes over.

    Raises NotPermitted, AlertReasonRequired, Invalid for a facility of another client, or BetterThanFloor where what is
    overdue does not allow it.
    """
    if not by.has_perm("tiering.classify_assets"):
        raise NotPermitted
    if not reason.strip():
        raise AlertReasonRequired
    if facility is not None and facility.client_id != client.pk:
        raise Invalid({"facility": [str(NotPermitted.message)]})
    Client.objects.select_for_update(no_key=True).get(pk=client.pk)
    floors = floor_of(client.pk, day)
    floor = floors.facilities.get(facility.pk, "normal") if facility else floors.whole
    if GRADES.index(grade) < GRADES.index(floor):
        raise BetterThanFloor(floor=AssetClass.Grade(floor).label)
    AssetClass.objects.filter(client=client, facility=facility, valid_to=None).update(valid_to=Now())
    return AssetClass.objects.create(
        client=client,
        facility=facility,
        grade=grade,
        floor=floor,
        reason=reason.strip(),
        classed_on=day,
        classed_by=by,
    )
