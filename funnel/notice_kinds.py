"""What the funnel tells people of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.notice_kinds import name_of
from crm.notices import BOOKHOLDERS, NoticeKind, kinds
from funnel.pages.lapsed_gates import why_lapsed
from funnel.services.lapses import LAPSED
from funnel.services.prospect_acts import MERGED
from funnel.services.prospects import ARRIVED
from funnel.services.versions import PIPELINE_CHANGED

Params = Mapping[str, Any]


def register() -> None:
    kinds.add(
        NoticeKind(
            key=LAPSED,
            label=gettext_lazy("Case behind a gate that is no longer met"),
            text=lapsed_text,
            url=lambda params: reverse("funnel:case", args=[params["case"]]) + "#lapsed",
            severity="warn",
            reaches=BOOKHOLDERS,
        ),
        NoticeKind(
            key=PIPELINE_CHANGED,
            label=gettext_lazy("Funnel of one's cases changed"),
            text=changed_text,
            url=lambda params: reverse("funnel:pipeline-version", args=[params["version"]]),
            reaches=BOOKHOLDERS,
        ),
        NoticeKind(
            key=ARRIVED,
            label=gettext_lazy("A lead arrived"),
            text=arrived_text,
            url=prospect_url,
            reaches=BOOKHOLDERS,
        ),
        NoticeKind(
            key=MERGED,
            label=gettext_lazy("A lead is one of your clients"),
            text=merged_text,
            url=lambda params: reverse("crm:client", args=[params["client"]]),
            reaches=BOOKHOLDERS,
        ),
    )


def changed_text(params: Params) -> str:
    text = ngettext(
        "“%(pipeline)s” was changed; it concerns %(cases)d open case of yours.",
        "“%(pipeline)s” was changed; it concerns %(cases)d open cases of yours.",
        params["cases"],
    )
    return text % {**params, "pipeline": name_of(params, "pipeline")}


def lapsed_text(params: Params) -> str:
    text = _("%(client)s, %(code)s: no longer met: %(gates)s")
    return text % {**params, "gates": why_lapsed(params["gates"])}


def prospect_url(params: Params) -> str:
    return reverse("funnel:prospect", args=[params["prospect"]])


def arrived_text(params: Params) -> str:
    return _("%(name)s came in from %(source)s") % params


def merged_text(params: Params) -> str:
    return _("The lead %(name)s turned out to be your client") % params
