"""Whom one may contact on a day, by which channel, and why not.

Not to be contacted counts before anything else, of the client as a whole or of the person. For offers consent has to be
given: what was said last for the channel counts, else what was said last for every channel, else what stands in the
person's own record.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from crm.models import Client, ConsentRecord, ContactPerson, User

Stance = ConsentRecord.Stance


def in_force(day: date) -> QuerySet[ConsentRecord]:
    """What holds on a day."""
    return ConsentRecord.objects.filter(Q(until__isnull=True) | Q(until__gt=day), since__lte=day)


def blocks_of(client: Client, user: User, day: date) -> QuerySet[ConsentRecord]:
    """What forbids to contact a client or its people on a day, for the badge of its page."""
    held = in_force(day).filter(client=client, stance=Stance.BLOCKED)
    return held.filter(pk__in=ConsentRecord.objects.visible_to(user).values("pk")).select_related("person")


def people_for(
    clients: Collection[int] | QuerySet[Client], channel: str, day: date
) -> QuerySet[ContactPerson]:
    """The people at clients who may be told of offers by a channel, each with an address for it where it needs one."""
    people = ContactPerson.objects.filter(client__in=clients, ended_on=None, do_not_contact=False)
    held = in_force(day).filter(Q(channel=channel) | Q(channel=""), client=OuterRef("client"))
    blocked = held.filter(Q(person=None) | Q(person=OuterRef("pk")), stance=Stance.BLOCKED)
    return (
        people.filter(~Exists(blocked))
        .annotate(allowed=stance_for(channel, day))
        .filter(allowed=Stance.GIVEN)
    )


def stance_for(channel: str, day: date) -> Coalesce:
    """What counts of a person for a channel on a day: `given`, `refused` or `not_asked`."""
    said = in_force(day).filter(client=OuterRef("client")).exclude(stance=Stance.BLOCKED)
    said = said.filter(Q(person=OuterRef("pk")) | Q(person=None)).filter(Q(channel=channel) | Q(channel=""))
    nearest = said.annotate(
        general=Case(When(channel="", then=Value(1)), default=Value(0)),
        whole=Case(When(person=None, then=Value(1)), default=Value(0)),
    ).order_by("general", "whole", "-since", "-id")
    return Coalesce(Subquery(nearest.values("stance")[:1]), F("consent"))
