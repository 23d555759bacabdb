"""What authors do with a version as a whole: submit it, take it back, discard it, restore an older one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm.access import requires
from crm.errors import DomainError
from crm.http import Request
from crm.repeats import do_once
from crm.views.saying import refused_in, saying
from tiering.forms_way import SubmitForm
from tiering.models import CriteriaVersion
from tiering.pages.way import against
from tiering.selectors.criteria import readable_versions
from tiering.services.drafts import start_draft
from tiering.services.lifecycle import discard_version, submit_version, withdraw_version


@requires("tiering.write_criteria")
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: Request, pk: int) -> HttpResponse:
    """What changes and why, and what stands against it; for an htmx request only the form, for a dialog."""
    version = get_object_or_404(readable_versions(request.user), pk=pk)
    if request.method != "POST":
        return submit_page(request, version, SubmitForm(initial={"purpose": version.purpose}))
    form = SubmitForm(request.POST)
    if form.is_valid():
        with refused_in(form):
            submit_version(version=version, by=request.user, purpose=form.cleaned_data["purpose"])
            messages.success(request, _("Submitted. Another criteria administrator can approve it now."))
            return redirect("tiering:criteria-version", pk)
    return submit_page(request, version, form)


def submit_page(request: Request, version: CriteriaVersion, form: SubmitForm) -> HttpResponse:
    part = request.htmx and not request.htmx.boosted
    template = "tiering/way/_submit.html" if part else "tiering/way/submit.html"
    context = {"version": version, "form": form, "against": against(version), "in_dialog": part}
    return render(request, template, context, status=422 if form.errors else 200)


@requires("tiering.write_criteria")
@require_POST
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Take a submitted or approved version back, to go on working on it."""
    version = get_object_or_404(readable_versions(request.user), pk=pk)
    with saying(request, _("Taken back: it is a draft again.")):
        withdraw_version(version=version, by=request.user)
    return redirect("tiering:criteria-version", pk)


@requires("tiering.write_criteria")
@require_POST
def discard(request: Request, pk: int) -> HttpResponse:
    """Remove a draft."""
    version = get_object_or_404(readable_versions(request.user), pk=pk)
    try:
        discard_version(version=version, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("tiering:criteria-version", pk)
    messages.success(request, _("Draft %(number)s is discarded.") % {"number": version.number})
    return redirect("tiering:versions", version.criteria.scheme_id)


@requires("tiering.write_criteria")
@require_POST
def restore(request: Request, pk: int) -> HttpResponse:
    """Begin a draft that says what an older version says."""
    version = get_object_or_404(readable_versions(request.user), pk=pk)
    draft = do_once(request, lambda: start_draft(author=request.user, based_on=version).pk)
    text = _("This draft says what version %(number)s said. Submit it to have it approved and published.")
    messages.success(request, text % {"number": version.number})
    return redirect("tiering:criteria-version", draft)
