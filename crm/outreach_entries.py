"""What the house asks of its clients and tells them, in the shared pages."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm import merging, slots
from crm.models import Client, Response, Segment, User
from crm.selectors import segments

READING = "crm.view_client"


def register() -> None:
    register_segments()
    merging.moves("crm.AnswerLink", "crm.ConsentRecord", "crm.Response", "crm.SegmentMember")
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


def register_segments() -> None:
    """Segments in the list with its filters and conditions, and among the acts on many clients."""
    slots.palette.add(
        slots.PaletteEntry(
            key="segments",
            label=_("Segments"),
            order=65,
            permission=READING,
            icon="group",
            url_name="crm:segments",
        )
    )
    slots.list_filters.add(
        slots.ListFilter(
            key="segment",
            label=_("Segments"),
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
            context=lambda user: {"segments": own_segments(user)},
        )
    )


def own_segments(user: User) -> list[Segment]:
    """The user's own static segments."""
    own = Segment.objects.filter(owner=user, kind=Segment.Kind.STATIC, removed_at=None)
    return list(own)


def responses_of(client: Client, user: User) -> int:
    return Response.objects.visible_to(user).filter(client=client).count()
