"""Drafts of criteria, from nothing, a template or a file."""

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
from tiering.forms_blank import BlankForm
from tiering.models import CriteriaVersion
from tiering.pages.versions import refusal_lines, template_lines
from tiering.services.criteria import load_criteria


@requires("tiering.write_criteria")
@require_http_methods(["GET", "HEAD", "POST"])
def new_draft(request: Request) -> HttpResponse:
    """What a draft is begun from: a name, a template or a file; a POST makes a draft of one of them."""
    if request.method != "POST":
        return page(request, DraftFileForm())
    if "key" in request.POST:
        blank = BlankForm(request.POST)
        if not blank.is_valid():
            return page(request, DraftFileForm(), blank=blank)
        version = load_criteria(document=blank.document(), author=request.user)
        return redirect("tiering:studio", version.pk)
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


def page(
    request: Request,
    form: DraftFileForm,
    error: CriteriaRefused | None = None,
    blank: BlankForm | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "blank": blank or BlankForm(),
        "templates": template_lines(),
        "refusals": refusal_lines(error.refusals) if error else [],
    }
    return render(
        request, "tiering/criteria_new.html", context, status=422 if error or form.errors or blank else 200
    )
