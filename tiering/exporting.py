"""The queue of tier reviews as a file."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm import slots
from crm.exporting.sources import Exportable, Plain, chosen, of_queryset
from crm.formats import localized
from crm.models import User
from tiering.forms import QueueFilterForm
from tiering.selectors import queue

COLUMNS = (
    Plain("code", _("Code"), lambda row: row.client.code),
    Plain("client", _("Client"), lambda row: row.client.name),
    Plain("scheme", _("Scheme"), lambda row: str(row.scheme)),
    Plain("from", _("From tier"), lambda row: row.from_tier.label if row.from_tier else ""),
    Plain("to", _("To tier"), lambda row: row.to_tier.label),
    Plain("exposure", _("Exposure"), lambda row: row.exposure),
    Plain("since", _("Waiting since"), lambda row: row.waiting_since),
    Plain("rm", _("RM"), lambda row: localized(row.client.rm) if row.client.rm else ""),
)


def read(query: str, keys: Sequence[str], user: User) -> Exportable:
    """The proposals that wait and that the user may read, narrowed as the address of the queue says."""
    wanted = QueueFilterForm(QueryDict(query), user=user).wanted
    rows = wanted.narrow(queue.waiting(user), user, timezone.now())
    related = ("client__rm", "scheme", "from_tier", "to_tier")
    return of_queryset(rows.select_related(*related), chosen(COLUMNS, keys))


def register() -> None:
    slots.export_sources.add(
        slots.ExportSource(
            key="reviews",
            label=_("Tier reviews"),
            order=40,
            permission="tiering.view_proposals",
            read=read,
            url_name="tiering:reviews",
        )
    )
