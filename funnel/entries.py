"""The funnel's entries in the shared pages."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from crm import presence, slots
from crm.models import Client, User
from crm.presence import may_have
from funnel import (
    attention_entries,
    calendar_entries,
    definitions,
    handover_entries,
    list_fields,
    notice_kinds,
    prospect_entries,
    timeline_entries,
)
from funnel.models import Case, CaseParty
from funnel.selectors.outcomes import cases_of_clients, cases_of_ids
from funnel.selectors.parties import of_clients
from funnel.selectors.search import find_cases


def open_cases(client: Client, user: User) -> QuerySet[Case] | int:
    """Those that the client leads or takes part in."""
    if not may_have(client, Case) and not may_have(client, CaseParty):
        return 0
    cases = Case.objects.visible_to(user).standing().filter(stage__outcome="open")
    return of_clients(cases, [client])


def register() -> None:
    presence.register(Case, CaseParty)
    attention_entries.register()
    calendar_entries.register()
    definitions.register()
    handover_entries.register()
    list_fields.register()
    timeline_entries.register()
    notice_kinds.register()
    prospect_entries.register()
    slots.outcomes.add(
        slots.OutcomeSource(
            key="cases",
            label=_("Cases"),
            order=10,
            permission="funnel.view_cases",
            offered=cases_of_clients,
            told=cases_of_ids,
        )
    )
    slots.nav.add(
        slots.NavEntry(
            key="funnel",
            label=_("Funnel"),
            order=30,
            permission="funnel.view_cases",
            icon="square-kanban",
            url_name="funnel:board",
            go="f",
        )
    )
    slots.nav.add(
        slots.NavEntry(
            key="funnel-figures",
            label=_("Funnel figures"),
            order=31,
            permission="funnel.view_cases",
            icon="chart-no-axes-column",
            url_name="funnel:figures",
        )
    )
    slots.nav.add(
        slots.NavEntry(
            key="targets",
            label=_("Targets"),
            order=46,
            permission="funnel.set_targets",
            icon="goal",
            url_name="funnel:targets",
            group="setup",
        )
    )
    slots.today_cards.add(
        slots.TodayCard(
            key="targets",
            label=_("Target of the month"),
            order=20,
            permission="funnel.add_case",
            url_name="funnel:today-targets",
        )
    )
    slots.nav.add(
        slots.NavEntry(
            key="pipelines",
            label=_("Funnels"),
            order=45,
            permission="funnel.view_pipelines",
            icon="git-branch",
            url_name="funnel:pipelines",
            group="setup",
        )
    )
    slots.palette.add(
        slots.PaletteEntry(
            key="new-case",
            label=_("New case"),
            order=30,
            permission="funnel.add_case",
            icon="plus",
            url_name="funnel:new-case",
        )
    )
    slots.search_sources.add(
        slots.SearchSource(
            key="cases",
            label=_("Cases"),
            order=40,
            permission="funnel.view_cases",
            find=find_cases,
        )
    )
    slots.client_tabs.add(
        slots.ClientTab(
            key="cases",
            label=_("Cases"),
            order=35,
            permission="funnel.view_cases",
            url_name="funnel:client-cases",
            count=open_cases,
        )
    )
