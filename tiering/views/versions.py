"""The versions of a scheme's criteria, and any two of them side by side."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from crm.access import requires
from crm.http import Request
from crm.ids import id_of
from tiering.models import CriteriaVersion, TierScheme
from tiering.pages.differences import count_of, difference_groups
from tiering.selectors.criteria import readable_versions


@requires("tiering.view_tiers")
@require_safe
def versions(request: Request, pk: int) -> HttpResponse:
    """Every version of a scheme, the newest first, to be opened, compared or restored."""
    scheme = get_object_or_404(TierScheme, pk=pk)
    found = readable_versions(request.user).filter(criteria__scheme=scheme).defer("document")
    context = {
        "scheme": scheme,
        "versions": found.order_by("-number"),
        "may_write": request.user.has_perm("tiering.write_criteria"),
    }
    return render(request, "tiering/way/versions.html", context)


@requires("tiering.view_tiers")
@require_safe
def compare(request: Request, pk: int) -> HttpResponse:
    """What a version does differently from another one of the scheme: from the one `with` names, or the one before."""
    readable = readable_versions(request.user)
    after = get_object_or_404(readable, pk=pk)
    others = readable.filter(criteria=after.criteria_id)
    asked = request.GET.get("with")
    if asked is None:
        before = others.filter(number__lt=after.number).order_by("-number").first() or after
    else:
        before = get_object_or_404(others, pk=id_of(asked))
    groups = difference_groups(before, after)
    editable = after.status == CriteriaVersion.Status.DRAFT and request.user.has_perm(
        "tiering.write_criteria"
    )
    context = {
        "before": before,
        "after": after,
        "groups": groups,
        "count": count_of(groups),
        "others": others.defer("document").order_by("-number"),
        "edit_version": after if editable else None,
    }
    return render(request, "tiering/criteria_compare.html", context)


@requires("tiering.view_tiers")
@require_safe
def compare_chosen(request: Request) -> HttpResponse:
    """The comparison of the two versions that were chosen in the list: `after` with `with`."""
    if "after" not in request.GET:
        return redirect("tiering:schemes")
    return compare(request, id_of(request.GET["after"]) or 0)
