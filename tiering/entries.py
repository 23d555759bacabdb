"""Tiering's entries in the shared pages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm import presence, slots
from tiering import (
    alert_entries,
    alert_notices,
    attention_entries,
    calendar_entries,
    conduct_entries,
    follow_entries,
    handover_entries,
    list_entries,
    override_notices,
    quality_entries,
    timeline_entries,
)
from tiering.finding import fields, language
from tiering.models import Alert, Covenant, DataQuality, Override, WatchlistEntry
from tiering.selectors.book import pending
from tiering.selectors.bounds import bounds_of
from tiering.selectors.lifecycle import concerning
from tiering.selectors.overrides import overrides_to_decide
from tiering.selectors.policies import waiting_policies


def register() -> None:
    attention_entries.register()
    calendar_entries.register()
    handover_entries.register()
    timeline_entries.register()
    quality_entries.register()
    presence.register(Alert, Covenant, DataQuality, Override, WatchlistEntry)
    slots.nav.add(
        slots.NavEntry(
            key="reviews",
            label=_("Tier reviews"),
            order=40,
            permission="tiering.view_proposals",
            icon="scale",
            url_name="tiering:reviews",
            go="r",
            count=pending,
        ),
        slots.NavEntry(
            key="overrides",
            label=_("Overrides"),
            order=45,
            permission="tiering.view_proposals",
            icon="shield-half",
            url_name="tiering:overrides",
            go="v",
            count=overrides_to_decide,
        ),
        slots.NavEntry(
            key="runs",
            label=pgettext_lazy("tiering runs", "Runs"),
            order=50,
            permission="tiering.view_runs",
            icon="refresh-cw",
            url_name="tiering:runs",
            go="u",
        ),
        slots.NavEntry(
            key="criteria",
            label=_("Criteria"),
            order=70,
            permission="tiering.view_tiers",
            icon="sliders-horizontal",
            url_name="tiering:criteria",
            group="setup",
            go="k",
            count=concerning,
        ),
        slots.NavEntry(
            key="policies",
            label=_("Policies"),
            order=72,
            permission="tiering.view_tiers",
            icon="gavel",
            url_name="tiering:policies",
            group="setup",
            go="o",
            count=waiting_policies,
        ),
    )
    slots.palette.add(
        slots.PaletteEntry(
            key="new-run",
            label=_("Start a run"),
            order=40,
            permission="tiering.start_runs",
            icon="flask-conical",
            url_name="tiering:run-new",
        ),
        slots.PaletteEntry(
            key="validate",
            label=_("Validate criteria"),
            order=45,
            permission="tiering.validate_criteria",
            icon="microscope",
            url_name="tiering:validation-new",
        ),
        slots.PaletteEntry(
            key="validations",
            label=_("Validations"),
            order=46,
            permission="tiering.validate_criteria",
            icon="microscope",
            url_name="tiering:validations",
        ),
        slots.PaletteEntry(
            key="override",
            label=_("Ask for an override"),
            order=48,
            permission="tiering.request_overrides",
            icon="shield-half",
            url_name="tiering:override-choose",
        ),
        slots.PaletteEntry(
            key="metrics",
            label=_("Metrics"),
            order=50,
            permission="tiering.view_tiers",
            icon="ruler",
            url_name="tiering:metrics",
        ),
        slots.PaletteEntry(
            key="propose",
            label=_("Propose from history"),
            order=60,
            permission="tiering.write_criteria",
            icon="sparkles",
            url_name="tiering:calibration-new",
        ),
        slots.PaletteEntry(
            key="segmentations",
            label=_("Segmentations"),
            order=70,
            permission="tiering.write_criteria",
            icon="shapes",
            url_name="tiering:segmentations",
        ),
    )
    slots.client_panels.add(*panels())
    slots.client_acts.add(
        slots.ClientAct(
            key="brief",
            label=_("One-page brief"),
            order=10,
            permission="tiering.view_tiers",
            icon="file-down",
            url_name="tiering:client-brief",
            posts=True,
        )
    )
    slots.bounds.add(
        slots.Bounds(
            key="tiering",
            label=_("Covenants and gates"),
            order=10,
            permission="tiering.view_tiers",
            find=bounds_of,
        )
    )
    slots.project_panels.add(
        slots.ProjectPanel(
            key="participants",
            label=_("Who takes part"),
            order=10,
            permission="tiering.view_tiers",
            url_name="tiering:project-tiers",
        )
    )
    slots.client_tabs.add(
        slots.ClientTab(
            key="tiers",
            label=_("Tier history"),
            order=50,
            permission="tiering.view_tiers",
            url_name="tiering:client-history",
        )
    )
    slots.today_cards.add(*cards())
    conduct_entries.register()
    list_entries.register()
    fields.register()
    language.register()
    alert_entries.register()
    alert_notices.register()
    override_notices.register()
    follow_entries.register()


def panels() -> tuple[slots.ClientPanel, ...]:
    return (
        slots.ClientPanel(
            key="tier",
            label=_("Tier"),
            order=10,
            permission="tiering.view_tiers",
            url_name="tiering:client-badge",
            dated=True,
            place="badge",
        ),
        slots.ClientPanel(
            key="score",
            label=_("Score"),
            order=10,
            permission="tiering.view_tiers",
            url_name="tiering:client-figures",
            dated=True,
            place="figures",
        ),
        slots.ClientPanel(
            key="why",
            label=_("Why this tier"),
            order=10,
            permission="tiering.view_tiers",
            url_name="tiering:client-why",
            dated=True,
            place="main",
        ),
        slots.ClientPanel(
            key="score-line",
            label=_("Score over 12 months"),
            order=20,
            permission="tiering.view_tiers",
            url_name="tiering:client-score-line",
            dated=True,
            place="main",
        ),
        slots.ClientPanel(
            key="project-tiers",
            label=_("Tiers within projects"),
            order=30,
            permission="tiering.view_tiers",
            url_name="tiering:client-project-tiers",
            dated=True,
            place="main",
        ),
        slots.ClientPanel(
            key="facts",
            label=_("Facts of that day"),
            order=10,
            permission="tiering.view_tiers",
            url_name="tiering:client-facts",
            place="past",
            dated=True,
        ),
        slots.ClientPanel(
            key="schemes",
            label=_("Tiers by scheme"),
            order=5,
            permission="tiering.view_tiers",
            url_name="tiering:client-schemes",
            dated=True,
            place="main_end",
        ),
        slots.ClientPanel(
            key="overrides",
            label=_("Overrides"),
            order=7,
            permission="tiering.view_proposals",
            url_name="tiering:client-overrides",
            place="aside",
        ),
    )


def cards() -> tuple[slots.TodayCard, ...]:
    return (
        slots.TodayCard(
            key="reviews",
            label=_("Tier changes to decide"),
            order=10,
            permission="tiering.decide_proposals",
            url_name="tiering:today-reviews",
        ),
        slots.TodayCard(
            key="versions",
            label=_("Criteria that wait for you"),
            order=8,
            permission="tiering.write_criteria",
            url_name="tiering:today-versions",
        ),
        slots.TodayCard(
            key="runs",
            label=_("Runs in trouble"),
            order=5,
            permission="tiering.view_runs",
            url_name="tiering:today-runs",
        ),
        slots.TodayCard(
            key="tier-changes",
            label=_("Tiers that changed"),
            order=15,
            permission="tiering.view_tiers",
            url_name="tiering:today-changes",
        ),
    )
