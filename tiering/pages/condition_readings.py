"""What conditions of early warnings may ask beside values, for the builder: changes, ages, and what is no metric."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tiering.pages.conditions import OPERATORS

OWN = ("now", "difference", "ratio", "age")
"""What may be asked of a metric: its value, its change since a day, its share of what it was then, its age."""


def readings(partners: bool = True) -> dict[str, Any]:
    """The readings for `conditions.vocabulary`: kinds of them for a metric, what is offered beside metrics, how both are
    compared. `partners`: whether other clients of shared projects may be asked of."""
    days = pgettext("unit", "days")
    numbers = [(op, str(text)) for op, text in OPERATORS["number"] if op != "in"]
    return {
        "kinds": {
            "now": {"label": pgettext("reading", "today")},
            "difference": {
                "label": pgettext("reading", "change over"),
                "after": days,
                "unit": pgettext("reading", "places"),
            },
            "ratio": {
                "label": pgettext("reading", "against its value"),
                "after": pgettext("reading", "days before"),
                "unit": "%",
                "scale": 100,
            },
            "age": {"label": pgettext("reading", "age of the value"), "unit": days},
            "partners": partners,
        },
        "operators": {"change": numbers, "over": [(">", _("is above"))]},
        "metrics": [
            _beside("covenants breached", _("A covenant is breached"), {"covenants": "breached"}),
            _beside("covenants untested", _("A covenant cannot be tested"), {"covenants": "untested"}),
            _beside("review overdue", _("Periodic review overdue"), {"review": "overdue"}, unit=days),
        ],
    }


def _beside(key: str, label: str, stands: dict[str, str], unit: str = "") -> dict[str, Any]:
    """What is chosen like a metric and stands for JSON of its own; with a unit it is compared with a number."""
    return {
        "key": key,
        "label": label,
        "help": "",
        "group": _("Beside facts"),
        "about": "facts",
        "kind": "over" if unit else "state",
        "scale": 1,
        "unit": unit,
        "categories": {},
        "stands": stands,
    }
