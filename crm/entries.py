"""crm's own entries in the shared pages."""

from django.utils.translation import gettext_lazy as _

from crm import slots
from crm.access import SIGNED_IN


def register() -> None:
    slots.nav.add(
        slots.NavEntry(
            key="today",
            label=_("Today"),
            order=10,
            permission=SIGNED_IN,
            icon="sun",
            url_name="crm:today",
            go="t",
        ),
        slots.NavEntry(
            key="administration",
            label=_("Administration"),
            order=90,
            permission="crm.administer",
            icon="settings",
            url_name="admin:index",
            group="setup",
        ),
    )
