"""What people are told about reviews, and the tasks that reviews give."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm import tasks_kinds
from crm.notice_kinds import name_of
from crm.notices import BOOKHOLDERS, OFFICERS, NoticeKind, kinds
from crm.tasks_kinds import TaskKind
from tiering.services.review_work import ASSIGNED, ESCALATED

Params = Mapping[str, Any]


def register() -> None:
    kinds.add(
        NoticeKind(
            ASSIGNED,
            gettext_lazy("Tier changes given to you"),
            assigned_text,
            assigned_url,
            reaches=OFFICERS,
        ),
        NoticeKind(
            ESCALATED,
            gettext_lazy("Tier changes that are late"),
            escalated_text,
            proposal_url,
            "warn",
            reaches=OFFICERS,
        ),
        NoticeKind(
            "review-question",
            gettext_lazy("Questions about a tier change"),
            question_text,
            proposal_url,
            "warn",
            reaches=BOOKHOLDERS,
        ),
        NoticeKind(
            "review-answered",
            gettext_lazy("Answers about a tier change"),
            answered_text,
            proposal_url,
            reaches=OFFICERS,
        ),
        NoticeKind(
            "review-committee",
            gettext_lazy("Committees on a tier change"),
            committee_text,
            committee_url,
            reaches=OFFICERS,
        ),
    )
    tasks_kinds.kinds.add(
        TaskKind(
            "review-question", gettext_lazy("Answer a question about a tier change"), task_text, proposal_url
        )
    )


def proposal_url(params: Params) -> str:
    return reverse("tiering:review", args=[params["proposal"]])


def assigned_url(params: Params) -> str:
    return proposal_url(params) if params["count"] == 1 else f"{reverse('tiering:reviews')}?assignee=mine"


def assigned_text(params: Params) -> str:
    text = ngettext(
        "A tier change of %(client)s waits for you",
        "%(count)d tier changes wait for you, of %(client)s and others",
        params["count"],
    )
    return text % params


def escalated_text(params: Params) -> str:
    return _("The tier change %(old)s → %(new)s of %(client)s is late and was given to you") % params


def question_text(params: Params) -> str:
    named = {**params, "by": name_of(params, "by")}
    return _("%(by)s asks about the tier change of %(client)s: %(question)s") % named


def task_text(params: Params) -> str:
    return _("Answer the question about the tier change %(old)s → %(new)s: %(question)s") % params


def answered_text(params: Params) -> str:
    named = {**params, "by": name_of(params, "by")}
    return _("%(by)s answered about the tier change of %(client)s: %(answer)s") % named


def committee_text(params: Params) -> str:
    text = ngettext(
        "A committee decides on a tier change of %(client)s and waits for your vote",
        "%(count)d committees wait for your vote, on tier changes of %(client)s and others",
        params["count"],
    )
    return text % params


def committee_url(params: Params) -> str:
    return proposal_url(params) if params["count"] == 1 else f"{reverse('tiering:reviews')}?state=committee"
