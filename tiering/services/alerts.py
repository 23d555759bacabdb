"""What people do about alerts: acknowledge, snooze with a reason, resolve with a reason, and what they lead to."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from crm.errors import NotPermitted
from crm.models import Task, User
from crm.services.tasks import TaskRow, add_tasks
from tiering.errors_alerts import AlertOfSegment, AlertReasonRequired, AlertResolved, SnoozeTooLong
from tiering.models import Alert, RetierRequest, WatchlistEntry

Status = Alert.Status
MOST_DAYS: Final = 92
"""An alert sleeps for a quarter at most."""
TASK: Final = "alert"
"""The kind of task that an alert leads to."""


def acknowledge(*, alerts: Collection[int], by: User) -> int:
    """Say that one has seen open or snoozed alerts and deals with them; how many there were among those that one may
    handle. They are not escalated any more. Raises NotPermitted."""
    _may_handle(by)
    seen = handled(by).filter(pk__in=alerts, status__in=(Status.OPEN, Status.SNOOZED))
    return seen.update(status=Status.ACKNOWLEDGED, acknowledged_by=by, acknowledged_at=Now())


@transaction.atomic
def snooze(*, alert: Alert, until: date, reason: str, by: User) -> Alert:
    """Let an alert sleep until a day, and say why. Raises NotPermitted, AlertResolved, AlertReasonRequired or
    SnoozeTooLong."""
    found = _unresolved(alert, by)
    today = timezone.localdate()
    if not today < until <= today + timedelta(days=MOST_DAYS):
        raise SnoozeTooLong(days=MOST_DAYS)
    found.status, found.snoozed_until, found.snooze_reason = Status.SNOOZED, until, _said(reason)
    found.save(update_fields=["status", "snoozed_until", "snooze_reason"])
    return found


@transaction.atomic
def resolve(*, alert: Alert, reason: str, by: User) -> Alert:
    """End an alert, and say how it was dealt with. Its indicator then stays silent for its cooldown. Raises
    NotPermitted, AlertResolved or AlertReasonRequired."""
    found = _unresolved(alert, by)
    found.status, found.resolution, found.resolved_by = Status.RESOLVED, _said(reason), by
    found.resolved_at = timezone.now()
    found.save(update_fields=["status", "resolution", "resolved_by", "resolved_at"])
    return found


@transaction.atomic
def make_task(*, alert: Alert, due_on: date, by: User, label: dict[str, str]) -> Task:
    """Give the alert's owner a task that follows from it; asked again, the same task. `label` names its indicator.
    Raises NotPermitted, AlertResolved or AlertOfSegment."""
    found = _unresolved(alert, by)
    if found.client is None:
        raise AlertOfSegment
    origin = f"alert:{found.pk}"
    params: dict[str, Any] = {"alert": found.pk, "label": label}
    add_tasks(
        kind=TASK,
        rows=[
            TaskRow(
                origin=origin, assignee=found.owner_id, due_on=due_on, params=params, client=found.client_id
            )
        ],
    )
    found.task = Task.objects.get(origin=origin)
    _saw(found, by)
    found.save(update_fields=["task", "status", "acknowledged_by", "acknowledged_at"])
    return found.task


@transaction.atomic
def ask_to_retier(*, alert: Alert, by: User) -> None:
    """Have the client assessed at once; a change of its tier is proposed as the criteria say. Raises NotPermitted,
    AlertResolved or AlertOfSegment."""
    found = _unresolved(alert, by)
    if found.client_id is None:
        raise AlertOfSegment
    RetierRequest.objects.create(client_id=found.client_id)
    _saw(found, by)
    found.save(update_fields=["status", "acknowledged_by", "acknowledged_at"])


def link_to_watchlist(*, alert: Alert, entry: WatchlistEntry, by: User) -> None:
    """Note that the client went to the watch list because of an alert, in the transaction of the caller."""
    found = _unresolved(alert, by)
    found.watchlist = entry
    _saw(found, by)
    found.save(update_fields=["watchlist", "status", "acknowledged_by", "acknowledged_at"])


def handled(by: User) -> QuerySet[Alert]:
    """The unresolved alerts that somebody may do something about."""
    return Alert.objects.visible_to(by).handled_by(by).unresolved()


def _may_handle(by: User) -> None:
    if not by.has_perm("tiering.handle_alerts"):
        raise NotPermitted


def _unresolved(alert: Alert, by: User) -> Alert:
    _may_handle(by)
    found = (
        Alert.objects.select_for_update(of=("self",), no_key=True).select_related("client").get(pk=alert.pk)
    )
    if not Alert.objects.visible_to(by).handled_by(by).filter(pk=alert.pk).exists():
        raise NotPermitted
    if found.status == Status.RESOLVED:
        raise AlertResolved
    return found


def _saw(alert: Alert, by: User) -> None:
    """Who does something about an alert has seen it."""
    if alert.status != Status.ACKNOWLEDGED:
        alert.status, alert.acknowledged_by, alert.acknowledged_at = Status.ACKNOWLEDGED, by, timezone.now()


def _said(reason: str) -> str:
    if not reason.strip():
        raise AlertReasonRequired
    return reason.strip()
