"""Alerts as somebody may see them: counts, chips, filters, and the terms they were raised under."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from crm.models import User
from crm.prepared import Among, Given, prepared
from tiering.core.placement import Label
from tiering.core.warnings import Indicator, read
from tiering.models import Alert, PolicyVersion, WatchlistEntry
from tiering.querysets import WORST_FIRST, AlertQuerySet


@dataclass(frozen=True)
class Chip:
    """The unresolved alerts of a client: how many, the worst severity, and whether it is on the watch list."""

    count: int
    worst: str
    is_watched: bool


@dataclass(frozen=True)
class AlertFilter:
    """Which alerts are wanted; what is empty narrows nothing. `whose`: "mine", "team"; both are the team's."""

    severities: Sequence[str] = ()
    indicators: Sequence[str] = ()
    states: Sequence[str] = ()
    whose: Sequence[str] = ()

    def narrow(self, alerts: AlertQuerySet, user: User) -> AlertQuerySet:
        """The wanted ones; without a state those that wait."""
        states = self.states or ("open", "acknowledged")
        alerts = alerts.filter(status__in=states)
        if self.severities:
            alerts = alerts.filter(severity__in=self.severities)
        if self.indicators:
            alerts = alerts.filter(indicator__in=self.indicators)
        if "team" in self.whose and user.team_id:
            return alerts.filter(client__team=user.team_id)
        return alerts.filter(owner=user) if "mine" in self.whose else alerts


def alerts_for(user: User) -> AlertQuerySet:
    """The alerts that the user may read, with what their pages show."""
    named = (
        "client__rm",
        "client__team",
        "policy",
        "owner",
        "acknowledged_by",
        "resolved_by",
        "task",
        "watchlist",
    )
    return Alert.objects.visible_to(user).select_related(*named).defer("policy__document")


def waiting_alerts(user: User) -> QuerySet[Alert]:
    """The alerts that are the user's to deal with and nobody has acknowledged; of who deals with none, all open ones."""
    waiting = Alert.objects.visible_to(user).filter(status=Alert.Status.OPEN)
    mine = user.has_perm("tiering.handle_alerts")
    return waiting.filter(Q(owner=user) | Q(escalated_at__isnull=False)) if mine else waiting


def overdue_entries(user: User, day: date) -> QuerySet[WatchlistEntry]:
    """The entries whose review is due on a day."""
    present = WatchlistEntry.objects.visible_to(user).filter(exited_at=None, next_review_on__lte=day)
    return present.select_related("client", "owner").order_by("next_review_on", "pk")


def chips_of(clients: Sequence[int]) -> dict[int, Chip]:
    """By client id; clients without an alert, who are not watched, are left out. Two queries."""
    found: dict[int, list[str]] = {}
    for client, severity in _raised(clients=clients):
        found.setdefault(client, []).append(severity)
    watched = {client for (client,) in _watched(clients=clients)}
    return {
        client: Chip(len(found.get(client, ())), _worst(found.get(client, ())), client in watched)
        for client in {*found, *watched}
    }


@prepared
def _raised(clients: Given) -> QuerySet:
    raised = Alert.objects.unresolved().filter(Among("client", clients))
    return raised.order_by().values_list("client", "severity")


@prepared
def _watched(clients: Given) -> QuerySet:
    watched = WatchlistEntry.objects.filter(Among("client", clients), exited_at=None)
    return watched.order_by().values_list("client")


def _worst(severities: Sequence[str]) -> str:
    return min(severities, key=WORST_FIRST.index, default="")


def indicators_by_alert(alerts: Sequence[Alert]) -> dict[int, Indicator | None]:
    """What each alert was raised under, by its id. One query for the versions that are named."""
    versions = PolicyVersion.objects.in_bulk({alert.policy_id for alert in alerts})
    known = {pk: indicators_of(version) for pk, version in versions.items()}
    return {alert.pk: known[alert.policy_id].get(alert.indicator) for alert in alerts}


def label_of(alert: Alert) -> dict[str, str]:
    """The name of the alert's indicator in both languages; its key where its version does not name it."""
    indicator = indicators_by_alert([alert])[alert.pk]
    return dict(indicator.label) if indicator else {"en": alert.indicator, "zh": alert.indicator}


def indicators_of(version: PolicyVersion) -> dict[str, Indicator]:
    """The indicators of a version by key. Read once for each content."""
    if version.content_hash not in _KNOWN:
        if len(_KNOWN) >= MOST_KNOWN:
            _KNOWN.clear()
        _KNOWN[version.content_hash] = {one.key: one for one in read(version.document).indicators}
    return _KNOWN[version.content_hash]


def known_indicators(user: User) -> list[tuple[str, Label]]:
    """Key and name of each indicator of which the user may see alerts, by the version that raised the latest."""
    visible = Alert.objects.visible_to(user)
    latest = visible.order_by("indicator", "-policy").distinct("indicator").values_list("indicator", "policy")
    pairs = list(latest)
    versions = PolicyVersion.objects.in_bulk({policy for _, policy in pairs})
    found = ((key, indicators_of(versions[policy]).get(key)) for key, policy in pairs)
    return [(key, one.label) for key, one in found if one]


MOST_KNOWN = 32
_KNOWN: dict[str, dict[str, Indicator]] = {}
