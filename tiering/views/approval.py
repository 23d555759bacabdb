"""The second person: what will be published, what it changes, the decision, and what is called off."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm.access import requires
from crm.errors import DomainError
from crm.formats import moment
from crm.http import Request
from crm.views.saying import saying
from tiering.forms_way import ApproveForm, CallOffForm, PublishForm, RejectForm
from tiering.models import CriteriaVersion
from tiering.pages.cases import case_lines
from tiering.pages.differences import count_of, difference_groups
from tiering.pages.edits import edit_lines
from tiering.pages.way import Way, against, way_of
from tiering.selectors.criteria import readable_versions
from tiering.selectors.lifecycle import authors_of
from tiering.services.lifecycle import (
    approve_version,
    call_off_version,
    publish_version,
    reject_version,
)


@requires("tiering.view_drafts")
@require_safe
def review(request: Request, pk: int) -> HttpResponse:
    """Exactly what would be published, what that changes, and the next step for whoever may take it."""
    return page(request, found(request, pk), {})


def found(request: Request, pk: int) -> CriteriaVersion:
    return get_object_or_404(readable_versions(request.user), pk=pk)


def page(request: Request, version: CriteriaVersion, refused: dict[str, Form]) -> HttpResponse:
    """`refused` are forms that were, by their name in the page."""
    if version.status not in CriteriaVersion.IN_PREPARATION:
        return redirect("tiering:criteria-version", version.pk)
    way, standing = way_of(version, request.user), against(version)
    groups = difference_groups(way.replaced, version)
    context = {
        "version": version,
        "way": way,
        "against": standing,
        "groups": groups,
        "count": count_of(groups),
        "cases": case_lines(version, standing),
        "edits": edit_lines(version),
        "authors": authors_of(version),
        **fresh_forms(version, way),
        **refused,
    }
    return render(request, "tiering/way/review.html", context, status=422 if refused else 200)


def fresh_forms(version: CriteriaVersion, way: Way) -> dict[str, Any]:
    seen = {"content_hash": version.content_hash, "replaces": way.replaced.pk if way.replaced else 0}
    submitted = version.submitted_at.isoformat() if version.submitted_at else ""
    return {
        "approve_form": ApproveForm(initial={**seen, "submitted_at": submitted}, auto_id="approve_%s"),
        "publish_form": PublishForm(initial=seen, auto_id="publish_%s"),
        "reject_form": RejectForm(auto_id="reject_%s"),
    }


@requires("tiering.publish_criteria")
@require_POST
def approve(request: Request, pk: int) -> HttpResponse:
    """Approve the content that was shown."""
    version, form = found(request, pk), ApproveForm(request.POST, auto_id="approve_%s")
    if not form.is_valid():
        return page(request, version, {"approve_form": form})
    try:
        approve_version(version=version, by=request.user, **form.cleaned_data)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("tiering:criteria-review", pk)
    messages.success(request, _("Approved. It can be published now."))
    return redirect("tiering:criteria-review", pk)


@requires("tiering.publish_criteria")
@require_POST
def reject(request: Request, pk: int) -> HttpResponse:
    """Send a version back to its authors, saying what has to change."""
    version, form = found(request, pk), RejectForm(request.POST, auto_id="reject_%s")
    if not form.is_valid():
        return page(request, version, {"reject_form": form})
    try:
        reject_version(version=version, by=request.user, **form.cleaned_data)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("tiering:criteria-review", pk)
    messages.success(request, _("Sent back. Its authors see your reason."))
    return redirect("tiering:criteria-version", pk)


@requires("tiering.publish_criteria")
@require_POST
def publish(request: Request, pk: int) -> HttpResponse:
    """Put an approved version in effect, now or from a moment on."""
    version, form = found(request, pk), PublishForm(request.POST, auto_id="publish_%s")
    if not form.is_valid():
        return page(request, version, {"publish_form": form})
    try:
        version = publish_version(version=version, publisher=request.user, **form.cleaned_data)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("tiering:criteria-review", pk)
    text = _("Version %(number)s is published. It takes effect on %(moment)s.")
    messages.success(request, text % {"number": version.number, "moment": moment(version.effective_from)})
    return redirect("tiering:criteria-version", pk)


@requires("tiering.publish_criteria")
@require_POST
def call_off(request: Request, pk: int) -> HttpResponse:
    """Take a published version back before it takes effect."""
    version, form = found(request, pk), CallOffForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    with saying(request, _("Called off: it is a draft again. Its authors see your reason.")):
        call_off_version(version=version, by=request.user, reason=reason)
    return redirect("tiering:criteria-version", pk)
