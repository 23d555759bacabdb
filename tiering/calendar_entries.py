"""What tiers put on calendars: periodic reviews that are due, and when clients on the watch list are looked at again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import slots
from crm.attention import Looking
from crm.days import MOST, CalendarEntry
from tiering.models import PeriodicReview, WatchlistEntry
from tiering.selectors.due import reviews_to_do

READING = "tiering.view_tiers"


def register() -> None:
    slots.calendar.add(
        slots.CalendarSource(
            key="periodic",
            label=gettext_lazy("Periodic reviews"),
            order=30,
            permission=READING,
            icon="calendar-check",
            load=reviews,
        ),
        slots.CalendarSource(
            key="watchlist",
            label=gettext_lazy("Watch list reviews"),
            order=40,
            permission="tiering.view_alerts",
            icon="eye",
            load=watched,
        ),
    )


def reviews(looking: Looking, first: date, last: date) -> Sequence[CalendarEntry]:
    """Of the clients whom one holds; of who signs, those that wait for a signature."""
    rows = reviews_to_do(looking.user).filter(due_on__range=(first, last))
    if looking.user.has_perm("tiering.sign_reviews"):
        rows = rows.filter(status=PeriodicReview.Status.PREPARED)
    else:
        rows = rows.filter(looking.held("client__"))
    return [
        CalendarEntry(
            uid=f"periodic-review-{review.pk}",
            day=review.due_on,
            title=_("Periodic review"),
            client=review.client.name,
            url=reverse("tiering:periodic-review", args=[review.pk]),
            icon="calendar-check",
        )
        for review in rows.select_related("client").order_by("due_on", "pk")[:MOST]
    ]


def watched(looking: Looking, first: date, last: date) -> Sequence[CalendarEntry]:
    rows = WatchlistEntry.objects.visible_to(looking.user).filter(
        looking.with_("owner"), exited_at=None, next_review_on__range=(first, last)
    )
    return [
        CalendarEntry(
            uid=f"watchlist-{entry.pk}-{entry.next_review_on:%Y%m%d}",
            day=entry.next_review_on,
            title=_("Watch list review"),
            client=entry.client.name,
            url=reverse("tiering:watchlist-entry", args=[entry.pk]),
            icon="eye",
        )
        for entry in rows.select_related("client").order_by("next_review_on", "pk")[:MOST]
    ]
