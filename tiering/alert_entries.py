"""What alerts and the watch list put into the shared pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm import slots
from crm.cells import by_value
from crm.models import Client, User
from crm.querysets import ClientQuerySet
from tiering.models import Alert, WatchlistEntry
from tiering.selectors.alerts import Chip, chips_of, overdue_entries, waiting_alerts

READING = "tiering.view_alerts"


def register() -> None:
    slots.nav.add(
        slots.NavEntry(
            key="alerts",
            label=_("Alerts"),
            order=42,
            permission=READING,
            icon="bell-ring",
            url_name="tiering:alerts",
            go="l",
            count=waiting_alerts,
        ),
        slots.NavEntry(
            key="watchlist",
            label=_("Watch list"),
            order=44,
            permission=READING,
            icon="eye",
            url_name="tiering:watchlist",
            go="w",
            count=lambda user: overdue_entries(user, timezone.localdate()),
        ),
    )
    slots.palette.add(
        slots.PaletteEntry(
            key="asset-classes",
            label=_("Asset classes"),
            order=80,
            permission=READING,
            icon="layers",
            url_name="tiering:asset-classes",
        )
    )
    slots.client_panels.add(
        slots.ClientPanel(
            key="alerts",
            label=_("Alerts"),
            order=2,
            peek=True,
            permission=READING,
            url_name="tiering:client-alerts",
            place="aside",
        )
    )
    slots.list_columns.add(
        slots.ListColumn(
            key="alerts",
            label=_("Alerts"),
            order=95,
            permission=READING,
            pen=by_value("tiering/cells/alerts.html"),
            load=load_chips,
        )
    )
    slots.list_filters.add(
        slots.ListFilter(
            key="alerts",
            label=_("Alerts"),
            order=60,
            permission=READING,
            icon="bell-ring",
            options=alert_options,
            narrow=with_alerts,
        )
    )


def load_chips(clients: Sequence[Client], user: User) -> Mapping[int, Chip]:
    return chips_of([client.pk for client in clients])


def alert_options(user: User) -> list[slots.Option]:
    severities = [slots.Option(value=value, label=label) for value, label in reversed(Alert.Severity.choices)]
    return [*severities, slots.Option(value="watchlist", label=_("On the watch list"))]


def with_alerts(clients: ClientQuerySet, values: Sequence[str]) -> ClientQuerySet:
    """Clients with an unresolved alert of one of the severities, or on the watch list."""
    raised = Alert.objects.unresolved().filter(client=OuterRef("pk"), severity__in=values)
    watched = WatchlistEntry.objects.filter(client=OuterRef("pk"), exited_at=None)
    if "watchlist" not in values:
        return clients.filter(Exists(raised))
    return clients.filter(Exists(raised) | Exists(watched))
