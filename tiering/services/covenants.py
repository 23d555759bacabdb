"""Covenants that clients agreed to keep."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from crm.errors import Invalid, NotPermitted
from crm.models import Client, Facility, User
from tiering.errors_alerts import CovenantEnded, MetricNotBinding
from tiering.models import Covenant
from tiering.selectors.catalogue import open_catalogue
from tiering.services.clock import database_now
from tiering.services.raising import warn


@transaction.atomic
def agree_covenant(
    *,
    client: Client,
    metric: str,
    op: str,
    value: float,
    starts_on: date,
    by: User,
    ends_on: date | None = None,
    facility: Facility | None = None,
    note: str = "",
) -> Covenant:
    """Note a bound that a client has agreed to keep, and see at once whether it does.

    Raises NotPermitted, MetricNotBinding, Invalid for a facility of another client, or CovenantEnded for an end before
    the beginning.
    """
    if not by.has_perm("tiering.handle_alerts", client):
        raise NotPermitted
    known = open_catalogue().get(metric)
    if known is None or not known.is_number or known.scope == "project":
        raise MetricNotBinding
    if facility is not None and facility.client_id != client.pk:
        raise Invalid({"facility": [str(MetricNotBinding.message)]})
    if ends_on is not None and ends_on < starts_on:
        raise CovenantEnded
    covenant = Covenant.objects.create(
        client=client, facility=facility, metric=metric, op=op, value=value, starts_on=starts_on, ends_on=ends_on,
        note=note.strip(), entered_by=by,
    )  # fmt: skip
    warn(clients=[client.pk], as_of=database_now())
    return covenant


@transaction.atomic
def end_covenant(*, covenant: Covenant, ends_on: date, by: User) -> Covenant:
    """Let a covenant end on a day. Raises NotPermitted or CovenantEnded."""
    found = Covenant.objects.select_for_update(of=("self",)).select_related("client").get(pk=covenant.pk)
    if not by.has_perm("tiering.handle_alerts", found.client):
        raise NotPermitted
    if ends_on < found.starts_on or (found.ends_on is not None and found.ends_on < ends_on):
        raise CovenantEnded
    found.ends_on = ends_on
    found.save(update_fields=["ends_on"])
    warn(clients=[found.client_id], as_of=database_now())
    return found
