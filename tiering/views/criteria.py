"""Criteria versions, to be read, compared and taken along."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from crm.access import requires
from crm.http import Request
from crm.ids import id_of
from crm.models import User
from tiering import display
from tiering.core.check import check
from tiering.core.writing import text_of
from tiering.forms import PublishForm
from tiering.models import CriteriaVersion
from tiering.pages.criteria import criteria_text
from tiering.pages.overlays import overlay_lines
from tiering.pages.versions import difference_lines, refusal_lines
from tiering.selectors.catalogue import open_catalogue
from tiering.selectors.criteria import (
    document_of,
    effective_version,
    primary_scheme,
    readable_versions,
)
from tiering.selectors.overlays import activations_of


@requires("tiering.view_tiers")
@require_safe
def in_effect(request: Request) -> HttpResponse:
    """The version by which clients are tiered today."""
    scheme = primary_scheme()
    version = effective_version(scheme, timezone.now()) if scheme else None
    if version is None:
        may_write = request.user.has_perm("tiering.write_criteria")
        return render(request, "tiering/criteria.html", {"may_write": may_write})
    return show(request, version.pk)


@requires("tiering.view_tiers")
@require_safe
def criteria_version(request: Request, pk: int) -> HttpResponse:
    """A version; old ones stay readable because old tiers rest on them, drafts are shown to who works on criteria."""
    return show(request, pk)


@requires("tiering.view_tiers")
@require_safe
def document_file(request: Request, pk: int) -> HttpResponse:
    """The document of a version, as a file."""
    version = get_object_or_404(readable_versions(request.user), pk=pk)
    name = f"{version.criteria.scheme.key}-{version.number}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text_of(version.document), content_type="application/json", headers=headers)


@requires("tiering.view_tiers")
@require_safe
def compare(request: Request, pk: int) -> HttpResponse:
    """What a version does differently from another one of the scheme: from the one `with` names, or the one before."""
    versions = readable_versions(request.user)
    after = get_object_or_404(versions, pk=pk)
    others = versions.filter(criteria=after.criteria_id)
    asked = request.GET.get("with")
    if asked is None:
        before = others.filter(number__lt=after.number).order_by("-number").first() or after
    else:
        before = get_object_or_404(others, pk=id_of(asked))
    context = {"before": before, "after": after, "lines": difference_lines(before, after)}
    return render(request, "tiering/criteria_compare.html", context)


def show(request: Request, pk: int, form: PublishForm | None = None) -> HttpResponse:
    """The page of a version; `form` is one that was refused."""
    versions = readable_versions(request.user)
    version = get_object_or_404(versions, pk=pk)
    context = {
        "version": version,
        "note": display.label(version.document["note"]) if "note" in version.document else "",
        "others": versions.filter(criteria=version.criteria).defer("document").order_by("-number"),
        "may_write": request.user.has_perm("tiering.write_criteria"),
        **(draft_context(request.user, version, form) if is_draft(version) else {}),
    }
    if not context.get("refusals"):
        context |= told(version, request.user)
    return render(request, "tiering/criteria.html", context, status=422 if form else 200)


def is_draft(version: CriteriaVersion) -> bool:
    return version.status in CriteriaVersion.IN_PREPARATION


def draft_context(user: User, version: CriteriaVersion, form: PublishForm | None) -> dict[str, Any]:
    """What speaks against a draft, and who may publish it."""
    refusals = refusal_lines(check(document_of(version), open_catalogue()))
    may_publish = user.has_perm("tiering.publish_criteria")
    return {
        "refusals": refusals,
        "may_publish": may_publish and not refusals and version.author_id != user.pk,
        "is_own": may_publish and version.author_id == user.pk,
        "may_try": user.has_perm("tiering.start_runs") and not refusals,
        "publish_form": form or PublishForm(),
    }


def told(version: CriteriaVersion, user: User) -> dict[str, Any]:
    """The content in words, and which of its overlays are on."""
    scheme, document = version.criteria.scheme, document_of(version)
    text = criteria_text(document, {tier.key: tier for tier in scheme.tiers.all()})
    return {
        "text": text,
        "overlays": overlay_lines(document, activations_of(scheme), timezone.now(), user)
        if text.overlays
        else [],
    }
