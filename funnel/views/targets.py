"""The sheet of targets of a year."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm.access import requires
from crm.errors import DomainError
from crm.http import Request
from funnel.errors import TargetSetMeanwhile
from funnel.forms_targets import FIRST_YEAR, LAST_YEAR, Sheet, SheetForm
from funnel.selectors.figures.progress import standing_of
from funnel.selectors.targets import months_of
from funnel.services.targets import set_targets


@requires("funnel.view_targets", post="funnel.set_targets")
@require_http_methods(["GET", "HEAD", "POST"])
def targets(request: Request) -> HttpResponse:
    """Read a sheet; who may set targets saves what was typed into it, all of it or nothing."""
    form = SheetForm(request.GET, user=request.user, today=timezone.localdate())
    sheet = form.sheet()
    status = 200
    if sheet and request.method == "POST":
        status = _save(request, sheet)
        if status == 200:
            return redirect(address_of(sheet))
    return render(
        request, "funnel/targets.html", {"form": form, "sheet": sheet, **_context(sheet)}, status=status
    )


def _save(request: Request, sheet: Sheet) -> int:
    """The status of the answer; why not stands in the sheet."""
    wanted = sheet.read(request.POST.dict())
    if sheet.is_refused:
        messages.error(request, _("Nothing was saved: some cells need attention."))
        return 400
    try:
        set_targets(pipeline=sheet.pipeline, wanted=wanted, by=request.user)
    except TargetSetMeanwhile as refusal:
        sheet.overtake(refusal.params["wanted"], str(refusal))
        messages.error(request, str(refusal))
        return refusal.status
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return refusal.status
    messages.success(request, _("The targets are set.") if wanted else _("Nothing was changed."))
    return 200


def _context(sheet: Sheet | None) -> dict[str, object]:
    if sheet is None:
        return {}
    return {
        "months": months_of(sheet.year),
        "address": urlencode(sheet.query),
        "before": address_of(sheet, year=sheet.year - 1) if sheet.year > FIRST_YEAR else "",
        "after": address_of(sheet, year=sheet.year + 1) if sheet.year < LAST_YEAR else "",
        "kinds": [(of, label, address_of(sheet, of=of)) for of, label in type(sheet).KINDS],
    }


def address_of(sheet: Sheet, **other: object) -> str:
    return f"{reverse('funnel:targets')}?{urlencode({**sheet.query, **other})}"


@requires("funnel.view_cases")
@require_safe
def today_targets(request: Request) -> HttpResponse:
    """How far this month's own target is reached, for Today; nothing where none is set."""
    found = standing_of(request.user, timezone.now())
    return render(request, "funnel/_today_targets.html", {"found": found}) if found else HttpResponse()
