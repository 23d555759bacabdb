"""The steps of a policy's version: submitted, withdrawn, sent back, published, discarded."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.access import requires
from crm.errors import DomainError
from crm.formats import moment
from crm.http import Request
from crm.views.saying import saying
from tiering.forms_policies import PublishPolicyForm
from tiering.forms_way import RejectForm, SubmitForm
from tiering.models import PolicyVersion
from tiering.selectors.policies import readable_policies
from tiering.services.policies import (
    discard_policy,
    publish_policy,
    reject_policy,
    submit_policy,
    withdraw_policy,
)
from tiering.views.policies import policy_page


def _found(request: Request, pk: int) -> PolicyVersion:
    return get_object_or_404(readable_policies(request.user), pk=pk)


@requires("tiering.write_criteria")
@require_POST
def submit(request: Request, pk: int) -> HttpResponse:
    """Ask a second person to publish a draft."""
    version, form = _found(request, pk), SubmitForm(request.POST, auto_id="submit_%s")
    if not form.is_valid():
        return policy_page(request, version, status=422, submit_form=form)
    with saying(request, _("Submitted. Another criteria administrator can publish it now.")):
        submit_policy(version=version, by=request.user, **form.cleaned_data)
    return redirect("tiering:policy", version.pk)


@requires("tiering.write_criteria")
@require_POST
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Take a submitted version back."""
    version = _found(request, pk)
    with saying(request, _("Taken back: it is a draft again.")):
        withdraw_policy(version=version, by=request.user)
    return redirect("tiering:policy", version.pk)


@requires("tiering.publish_criteria")
@require_POST
def reject(request: Request, pk: int) -> HttpResponse:
    """Send a version back to its authors, saying what has to change."""
    version, form = _found(request, pk), RejectForm(request.POST, auto_id="reject_%s")
    if not form.is_valid():
        return policy_page(request, version, status=422, reject_form=form)
    with saying(request, _("Sent back. Its authors see your reason.")):
        reject_policy(version=version, by=request.user, **form.cleaned_data)
    return redirect("tiering:policy", version.pk)


@requires("tiering.publish_criteria")
@require_POST
def publish(request: Request, pk: int) -> HttpResponse:
    """Put the version that was shown in effect, now or from a moment on."""
    version, form = _found(request, pk), PublishPolicyForm(request.POST, auto_id="publish_%s")
    if not form.is_valid():
        return policy_page(request, version, status=422, publish_form=form)
    from_when = form.cleaned_data["effective_from"]
    text = _("Version %(number)s is published.") % {"number": version.number}
    if from_when:
        text = _("Version %(number)s is published. It takes effect on %(moment)s.") % {
            "number": version.number,
            "moment": moment(from_when),
        }
    with saying(request, text):
        publish_policy(version=version, by=request.user, **form.cleaned_data)
    return redirect("tiering:policy", version.pk)


@requires("tiering.write_criteria")
@require_POST
def discard(request: Request, pk: int) -> HttpResponse:
    """Remove a draft."""
    version = _found(request, pk)
    try:
        discard_policy(version=version, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("tiering:policy", pk)
    messages.success(request, _("Draft %(number)s is discarded.") % {"number": version.number})
    return redirect("tiering:policies")
