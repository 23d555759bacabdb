"""Projects as a file: those in which clients take part whom the user may see."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from crm.exporting.sources import Exportable, Plain, chosen, of_queryset
from crm.formats import localized
from crm.models import Project, User

COLUMNS = (
    Plain("code", _("Code"), lambda row: row.code),
    Plain("name_en", _("English name"), lambda row: row.name_en),
    Plain("name_zh", _("Chinese name"), lambda row: row.name_zh),
    Plain("industry", _("Industry"), lambda row: localized(row.industry) if row.industry else ""),
    Plain("region", _("Region"), lambda row: localized(row.region) if row.region else ""),
    Plain("status", _("Status"), lambda row: row.get_status_display()),
    Plain("es_category", _("Environmental and social category"), lambda row: row.es_category),
    Plain("amount", _("Financing amount"), lambda row: row.amount),
    Plain("currency", _("Currency"), lambda row: row.currency),
    Plain("approved_on", _("Approved on"), lambda row: row.approved_on),
    Plain("signed_on", _("Signed on"), lambda row: row.signed_on),
)


def read(query: str, keys: Sequence[str], user: User) -> Exportable:
    """Every project that the user may see."""
    rows = Project.objects.visible_to(user).select_related("industry", "region")
    return of_queryset(rows, chosen(COLUMNS, keys))
