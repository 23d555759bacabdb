"""The test cases of a version: what comes of them, and what they cover."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.access import requires
from crm.errors import DomainError, Invalid
from crm.http import Request, download
from crm.views.saying import saying
from tiering.case_files import read_cases, write_cases
from tiering.errors import CriteriaRefused
from tiering.forms_tests import CaseFileForm
from tiering.models import CriteriaTest, CriteriaVersion
from tiering.pages.cases import case_lines
from tiering.pages.covered import coverage_lines, key_of, suggested, suggestion_lines
from tiering.pages.versions import RefusalLine, refusal_lines
from tiering.pages.way import against
from tiering.selectors.catalogue import catalogue
from tiering.selectors.criteria import document_of, readable_versions
from tiering.selectors.criteria_tests import case_of, kept_tests
from tiering.services.criteria_tests import add_expecting, put_tests, remove_test


def found(request: Request, pk: int) -> CriteriaVersion:
    return get_object_or_404(readable_versions(request.user), pk=pk)


def may_edit(request: Request, version: CriteriaVersion) -> bool:
    under_way = version.status in CriteriaVersion.IN_PREPARATION
    return under_way and request.user.has_perm("tiering.write_criteria")


@requires("tiering.view_drafts")
@require_safe
def tests(request: Request, pk: int) -> HttpResponse:
    """Every test case with what comes of it, and what they cover together."""
    return page(request, found(request, pk), [])


def page(
    request: Request, version: CriteriaVersion, refusals: list[RefusalLine], form: CaseFileForm | None = None
) -> HttpResponse:
    """`refusals` are those of a file, `form` the one it came with."""
    standing = against(version)
    context: dict[str, Any] = {
        "version": version,
        "against": standing,
        "lines": case_lines(version, standing),
        "coverage": coverage_lines(version, standing),
        "may_edit": may_edit(request, version),
        "file_form": form or CaseFileForm(),
        "file_refusals": refusals,
    }
    return render(request, "tiering/tests/page.html", context, status=422 if form else 200)


@requires("tiering.view_drafts")
@require_safe
def strip(request: Request, pk: int) -> HttpResponse:
    """How many test cases pass, in one line: for the studio, which asks anew after each edit."""
    version = found(request, pk)
    return render(request, "tiering/tests/_strip.html", {"version": version, "against": against(version)})


@requires("tiering.view_drafts", post="tiering.write_criteria")
@require_http_methods(["GET", "HEAD", "POST"])
def file(request: Request, pk: int) -> HttpResponse:
    """The test cases as CSV; a POST stores those of a file, all of them or none."""
    version = found(request, pk)
    if request.method != "POST":
        name = f"{version.criteria.scheme.key}-{version.number}-tests.csv"
        text = write_cases([case_of(row) for row in kept_tests(version)], document_of(version))
        return download(name, "\ufeff" + text, "text/csv; charset=utf-8")
    form = CaseFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return page(request, version, [], form)
    upload = form.cleaned_data["file"]
    try:
        cases = read_cases(upload.read(), document_of(version), catalogue(), upload.name)
        new = put_tests(version=version, cases=cases, by=request.user)
    except CriteriaRefused as error:
        return page(request, version, refusal_lines(error.refusals), form)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("tiering:criteria-tests", pk)
    text = ngettext(
        "%(count)d test case stored, %(new)d of it new.",
        "%(count)d test cases stored, %(new)d of them new.",
        len(cases),
    )
    messages.success(request, text % {"count": len(cases), "new": new})
    return redirect("tiering:criteria-tests", pk)


@requires("tiering.write_criteria")
@require_http_methods(["GET", "HEAD", "POST"])
def suggest(request: Request, pk: int) -> HttpResponse:
    """Cases for what is not covered; a POST adds those chosen, with what comes of them now as what is expected."""
    version = found(request, pk)
    proposed = suggested(version, against(version))
    if request.method != "POST":
        context = {"version": version, "lines": suggestion_lines(version, proposed)}
        return render(request, "tiering/tests/suggest.html", context)
    if request.POST.get("content_hash") != version.content_hash:
        messages.error(request, _("The draft was changed meanwhile. Look at the proposals again."))
        return redirect("tiering:criteria-tests-suggest", pk)
    chosen = set(request.POST.getlist("target"))
    cases = [one.case for one in proposed if key_of(one.target) in chosen]
    try:
        added = add_expecting(version=version, cases=cases, by=request.user) if cases else 0
    except Invalid as error:
        messages.error(request, str(error))
        return redirect("tiering:criteria-tests-suggest", pk)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("tiering:criteria-tests", pk)
    text = ngettext("%(count)d test case added.", "%(count)d test cases added.", added)
    messages.success(request, text % {"count": added})
    return redirect("tiering:criteria-tests", pk)


@requires("tiering.write_criteria")
@require_POST
def remove(request: Request, pk: int) -> HttpResponse:
    """Remove a test case."""
    test = get_object_or_404(CriteriaTest.objects.select_related("version"), pk=pk)
    with saying(request, _("“%(name)s” is removed.") % {"name": test.name}):
        remove_test(test=test, by=request.user)
    return redirect("tiering:criteria-tests", test.version_id)
