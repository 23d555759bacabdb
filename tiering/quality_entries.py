"""How well clients are known, in the shared pages: card of the client, column, field of conditions, Today, tasks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import slots, tasks_kinds
from crm.cells import by_value
from crm.models import Client, User
from tiering.models import DataQuality
from tiering.pages.quality import definition_of
from tiering.selectors.catalogue import catalogue
from tiering.services.quality import TASK

READING = "tiering.view_tiers"


def register() -> None:
    slots.client_panels.add(
        slots.ClientPanel(
            key="quality",
            label=gettext_lazy("Data quality"),
            order=2,
            permission=READING,
            url_name="tiering:client-quality",
            place="aside",
        )
    )
    slots.list_columns.add(
        slots.ListColumn(
            key="quality",
            label=gettext_lazy("Data quality"),
            order=65,
            permission=READING,
            pen=by_value("tiering/cells/quality.html"),
            load=load,
            sorting=slots.Sorting(field="quality__score"),
            classes="number",
            usual=False,
        )
    )
    slots.field_sources.add(
        slots.FieldSource(
            key="quality",
            label=gettext_lazy("Data quality"),
            order=45,
            permission=READING,
            fields=fields,
        )
    )
    slots.today_cards.add(
        slots.TodayCard(
            key="quality",
            label=gettext_lazy("Data to complete"),
            order=60,
            permission="crm.add_client",
            url_name="tiering:today-quality",
        )
    )
    slots.palette.add(
        slots.PaletteEntry(
            key="quality",
            label=gettext_lazy("Missing data"),
            order=66,
            permission=READING,
            icon="list-checks",
            url_name="tiering:gaps",
        ),
        slots.PaletteEntry(
            key="dictionary",
            label=gettext_lazy("Data dictionary"),
            order=67,
            permission=READING,
            icon="book-open",
            url_name="tiering:dictionary",
        ),
        slots.PaletteEntry(
            key="source-orders",
            label=gettext_lazy("Order of sources"),
            order=68,
            permission=READING,
            icon="list-ordered",
            url_name="tiering:source-orders",
        ),
    )
    tasks_kinds.kinds.add(
        tasks_kinds.TaskKind(TASK, gettext_lazy("Missing data"), task_text, lambda params: "")
    )


def load(clients: Sequence[Client], user: User) -> Mapping[int, Any]:
    rows = DataQuality.objects.filter(client__in=[client.pk for client in clients])
    return {row.client_id: row for row in rows}


def fields(user: User, day: date) -> Sequence[slots.Field]:
    group = gettext_lazy("Data quality")
    joins = ("LEFT JOIN tiering_dataquality dq ON dq.client_id = c.id",)
    return [
        slots.Field(
            key="quality.score",
            label=gettext_lazy("data known and not too old"),
            group=group,
            unit="fraction",
            sql="dq.score / 100.0::float8",
            joins=joins,
        ),
        slots.Field(
            key="quality.gaps",
            label=gettext_lazy("missing or too old"),
            group=group,
            unit="count",
            sql="(dq.asked - dq.fresh)::float8",
            joins=joins,
        ),
    ]


def task_text(params: Mapping[str, Any]) -> str:
    return _("Enter what is missing: %(thing)s") % {
        "thing": definition_of(params["thing"], catalogue()).label
    }
