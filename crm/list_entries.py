"""crm's own columns, filters, tabs and bulk actions of the client list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm import cells, list_fields, related_fields, slots
from crm.exporting import clients, projects
from crm.formats import localized
from crm.models import Client, Role, User
from crm.selectors.attention import without_contact
from crm.selectors.client_list import EVERYTHING
from crm.selectors.figures import Exposure, exposures, last_contacts
from crm.selectors.named import Named, industries, managers_of, people, regions
from crm.selectors.revenue import monthly_revenue

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


def register() -> None:
    slots.list_columns.add(*columns())
    slots.list_filters.add(*filters())
    slots.list_views.add(*views())
    list_fields.register()
    related_fields.register()
    slots.export_sources.add(
        slots.ExportSource(
            key="clients",
            label=_("Clients"),
            order=10,
            permission="crm.view_client",
            read=clients.read,
            url_name="crm:client-list",
        ),
        slots.ExportSource(
            key="projects", label=_("Projects"), order=20, permission="crm.view_client", read=projects.read
        ),
    )
    slots.bulk_actions.add(
        slots.BulkAction(
            key="change",
            label=_("Change …"),
            order=30,
            permission="crm.change_client",
            icon="pencil",
            url_name="crm:bulk-new",
        ),
        slots.BulkAction(
            key="assign-rm",
            label=_("Assign RM"),
            order=20,
            permission="crm.assign_rm",
            icon="user",
            url_name="crm:assign-rm",
            template="crm/_assign_rm.html",
            context=lambda user: {"managers": managers_of_team(user)},
        ),
    )


def columns() -> Sequence[slots.ListColumn]:
    return (
        slots.ListColumn(
            key="name",
            label=_("Client"),
            order=10,
            pen=cells.name,
            sorting=slots.Sorting(field="sort_key"),
            classes="name-cell phone-cell",
            fixed=True,
            plain=lambda client, value: client.name,
        ),
        slots.ListColumn(
            key="code",
            label=_("Code"),
            order=15,
            template="crm/cells/code.html",
            sorting=slots.Sorting(field="code"),
            usual=False,
            plain=lambda client, value: client.code,
        ),
        slots.ListColumn(
            key="revenue",
            label=pgettext_lazy("column", "Revenue, 12 months"),
            order=45,
            template="crm/cells/revenue.html",
            load=load_revenue,
            plain=lambda client, value: sum(value) if value else None,
            usual=False,
        ),
        slots.ListColumn(
            key="exposure",
            label=pgettext_lazy("column with its unit", "Exposure, m"),
            order=50,
            pen=cells.exposure,
            load=load_exposures,
            plain=lambda client, value: value.drawn / 1_000_000 if value else None,
            classes="number",
        ),
        slots.ListColumn(
            key="limit-use",
            label=_("Limit use"),
            order=60,
            pen=cells.limit_use,
            load=load_exposures,
            plain=lambda client, value: value.use if value else None,
        ),
        slots.ListColumn(
            key="industry",
            label=_("Industry"),
            order=70,
            pen=cells.industry,
            load=load_industries,
            classes="wide-only",
            plain=lambda client, value: localized(value),
        ),
        slots.ListColumn(
            key="rm",
            label=_("RM"),
            order=80,
            pen=cells.rm,
            load=load_managers,
            plain=lambda client, value: localized(value),
        ),
        slots.ListColumn(
            key="region",
            label=_("Region"),
            order=72,
            template="crm/cells/region.html",
            load=load_regions,
            plain=lambda client, value: localized(value),
            usual=False,
        ),
        plain("status", _("Status"), 82),
        plain("kind", _("Kind"), 84),
        plain("size_class", _("Size class"), 86),
        plain("life_cycle", _("Life-cycle stage"), 83),
        plain("risk_appetite", _("Risk appetite"), 87),
        plain("demand_level", _("Demand level"), 87),
        plain("client_since", _("Client since"), 88),
        slots.ListColumn(
            key="last-contact",
            label=_("Last contact"),
            order=90,
            pen=cells.last_contact,
            load=load_contacts,
            classes="number",
            plain=lambda client, value: value,
        ),
    )


def plain(key: str, label: _StrOrPromise, order: int) -> slots.ListColumn:
    """A column of a field of the client that only those see who choose it."""
    return slots.ListColumn(key=key, label=label, order=order, template=f"crm/cells/{key}.html", usual=False)


def load_revenue(clients: Sequence[Client], user: User) -> Mapping[int, list[float]]:
    return monthly_revenue([client.pk for client in clients], timezone.localdate())


def load_industries(clients: Sequence[Client], user: User) -> Mapping[int, Named]:
    known = industries()
    return {client.pk: known[client.industry_id] for client in clients if client.industry_id}


def load_regions(clients: Sequence[Client], user: User) -> Mapping[int, Named]:
    known = regions()
    return {client.pk: known[client.region_id] for client in clients if client.region_id}


def load_managers(clients: Sequence[Client], user: User) -> Mapping[int, Named]:
    known = people({client.rm_id for client in clients if client.rm_id})
    return {client.pk: known[client.rm_id] for client in clients if client.rm_id}


def load_exposures(clients: Sequence[Client], user: User) -> Mapping[int, Exposure]:
    return exposures((client.pk for client in clients), timezone.localdate())


def load_contacts(clients: Sequence[Client], user: User) -> Mapping[int, datetime]:
    return last_contacts(client.pk for client in clients)


def filters() -> Sequence[slots.ListFilter]:
    return (
        slots.ListFilter(
            key="industry",
            label=_("Industry"),
            order=20,
            icon="factory",
            options=industry_options,
            narrow=lambda clients, values: clients.filter(industry__in=values),
        ),
        slots.ListFilter(
            key="rm",
            label=_("RM"),
            order=30,
            icon="user",
            options=manager_options,
            narrow=lambda clients, values: clients.filter(rm__in=values),
        ),
        choice_filter("status", _("Status"), 40, "circle-dot", Client.Status.choices),
        choice_filter("kind", _("Kind"), 50, "building-2", Client.Kind.choices),
    )


def choice_filter(
    field: str, label: Any, order: int, icon: str, choices: Sequence[tuple[str, Any]]
) -> slots.ListFilter:
    """A filter on a field of the client with fixed choices."""
    return slots.ListFilter(
        key=field,
        label=label,
        order=order,
        icon=icon,
        options=lambda user: [slots.Option(value=value, label=text) for value, text in choices],
        narrow=lambda clients, values: clients.filter(**{f"{field}__in": values}),
    )


def industry_options(user: User) -> list[slots.Option]:
    return [slots.Option(value=str(item.pk), label=localized(item)) for item in industries().values()]


def manager_options(user: User) -> list[slots.Option]:
    return [slots.Option(value=str(item.pk), label=localized(item)) for item in managers_of(user)]


def managers_of_team(user: User) -> QuerySet[User]:
    return User.objects.filter(role=Role.RM, team=user.team_id, is_active=True)


def views() -> Sequence[slots.ListView]:
    return (
        slots.ListView(
            key=EVERYTHING, label=_("All clients"), order=10, narrow=lambda clients, user: clients
        ),
        slots.ListView(
            key="mine",
            label=_("My clients"),
            order=20,
            permission="crm.add_client",
            narrow=lambda clients, user: clients.editable_by(user),
        ),
        slots.ListView(
            key="silent",
            label=_("No contact 90 d"),
            order=30,
            narrow=lambda clients, user: without_contact(clients),
        ),
    )
