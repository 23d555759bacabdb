"""What crm itself tells people of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm import slots
from crm.core.questions import Words
from crm.formats import day, reads_chinese
from crm.models import Interaction
from crm.models.users import Role
from crm.notices import BOOKHOLDERS, DEALERS, NoticeKind, kinds
from crm.services.absences import DEPUTY
from crm.services.answers import ANSWERED
from crm.services.digests import MAIL_FAILED
from crm.services.documents import ENDS
from crm.services.exports import ASKED as EXPORT_ASKED
from crm.services.exports import DECIDED as EXPORT_DECIDED
from crm.services.following import INTERACTION
from crm.services.handovers import HANDED
from crm.services.mentions import MENTIONED
from crm.services.tasks import ASSIGNED
from crm.telling import words_of_task

Params = Mapping[str, Any]
EXPORTERS = (*DEALERS, Role.CRITERIA_ADMIN, Role.AUDITOR)


def register() -> None:
    kinds.add(
        NoticeKind(
            key=ASSIGNED,
            label=gettext_lazy("Task assigned"),
            text=assigned_text,
            url=lambda params: reverse("crm:task", args=[params["task"]]),
            reaches=(*DEALERS, Role.CRITERIA_ADMIN),
        ),
        NoticeKind(
            key=MENTIONED,
            label=gettext_lazy("You are mentioned"),
            text=mentioned_text,
            url=lambda params: params["url"],
            reaches=(*DEALERS, Role.CRITERIA_ADMIN, Role.AUDITOR),
        ),
        NoticeKind(
            key=INTERACTION,
            label=gettext_lazy("Contact with a client that you follow"),
            text=followed_contact_text,
            url=lambda params: reverse("crm:client-tab", args=[params["client"], "timeline"]),
            mail=False,
            reaches=(*DEALERS, Role.CRITERIA_ADMIN, Role.AUDITOR),
        ),
        NoticeKind(
            key=HANDED,
            label=gettext_lazy("Book handed over"),
            text=handed_text,
            url=lambda params: reverse("crm:client-list"),
            reaches=BOOKHOLDERS,
        ),
        NoticeKind(
            key=DEPUTY,
            label=gettext_lazy("You are somebody's deputy"),
            text=deputy_text,
            url=lambda params: reverse("crm:absences"),
        ),
        NoticeKind(
            key=ENDS,
            label=gettext_lazy("A document ends"),
            text=document_text,
            url=lambda params: reverse("crm:client-tab", args=[params["client"], "documents"]),
            severity="warn",
            reaches=(Role.RM, Role.TEAM_LEAD),
        ),
        NoticeKind(
            key=ANSWERED,
            label=gettext_lazy("A client answered a questionnaire"),
            text=answered_text,
            url=lambda params: reverse("crm:response", args=[params["response"]]),
            reaches=BOOKHOLDERS,
        ),
        NoticeKind(
            key=EXPORT_ASKED,
            label=gettext_lazy("An export waits for approval"),
            text=export_asked_text,
            url=lambda params: reverse("crm:export-list"),
            reaches=(Role.TEAM_LEAD, Role.RISK_OFFICER),
        ),
        NoticeKind(
            key=EXPORT_DECIDED,
            label=gettext_lazy("Your export is decided"),
            text=export_decided_text,
            url=lambda params: reverse("crm:export-list"),
            reaches=EXPORTERS,
        ),
        NoticeKind(
            key=MAIL_FAILED,
            label=gettext_lazy("Mail given up"),
            text=mail_failed_text,
            url=lambda params: reverse("admin:crm_digest_change", args=[params["digest"]]),
            severity="bad",
            mail=False,
            reaches=(Role.SYSTEM_ADMIN,),
        ),
    )


def assigned_text(params: Params) -> str:
    task = words_of_task(params["kind"], params["title"], params["params"])
    return _("%(name)s gave you a task: %(task)s") % {"name": name_of(params, "by"), "task": task}


def mentioned_text(params: Params) -> str:
    return _("%(name)s mentioned you: %(text)s") % {"name": name_of(params, "by"), "text": params["text"]}


def followed_contact_text(params: Params) -> str:
    kind = dict(Interaction.Kind.choices).get(params["kind"], "")
    text = _("%(client)s: %(kind)s by %(name)s, %(subject)s")
    said = {"client": params["name"], "kind": kind, "subject": params["subject"]}
    return text % {**said, "name": name_of(params, "by")}


def handed_text(params: Params) -> str:
    """To who gave the clients, and to who got them; when they go and when they come back."""
    said = {"count": params["count"], "name": name_of(params, "name"), "by": name_of(params, "by")}
    back = params["what"] == "returned"
    if params["is_giver"] and back:
        text = ngettext("%(count)d client is yours again", "%(count)d clients are yours again", said["count"])
    elif params["is_giver"]:
        text = ngettext(
            "%(by)s handed %(count)d client of yours over",
            "%(by)s handed %(count)d clients of yours over",
            said["count"],
        )
    elif back:
        text = ngettext(
            "%(count)d client went back to %(name)s", "%(count)d clients went back to %(name)s", said["count"]
        )
    else:
        text = ngettext(
            "You have got %(count)d client of %(name)s",
            "You have got %(count)d clients of %(name)s",
            said["count"],
        )
    return text % said


def deputy_text(params: Params) -> str:
    text = _("You decide for %(name)s from %(first)s to %(last)s")
    days = {
        "first": day(date.fromisoformat(params["starts_on"])),
        "last": day(date.fromisoformat(params["ends_on"])),
    }
    return text % {"name": name_of(params, "name"), **days}


def document_text(params: Params) -> str:
    ends = {"title": params["title"], "day": day(date.fromisoformat(params["ends"]))}
    return _("“%(title)s” holds until %(day)s: ask for a new one") % ends


def answered_text(params: Params) -> str:
    text = (
        _("%(name)s answered “%(title)s”; the answers wait for your word")
        if params["waits"]
        else _("%(name)s answered “%(title)s”")
    )
    return text % {"name": params["name"], "title": Words(**params["title"]).read(reads_chinese())}


def export_asked_text(params: Params) -> str:
    text = ngettext(
        "%(name)s asks to take out %(rows)s row: %(list)s",
        "%(name)s asks to take out %(rows)s rows: %(list)s",
        params["rows"],
    )
    return text % _of_export(params)


def export_decided_text(params: Params) -> str:
    if params["agreed"]:
        text = ngettext(
            "%(name)s agreed: fetch your file of %(rows)s row (%(list)s)",
            "%(name)s agreed: fetch your file of %(rows)s rows (%(list)s)",
            params["rows"],
        )
        return text % _of_export(params)
    text = _("%(name)s refused your export (%(list)s): %(comment)s")
    return text % {**_of_export(params), "comment": params["comment"]}


def _of_export(params: Params) -> dict[str, str]:
    entry = slots.export_sources.entries.get(params["source"])
    label = str(entry.label) if entry else params["source"]
    return {"name": name_of(params, "by"), "rows": f"{params['rows']:,}", "list": label}


def mail_failed_text(params: Params) -> str:
    return _("A mail to %(name)s failed five times and is given up") % {"name": name_of(params, "name")}


def name_of(params: Params, key: str) -> str:
    """A person that params name as `key` and `key`_zh, in the reader's language."""
    chinese = params.get(f"{key}_zh") if reads_chinese() else ""
    return chinese or params[key]
