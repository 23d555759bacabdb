"""The tabs of the client page that say what the client does, beside those of crm/entries.py."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm import slots
from crm.models import Client, Document, User
from crm.presence import may_have

READING = "crm.view_client"


def register() -> None:
    slots.client_tabs.add(
        slots.ClientTab(
            key="judgements",
            label=pgettext_lazy("tab", "Judgements"),
            order=47,
            permission=READING,
            url_name="crm:client-judgements",
        ),
        slots.ClientTab(
            key="documents",
            label=pgettext_lazy("tab", "Documents"),
            order=60,
            permission=READING,
            url_name="crm:client-documents",
            count=documents_of,
        ),
    )
    slots.today_cards.add(
        slots.TodayCard(
            key="documents",
            label=_("Documents that end"),
            order=35,
            permission="crm.add_client",
            url_name="crm:today-documents",
        )
    )


def documents_of(client: Client, user: User) -> QuerySet[Document] | int:
    """The documents of a client that count."""
    if not may_have(client, Document):
        return 0
    return Document.objects.visible_to(user).filter(client=client, withdrawn_on__isnull=True)
