"""The client page as of a past day: what was known then, to be looked at only."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from crm import slots
from crm.details import details_of
from crm.forms.as_of import AsOfForm
from crm.http import Request
from crm.models import Client
from crm.ratio_lines import ratio_lines
from crm.selectors.figures import Figures, exposure_of
from crm.selectors.past import client_at, history_begins
from crm.selectors.records import (
    latest_interactions,
    open_facilities_of,
    participations_of,
)
from crm.selectors.statements import ratios_of, statements_of

LINES = 6


def past_day(request: Request) -> tuple[date, datetime] | None:
    """The past day that the address asks for, with its last moment; None for today, and for what is no day."""
    form = AsOfForm(request.GET)
    day, at = form.day, form.moment
    return (day, at) if day and at and day < timezone.localdate() else None


def render_past(request: Request, found: Client, day: date, at: datetime) -> HttpResponse:
    """The overview of a client as it was on a day."""
    user, then = request.user, client_at(found, at)
    statement = next(iter(statements_of(found, user, known_on=day)), None)
    ratios = ratios_of(statement) if statement else None
    interactions = latest_interactions(found, user, LINES, until=at)
    facilities = open_facilities_of(found, user, day)
    begun, lasting = Q(since=None) | Q(since__lte=day), Q(until=None) | Q(until__gt=day)
    context = {
        "client": then or found,
        "as_of": day,
        "is_kept": then is not None,
        "history_begins": None if then else history_begins(found),
        "figures": Figures(exposure_of(facilities), interactions[0].at if interactions else None),
        "interactions": interactions,
        "facilities": facilities,
        "participations": participations_of(found, user).filter(begun, lasting)[:LINES],
        "details": details_of(then or found),
        "ratio_lines": ratio_lines(found, ratios, user, bounded=False) if ratios else [],
        "ratios": ratios,
        "can_change": False,
        "figure_panels": panels_then(request, "figures"),
        **{
            f"{place}_panels": panels_then(request, place)
            for place in ("badge", "main", "main_end", "aside", "past")
        },
    }
    return render(request, "crm/client_past.html", context)


def panels_then(request: Request, place: str) -> list[slots.ClientPanel]:
    """The panels of a place that tell how it was."""
    return [panel for panel in slots.panels_for(request, place) if panel.dated]
