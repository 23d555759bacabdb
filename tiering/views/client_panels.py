"""Fragments of the client page. Each is a URL of its own, so that it can be reloaded alone; an empty answer leaves it
out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from crm.access import requires
from crm.forms.as_of import AsOfForm
from crm.http import Request
from crm.ids import id_of
from crm.models import Client, Project
from crm.reading import moment, read_once
from crm.views.client_page import find_client
from tiering.models import TierScheme
from tiering.pages.account import Account, account_of
from tiering.pages.changes import changes_text
from tiering.pages.client import history_rows, score_chart
from tiering.pages.overrides import held_overrides
from tiering.pages.review_pack import fact_lines
from tiering.selectors.criteria import primary_scheme, tiers_by_rank
from tiering.selectors.evidence import evidence_at, since_last
from tiering.selectors.schemes import standing_in
from tiering.selectors.standing import pending_of, tier_at


def find_scheme(request: Request) -> TierScheme | None:
    """The scheme whose key the address gives, else the primary one; None before criteria have been loaded."""
    key = request.GET.get("scheme")
    return get_object_or_404(TierScheme, key=key) if key else primary_scheme()


def find_project(request: Request) -> Project | None:
    """The project that the address gives, else none: the client as a whole."""
    pk = request.GET.get("project")
    return get_object_or_404(Project.objects.visible_to(request.user), pk=id_of(pk)) if pk else None


def moment_shown(request: Request) -> datetime:
    """The moment that the page is of: the end of the day that the address asks for, else now."""
    return AsOfForm(request.GET).moment or moment()


@requires("tiering.view_tiers")
@require_safe
def badge(request: Request, pk: int) -> HttpResponse:
    """The tier in force, before the client's name."""
    client = find_client(request, pk)
    scheme = primary_scheme()
    standing = standing_in(client, scheme, moment_shown(request)) if scheme else None
    return render(request, "tiering/_badge.html", {"tier": standing.tier if standing else None})


@requires("tiering.view_tiers")
@require_safe
def figures(request: Request, pk: int) -> HttpResponse:
    """The score and its change over a quarter."""
    client, scheme = find_client(request, pk), primary_scheme()
    account = account_at(client, scheme, moment_shown(request)) if scheme else None
    return render(request, "tiering/_figures.html", {"account": account}) if account else HttpResponse()


@read_once
def account_at(
    client: Client, scheme: TierScheme, at: datetime, project: Project | None = None
) -> Account | None:
    """Why the client had its score at a moment, for people; None where nothing held yet."""
    evidence = evidence_at(client, scheme, at, project=project)
    return account_of(evidence, tiers_by_rank(scheme)) if evidence else None


@requires("tiering.view_tiers")
@require_safe
def why(request: Request, pk: int) -> HttpResponse:
    """Why the client is in its tier, now or, replayed from stored facts, on a past date (`?as_of=2026-03-31`).

    Of the primary scheme, or of the one whose key `?scheme=` gives; as a whole, or within `?project=`.
    """
    client, scheme, project = find_client(request, pk), find_scheme(request), find_project(request)
    if scheme is None:
        return HttpResponse()
    form = AsOfForm(request.GET)
    at = form.moment
    then = at or moment()
    evidence = evidence_at(client, scheme, then, project=project)
    context: dict[str, Any] = {
        "client": client,
        "scheme": scheme,
        "project": project,
        "form": form,
        "at": at,
        "today": timezone.localdate(),
        "is_replayed": at is not None,
    }
    if evidence:
        tiers, since = tiers_by_rank(scheme), since_last(evidence)
        standing = standing_in(client, scheme, then) if at is None and project is None else None
        context |= {
            "account": account_at(client, scheme, then, project),
            "changes": changes_text(since, evidence, tiers) if since else None,
            "assessment": evidence.assessment,
            "version": evidence.assessment.version,
            "held": standing.tier if standing else tier_at(client, scheme, then, project),
            "pending": (
                standing.pending if standing else None if at else pending_of(client, scheme, project)
            ),
            "overrides": held_overrides(
                client, scheme, then, project, says=evidence.assessment.overlay_tier, is_past=at is not None
            ),
            "may_override": at is None and request.user.has_perm("tiering.request_overrides", client),
        }
    return render(request, "tiering/_why.html", context)


@requires("tiering.view_tiers")
@require_safe
def facts(request: Request, pk: int) -> HttpResponse:
    """What was known of the client that its criteria read, with where it came from."""
    client, scheme = find_client(request, pk), primary_scheme()
    evidence = evidence_at(client, scheme, moment_shown(request), project=None) if scheme else None
    if evidence is None:
        return HttpResponse()
    return render(request, "tiering/_facts.html", {"facts": fact_lines(evidence)})


@requires("tiering.view_tiers")
@require_safe
def score_line(request: Request, pk: int) -> HttpResponse:
    """The score over twelve months."""
    client, scheme = find_client(request, pk), primary_scheme()
    at = moment_shown(request)
    evidence = evidence_at(client, scheme, at, project=None) if scheme else None
    chart = score_chart(client, scheme, evidence.assessment, at) if scheme and evidence else ""
    return render(request, "tiering/_score_line.html", {"chart": chart}) if chart else HttpResponse()


@requires("tiering.view_tiers")
@require_safe
def tier_history(request: Request, pk: int) -> HttpResponse:
    """Every tier the client has had."""
    client, scheme = find_client(request, pk), primary_scheme()
    rows = history_rows(client, scheme) if scheme else []
    return render(request, "tiering/_tier_history.html", {"client": client, "rows": rows})
