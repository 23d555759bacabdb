"""Who may read a client, and who wants to be told of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from django.db.models import F, Q, QuerySet

from crm.models import Client, Follow, Role, User

EVERYWHERE = (Role.RISK_OFFICER, Role.CRITERIA_ADMIN, Role.AUDITOR)
IN_THE_TEAM = (Role.RM, Role.TEAM_LEAD)


def readers_of(client: Client) -> QuerySet[User]:
    """The people at work who may read a client: those of its team, and those who read every client."""
    of_team = Q(role__in=IN_THE_TEAM, team=client.team_id) if client.team_id else Q(pk__in=[])
    return User.objects.filter(of_team | Q(role__in=EVERYWHERE), is_active=True)


def named_like(people: QuerySet[User], term: str) -> QuerySet[User]:
    """Those whose user name or name, in either language, begins with the term or has a word that does."""
    begins = Q()
    for field in ("username", "name", "name_zh"):
        begins |= Q(**{f"{field}__istartswith": term}) | Q(**{f"{field}__icontains": f" {term}"})
    return people.filter(begins).order_by("name", "pk") if term else people.order_by("name", "pk")


def followers_of(clients: Collection[int]) -> dict[int, set[int]]:
    """By client id, the ids of those who follow it and may still read it. One query."""
    reads = Q(user__role__in=EVERYWHERE) | Q(user__role__in=IN_THE_TEAM, client__team=F("user__team"))
    rows = Follow.objects.filter(reads, client__in=clients, user__is_active=True)
    found: dict[int, set[int]] = defaultdict(set)
    for client, user in rows.values_list("client", "user"):
        found[client].add(user)
    return found


def follows(user: User, client: Client) -> bool:
    return Follow.objects.filter(user=user, client=client).exists()
