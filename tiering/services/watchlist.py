"""The watch list: entries, reviews, and exits that two people decide."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import Value
from django.db.models.functions import Greatest
from django.utils import timezone

from crm.errors import NotPermitted
from crm.models import Client, Role, User
from tiering.errors import CriteriaRefused
from tiering.errors_alerts import (
    AlertReasonRequired,
    ExitNotAsked,
    NotAnOwner,
    OffWatchlist,
    OnWatchlist,
    OwnExit,
    ReviewInThePast,
)
from tiering.models import Alert, WatchlistEntry, WatchlistReview
from tiering.services.alerts import link_to_watchlist
from tiering.services.clock import database_now
from tiering.services.leaving import exit_refusals, look_at_exits

MOST_DAYS: Final = 366


@transaction.atomic
def enter(
    *,
    client: Client,
    reason: str,
    strategy: str,
    next_review_on: date,
    exit_criteria: str,
    by: User,
    owner: User | None = None,
    exit_when: dict[str, Any] | None = None,
    alert: Alert | None = None,
) -> WatchlistEntry:
    """Put a client on the watch list. Its owner is who enters it, unless somebody else is named.

    Raises NotPermitted, OnWatchlist, AlertReasonRequired, ReviewInThePast, NotAnOwner, or CriteriaRefused for an exit
    condition that cannot be used.
    """
    _may_handle(by, client)
    owner = owner or by
    _check_owner(owner, client)
    _check_day(next_review_on)
    if not reason.strip() or not exit_criteria.strip():
        raise AlertReasonRequired
    _check_condition(exit_when)
    try:
        with transaction.atomic():
            entry = WatchlistEntry.objects.create(
                client=client,
                reason=reason.strip(),
                strategy=strategy,
                owner=owner,
                next_review_on=next_review_on,
                exit_criteria=exit_criteria.strip(),
                exit_when=exit_when,
                entered_by=by,
            )
    except IntegrityError as error:
        raise OnWatchlist from error
    if alert is not None:
        link_to_watchlist(alert=alert, entry=entry, by=by)
    _look_at(entry)
    return entry


@transaction.atomic
def set_exit(
    *, entry: WatchlistEntry, exit_criteria: str, exit_when: dict[str, Any] | None, by: User
) -> WatchlistEntry:
    """Say anew what has to hold before the client may leave, and see at once whether the condition does. Raises
    NotPermitted, OffWatchlist, AlertReasonRequired, or CriteriaRefused for a condition that cannot be used."""
    present = _present(entry, by)
    if not exit_criteria.strip():
        raise AlertReasonRequired
    _check_condition(exit_when)
    is_other = present.exit_when != exit_when
    present.exit_criteria, present.exit_when = exit_criteria.strip(), exit_when
    present.save(update_fields=["exit_criteria", "exit_when"])
    if is_other:
        _close(present)
        _look_at(present)
    return present


@transaction.atomic
def review(
    *, entry: WatchlistEntry, found: str, strategy: str, next_review_on: date, by: User
) -> WatchlistReview:
    """Note what a review found, by what strategy it goes on, and when the next is due. Raises NotPermitted,
    OffWatchlist, AlertReasonRequired or ReviewInThePast."""
    present = _present(entry, by)
    _check_day(next_review_on)
    if not found.strip():
        raise AlertReasonRequired
    present.strategy, present.next_review_on = strategy, next_review_on
    present.save(update_fields=["strategy", "next_review_on"])
    return WatchlistReview.objects.create(
        entry=present, by=by, found=found.strip(), strategy=strategy, next_review_on=next_review_on
    )


@transaction.atomic
def ask_for_exit(*, entry: WatchlistEntry, reason: str, by: User) -> WatchlistEntry:
    """Ask that a client leave the watch list; a second person decides. Raises NotPermitted, OffWatchlist or
    AlertReasonRequired."""
    present = _present(entry, by)
    if not reason.strip():
        raise AlertReasonRequired
    present.exit_reason, present.exit_asked_by, present.exit_asked_at = reason.strip(), by, timezone.now()
    present.save(update_fields=["exit_reason", "exit_asked_by", "exit_asked_at"])
    return present


@transaction.atomic
def decide_exit(*, entry: WatchlistEntry, leaves: bool, by: User) -> WatchlistEntry:
    """Let a client leave, or keep it. Only a risk officer decides who did not ask for it. Raises NotPermitted,
    OffWatchlist, ExitNotAsked or OwnExit."""
    if not by.has_perm("tiering.decide_watchlist"):
        raise NotPermitted
    present = _present(entry, by)
    if present.exit_asked_by_id is None:
        raise ExitNotAsked
    if present.exit_asked_by_id == by.pk:
        raise OwnExit
    if leaves:
        present.exited_by, present.exited_at = by, timezone.now()
        _close(present)
    else:
        present.exit_asked_by, present.exit_asked_at = None, None
    present.save(update_fields=["exited_by", "exited_at", "exit_asked_by", "exit_asked_at"])
    return present


def _present(entry: WatchlistEntry, by: User) -> WatchlistEntry:
    found = WatchlistEntry.objects.select_for_update(of=("self",)).select_related("client").get(pk=entry.pk)
    _may_handle(by, found.client)
    if found.exited_at is not None:
        raise OffWatchlist
    return found


def _may_handle(by: User, client: Client) -> None:
    if not by.has_perm("tiering.handle_alerts", client):
        raise NotPermitted


def _check_owner(owner: User, client: Client) -> None:
    may = owner.is_active and owner.role in (Role.RM, Role.TEAM_LEAD, Role.RISK_OFFICER)
    if not may or not Client.objects.visible_to(owner).filter(pk=client.pk).exists():
        raise NotAnOwner


def _check_day(next_review_on: date) -> None:
    today = timezone.localdate()
    if not today < next_review_on <= today + timedelta(days=MOST_DAYS):
        raise ReviewInThePast


def _check_condition(data: dict[str, Any] | None) -> None:
    if data is not None and (refusals := exit_refusals(data)):
        raise CriteriaRefused(refusals)


def _look_at(entry: WatchlistEntry) -> None:
    look_at_exits(entries=WatchlistEntry.objects.filter(pk=entry.pk), as_of=database_now())


def _close(entry: WatchlistEntry) -> None:
    """What another condition said, or of an entry that is over, holds no longer."""
    entry.may_leave.filter(until=None).update(until=Greatest("since", Value(database_now())))
