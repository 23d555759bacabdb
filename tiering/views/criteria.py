"""Criteria versions, to be read."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from crm.access import requires
from crm.http import Request
from tiering import display
from tiering.models import CriteriaVersion
from tiering.pages.criteria import criteria_text
from tiering.selectors.criteria import document_of, effective_version, primary_scheme


@requires("tiering.view_tiers")
@require_safe
def in_effect(request: Request) -> HttpResponse:
    """The version by which clients are tiered today."""
    scheme = primary_scheme()
    version = effective_version(scheme, timezone.now()) if scheme else None
    if version is None:
        return render(request, "tiering/criteria.html")
    return show(request, version.pk)


@requires("tiering.view_tiers")
@require_safe
def criteria_version(request: Request, pk: int) -> HttpResponse:
    """A published version; old ones stay readable because old tiers rest on them."""
    return show(request, pk)


def show(request: Request, pk: int) -> HttpResponse:
    published = CriteriaVersion.objects.exclude(status=CriteriaVersion.Status.DRAFT)
    version = get_object_or_404(published.select_related("criteria__scheme", "author", "approver"), pk=pk)
    tiers = {tier.key: tier for tier in version.criteria.scheme.tiers.all()}
    context = {
        "version": version,
        "text": criteria_text(document_of(version), tiers),
        "note": display.label(version.document["note"]) if "note" in version.document else "",
        "others": published.filter(criteria=version.criteria).defer("document").order_by("-number"),
    }
    return render(request, "tiering/criteria.html", context)
