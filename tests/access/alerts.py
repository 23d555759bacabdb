"""Alerts, covenants and entries of the watch list of the world's clients, and a draft of early warnings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from crm.models import Client, Role, User
from tests.factories import make_user
from tests.tiering.warnings.making import an_indicator
from tiering.models import Alert, Covenant, Facts, Policy, PolicyVersion, WatchlistEntry
from tiering.services.policies import start_policy

if TYPE_CHECKING:
    from tests.access.world import World


def add_alerts(world: World, clients: Mapping[str, Client], holders: Mapping[str, User]) -> None:
    draft = a_draft()
    world.everywhere("warnings", draft.pk)
    world.objects["alert"] = {scope: an_alert(client, draft).pk for scope, client in clients.items()}
    world.objects["covenant"] = {
        scope: a_covenant(client, holders[scope]).pk for scope, client in clients.items()
    }
    world.objects["watch list entry"] = {
        scope: an_entry(client, holders[scope]).pk for scope, client in clients.items()
    }


def a_covenant(client: Client, by: User) -> Covenant:
    today = timezone.localdate()
    return Covenant.objects.create(
        client=client, metric="leverage", op="<=", value=0.7, starts_on=today, entered_by=by
    )


def an_entry(client: Client, by: User) -> WatchlistEntry:
    return WatchlistEntry.objects.create(
        client=client,
        reason="Late",
        strategy="monitor",
        owner=by,
        next_review_on=timezone.localdate(),
        exit_criteria="Paid",
        entered_by=by,
    )


def a_draft() -> PolicyVersion:
    document = {"format": 1, "indicators": [an_indicator("silent")]}
    return start_policy(kind=Policy.Kind.WARNINGS, by=make_user(Role.CRITERIA_ADMIN), document=document)


def an_alert(client: Client, policy: PolicyVersion) -> Alert:
    """An alert of a client whose facts are known."""
    now = timezone.now()
    return Alert.objects.create(
        client=client,
        indicator="silent",
        policy=policy,
        facts=Facts.objects.filter(client=client, valid_to=None).get(),
        severity="watch",
        owner_role="rm",
        owner=client.rm,
        opened_at=now,
        due_at=now + timedelta(days=7),
    )
