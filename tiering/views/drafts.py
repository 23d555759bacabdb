"""Drafts of criteria, from a template or a file."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.access import requires
from crm.errors import DomainError
from crm.http import Request
from tiering.criteria_files import json_of_bytes, template
from tiering.errors import CriteriaRefused
from tiering.forms import DraftFileForm
from tiering.models import CriteriaVersion
from tiering.pages.versions import refusal_lines, template_lines
from tiering.services.criteria import load_criteria


@requires("tiering.write_criteria")
@require_http_methods(["GET", "HEAD", "POST"])
def new_draft(request: Request) -> HttpResponse:
    """The templates, and a form for a file of one's own; a POST makes a draft of either."""
    if request.method != "POST":
        return page(request, DraftFileForm())
    form = DraftFileForm(request.POST, request.FILES)
    key = request.POST.get("template")
    if not key and not form.is_valid():
        return page(request, form)
    try:
        document = template(key) if key else read_file(form)
        version = load_criteria(document=document, author=request.user)
    except CriteriaRefused as error:
        return page(request, form, error)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("tiering:criteria-new")
    if version.status != CriteriaVersion.Status.DRAFT:
        messages.info(request, _("The newest version says the same already. No draft was made."))
        return redirect("tiering:criteria-version", version.pk)
    return redirect("tiering:studio", version.pk)


def read_file(form: DraftFileForm) -> Any:
    upload = form.cleaned_data["file"]
    return json_of_bytes(upload.read(), upload.name)


def page(request: Request, form: DraftFileForm, error: CriteriaRefused | None = None) -> HttpResponse:
    context = {
        "form": form,
        "templates": template_lines(),
        "refusals": refusal_lines(error.refusals) if error else [],
    }
    return render(request, "tiering/criteria_new.html", context, status=422 if error or form.errors else 200)
