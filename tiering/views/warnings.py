"""Early warnings as a draft: indicator by indicator, from the library, and tried on history before they warn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.access import requires
from crm.errors import DomainError
from crm.http import Request
from crm.views.saying import saying
from tiering import display
from tiering.core.policy_kinds import check_policy
from tiering.core.refusals import Refusal
from tiering.core.warnings import read
from tiering.errors_policies import PolicyRefused
from tiering.forms_warnings import IndicatorForm, WarningTrialForm
from tiering.models import Policy, PolicyVersion
from tiering.pages.condition_readings import readings
from tiering.pages.conditions import metrics_about, vocabulary
from tiering.pages.versions import refusal_lines
from tiering.pages.warning_words import indicator_text
from tiering.selectors.alerts import indicators_of
from tiering.selectors.catalogue import catalogue, open_catalogue
from tiering.selectors.policies import known_to, readable_policies
from tiering.services.policies import save_policy
from tiering.warnings.library import library
from tiering.warnings.trial import DAYS, HORIZON, MOST_CLIENTS, try_on_history

NEW = "new"


@requires("tiering.write_criteria")
@require_safe
def edit(request: Request, pk: int) -> HttpResponse:
    """The indicators of a draft, and those of the library that it does not have."""
    version = of_warnings(request, pk)
    names, known = catalogue(), {one["key"] for one in version.document["indicators"]}
    context = {
        "version": version,
        "rows": [
            (one, display.label(one.label), indicator_text(one, names))
            for one in indicators_of(version).values()
        ],
        "lacking": [
            (one.key, display.label(one.label)) for one in read(library()).indicators if one.key not in known
        ],
        "is_draft": version.status in PolicyVersion.IN_PREPARATION,
    }
    return render(request, "tiering/warnings/edit.html", context)


@requires("tiering.write_criteria")
@require_http_methods(["GET", "HEAD", "POST"])
def indicator(request: Request, pk: int, key: str) -> HttpResponse:
    """One indicator of a draft, or a new one."""
    version = of_warnings(request, pk)
    shown = next((one for one in version.document["indicators"] if one["key"] == key), None)
    if shown is None and key != NEW:
        raise Http404
    if request.method != "POST":
        return form_page(request, version, key, IndicatorForm.of(shown, version.revision, open_catalogue()))
    form = IndicatorForm(request.POST, names=open_catalogue())
    if not form.is_valid():
        return form_page(request, version, key, form)
    return saved(request, version, key, form)


def saved(request: Request, version: PolicyVersion, key: str, form: IndicatorForm) -> HttpResponse:
    given, indicators = form.indicator, list(version.document["indicators"])
    place = next((at for at, one in enumerate(indicators) if one["key"] == key), len(indicators))
    indicators[place : place + 1] = [given]
    alone = check_policy("warnings", {"format": 1, "indicators": [given]}, known_to(version.policy))
    if alone:
        return form_page(request, version, key, form, refusals=form.refuse(alone, 0))
    try:
        save(request, version, indicators, form.cleaned_data["revision"])
    except PolicyRefused as error:
        return form_page(request, version, key, form, refusals=form.refuse(error.refusals, place))
    except DomainError as error:
        form.add_error(None, str(error))
        return form_page(request, version, key, form)
    messages.success(request, _("Saved."))
    return redirect("tiering:warnings-edit", version.pk)


def form_page(
    request: Request,
    version: PolicyVersion,
    key: str,
    form: IndicatorForm,
    refusals: Sequence[Refusal] = (),
) -> HttpResponse:
    context = {
        "version": version,
        "form": form,
        "is_new": key == NEW,
        "title": display.label(indicators_of(version)[key].label) if key != NEW else "",
        "refusals": refusal_lines(refusals),
        "vocabulary": vocabulary(metrics_about(form.names), readings=readings()),
    }
    status = 422 if form.errors or refusals else 200
    return render(request, "tiering/warnings/indicator.html", context, status=status)


@requires("tiering.write_criteria")
@require_POST
def remove(request: Request, pk: int, key: str) -> HttpResponse:
    """Leave an indicator out of a draft."""
    version = of_warnings(request, pk)
    left = [one for one in version.document["indicators"] if one["key"] != key]
    return after_change(request, version, left, _("The indicator is left out."))


@requires("tiering.write_criteria")
@require_POST
def take_over(request: Request, pk: int) -> HttpResponse:
    """Add indicators of the library that the draft does not have: the chosen ones, or all."""
    version = of_warnings(request, pk)
    known = {one["key"] for one in version.document["indicators"]}
    wanted = set(request.POST.getlist("key"))
    added = [
        one
        for one in library()["indicators"]
        if one["key"] not in known and (not wanted or one["key"] in wanted)
    ]
    text = ngettext("%(count)d indicator added.", "%(count)d indicators added.", len(added)) % {
        "count": len(added)
    }
    return after_change(request, version, [*version.document["indicators"], *added], text)


def after_change(request: Request, version: PolicyVersion, indicators: list[Any], done: str) -> HttpResponse:
    with saying(request, done):
        save(request, version, indicators, version.revision)
    return redirect("tiering:warnings-edit", version.pk)


def save(request: Request, version: PolicyVersion, indicators: list[Any], revision: int) -> None:
    document = {**version.document, "indicators": indicators}
    save_policy(version=version, document=document, revision=revision, by=request.user)


@requires("tiering.view_drafts")
@require_safe
def trial(request: Request, pk: int) -> HttpResponse:
    """What the indicators would have raised in the past, beside as many alerts at random."""
    version = of_warnings(request, pk)
    form = WarningTrialForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    tried = try_on_history(
        read(version.document),
        catalogue(),
        outcome=asked.get("outcome") or "default",
        today=timezone.localdate(),
        months=asked.get("months") or HORIZON,
        count=asked.get("days") or DAYS,
        most=MOST_CLIENTS,
    )
    labels = {key: display.label(one.label) for key, one in indicators_of(version).items()}
    context = {
        "version": version,
        "form": form,
        "tried": tried,
        "rows": [(labels[line.key], line) for line in tried.lines],
        "segments": len(labels) - len(tried.lines),
    }
    return render(request, "tiering/warnings/trial.html", context)


def of_warnings(request: Request, pk: int) -> PolicyVersion:
    """A version of early warnings that the user may read."""
    found = readable_policies(request.user).filter(policy__kind=Policy.Kind.WARNINGS)
    return get_object_or_404(found, pk=pk)
