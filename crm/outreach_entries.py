"""What the house asks of its clients and tells them, in the shared pages."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from crm import merging, slots
from crm.models import Channel, Client, Response, User
from crm.presence import may_have
from crm.selectors import segments
from crm.services.inviting import INVITE
from crm.tasks_kinds import TaskKind, kinds

READING = "crm.view_client"


def register() -> None:
    register_segments()
    register_campaigns()
    merging.moves(
        "crm.AnswerLink", "crm.ConsentRecord", "crm.Invitation", "crm.Response", "crm.SegmentMember"
    )
    slots.client_panels.add(
        slots.ClientPanel(
            key="consent",
            label=_("Consent and do-not-contact"),
            order=10,
            permission=READING,
            url_name="crm:consent-badge",
            place="badge",
        )
    )
    slots.client_tabs.add(
        slots.ClientTab(
            key="questionnaires",
            label=pgettext_lazy("tab", "Questionnaires"),
            order=48,
            permission=READING,
            url_name="crm:client-questionnaires",
            count=responses_of,
        )
    )
    slots.nav.add(
        slots.NavEntry(
            key="questionnaires",
            label=_("Questionnaires"),
            order=75,
            permission=READING,
            icon="clipboard-list",
            url_name="crm:questionnaires",
        )
    )


def register_campaigns() -> None:
    slots.nav.add(
        slots.NavEntry(
            key="campaigns",
            label=_("Campaigns"),
            order=74,
            permission=READING,
            icon="megaphone",
            url_name="crm:campaigns",
        )
    )
    kinds.add(TaskKind(INVITE, _("Invitation"), invitation_text, invitation_url))


def invitation_text(params: Mapping[str, Any]) -> str:
    text = gettext("Invite %(person)s to “%(name)s” (%(channel)s)")
    return text % {**params, "channel": Channel(params["channel"]).label}


def invitation_url(params: Mapping[str, Any]) -> str:
    return reverse("crm:campaign", args=[params["campaign"]])


def register_segments() -> None:
    """Segments in the list with its filters and conditions, and among the acts on many clients."""
    slots.palette.add(
        slots.PaletteEntry(
            key="segments",
            label=pgettext_lazy("of clients", "Segments"),
            order=65,
            permission=READING,
            icon="group",
            url_name="crm:segments",
        )
    )
    slots.list_filters.add(
        slots.ListFilter(
            key="segment",
            label=pgettext_lazy("of clients", "Segments"),
            order=70,
            permission=READING,
            icon="group",
            options=segments.options,
            narrow=segments.within,
        )
    )
    slots.field_sources.add(
        slots.FieldSource(
            key="segments", label=segments.GROUP, order=45, permission=READING, fields=segments.fields
        )
    )
    slots.bulk_actions.add(
        slots.BulkAction(
            key="segment",
            label=pgettext_lazy("act", "Segment"),
            order=40,
            permission=READING,
            icon="group",
            url_name="crm:segment-members",
            template="crm/segments/_bulk.html",
            context=lambda user: {"segments": segments.own_static(user)},
        )
    )


def responses_of(client: Client, user: User) -> QuerySet[Response] | int:
    if not may_have(client, Response):
        return 0
    return Response.objects.visible_to(user).filter(client=client)
