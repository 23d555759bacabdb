"""What follows from tiers, in the shared pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm import slots
from crm.cells import by_value
from crm.models import Client, User
from crm.querysets import ClientQuerySet
from tiering import display
from tiering.models import PeriodicReview
from tiering.pages import follow_kinds
from tiering.selectors.criteria import primary_scheme
from tiering.selectors.due import SOON, contact_days_due, contacts_due, overdue, reviews_to_do
from tiering.selectors.offers import eligible_for, offered_products
from tiering.selectors.tier_policies import tier_policy

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

READING = "tiering.view_tiers"


def register() -> None:
    follow_kinds.register()
    slots.nav.add(
        slots.NavEntry(
            key="periodic",
            label=_("Periodic reviews"),
            order=44,
            permission=READING,
            icon="calendar-check",
            url_name="tiering:periodic-reviews",
            go="p",
            count=overdue_reviews,
        )
    )
    slots.palette.add(
        slots.PaletteEntry(
            key="facility-changes",
            label=_("Changes of facilities"),
            order=48,
            permission=READING,
            icon="file-pen",
            url_name="tiering:facility-changes",
        )
    )
    slots.client_panels.add(
        panel("follows", _("What follows"), 10, "tiering:client-follows"),
        panel("offers", _("Best next offers"), 20, "tiering:client-offers"),
    )
    slots.today_cards.add(
        card("missed", _("Nobody looked for more than 12 months"), 12, READING, "tiering:today-missed"),
        card("facilities", _("Changes of facilities to decide"), 14, READING, "tiering:today-facilities"),
    )
    slots.list_columns.add(
        slots.ListColumn(
            key="contact-due",
            label=_("Contact due"),
            order=95,
            permission=READING,
            pen=by_value("tiering/cells/contact_due.html"),
            load=load_contacts_due,
            classes="wide-only",
        )
    )
    slots.list_filters.add(
        slots.ListFilter(
            key="offer",
            label=_("Eligible for"),
            order=60,
            permission=READING,
            icon="package",
            options=lambda user: [
                slots.Option(value=product.key, label=display.label(product.label))
                for product in offered_products().products
            ],
            narrow=eligible,
        )
    )
    slots.list_views.add(
        slots.ListView(
            key="contact-due", label=_("Contact due"), order=32, permission=READING, narrow=due_for_contact
        )
    )


def panel(key: str, label: _StrOrPromise, order: int, url_name: str) -> slots.ClientPanel:
    return slots.ClientPanel(
        key=key, label=label, order=order, permission=READING, url_name=url_name, place="main_end"
    )


def card(key: str, label: _StrOrPromise, order: int, permission: str, url_name: str) -> slots.TodayCard:
    return slots.TodayCard(key=key, label=label, order=order, permission=permission, url_name=url_name)


def overdue_reviews(user: User) -> QuerySet[PeriodicReview]:
    """Reviews that should have been done, of the clients that the user may see."""
    return overdue(reviews_to_do(user), timezone.localdate())


@dataclass(frozen=True)
class Due:
    """The day by which a client is to be contacted."""

    day: date
    is_late: bool
    is_soon: bool


def load_contacts_due(clients: Sequence[Client], user: User) -> Mapping[int, Due]:
    scheme = primary_scheme()
    policy = tier_policy(scheme) if scheme else None
    if scheme is None or policy is None:
        return {}
    today = timezone.localdate()
    days = contact_days_due([client.pk for client in clients], scheme, policy)
    return {pk: Due(day, day < today, day < today + SOON) for pk, day in days.items()}


def due_for_contact(clients: ClientQuerySet, user: User) -> ClientQuerySet:
    """Nobody while the primary scheme has no policy."""
    scheme = primary_scheme()
    policy = tier_policy(scheme) if scheme else None
    if scheme is None or policy is None:
        return clients.none()
    return contacts_due(clients, scheme, policy, timezone.now())


def eligible(clients: ClientQuerySet, values: Sequence[str]) -> ClientQuerySet:
    chosen = [product for product in offered_products().products if product.key in values]
    return eligible_for(clients, chosen, timezone.localdate())
