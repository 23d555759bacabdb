"""The tabs and cards of the client page that say who the client is."""

from django.utils.translation import pgettext_lazy

from crm import slots

READING = "crm.view_client"


def register() -> None:
    slots.client_tabs.add(
        slots.ClientTab(
            key="people",
            label=pgettext_lazy("tab", "People"),
            order=25,
            permission=READING,
            url_name="crm:client-people",
        ),
        slots.ClientTab(
            key="group",
            label=pgettext_lazy("tab", "Group"),
            order=35,
            permission=READING,
            url_name="crm:client-group",
        ),
    )
    slots.client_panels.add(
        slots.ClientPanel(
            key="group",
            label=pgettext_lazy("tab", "Group"),
            order=25,
            permission=READING,
            url_name="crm:client-group-card",
            place="aside",
        ),
    )
