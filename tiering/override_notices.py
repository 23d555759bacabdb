"""What people are told of overrides, in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.formats import day
from crm.notices import DEALERS, OFFICERS, NoticeKind, kinds
from tiering import display
from tiering.selectors.catalogue import catalogue

ASKED: Final = "override-asked"
COMMITTEE: Final = "override-committee"
DECIDED: Final = "override-decided"
ENDING: Final = "override-ending"
OVER: Final = "override-over"

Params = Mapping[str, Any]


def register() -> None:
    kinds.add(
        NoticeKind(ASKED, gettext_lazy("Override to decide"), asked_text, address, "warn", reaches=OFFICERS),
        NoticeKind(
            COMMITTEE,
            gettext_lazy("Committees on an override"),
            committee_text,
            address,
            "warn",
            reaches=OFFICERS,
        ),
        NoticeKind(DECIDED, gettext_lazy("Override decided"), decided_text, address, reaches=DEALERS),
        NoticeKind(ENDING, gettext_lazy("Override ends soon"), ending_text, address, "warn", reaches=DEALERS),
        NoticeKind(OVER, gettext_lazy("Override over"), over_text, address, reaches=DEALERS),
    )


def address(params: Params) -> str:
    return reverse("tiering:override", args=[params["override"]])


def asked_text(params: Params) -> str:
    return _("%(client)s: an override is asked for, %(what)s") % _named(params)


def committee_text(params: Params) -> str:
    text = _("%(client)s: a committee decides on the override, %(what)s, and waits for your vote")
    return text % _named(params)


def decided_text(params: Params) -> str:
    if params["status"] == "in_force":
        return _("%(client)s: the override is approved, %(what)s until %(day)s") % _named(params)
    return _("%(client)s: the override is rejected, %(what)s") % _named(params)


def ending_text(params: Params) -> str:
    return _("%(client)s: the override ends on %(day)s, %(what)s. Renew it, or let it lapse.") % _named(
        params
    )


def over_text(params: Params) -> str:
    if params["status"] == "ended":
        return _(
            "%(client)s: the override was ended, %(what)s. The criteria tier the client again."
        ) % _named(params)
    return _("%(client)s: the override has lapsed, %(what)s. The criteria tier the client again.") % _named(
        params
    )


def _named(params: Params) -> dict[str, str]:
    return {
        "client": params["client"],
        "what": what_text(params["tier"], params["metric"], params["value"]),
        "day": day(date.fromisoformat(params["last_day"])),
    }


def what_text(tier: str, metric: str, value: float | str | None) -> str:
    """What an override does: “tier A”, or “leverage 62%”."""
    if tier:
        return _("tier %(tier)s") % {"tier": tier}
    names = catalogue()
    return f"{display.metric_label(metric, names)} {display.metric_value(metric, value, names)}"
