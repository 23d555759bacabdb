"""Challengers as their page lays them out: the list, how one agreed night by night, and what it foresaw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.cache import cache
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from crm.formats import MISSING, percent
from crm.plots import shares_over_days
from tiering.models import ChallengeNight, Challenger, TierScheme
from tiering.pages.trials import results_address
from tiering.pages.validation_words import rate_text
from tiering.selectors.challengers import nights_of, outcome_since

KEPT_SECONDS = 600
DRILLED = {"lower": "down", "higher": "up", "same": "same"}
"""A way of a challenger, and the way of a trial that leads to the same clients."""


@dataclass(frozen=True)
class Line:
    challenger: Challenger
    address: str
    is_chosen: bool


@dataclass(frozen=True)
class Figure:
    label: str
    value: str
    detail: str
    address: str


@dataclass(frozen=True)
class SinceLine:
    """Clients whom the challenger saw alike or otherwise in its first night, and how many fell behind since."""

    label: str
    subjects: str
    bad: str
    rate: str
    address: str


@dataclass(frozen=True)
class Course:
    """The nights of a challenger so far."""

    challenger: Challenger
    first: ChallengeNight
    latest: ChallengeNight
    figures: Sequence[Figure]
    chart: SafeString
    impact_address: str
    """Where the sheet of the latest night is fetched from; empty once its results are gone."""


def lines_of(challengers: Sequence[Challenger], chosen: Challenger | None) -> list[Line]:
    return [
        Line(one, f"{_page(one)}?{urlencode({'challenger': one.pk})}", one == chosen) for one in challengers
    ]


def course_of(challenger: Challenger) -> Course | None:
    """How it went; None before its first night is through."""
    nights = nights_of(challenger)
    if not nights:
        return None
    first, latest = nights[0], nights[-1]
    agreed = [(night.day, night.agreement) for night in nights if night.agreement is not None]
    return Course(
        challenger=challenger,
        first=first,
        latest=latest,
        figures=_figures(len(nights), latest),
        chart=shares_over_days(
            [(day, share) for day, share in agreed if share is not None],
            _("Share with the same tier, by night"),
        ),
        impact_address=reverse("tiering:trial-impact", args=[latest.run_id]) if latest.is_kept else "",
    )


def since_lines(course: Course, today: date) -> list[SinceLine]:
    """What became of the clients of the first night until a day; kept for a while, as the book does not turn quickly."""
    key = f"challenger:{course.first.run_id}:{today}"
    found = cache.get(key)
    if found is None:
        found = outcome_since(course.first, today)
        cache.set(key, found, KEPT_SECONDS)
    names = {
        "lower": _("Challenger lower"),
        "higher": _("Challenger higher"),
        "same": _("Same tier"),
    }
    return [
        SinceLine(
            label=names[one.way],
            subjects=intcomma(one.subjects),
            bad=intcomma(one.bad),
            rate=rate_text(one.bad / one.subjects) if one.subjects else MISSING,
            address=_drill(course.first, one.way),
        )
        for one in found
    ]


def _figures(nights: int, latest: ChallengeNight) -> list[Figure]:
    def share(count: int) -> str:
        return percent(count / latest.subjects, 1) if latest.subjects else MISSING

    return [
        Figure(pgettext("challenger", "Nights"), intcomma(nights), "", ""),
        Figure(_("Same tier"), share(latest.same), intcomma(latest.same), _drill(latest, "same")),
        Figure(
            _("Challenger higher"), intcomma(latest.higher), share(latest.higher), _drill(latest, "higher")
        ),
        Figure(_("Challenger lower"), intcomma(latest.lower), share(latest.lower), _drill(latest, "lower")),
    ]


def _drill(night: ChallengeNight, way: str) -> str:
    """The way to the clients; empty where the results are gone."""
    if not night.is_kept:
        return ""
    of_projects = night.challenger.scheme.subject == TierScheme.Subject.PROJECT
    return results_address(night.run, "projects" if of_projects else "clients", way=DRILLED[way])


def _page(challenger: Challenger) -> str:
    return reverse("tiering:challengers", args=[challenger.scheme_id])
