"""Overrides: the register, one override with the decision on it, and how one is ended or withdrawn."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm.access import requires
from crm.errors import DomainError
from crm.http import Request
from crm.ids import id_of
from crm.models import User
from crm.presence import may_have
from tiering.errors import CommentRequired
from tiering.forms_overrides import OverrideDecisionForm, OverrideEndForm, RegisterForm
from tiering.forms_reviews import CommitteeForm
from tiering.models import Override, TierScheme
from tiering.pages.override_rates import rates_page
from tiering.pages.overrides import detail_of, lines_of, scheme_warnings, segment_choices
from tiering.pages.overrides_csv import rates_csv, register_csv
from tiering.selectors.override_rates import rates_of
from tiering.selectors.overrides import SHOWN, counts, latest_of, people_of, register
from tiering.services.override_committees import request_override_committee
from tiering.services.override_decisions import decide_override
from tiering.services.overrides import end_override, withdraw_override
from tiering.validation.outcomes import OUTCOMES
from tiering.views.client_panels import find_client

PAGE = 50
OF_A_CLIENT = 6


@requires("tiering.view_proposals")
@require_safe
def overrides(request: Request) -> HttpResponse:
    """The register, as far as the reader may see the clients."""
    now, form = timezone.now(), filters(request)
    rows = list(register(request.user, form.wish, now, id_of(request.GET.get("after")))[: PAGE + 1])
    context = {
        "filters": form,
        "lines": lines_of(rows[:PAGE], now),
        "following": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "counts": counts(request.user, now),
        "warnings": scheme_warnings(now) if request.user.sees_every_client else [],
        "may_ask": request.user.has_perm("tiering.request_overrides"),
        "may_rate": request.user.has_perm("tiering.validate_criteria"),
    }
    return render(request, "tiering/overrides/register.html", context)


@requires("tiering.view_proposals")
@require_safe
def register_file(request: Request) -> HttpResponse:
    """The register as CSV, under the same filters."""
    now = timezone.now()
    lines = lines_of(register(request.user, filters(request).wish, now), now)
    return csv_file(register_csv(lines), "overrides.csv")


@requires("tiering.view_proposals")
@require_safe
def override(request: Request, pk: int) -> HttpResponse:
    """One override: what it does, against what, who said what, and what can be done about it."""
    return page_of(request, find(request, pk))


@requires("tiering.decide_proposals")
@require_POST
def decide(request: Request, pk: int) -> HttpResponse:
    """Vote on an override."""
    found, form = find(request, pk), OverrideDecisionForm(request.POST)
    if not form.is_valid():
        return refused(request, found, DomainError())
    given = form.cleaned_data
    try:
        decided = decide_override(
            override=found,
            verdict=given["decision"],
            by=request.user,
            comment=given["comment"],
            assessment=given["assessment"],
        )
    except DomainError as error:
        return refused(request, found, error, comment=given["comment"])
    texts = {
        Override.Status.IN_FORCE: _("The override is in force."),
        Override.Status.REJECTED: _("The override is rejected."),
    }
    messages.success(
        request, texts.get(Override.Status(decided.status), _("Your vote counts. Others have to follow."))
    )
    return redirect("tiering:override", pk)


@requires("tiering.decide_proposals")
@require_POST
def committee(request: Request, pk: int) -> HttpResponse:
    """Let several officers decide on an override."""
    found, form = find(request, pk), CommitteeForm(request.POST)
    if not form.is_valid():
        return refused(request, found, DomainError())
    terms = form.cleaned_data
    return act(
        request,
        found,
        lambda found, user: request_override_committee(override=found, by=user, **terms),
        _("A committee decides. Those who may vote are told."),
    )


@requires("tiering.decide_proposals")
@require_POST
def end(request: Request, pk: int) -> HttpResponse:
    """Let an override in force end now."""
    form = OverrideEndForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    return act(
        request,
        find(request, pk),
        lambda found, user: end_override(override=found, by=user, reason=reason),
        _("The override is ended. The criteria tier the client again."),
    )


@requires("tiering.request_overrides")
@require_POST
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Take back what one asked for."""
    return act(
        request,
        find(request, pk),
        lambda found, user: withdraw_override(override=found, by=user),
        _("The override is withdrawn."),
    )


@requires("tiering.validate_criteria")
@require_safe
def rates(request: Request) -> HttpResponse:
    """How often criteria are overridden, by officer, segment and month, and what became of it; `file` as CSV."""
    schemes = list(TierScheme.objects.filter(criteria__isnull=False).order_by("-is_primary", "pk"))
    key, outcome = request.GET.get("scheme", ""), request.GET.get("outcome", "")
    scheme = next((one for one in schemes if one.key == key), schemes[0] if schemes else None)
    context = {"schemes": schemes, "scheme": scheme, "outcomes": OUTCOMES.values()}
    if scheme is None:
        return render(request, "tiering/overrides/rates.html", context)
    now, chosen = timezone.now(), OUTCOMES.get(outcome, OUTCOMES["default"])
    found = rates_of(scheme, now, chosen.key)
    if "file" in request.GET:
        return csv_file(rates_csv(found), f"override-rates-{scheme.key}.csv")
    return render(
        request,
        "tiering/overrides/rates.html",
        {**context, "outcome": chosen, "page": rates_page(found, now)},
    )


@requires("tiering.view_proposals")
@require_safe
def client_overrides(request: Request, pk: int) -> HttpResponse:
    """A card of the client page: the client's latest overrides, in every scheme; empty where there are none."""
    client, now = find_client(request, pk), timezone.now()
    rows = latest_of(client, request.user, now, OF_A_CLIENT) if may_have(client, Override) else []
    if not rows:
        return HttpResponse()
    context = {"lines": lines_of(rows, now), "client": client}
    context["may_ask"] = request.user.has_perm("tiering.request_overrides", client)
    return render(request, "tiering/overrides/_client.html", context)


def csv_file(text: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def find(request: Request, pk: int) -> Override:
    return get_object_or_404(Override.objects.visible_to(request.user).select_related(*SHOWN), pk=pk)


def filters(request: Request) -> RegisterForm:
    return RegisterForm(
        request.GET,
        people=people_of(request.user),
        segments=segment_choices(request.user, timezone.now()),
    )


def page_of(
    request: Request, found: Override, error: DomainError | None = None, comment: str = ""
) -> HttpResponse:
    needs_comment = isinstance(error, CommentRequired)
    context = {
        "override": found,
        "detail": detail_of(found, request.user, timezone.now()),
        "end_form": OverrideEndForm(),
        "comment": comment,
        "comment_error": str(error) if error and needs_comment else "",
        "refused": str(error) if error and not needs_comment else "",
    }
    return render(request, "tiering/overrides/override.html", context, status=error.status if error else 200)


def refused(request: Request, found: Override, error: DomainError, comment: str = "") -> HttpResponse:
    """A refusal on top of the truth as it is now; what was typed stays."""
    return page_of(request, find(request, found.pk), error, comment)


def act(
    request: Request, found: Override, what: Callable[[Override, User], object], done: str
) -> HttpResponse:
    try:
        what(found, request.user)
    except DomainError as error:
        return refused(request, found, error)
    messages.success(request, done)
    return redirect("tiering:override", found.pk)
