"""What people are told of alerts, and the tasks that alerts lead to, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import tasks_kinds
from crm.models import Role
from crm.notices import DEALERS, NoticeKind, kinds
from tiering import display
from tiering.pages.warning_words import facts_text
from tiering.selectors.catalogue import catalogue
from tiering.services.alerts import TASK
from tiering.services.leaving import MAY_LEAVE
from tiering.services.raising import CRITICAL, FOLLOWED, RAISED
from tiering.services.warning_rounds import ESCALATED

Params = Mapping[str, Any]


def register() -> None:
    kinds.add(
        NoticeKind(RAISED, gettext_lazy("New alert"), raised_text, address, "warn", reaches=DEALERS),
        NoticeKind(
            CRITICAL, gettext_lazy("New critical alert"), raised_text, address, "bad", reaches=DEALERS
        ),
        NoticeKind(
            FOLLOWED,
            gettext_lazy("Alert of a client that you follow"),
            raised_text,
            address,
            mail=False,
            reaches=(*DEALERS, Role.CRITERIA_ADMIN, Role.AUDITOR),
        ),
        NoticeKind(
            ESCALATED,
            gettext_lazy("Alert escalated to you"),
            escalated_text,
            address,
            "warn",
            reaches=(Role.TEAM_LEAD, Role.RISK_OFFICER),
        ),
        NoticeKind(
            MAY_LEAVE,
            gettext_lazy("Client may leave the watch list"),
            may_leave_text,
            lambda params: reverse("tiering:watchlist-entry", args=[params["entry"]]),
            reaches=DEALERS,
        ),
    )
    tasks_kinds.kinds.add(tasks_kinds.TaskKind(TASK, gettext_lazy("Alert"), task_text, address))


def address(params: Params) -> str:
    return reverse("tiering:alert", args=[params["alert"]])


def raised_text(params: Params) -> str:
    return _("%(client)s: %(indicator)s") % _named(params)


def escalated_text(params: Params) -> str:
    return _("Nobody has acknowledged in time: %(client)s: %(indicator)s") % _named(params)


def may_leave_text(params: Params) -> str:
    facts = facts_text(params["values"], catalogue())
    text = _("%(client)s may leave the watch list: its exit condition holds. %(facts)s")
    return (text % {"client": params["client"], "facts": facts}).strip()


def task_text(params: Params) -> str:
    return _("Deal with the alert: %(indicator)s") % {"indicator": display.label(params["label"])}


def _named(params: Params) -> dict[str, str]:
    return {"client": params["client"], "indicator": display.label(params["label"])}
