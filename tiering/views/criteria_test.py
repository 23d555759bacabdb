"""One test case: made from nothing, from another one or from a client; tried as it is filled in; changed."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.access import requires
from crm.errors import DomainError, Invalid
from crm.http import Request
from crm.ids import id_of
from crm.models import Client
from tiering import display
from tiering.core.cases import Case, run_cases
from tiering.core.suggest import expecting
from tiering.errors import CriteriaRefused
from tiering.forms_tests import CaseForm
from tiering.models import CriteriaTest, CriteriaVersion
from tiering.pages.cases import fault_text, gate_names
from tiering.selectors.catalogue import catalogue
from tiering.selectors.criteria import document_of, readable_versions
from tiering.selectors.criteria_tests import (
    case_from_client,
    case_of,
    clients_matching,
    kept_tests,
)
from tiering.selectors.versions import tiers_named_by
from tiering.services.criteria_tests import add_test, change_test
from tiering.services.lifecycle import checked_document
from tiering.views.criteria_tests import found

CHOICES = 8
PROJECTS = 20
NOW = "now"
"""What the button sends that expects what comes now."""


@requires("tiering.write_criteria")
@require_http_methods(["GET", "HEAD", "POST"])
def new_test(request: Request, pk: int) -> HttpResponse:
    """A new test case; `from` names one to begin with, `client` (and `project`) whose facts to take."""
    version = found(request, pk)
    if request.method != "POST":
        return page(request, version, form_of(version, begun_from(request, version)), None)
    form = form_of(version, data=request.POST)
    if form.is_valid() and (case := wanted(request, version, form)):
        try:
            add_test(version=version, case=case, by=request.user)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("“%(name)s” is added.") % {"name": case.name})
            return redirect("tiering:criteria-tests", pk)
    return page(request, version, form, None)


@requires("tiering.write_criteria")
@require_http_methods(["GET", "HEAD", "POST"])
def edit_test(request: Request, pk: int) -> HttpResponse:
    """Change a test case."""
    readable = CriteriaTest.objects.filter(version__in=readable_versions(request.user))
    test = get_object_or_404(readable.select_related("version__criteria__scheme"), pk=pk)
    version = test.version
    if version.status not in CriteriaVersion.IN_PREPARATION:
        return redirect("tiering:criteria-tests", version.pk)
    if request.method != "POST":
        return page(request, version, form_of(version, case_of(test)), test)
    form = form_of(version, case_of(test), request.POST)
    if form.is_valid() and (case := wanted(request, version, form)):
        try:
            change_test(test=test, case=case, by=request.user)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("“%(name)s” is saved.") % {"name": case.name})
            return redirect("tiering:criteria-tests", version.pk)
    return page(request, version, form, test)


@requires("tiering.write_criteria")
@require_POST
def try_test(request: Request, pk: int) -> HttpResponse:
    """What comes of the case as it is filled in, before it is saved."""
    version = found(request, pk)
    form = form_of(version, data=request.POST)
    form.is_valid()
    case = form.case()
    try:
        document = checked_document(version)
    except CriteriaRefused as error:
        return render(request, "tiering/tests/_tried.html", {"error": str(error)})
    others = [case_of(row) for row in kept_tests(version) if row.name != case.name]
    asked = case if case.tier else replace(case, tier=document.tiers[0].key)
    verdict = run_cases(document, [*others, asked])[-1]
    result = verdict.assessment
    context = {
        "verdict": verdict if case.tier else None,
        "result": result,
        "tier": tiers_named_by(version)[result.tier] if result else None,
        "score": display.score(result.score) if result else "",
        "gates": gate_names(result.gates, document) if result else "",
        "faults": [fault_text(fault, document) for fault in verdict.faults] if case.tier else [],
    }
    return render(request, "tiering/tests/_tried.html", context)


@requires("tiering.write_criteria")
@require_safe
def find_clients(request: Request, pk: int) -> HttpResponse:
    """The clients that match `q`, to take the facts of one from."""
    version, term = found(request, pk), request.GET.get("q", "").strip()
    clients = clients_matching(term, request.user, CHOICES) if term else []
    within = document_of(version).subject == "project"
    choices = [
        (client, list(client.participations.select_related("project")[:PROJECTS]) if within else [])
        for client in clients
    ]
    context = {"version": version, "choices": choices, "within": within, "term": term}
    return render(request, "tiering/tests/_clients.html", context)


def begun_from(request: Request, version: CriteriaVersion) -> Case | None:
    """What the form begins with. Raises Http404 for a client or a test case that the user may not read."""
    if "from" in request.GET:
        test = get_object_or_404(CriteriaTest, pk=id_of(request.GET["from"]), version=version)
        return replace(case_of(test), name=_("%(name)s, copy") % {"name": test.name[:100]})
    if "client" in request.GET:
        clients = Client.objects.visible_to(request.user)
        client = get_object_or_404(clients, pk=id_of(request.GET["client"]))
        project = id_of(request.GET.get("project"))
        return case_from_client(version, client, project, timezone.now())
    return None


def form_of(version: CriteriaVersion, case: Case | None = None, data: object = None) -> CaseForm:
    return CaseForm(data, document=document_of(version), catalogue=catalogue(), case=case)


def wanted(request: Request, version: CriteriaVersion, form: CaseForm) -> Case | None:
    """The case as it was filled in, or with what comes of it now as what is expected; None where that cannot be said."""
    case = form.case()
    if request.POST.get("expect") != NOW:
        return case
    try:
        document = checked_document(version)
    except CriteriaRefused as error:
        form.add_error(None, str(error))
        return None
    others = [case_of(row) for row in kept_tests(version) if row.name != case.name]
    verdict = run_cases(document, [*others, replace(case, tier=document.tiers[0].key, gates=None)])[-1]
    return expecting(case, verdict, document)


def refuse(form: CaseForm, error: DomainError) -> None:
    if isinstance(error, Invalid):
        form.refuse_all(error.fields)
    else:
        form.add_error(None, str(error))


def page(
    request: Request, version: CriteriaVersion, form: CaseForm, test: CriteriaTest | None
) -> HttpResponse:
    context = {"version": version, "form": form, "test": test, "groups": list(form.groups())}
    return render(request, "tiering/tests/form.html", context, status=422 if form.errors else 200)
