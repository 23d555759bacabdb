"""The list of validations: what was asked, and the one figure that tells most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.formats import MISSING, day
from tiering.models import Validation
from tiering.pages.validation_words import number
from tiering.selectors.validations import schemes_validated
from tiering.validation.outcomes import OUTCOMES


@dataclass(frozen=True)
class Line:
    validation: Validation
    outcome: str
    days: str
    gini: str
    bad: str


@dataclass(frozen=True)
class Tab:
    label: str
    address: str
    is_current: bool


def lines_of(validations: Sequence[Validation]) -> list[Line]:
    return [
        Line(
            validation=one,
            outcome=outcome_text(one),
            days=days_text(one),
            gini=_gini(one),
            bad=str(one.findings["bad"]) if one.findings else MISSING,
        )
        for one in validations
    ]


def tabs_of(chosen: str) -> list[Tab]:
    """All of them, and those of each scheme; nothing where one scheme is all there is."""
    schemes, address = schemes_validated(), reverse("tiering:validations")
    if len(schemes) < 2 and not chosen:
        return []
    return [
        Tab(_("All"), address, not chosen),
        *(
            Tab(one.label, f"{address}?{urlencode({'scheme': one.key})}", one.key == chosen)
            for one in schemes
        ),
    ]


def outcome_text(validation: Validation) -> str:
    """Default within 12 months."""
    text = ngettext(
        "%(outcome)s within %(count)d month", "%(outcome)s within %(count)d months", validation.months
    )
    return text % {"outcome": OUTCOMES[validation.outcome].label, "count": validation.months}


def days_text(validation: Validation) -> str:
    """31 Mar 2026, or the first and the last of several."""
    days = validation.days
    if len(days) == 1:
        return day(days[0])
    told = {"count": len(days), "first": day(days[0]), "last": day(days[-1])}
    return (
        ngettext("%(count)d day, %(first)s – %(last)s", "%(count)d days, %(first)s – %(last)s", len(days))
        % told
    )


def _gini(validation: Validation) -> str:
    power = validation.findings.get("discrimination")
    return number(power["gini"]) if power else MISSING
