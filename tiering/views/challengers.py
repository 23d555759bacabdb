"""Versions that run beside what is in effect: begun, looked at, ended. Of the whole book, for who may validate."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.access import requires
from crm.http import Request
from crm.ids import id_of
from crm.repeats import do_once
from crm.views.saying import refused_in, saying
from tiering.forms_validation import ChallengeForm
from tiering.models import Challenger, TierScheme
from tiering.pages.challengers import course_of, lines_of, since_lines
from tiering.selectors.challengers import OUTCOME, challengers_of, every_challenger, versions_to_challenge
from tiering.selectors.criteria import effective_version
from tiering.services.challengers import end_challenge, start_challenge
from tiering.services.nights import KEPT_NIGHTS


@requires("tiering.validate_criteria", post="tiering.write_criteria")
@require_http_methods(["GET", "HEAD", "POST"])
def challengers(request: Request, pk: int) -> HttpResponse:
    """The challengers of a scheme, one of them at length; a POST begins one."""
    scheme = get_object_or_404(TierScheme, pk=pk)
    versions = versions_to_challenge(scheme, timezone.now())
    if request.method != "POST":
        chosen = {"version": request.GET.get("version", "")}
        return page(request, scheme, ChallengeForm(versions=versions, initial=chosen))
    form = ChallengeForm(request.POST, versions=versions)
    if form.is_valid():
        terms = {**form.cleaned_data, "started_by": request.user}
        with refused_in(form):
            begun = do_once(request, lambda: start_challenge(**terms).pk)
            messages.success(request, _("It runs from the next night on."))
            return redirect(f"{reverse('tiering:challengers', args=[pk])}?challenger={begun}")
    return page(request, scheme, form)


def page(request: Request, scheme: TierScheme, form: ChallengeForm) -> HttpResponse:
    found = challengers_of(scheme)
    asked = id_of(request.GET.get("challenger", ""))
    chosen = next((one for one in found if one.pk == asked), found[0] if found else None)
    context: dict[str, Any] = {
        "scheme": scheme,
        "version": effective_version(scheme, timezone.now()),
        "lines": lines_of(found, chosen),
        "chosen": chosen,
        "course": course_of(chosen) if chosen else None,
        "form": form,
        "may_write": request.user.has_perm("tiering.write_criteria"),
        "kept_nights": KEPT_NIGHTS,
    }
    return render(request, "tiering/validation/challengers.html", context, status=422 if form.errors else 200)


@requires("tiering.validate_criteria")
@require_safe
def outcome(request: Request, pk: int) -> HttpResponse:
    """What became of the clients of a challenger's first night: a fragment of its page, for it looks at all of them."""
    challenger = get_object_or_404(every_challenger(), pk=pk)
    course = course_of(challenger)
    today = timezone.localdate()
    context: dict[str, Any] = {"course": course, "outcome": OUTCOME}
    if course:
        context |= {"lines": since_lines(course, today), "days": (today - course.first.day).days}
    return render(request, "tiering/validation/_since.html", context)


@requires("tiering.write_criteria")
@require_POST
def end(request: Request, pk: int) -> HttpResponse:
    """Let a challenger run no more."""
    challenger = get_object_or_404(Challenger, pk=pk)
    with saying(request, _("It runs no more. What it found stays.")):
        end_challenge(challenger=challenger, ended_by=request.user)
    return redirect("tiering:challengers", challenger.scheme_id)
