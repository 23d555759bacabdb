"""The authority in forms: who decides what, who works on it, and how far overrides go."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.access import requires
from crm.errors import DomainError
from crm.http import Request
from tiering.errors_policies import PolicyRefused
from tiering.forms_authority import AuthorityForms
from tiering.models import Policy, PolicyVersion
from tiering.pages.versions import RefusalLine, refusal_lines
from tiering.selectors.policies import readable_policies
from tiering.services.policies import save_policy


@requires("tiering.write_criteria")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    """Edit a draft of the authority; it is saved whole."""
    versions = readable_policies(request.user).filter(policy__kind=Policy.Kind.AUTHORITY)
    version = get_object_or_404(versions, pk=pk)
    if request.method != "POST":
        return page(request, version, AuthorityForms(version.document, version.revision))
    forms = AuthorityForms(version.document, version.revision, request.POST)
    if not forms.is_valid():
        return page(request, version, forms, status=422)
    try:
        save_policy(version=version, document=forms.document, revision=forms.revision, by=request.user)
    except PolicyRefused as error:
        return page(request, version, forms, refusal_lines(error.refusals), 422)
    except DomainError as error:
        forms.seen.add_error(None, str(error))
        return page(request, version, forms, status=error.status)
    messages.success(request, _("Saved."))
    return redirect("tiering:policy", version.pk)


def page(
    request: Request,
    version: PolicyVersion,
    forms: AuthorityForms,
    refusals: list[RefusalLine] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"version": version, "forms": forms, "refusals": refusals or []}
    return render(request, "tiering/policies/authority.html", context, status=status)
