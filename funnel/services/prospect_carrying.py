"""What is known of prospects goes to clients: people with their consent, facts as observations, contacts.

Each table is written in one statement for any number of prospects, in the transaction of the caller.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from crm.models import Client, ConsentRecord, ContactPerson, Interaction, Observation, User
from crm.services.duplicates import refresh_keys
from crm.signals import records_changed
from funnel.models import Prospect, ProspectContact

SOURCE: Final = "lead: %(name)s"
STANCES: Final = {"given": ConsentRecord.Stance.GIVEN, "refused": ConsentRecord.Stance.REFUSED}
Pair = tuple[Prospect, Client]


def carry(*, pairs: Sequence[Pair], by: User) -> None:
    """Write to each client what is known of its prospect. Somebody who is there already is not entered again."""
    _carry_people(pairs, by)
    _carry_facts(pairs, by)
    _carry_contacts(pairs)
    refresh_keys([client.pk for _prospect, client in pairs])
    records_changed()


def _carry_people(pairs: Sequence[Pair], by: User) -> None:
    reachable = [pair for pair in pairs if pair[0].person_name or pair[0].email or pair[0].phone_sealed]
    there = _known_people([client.pk for _prospect, client in reachable])
    people = [
        (prospect, _person(prospect, client))
        for prospect, client in reachable
        if there.isdisjoint(
            _marks(client.pk, prospect.person_name, prospect.email, prospect.phone_fingerprint)
        )
    ]
    ContactPerson.objects.bulk_create([person for _prospect, person in people])
    ConsentRecord.objects.bulk_create(
        ConsentRecord(
            client_id=person.client_id,
            person=person,
            stance=STANCES[prospect.consent],
            source=_source(prospect, 120),
            since=prospect.consent_on or _day(prospect),
            recorded_by=by,
        )
        for prospect, person in people
        if prospect.consent in STANCES
    )


def _person(prospect: Prospect, client: Client) -> ContactPerson:
    return ContactPerson(
        client=client,
        name=prospect.person_name or prospect.name[:120],
        position=prospect.person_position,
        email=prospect.email,
        phone_sealed=prospect.phone_sealed,
        phone_fingerprint=prospect.phone_fingerprint,
        phone_hint=prospect.phone_hint,
        language=prospect.language,
        consent=prospect.consent,
        consent_on=prospect.consent_on,
        note=prospect.consent_words[:500],
    )


def _known_people(clients: Collection[int]) -> set[tuple[int, str]]:
    people = ContactPerson.objects.filter(client__in=clients, ended_on__isnull=True)
    rows = people.values_list("client", "name", "email", "phone_fingerprint")
    return {mark for client, *told in rows for mark in _marks(client, *told)}


def _marks(client: int, *told: str) -> set[tuple[int, str]]:
    """By what somebody at a client is the same person: name, address or number."""
    return {(client, text.casefold()) for text in told if text}


def _carry_facts(pairs: Sequence[Pair], by: User) -> None:
    today = timezone.localdate()
    Observation.objects.bulk_create(
        (
            Observation(
                client=client,
                metric=metric,
                value=None if isinstance(value, str) else value,
                text=value if isinstance(value, str) else "",
                observed_on=_day(prospect),
                received_on=today,
                source=_source(prospect, 80),
                recorded_by=by,
            )
            for prospect, client in pairs
            for metric, value in prospect.facts.items()
        ),
        ignore_conflicts=True,
    )


def _carry_contacts(pairs: Sequence[Pair]) -> None:
    clients = {prospect.pk: client for prospect, client in pairs}
    contacts = ProspectContact.objects.filter(prospect__in=clients).order_by("pk")
    Interaction.objects.bulk_create(
        Interaction(
            client=clients[contact.prospect_id],
            kind=contact.kind,
            at=contact.at,
            subject=contact.note[:200] or _("Contact with a prospect"),
            body=contact.note if len(contact.note) > 200 else "",
            author_id=contact.by_id,
            outcome=contact.outcome,
        )
        for contact in contacts
    )


def _source(prospect: Prospect, most: int) -> str:
    return (SOURCE % {"name": prospect.source.name})[:most]


def _day(prospect: Prospect) -> date:
    return timezone.localtime(prospect.arrived_at).date()
