"""The tasks and notices that follow from tiers, in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.formats import day, listed, money
from crm.models import Role
from crm.notices import BOOKHOLDERS, DEALERS, NoticeKind
from crm.notices import kinds as notice_kinds
from crm.tasks_kinds import TaskKind
from crm.tasks_kinds import kinds as task_kinds
from tiering import display
from tiering.services.follow_up import CHANGED, COLLATERAL, CONTACT, EVENT, FOLLOWED
from tiering.services.review_nights import DUE, MISSED, OVERDUE, RETURNED

Params = Mapping[str, Any]


def register() -> None:
    task_kinds.add(
        TaskKind(CONTACT, gettext_lazy("Contact by tier"), contact_text, client_page),
        TaskKind(COLLATERAL, gettext_lazy("Collateral to ask for"), collateral_text, client_page),
        TaskKind(EVENT, gettext_lazy("Service by tier"), event_text, client_page),
        TaskKind(DUE, gettext_lazy("Periodic review"), review_text, review_page),
    )
    notice_kinds.add(
        NoticeKind(CHANGED, gettext_lazy("Tier changed"), changed_text, client_page, reaches=BOOKHOLDERS),
        NoticeKind(
            FOLLOWED,
            gettext_lazy("Tier of a client that you follow"),
            changed_text,
            client_page,
            mail=False,
            reaches=(*DEALERS, Role.CRITERIA_ADMIN, Role.AUDITOR),
        ),
        NoticeKind(
            OVERDUE,
            gettext_lazy("Review overdue"),
            overdue_text,
            review_page,
            "warn",
            reaches=BOOKHOLDERS,
            is_retold=True,
        ),
        NoticeKind(
            MISSED,
            gettext_lazy("Review missed"),
            missed_text,
            review_page,
            "bad",
            reaches=BOOKHOLDERS,
            is_retold=True,
        ),
        NoticeKind(
            RETURNED,
            gettext_lazy("Review sent back"),
            returned_text,
            review_page,
            "warn",
            reaches=BOOKHOLDERS,
        ),
    )


def client_page(params: Params) -> str:
    return reverse("crm:client", args=[params["client"]])


def review_page(params: Params) -> str:
    return reverse("tiering:periodic-review", args=[params["review"]])


def contact_text(params: Params) -> str:
    text = ngettext(
        "Speak with %(name)s: tier %(tier)s asks for a contact every day",
        "Speak with %(name)s: tier %(tier)s asks for a contact every %(days)d days",
        params["days"],
    )
    return text % {"name": params["name"], "tier": params["to"], "days": params["days"]}


def collateral_text(params: Params) -> str:
    asked = params["collateral"]
    text = _("Ask %(name)s for collateral of %(amount)s") % {
        "name": params["name"],
        "amount": money(params["amount"]),
    }
    return f"{text}: {display.label(asked)}" if asked else text


def event_text(params: Params) -> str:
    return _("%(event)s for %(name)s, tier %(tier)s") % {
        "event": display.label(params["event"]),
        "name": params["name"],
        "tier": params["to"],
    }


def changed_text(params: Params) -> str:
    """The move, and what to do about it."""
    said = []
    if params.get("ceiling") is not None:
        said.append(_("limit ceiling %(amount)s") % {"amount": money(params["ceiling"])})
    said.append(
        ngettext("contact every day", "contact every %(days)d days", params["contact_days"])
        % {"days": params["contact_days"]}
    )
    if count := params["facility_changes"]:
        said.append(
            ngettext(
                "%(count)d change of facilities to decide", "%(count)d changes of facilities to decide", count
            )
            % {"count": count}
        )
    return _("%(name)s: tier %(before)s → %(after)s; %(what)s") % {
        "name": params["name"],
        "before": params["from"],
        "after": params["to"],
        "what": listed(said),
    }


def review_text(params: Params) -> str:
    return _("Prepare the periodic review of %(name)s") % {"name": params["name"]}


def overdue_text(params: Params) -> str:
    text = _("The review of %(name)s was due on %(day)s")
    return text % {"name": params["name"], "day": day(date.fromisoformat(params["due_on"]))}


def missed_text(params: Params) -> str:
    text = _("%(name)s has not been reviewed for more than twelve months, since %(day)s")
    return text % {"name": params["name"], "day": day(date.fromisoformat(params["last_on"]))}


def returned_text(params: Params) -> str:
    return _("The review of %(name)s was sent back: %(remark)s") % {
        "name": params["name"],
        "remark": params["remark"],
    }
