"""Who is away and who decides instead; interests in clients."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.access import SIGNED_IN, requires
from crm.errors import DomainError, Invalid, NotPermitted
from crm.formats import listed, localized
from crm.forms.absences import AbsenceForm, InterestForm
from crm.http import Request
from crm.models import Absence, Interest
from crm.models.conduct import today
from crm.presence import may_have
from crm.repeats import do_once
from crm.selectors.absences import acting_for, people_entered_by
from crm.services import absences as services
from crm.views.client_page import find_client
from crm.views.saying import refused_in

PAST_SHOWN = 20
INTERESTS_SHOWN = 200


@requires(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def absence_list(request: Request) -> HttpResponse:
    """Absences that last or are to come, and the latest of those that are over; a POST enters one."""
    form = AbsenceForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid():
        given = form.given()
        with refused_in(form):
            do_once(request, lambda: services.enter_absence(by=request.user, **given).pk)
            messages.success(request, _("The absence is entered."))
            return redirect("crm:absences")
    day = today()
    seen = Absence.objects.visible_to(request.user).select_related("user__team", "deputy", "entered_by")
    context = {
        "form": form,
        "current": seen.filter(ends_on__gte=day).order_by("starts_on", "pk"),
        "past": seen.filter(ends_on__lt=day)[:PAST_SHOWN],
        "may_end": set(people_entered_by(request.user).values_list("pk", flat=True)),
        "acting_for": listed(localized(person) for person in acting_for(request.user, day)),
        "day": day,
    }
    return render(request, "crm/absences/list.html", context, status=422 if form.errors else 200)


@requires(SIGNED_IN)
@require_POST
def absence_end(request: Request, pk: int) -> HttpResponse:
    found = get_object_or_404(Absence.objects.visible_to(request.user), pk=pk)
    return act(
        request,
        lambda: services.end_absence(by=request.user, absence=found),
        _("The absence is ended."),
        redirect("crm:absences"),
    )


@requires("crm.view_interests")
@require_safe
def interest_list(request: Request) -> HttpResponse:
    """Interests that were declared: one's own; for auditors everyone's."""
    rows = Interest.objects.visible_to(request.user).select_related("user", "client")
    context = {"interests": rows[:INTERESTS_SHOWN], "shows_all": request.user.role == "auditor"}
    return render(request, "crm/absences/interests.html", context)


@requires("crm.declare_interest")
@require_http_methods(["GET", "HEAD", "POST"])
def interest_new(request: Request, pk: int) -> HttpResponse:
    """Declare an interest in a client."""
    found = find_client(request, pk)
    form = InterestForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.declare_interest(by=request.user, client=found, **form.cleaned_data)
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("The interest is declared. You decide nothing about this client."))
            return redirect("crm:client", pk)
    context = {"form": form, "client": found}
    return render(request, "crm/absences/interest_new.html", context, status=422 if form.errors else 200)


@requires("crm.declare_interest")
@require_POST
def interest_end(request: Request, pk: int) -> HttpResponse:
    found = get_object_or_404(Interest.objects.visible_to(request.user), pk=pk)
    return act(
        request,
        lambda: services.end_interest(by=request.user, interest=found),
        _("The interest is ended."),
        redirect("crm:interests"),
    )


@requires("crm.view_interests")
@require_safe
def client_interests(request: Request, pk: int) -> HttpResponse:
    """A card of the client page: interests in the client, as far as one may know of them."""
    found = find_client(request, pk)
    rows = Interest.objects.visible_to(request.user).current().filter(client=found).select_related("user")
    interests = list(rows) if may_have(found, Interest) else []
    own = any(row.user_id == request.user.pk for row in interests)
    may_declare = request.user.has_perm("crm.declare_interest") and not own
    context = {"client": found, "interests": interests, "may_declare": may_declare}
    return render(request, "crm/absences/_client_interests.html", context)


def act(request: Request, what: Callable[[], object], done: str, answer: HttpResponse) -> HttpResponse:
    try:
        what()
    except NotPermitted as error:
        raise PermissionDenied(str(error)) from error
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return answer
