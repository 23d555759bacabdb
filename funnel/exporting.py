"""The funnel's lists as files: the cases of the board, prospects as their list shows them, and targets."""

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
from funnel.forms_targets import FIRST_YEAR, LAST_YEAR
from funnel.models import Prospect, Target
from funnel.selectors.parties import names_joined
from funnel.selectors.prospect_list import ProspectList, words_of
from tiering import display

CASES = (
    Plain("code", _("Code"), lambda row: row.code),
    Plain("client", _("Client"), lambda row: row.client.name),
    Plain("parties", _("Further clients"), lambda row: row.parties_named or ""),
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
PROSPECTS = (
    Plain("reference", _("Reference"), lambda row: row.external_reference),
    Plain("name_zh", _("Chinese name"), lambda row: row.name_zh),
    Plain("name_en", _("English name"), lambda row: row.name_en),
    Plain("registration_number", _("Registration number"), lambda row: row.registration_number),
    Plain("industry", _("Industry"), lambda row: localized(row.industry) if row.industry else ""),
    Plain("region", _("Region"), lambda row: localized(row.region) if row.region else ""),
    Plain("tier", _("Provisional tier"), lambda row: row.score.tier.key if has_score(row) else ""),
    Plain("score", _("Score"), lambda row: display.score_number(row.score.score) if has_score(row) else None),
    Plain("source", _("Source"), lambda row: row.source.name),
    Plain("product", _("Product"), lambda row: row.get_product_display()),
    Plain("amount", _("Amount"), lambda row: row.amount),
    Plain("currency", _("Currency"), lambda row: row.currency),
    Plain("owner", _("Owner"), lambda row: localized(row.owner) if row.owner else ""),
    Plain("status", _("Status"), lambda row: row.get_status_display()),
    Plain("reason", _("Reason"), lambda row: row.get_reason_display()),
    Plain("arrived", _("Arrived"), lambda row: row.arrived_at),
    Plain("touched", _("Last contact"), lambda row: row.touched_at),
)
TARGETS = (
    Plain("pipeline", _("Funnel"), lambda row: str(row.pipeline)),
    Plain("month", _("Month"), lambda row: row.month),
    Plain("team", _("Team"), lambda row: str(row.team or "")),
    Plain("rm", _("Relationship manager"), lambda row: row.rm.username if row.rm else ""),
    Plain("product", _("Product"), lambda row: row.get_product_display()),
    Plain("currency", _("Currency"), lambda row: row.currency),
    Plain("amount", _("Amount"), lambda row: row.amount),
    Plain("count", _("Number of cases"), lambda row: row.count),
)


def has_score(prospect: Prospect) -> bool:
    return hasattr(prospect, "score")


def cases(query: str, keys: Sequence[str], user: User) -> Exportable:
    """The cases that the board of an address shows."""
    narrowed = BoardFilter(QueryDict(query), user=user, today=timezone.localdate())
    rows = narrowed.cases().order_by().select_related("client__rm", "project", "stage__pipeline")
    rows = rows.annotate(parties_named=names_joined(user))
    words = str(narrowed.chosen_pipeline or "")
    return of_queryset(rows, chosen(CASES, keys), words)


def prospects(query: str, keys: Sequence[str], user: User) -> Exportable:
    """The prospects that the list of an address shows, in its order. Whom to speak to, and how, stays in the house."""
    asked = ProspectList.read(QueryDict(query), user)
    return of_queryset(asked.told(), chosen(PROSPECTS, keys), words_of(asked), asked.order)


def targets(query: str, keys: Sequence[str], user: User) -> Exportable:
    """The targets of a year that the sheet of an address shows, of all that the user may see; a row for each month."""
    given = QueryDict(query)
    rows = Target.objects.visible_to(user).select_related("pipeline", "team", "rm")
    if given.get("of") in Target.Of.values:
        rows = rows.of_kind(given["of"])
    for name, path in (("pipeline", "pipeline__key"), ("currency", "currency")):
        if given.get(name):
            rows = rows.filter(**{path: given[name]})
    year = given.get("year", "")
    if len(year) == 4 and year.isdecimal() and FIRST_YEAR <= int(year) <= LAST_YEAR:
        rows = rows.filter(month__year=int(year))
    words = " · ".join(filter(None, (given.get("pipeline"), year, given.get("currency"))))
    return of_queryset(rows, chosen(TARGETS, keys), words)


def register() -> None:
    slots.export_sources.add(
        slots.ExportSource(
            key="cases",
            label=_("Cases"),
            order=30,
            permission="funnel.view_cases",
            read=cases,
            url_name="funnel:list",
        ),
        slots.ExportSource(
            key="prospects",
            label=_("Prospects"),
            order=35,
            permission="funnel.view_prospects",
            read=prospects,
            url_name="funnel:prospects",
        ),
        slots.ExportSource(
            key="targets",
            label=_("Targets"),
            order=36,
            permission="funnel.view_targets",
            read=targets,
            url_name="funnel:targets",
        ),
    )
