"""What time alone brings about: a look at everybody once a day for alerts and for who may leave the watch list, snoozed
alerts that wake, alerts that are escalated.

May be called at any time, by several at once: a round of the day is one row, and whoever works on it holds it locked
while a range of clients is looked at; who is killed leaves it as it was.
"""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from crm.models import Client
from crm.services.notices import NoticeRow, notify_many
from tiering.models import Policy, PolicyVersion, WarningRound, WatchlistEntry
from tiering.selectors.nights import awaits_the_first, latest_slot, runs_of_the_night
from tiering.selectors.policies import policy_in_effect
from tiering.selectors.versions import versions_in_effect
from tiering.services.clock import database_now
from tiering.services.leaving import look_at_exits
from tiering.services.raising import officers, raise_alerts, raise_drifts, warnings_of
from tiering.warnings.statement import of_range

RANGE: Final = 5_000
"""Clients that are looked at in one transaction."""
PATIENCE: Final = timedelta(hours=2)
"""So long a round waits for the run that derives the facts of its night."""
ESCALATED: Final = "alert-escalated"


def watch(*, seconds: float = 10.0) -> bool:
    """Do what is due for a while; True when more is due."""
    deadline = time.monotonic() + seconds
    now = database_now()
    wake(now=now)
    escalate(now=now)
    open_round(now=now)
    while time.monotonic() < deadline:
        if not work_on_round():
            return False
    return True


def open_round(*, now: datetime) -> bool:
    """Begin the round of the latest night, once the facts of that night are derived; whether one was begun."""
    due = latest_slot(now)
    awaited = (
        policy_in_effect(Policy.Kind.WARNINGS) is not None or WatchlistEntry.objects.conditional().exists()
    )
    if not awaited or not _is_ready(due, now):
        return False
    _, begun = WarningRound.objects.get_or_create(day=due.date())
    return begun


def _is_ready(due: datetime, now: datetime) -> bool:
    if now - due > PATIENCE:
        return True
    derived = runs_of_the_night(due).exists() or not versions_in_effect(now)
    return derived and not awaits_the_first(due)


@transaction.atomic
def work_on_round(*, size: int = RANGE) -> bool:
    """Look at the next range of clients of a round that is not over; False when there is none, or somebody is at it."""
    rounds = WarningRound.objects.select_for_update(skip_locked=True).filter(finished_at=None)
    round_ = rounds.order_by("-day").first()
    if round_ is None:
        return False
    policy = policy_in_effect(Policy.Kind.WARNINGS)
    as_of = database_now()
    last = _end_of_range(round_.after, size)
    if last is None:
        round_.raised += raise_drifts(policy=policy, as_of=as_of) if policy else 0
        round_.finished_at = as_of
    else:
        scope = of_range(round_.after + 1, last)
        round_.raised += raise_alerts(policy=policy, scope=scope, as_of=as_of) if policy else 0
        watched = WatchlistEntry.objects.filter(client__gt=round_.after, client__lte=last)
        look_at_exits(entries=watched, as_of=as_of)
        round_.after = last
    round_.save(update_fields=["after", "raised", "finished_at"])
    return True


def _end_of_range(after: int, size: int) -> int | None:
    """The id of the last client of the next range; None when there is nobody left."""
    following = Client.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)
    return following[size - 1 : size].first() or following.aggregate(last=Max("pk"))["last"]


def wake(*, now: datetime) -> int:
    """Open snoozed alerts again whose day has come; how many."""
    with connection.cursor() as cursor:
        cursor.execute(WAKE, {"today": timezone.localdate(now), "now": now})
        return cursor.rowcount


WAKE: Final = """
UPDATE tiering_alert SET status = 'open', due_at = greatest(due_at, %(now)s::timestamptz + interval '1 day')
WHERE status = 'snoozed' AND snoozed_until <= %(today)s
"""


@dataclass(frozen=True)
class _Escalation:
    alert: int
    client: int | None
    indicator: str
    severity: str
    policy: int
    next_one: int | None
    name: str


@transaction.atomic
def escalate(*, now: datetime) -> int:
    """Tell the next one up of alerts that nobody has acknowledged in time; how many were escalated.

    After the RM comes the lead of the team, then a risk officer; after an officer the next one.
    """
    with connection.cursor() as cursor:
        cursor.execute(ESCALATE, {"now": now, "officers": officers()})
        found = [_Escalation(*row) for row in cursor.fetchall()]
    versions = PolicyVersion.objects.in_bulk({one.policy for one in found})
    labels = {
        (pk, indicator.key): dict(indicator.label)
        for pk, version in versions.items()
        for indicator in warnings_of(version).indicators
    }
    rows = [
        NoticeRow(
            event=f"alert-escalated:{one.alert}",
            recipient=one.next_one,
            params={
                "alert": one.alert,
                "client": one.name,
                "severity": one.severity,
                "label": labels[one.policy, one.indicator],
            },
            client=one.client,
        )
        for one in found
        if one.next_one is not None
    ]
    if rows:
        notify_many(kind=ESCALATED, rows=rows)
    return len(found)


ESCALATE: Final = """
WITH due AS (
    SELECT a.id, coalesce(nullif(c.name_zh, ''), c.name_en, a.segment) AS name,
           (SELECT min(id) FROM crm_user WHERE team_id = c.team_id AND role = 'team_lead' AND is_active) AS lead,
           (%(officers)s::bigint[])[1 + a.id %% greatest(cardinality(%(officers)s::bigint[]), 1)] AS officer,
           (%(officers)s::bigint[])[1 + (a.id + 1) %% greatest(cardinality(%(officers)s::bigint[]), 1)] AS another
    FROM tiering_alert a LEFT JOIN crm_client c ON c.id = a.client_id
    WHERE a.status = 'open' AND a.due_at <= %(now)s AND a.escalated_at IS NULL
    ORDER BY a.id FOR NO KEY UPDATE OF a SKIP LOCKED
)
UPDATE tiering_alert a SET escalated_at = %(now)s FROM due d WHERE a.id = d.id
RETURNING a.id, a.client_id, a.indicator, a.severity, a.policy_id, CASE a.owner_role
    WHEN 'rm' THEN coalesce(d.lead, d.officer)
    WHEN 'lead' THEN d.officer
    ELSE CASE WHEN d.officer = a.owner_id THEN d.another ELSE d.officer END END, d.name
"""
