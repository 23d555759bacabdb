"""Criteria versions, to be read and taken along."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from crm.access import requires
from crm.http import Request, download
from crm.models import User
from tiering import display
from tiering.core.check import check
from tiering.criteria_files import MEDIA_TYPES, WRITERS
from tiering.forms_way import CallOffForm
from tiering.models import CriteriaVersion
from tiering.pages.criteria import criteria_text
from tiering.pages.overlays import overlay_lines
from tiering.pages.probability import probability_of
from tiering.pages.proof import proof_of
from tiering.pages.versions import refusal_lines
from tiering.pages.way import way_of
from tiering.selectors.catalogue import open_catalogue
from tiering.selectors.criteria import (
    document_of,
    effective_version,
    primary_scheme,
    readable_versions,
)
from tiering.selectors.overlays import activations_of

OTHERS = 8
"""How many versions the page of one names; the list of the scheme has all of them."""


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
    """The document of a version, as a file: JSON, or what `format` asks for."""
    version = get_object_or_404(readable_versions(request.user), pk=pk)
    kind = request.GET.get("format", "json")
    if kind not in WRITERS:
        raise Http404
    name = f"{version.criteria.scheme.key}-{version.number}.{kind}"
    return download(name, WRITERS[kind](version.document), MEDIA_TYPES[kind])


def show(request: Request, pk: int) -> HttpResponse:
    """The page of a version."""
    user, versions = request.user, readable_versions(request.user)
    version = get_object_or_404(versions, pk=pk)
    way = way_of(version, user)
    refusals = refusal_lines(check(document_of(version), open_catalogue())) if way.is_under_way else []
    context = {
        "version": version,
        "way": way,
        "call_off_form": CallOffForm(auto_id="call_off_%s") if way.may_call_off else None,
        "note": display.label(version.document["note"]) if "note" in version.document else "",
        "others": versions.filter(criteria=version.criteria).defer("document").order_by("-number")[:OTHERS],
        "may_write": way.may_write,
        "may_edit": way.may_write and way.is_under_way,
        "may_read_drafts": user.has_perm("tiering.view_drafts"),
        "may_try": way.is_under_way and user.has_perm("tiering.start_runs") and not refusals,
        "refusals": refusals,
        "proof": proof_of(version, user),
        "probability": probability_of(version, user),
    }
    if not refusals:
        context |= told(version, user)
    return render(request, "tiering/criteria.html", context)


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
