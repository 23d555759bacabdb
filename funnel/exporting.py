"""The cases of the funnel as a file: what the board and its list show."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm import slots
from crm.exporting.sources import Exportable, Plain, chosen, of_queryset
from crm.formats import localized
from crm.models import User
from funnel.forms import BoardFilter

COLUMNS = (
    Plain("code", _("Code"), lambda row: row.code),
    Plain("client", _("Client"), lambda row: row.client.name),
    Plain("project", _("Project"), lambda row: str(row.project) if row.project else ""),
    Plain("pipeline", _("Funnel"), lambda row: str(row.stage.pipeline)),
    Plain("stage", _("Stage"), lambda row: str(row.stage)),
    Plain("since", _("In the stage since"), lambda row: row.entered_stage_at),
    Plain("product", _("Product"), lambda row: row.get_product_display()),
    Plain("amount", _("Amount"), lambda row: row.amount),
    Plain("currency", _("Currency"), lambda row: row.currency),
    Plain("expected_close", _("Expected close"), lambda row: row.expected_close),
    Plain("rm", _("RM"), lambda row: localized(row.client.rm) if row.client.rm else ""),
    Plain("source", _("Source"), lambda row: row.get_source_display()),
)


def read(query: str, keys: Sequence[str], user: User) -> Exportable:
    """The cases that the board of an address shows."""
    narrowed = BoardFilter(QueryDict(query), user=user, today=timezone.localdate())
    rows = narrowed.cases().order_by().select_related("client__rm", "project", "stage__pipeline")
    words = str(narrowed.chosen_pipeline or "")
    return of_queryset(rows, chosen(COLUMNS, keys), words)


def register() -> None:
    slots.export_sources.add(
        slots.ExportSource(
            key="cases",
            label=_("Cases"),
            order=30,
            permission="funnel.view_cases",
            read=read,
            url_name="funnel:list",
        )
    )
