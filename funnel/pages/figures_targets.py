"""Targets of the year as a figure: what was set, what came true, and where the year is heading."""

from __future__ import annotations

from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funnel.models import Target
from funnel.models.targets import name_of
from funnel.pages.figure import Cell, Column, Figure, Link
from funnel.selectors.figures.progress import progress
from funnel.selectors.figures.selection import Selection

ALL_CASES: Link = dict.fromkeys(("since", "until", "team", "rm", "tier", "product", "sector", "source"), "")
"""Whatever else is chosen on the page."""
DEFINITION = _(
    "Of the calendar year of the day, in the chosen currency; of all cases that you see, whatever else is chosen."
    " So far: from January to the current month, the whole of it. Came true: what was won in the year."
    " Reached: came true ÷ target so far. Forecast: amount × probability of open cases that are due until the year ends."
    " Heading for: (came true + forecast) ÷ target of the year."
)


def targets(selection: Selection) -> Figure:
    rows = []
    year = timezone.localtime(selection.as_of).date().replace(month=1, day=1).isoformat()
    for one in progress(selection):
        behind: Link = {
            **ALL_CASES,
            one.of: getattr(one.whose, "pk", one.whose),
            "kind": "won_in_year",
            "month": year,
            "currency": selection.currency,
        }
        key = getattr(one.whose, "username", "") or getattr(one.whose, "code", "") or one.whose
        rows.append(
            [
                Cell(one.of, text=str(Target.Of(one.of).label)),
                Cell(key, text=name_of(one.of, one.whose)),
                Cell(one.year),
                Cell(one.so_far),
                Cell(one.won_amount),
                Cell(one.reached),
                Cell(one.weighted.quantize(Decimal("0.01"))),
                Cell(one.expected),
                Cell(one.count_so_far or None),
                Cell(one.won, behind),
            ]
        )
    return Figure("targets", _("Targets of the year"), DEFINITION, COLUMNS, rows, unit=selection.currency)


COLUMNS = [
    Column("of", _("Targets of"), "text"),
    Column("whose", _("Name"), "text"),
    Column("target", _("Target of the year"), "money"),
    Column("so_far", _("So far"), "money"),
    Column("won_amount", _("Came true"), "money"),
    Column("reached", _("Reached"), "share"),
    Column("forecast", _("Forecast"), "money"),
    Column("expected", _("Heading for"), "share"),
    Column("count_so_far", _("Target in cases so far")),
    Column("won", _("Won")),
]
