"""What the pages of alerts show: rows, one alert with its evidence, and the alerts of a client."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import ngettext

from crm.formats import localized
from crm.models import Client, Industry, Region, User
from crm.presence import may_have
from tiering import display
from tiering.core.metric import Catalogue
from tiering.core.warnings import Indicator
from tiering.models import Alert, Covenant, Tier, WatchlistEntry
from tiering.pages.covenants import covenant_text
from tiering.pages.warning_words import (
    Evidence,
    evidence_of,
    evidence_text,
    indicator_text,
    suggestion_text,
)
from tiering.selectors.alerts import indicators_by_alert
from tiering.selectors.catalogue import catalogue

SHADES = {"critical": "chip-bad", "serious": "chip-warn", "watch": "", "info": ""}


@dataclass(frozen=True)
class Row:
    """An alert in a list. `about` is the client's name or the segment; `shade` the class of its severity's chip."""

    alert: Alert
    label: str
    about: str
    why: str
    shade: str
    may_handle: bool


@dataclass(frozen=True)
class Page:
    """An alert with what it rests on, what its indicator asks and advises, and what the reader may do about it."""

    row: Row
    asks: str
    advice: str
    suggests: str
    suggestion: str
    evidence: list[Evidence]


def rows_of(alerts: Sequence[Alert], user: User) -> list[Row]:
    """Rows in a constant number of queries."""
    terms, names = indicators_by_alert(alerts), catalogue()
    segments = segment_names(alerts)
    return [_row(alert, terms[alert.pk], segments, names, user) for alert in alerts]


def page_of(alert: Alert, user: User) -> Page:
    """Everything that the page of one alert says."""
    names = catalogue()
    indicator = indicators_by_alert([alert])[alert.pk]
    return Page(
        row=_row(alert, indicator, segment_names([alert]), names, user),
        asks=indicator_text(indicator, names) if indicator else "",
        advice=display.label(indicator.advice) if indicator else "",
        suggests=indicator.suggests if indicator else "",
        suggestion=suggestion_text(indicator.suggests) if indicator else "",
        evidence=evidence_of(alert, user, names),
    )


def of_client(client: Client, user: User) -> dict[str, Any]:
    """The unresolved alerts of a client, its covenants, and whether it is on the watch list."""
    alerts: list[Alert] = []
    if may_have(client, Alert):
        alerts += Alert.objects.visible_to(user).filter(client=client).unresolved().most_urgent_first()
    for alert in alerts:
        alert.client = client  # as the page has it, with its RM and team
    return {
        "rows": rows_of(alerts, user) if alerts else [],
        "covenants": _covenants(client, user) if may_have(client, Covenant) else [],
        "entry": _watched(client) if may_have(client, WatchlistEntry) else None,
        "may_handle": user.has_perm("tiering.handle_alerts", client),
    }


def _covenants(client: Client, user: User) -> list[tuple[Covenant, str]]:
    rows = Covenant.objects.visible_to(user).filter(client=client).select_related("facility")
    return [(one, covenant_text(one, catalogue())) for one in rows]


def _watched(client: Client) -> WatchlistEntry | None:
    entries = WatchlistEntry.objects.filter(client=client, exited_at=None)
    return entries.select_related("owner").first()


def segment_names(alerts: Sequence[Alert]) -> dict[str, str]:
    """The segments of alerts in words: the industry Construction."""
    wanted: dict[str, set[str]] = {}
    for alert in alerts:
        kind, _, key = alert.segment.partition(":")
        wanted.setdefault(kind, set()).add(key)
    named = {
        f"industry:{one.code}": localized(one)
        for one in Industry.objects.filter(code__in=wanted.get("industry", ()))
    }
    named |= {
        f"region:{one.code}": localized(one)
        for one in Region.objects.filter(code__in=wanted.get("region", ()))
    }
    if "tier" in wanted:
        tiers = Tier.objects.filter(scheme__is_primary=True, key__in=wanted["tier"])
        named |= {f"tier:{one.key}": one.label for one in tiers}
    sizes = dict(Client.SizeClass.choices)
    return named | {f"size_class:{key}": str(label) for key, label in sizes.items()}


def _row(
    alert: Alert, indicator: Indicator | None, segments: dict[str, str], names: Catalogue, user: User
) -> Row:
    about = alert.client.name if alert.client else segments.get(alert.segment, alert.segment)
    label = display.label(indicator.label) if indicator else alert.indicator
    may = user.has_perm("tiering.handle_alerts", alert.client) and alert.status != Alert.Status.RESOLVED
    return Row(alert, label, about, evidence_text(alert, names), SHADES[alert.severity], may)


def done_text(count: int) -> str:
    """How many alerts were acknowledged at once."""
    text = ngettext("%(count)d alert acknowledged.", "%(count)d alerts acknowledged.", count)
    return text % {"count": count}
