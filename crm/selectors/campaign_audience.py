"""Whom a campaign goes to: the clients of its segment that its launcher holds, each invited or left out and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import connection

from crm import slots
from crm.models import (
    Absence,
    Campaign,
    CampaignText,
    Channel,
    Client,
    ConsentRecord,
    ContactPerson,
    Invitation,
    User,
)
from crm.selectors.breakdown import groupings
from crm.selectors.consent import in_force, people_for
from crm.selectors.segments import clients_of

LeftOut = Invitation.LeftOut
CHINESE = "zh-hans"


@dataclass(frozen=True)
class Invitee:
    """A client of an audience. `left_out` is empty where it is invited: then there is a person, and there are words."""

    client: Client
    tier: str
    person: ContactPerson | None = None
    text: CampaignText | None = None
    left_out: str = ""

    @property
    def is_invited(self) -> bool:
        return not self.left_out


def audience_of(campaign: Campaign, *, by: User, day: date) -> list[Invitee]:
    """The audience as it is on a day. A constant number of queries."""
    held = Client.objects.editable_by(by).filter(pk__in=clients_of(campaign.segment).values("pk"))
    clients = list(held.select_related("rm").order_by("sort_key", "pk"))
    known = Known.of(campaign, clients, by, day)
    return [known.invitee(client) for client in clients]


@dataclass(frozen=True)
class Known:
    """What decides who is invited, read once for all clients."""

    campaign: Campaign
    tiers: Mapping[int, str]
    blocked: frozenset[int]
    listed: frozenset[int]
    allowed: Mapping[int, Sequence[ContactPerson]]
    away: frozenset[int]
    texts: Mapping[tuple[str, str, str], CampaignText]

    @classmethod
    def of(cls, campaign: Campaign, clients: Sequence[Client], by: User, day: date) -> Known:
        ids, channel = [client.pk for client in clients], campaign.channel
        blocks = in_force(day).filter(
            client__in=ids, person=None, stance=ConsentRecord.Stance.BLOCKED, channel__in=("", channel)
        )
        allowed: dict[int, list[ContactPerson]] = {}
        for person in people_for(ids, channel, day).order_by("pk"):
            allowed.setdefault(person.client_id, []).append(person)
        away = Absence.objects.on(day).filter(is_away=True, deputy=None)
        return cls(
            campaign=campaign,
            tiers=tiers_of(ids, by, day),
            blocked=frozenset(blocks.values_list("client", flat=True)),
            listed=frozenset(
                ContactPerson.objects.filter(client__in=ids, ended_on=None).values_list("client", flat=True)
            ),
            allowed=allowed,
            away=frozenset(away.values_list("user", flat=True)),
            texts={(text.language, text.tier, text.demand_level): text for text in campaign.texts.all()},
        )

    def invitee(self, client: Client) -> Invitee:
        tier = self.tiers.get(client.pk, "")
        if client.pk in self.blocked:
            return Invitee(client, tier, left_out=LeftOut.BLOCKED)
        if client.pk not in self.listed:
            return Invitee(client, tier, left_out=LeftOut.NO_PERSON)
        people = self.allowed.get(client.pk, ())
        if not people:
            return Invitee(client, tier, left_out=LeftOut.NO_CONSENT)
        reached = [person for person in people if self._reaches(person)]
        if not reached:
            return Invitee(client, tier, left_out=LeftOut.NO_ADDRESS)
        if self.campaign.channel != Channel.EMAIL and (client.rm is None or client.rm_id in self.away):
            return Invitee(client, tier, left_out=LeftOut.RM_AWAY)
        person = min(reached, key=_precedence)
        text = self._words(client, person, tier)
        return Invitee(client, tier, person, text, "" if text else LeftOut.NO_TEXT)

    def _reaches(self, person: ContactPerson) -> bool:
        match self.campaign.channel:
            case Channel.EMAIL:
                return bool(person.email)
            case Channel.PHONE | Channel.MESSAGING:
                return bool(person.phone_sealed)
        return True

    def _words(self, client: Client, person: ContactPerson, tier: str) -> CampaignText | None:
        """The nearest words: for tier and demand level, then tier, then demand level, then anybody; in their language,
        else in another."""
        own = person.language or (CHINESE if client.name_zh else settings.LANGUAGE_CODE)
        others = [code for code, _name in settings.LANGUAGES if code != own]
        for language in (own, *others):
            for wanted in ((tier, client.demand_level), (tier, ""), ("", client.demand_level), ("", "")):
                if text := self.texts.get((language, *wanted)):
                    return text
        return None


def _precedence(person: ContactPerson) -> tuple[bool, int]:
    """Whoever decides first, then who was entered first."""
    return ContactPerson.Role.DECISION_MAKER not in person.roles, person.pk


def tier_field(user: User, day: date) -> slots.Field | None:
    """The field of the tier, from the app that has tiers: the first that clients may be grouped by."""
    return next((field for field in groupings(user, day) if field.key.startswith("tier.")), None)


def tiers_of(ids: Iterable[int], user: User, day: date) -> dict[int, str]:
    """The tier of each client by its key; one statement."""
    field = tier_field(user, day)
    if field is None:
        return {}
    text = f"SELECT c.id, {field.sql} FROM crm_client c {' '.join(field.joins)} WHERE c.id = ANY(%s)"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(text, [list(ids)])
        return {pk: tier for pk, tier in cursor.fetchall() if tier}
