"""crm's own entries in the shared pages."""

from collections.abc import Callable

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm import (
    attention_entries,
    calendar_entries,
    conduct_entries,
    handover_entries,
    list_entries,
    merging_entries,
    notice_kinds,
    outreach_entries,
    presence,
    slots,
    timeline_entries,
    who_entries,
)
from crm.access import SIGNED_IN
from crm.bulk import acts
from crm.bulk import fields as bulk_fields
from crm.models import (
    Client,
    ClientTag,
    ConsentRecord,
    Document,
    DuplicatePair,
    Facility,
    Follow,
    IdentityNumber,
    Interest,
    Merge,
    Participation,
    ProfileValue,
    Relation,
    Response,
    StageChange,
    StageHold,
    Task,
    User,
)
from crm.presence import may_have
from crm.selectors.search import find_clients, find_people, find_projects


def register() -> None:
    register_navigation()
    register_client_tabs()
    register_client_panels()
    register_search()
    who_entries.register()
    conduct_entries.register()
    outreach_entries.register()
    list_entries.register()
    attention_entries.register()
    timeline_entries.register()
    calendar_entries.register()
    handover_entries.register()
    notice_kinds.register()
    merging_entries.register()
    acts.register()
    bulk_fields.register()


def register_navigation() -> None:
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
            key="clients",
            label=_("Clients"),
            order=20,
            permission="crm.view_client",
            icon="users",
            url_name="crm:client-list",
            go="c",
        ),
        slots.NavEntry(
            key="exports",
            label=_("Exports"),
            order=95,
            permission="crm.export",
            icon="download",
            url_name="crm:export-list",
            group="setup",
        ),
        slots.NavEntry(
            key="tasks",
            label=_("Tasks"),
            order=25,
            permission="crm.view_client",
            icon="list-todo",
            url_name="crm:tasks",
            go="d",
        ),
        slots.NavEntry(
            key="calendar",
            label=_("Calendar"),
            order=26,
            permission="crm.view_client",
            icon="calendar-days",
            url_name="crm:calendar",
            go="y",
        ),
        slots.NavEntry(
            key="import",
            label=_("Import"),
            order=80,
            permission="crm.view_imports",
            icon="upload",
            url_name="crm:import-list",
            group="setup",
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
    slots.palette.add(
        slots.PaletteEntry(
            key="log-interaction",
            label=_("Log interaction"),
            order=10,
            permission="crm.add_client",
            icon="message-square-plus",
            url_name="crm:interaction-new",
        ),
        slots.PaletteEntry(
            key="new-client",
            label=_("New client"),
            order=20,
            permission="crm.add_client",
            icon="plus",
            url_name="crm:client-new",
        ),
        slots.PaletteEntry(
            key="new-task",
            label=_("New task"),
            order=25,
            permission="crm.write_tasks",
            icon="plus",
            url_name="crm:task-new",
        ),
        slots.PaletteEntry(
            key="notices",
            label=_("Notices"),
            order=60,
            icon="bell",
            url_name="crm:notices",
        ),
        slots.PaletteEntry(
            key="absences",
            label=_("Absences"),
            order=61,
            icon="calendar-off",
            url_name="crm:absences",
        ),
        slots.PaletteEntry(
            key="interests",
            label=_("Interests in clients"),
            order=62,
            permission="crm.view_interests",
            icon="handshake",
            url_name="crm:interests",
        ),
    )


def register_client_tabs() -> None:
    tab = slots.ClientTab
    reading = "crm.view_client"
    slots.client_tabs.add(
        tab(
            key="timeline",
            label=pgettext_lazy("tab", "Timeline"),
            order=20,
            permission=reading,
            url_name="crm:client-timeline",
        ),
        tab(
            key="projects",
            label=pgettext_lazy("tab", "Projects"),
            order=30,
            permission=reading,
            url_name="crm:client-projects",
            count=counting(Participation),
        ),
        tab(
            key="exposures",
            label=pgettext_lazy("tab", "Exposures"),
            order=40,
            permission=reading,
            url_name="crm:client-exposures",
            count=counting(Facility),
        ),
        tab(
            key="revenue",
            label=pgettext_lazy("tab", "Revenue"),
            order=42,
            permission=reading,
            url_name="crm:client-revenue",
        ),
        tab(
            key="statements",
            label=pgettext_lazy("tab", "Statements"),
            order=45,
            permission=reading,
            url_name="crm:client-statements",
        ),
        tab(
            key="audit",
            label=pgettext_lazy("tab", "Audit"),
            order=90,
            permission="crm.view_audit",
            url_name="crm:client-audit",
        ),
    )


def counting(model: type[Participation | Facility]) -> Callable[[Client, User], QuerySet | int]:
    """A client's records that the user may see."""
    return lambda client, user: (
        model.objects.visible_to(user).filter(client=client) if may_have(client, model) else 0
    )


def register_client_panels() -> None:
    presence.register(ClientTag, ConsentRecord, Follow, IdentityNumber, Interest, Merge)
    presence.register(Document, Facility, Participation, ProfileValue, Response, StageChange, StageHold, Task)
    presence.register(DuplicatePair, by=("one_id", "other_id"))
    presence.register(Relation, by=("client_id", "party_id"))
    slots.client_panels.add(
        slots.ClientPanel(
            key="follow",
            label=_("Follow"),
            order=90,
            permission="crm.view_client",
            url_name="crm:client-follow-button",
            place="badge",
        ),
        slots.ClientPanel(
            key="tasks",
            label=_("Tasks"),
            order=30,
            permission="crm.view_client",
            url_name="crm:client-tasks",
            peek=True,
            place="aside",
        ),
        slots.ClientPanel(
            key="interests",
            label=_("Interests"),
            order=80,
            permission="crm.view_interests",
            url_name="crm:client-interests",
            place="aside",
        ),
    )


def register_search() -> None:
    slots.search_sources.add(
        slots.SearchSource(
            key="clients", label=_("Clients"), order=10, permission="crm.view_client", find=find_clients
        ),
        slots.SearchSource(
            key="people", label=_("People"), order=20, permission="crm.view_client", find=find_people
        ),
        slots.SearchSource(
            key="projects", label=_("Projects"), order=30, permission="crm.view_client", find=find_projects
        ),
    )
