"""The calendar by page and as a feed."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm.access import public, requires
from crm.attention import Looking, looking
from crm.calendar_file import written
from crm.days import MOST, View, entries, sheet_of, weeks_of
from crm.formats import localized
from crm.http import Request
from crm.ids import id_of
from crm.models import CalendarFeed, User
from crm.selectors.notices import settings_of
from crm.services.calendar_feeds import make_feed, reader_of, revoke_feed

BACK, AHEAD = timedelta(days=60), timedelta(days=180)
"""How much of the calendar its feed tells."""
IN_A_MONTH = 4
"""Entries of a day that a month shows; the week shows all."""
EARLIEST, LATEST = date(1990, 1, 1), date(2100, 1, 1)


@requires("crm.view_client")
@require_safe
def calendar(request: Request) -> HttpResponse:
    """A month or a week: tasks, meetings, reviews that are due, expected closes."""
    today = timezone.localdate()
    view: View = "week" if request.GET.get("view") == "week" else "month"
    day = asked_day(request.GET.get("day", ""), today)
    sheet = sheet_of(view, day)
    look = looking(request.user, today, whose=id_of(request.GET.get("whose")))
    context = {
        "weeks": weeks_of(look, sheet, day.month if view == "month" else None),
        "sheet": sheet,
        "view": view,
        "shown": f":{IN_A_MONTH if view == 'month' else MOST}",
        "shown_number": IN_A_MONTH if view == "month" else MOST,
        "day": day,
        "look": look,
        "people": look.people(),
    }
    return render(request, "crm/calendar/calendar.html", context)


def asked_day(text: str, today: date) -> date:
    """The day that an address names, where a calendar may be shown for it; else today."""
    with suppress(ValueError):
        day = date.fromisoformat(text)
        return day if EARLIEST <= day <= LATEST else today
    return today


@requires("crm.view_client")
@require_http_methods(["GET", "HEAD", "POST"])
def calendar_feed(request: Request) -> HttpResponse:
    """Make the secret address of one's calendar, or revoke it. A new one is shown this once."""
    secret = ""
    if request.method == "POST" and "revoke" in request.POST:
        revoke_feed(by=request.user)
        messages.success(request, _("The address leads nowhere from now on."))
        return redirect("crm:calendar-feed")
    if request.method == "POST":
        secret = make_feed(by=request.user)
    address = request.build_absolute_uri(reverse("crm:calendar-file", args=[secret])) if secret else ""
    context = {"feed": CalendarFeed.objects.filter(user=request.user).first(), "address": address}
    return render(request, "crm/calendar/feed.html", context)


@public
@require_safe
def calendar_file(request: Request, secret: str) -> HttpResponse:
    """What a calendar program reads: the secret says whose days, and they see what that person may see, no more."""
    user = reader_of(secret)
    if user is None:
        raise Http404
    response = HttpResponse(file_of(user), content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, no-store"
    return response


def file_of(user: User) -> bytes:
    """In the language in which the person gets their mails."""
    today = timezone.localdate()
    with translation.override(settings_of(user).language or settings.LANGUAGE_CODE):
        found = entries(Looking(user, today), today - BACK, today + AHEAD)
        name = _("Strata · %(name)s") % {"name": localized(user)}
        return written(name, found, base_url=settings.BASE_URL, now=timezone.now())
