"""One case: its page, moving it, opening a new one."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import trigger_client_event

from crm.access import requires
from crm.errors import DomainError
from crm.http import Request
from crm.ids import id_of
from crm.models import Client, User
from crm.repeats import do_once
from funnel.errors import GateNotMet, ReasonMissing, UnknownReason
from funnel.forms import Move, NewCase
from funnel.models import Case, Stage
from funnel.selectors.board import cards
from funnel.selectors.grouping import OF_OPEN_CASES, STAGE
from funnel.selectors.tiers import tiers_in_force
from funnel.services.cases import open_case
from funnel.services.moves import move_case
from funnel.views.case_page import case_page, visible_case

FOUND_CLIENTS = 8


@requires("funnel.view_cases")
@require_safe
def case(request: Request, pk: int) -> HttpResponse:
    """The page of a case."""
    return case_page(request, visible_case(request.user, pk))


@requires("funnel.move_case")
@require_POST
def move(request: Request, pk: int) -> HttpResponse:
    """Move a case. The board gets the true state of the card back, whether the move was made or refused."""
    case = _moving_case(request.user, pk)
    form = Move(request.POST, pipeline=case.stage.pipeline)
    refusal = _move(case, form, request.user)
    if request.htmx:
        if refusal:  # somebody else may have moved it
            case = _moving_case(request.user, pk)
        return _board_answer(request, case, form, refusal)
    case = visible_case(request.user, pk)
    if form.errors or refusal:
        missing = refusal.missing if isinstance(refusal, GateNotMet) else ()
        return case_page(request, case, form, missing, status=refusal.status if refusal else 400)
    messages.success(request, _moved_text(case))
    return redirect("funnel:case", pk)


def _moving_case(user: User, pk: int) -> Case:
    """The case with what a move asks of it and a card shows, or 404 where the user may not see its client."""
    cases = Case.objects.visible_to(user).for_board().select_related("stage__pipeline")
    return get_object_or_404(cases, pk=pk)


def _move(case: Case, form: Move, user: User) -> DomainError | None:
    """Make the move, so that the case is shown as it then is, or leave in the form why not."""
    if not form.is_valid():
        return None
    given = form.cleaned_data
    try:
        moved = move_case(
            case=case,
            to_stage=given["stage"],
            version=given["version"],
            moved_by=user,
            comment=given["comment"],
            reason=given["reason"],
        )
    except DomainError as refusal:
        if not isinstance(refusal, GateNotMet):
            form.add_error(field_of(refusal, given["stage"]), str(refusal))
        return refusal
    case.stage, case.entered_stage_at, case.version = moved.stage, moved.entered_stage_at, moved.version
    return None


def field_of(refusal: DomainError, stage: Stage) -> str | None:
    """The field of a move that a refusal is about."""
    if isinstance(refusal, UnknownReason):
        return "reason"
    if isinstance(refusal, ReasonMissing):
        return "reason" if stage.reasons.filter(is_retired=False).exists() else "comment"
    return None


def _moved_text(case: Case) -> str:
    return _("%(client)s is now in “%(stage)s”.") % {"client": case.client.name, "stage": case.stage}


def _board_answer(request: Request, case: Case, form: Move, refusal: DomainError | None) -> HttpResponse:
    """The card. What the columns then come to is asked for afterwards (`board.heads`): it is read over all their cases,
    and the card does not wait for that."""
    by = request.GET.get("by")
    context: dict[str, Any] = {
        "moved": {"cards": cards([case], request.user)},
        "by": by if by in OF_OPEN_CASES else STAGE,
    }
    reasons = [str(error) for errors in form.errors.values() for error in errors]
    if isinstance(refusal, GateNotMet):
        reasons.append(str(refusal))
        context["missing"] = refusal.missing
    status = refusal.status if refusal else 400 if reasons else 200
    response = render(request, "funnel/_move_answer.html", context, status=status)
    if refusal:
        response["X-Refusal"] = refusal.code
    toast = {"level": "error" if reasons else "success", "text": " ".join(reasons) or _moved_text(case)}
    return trigger_client_event(response, "toast", toast)


@requires("funnel.add_case")
@require_http_methods(["GET", "HEAD", "POST"])
def new_case(request: Request) -> HttpResponse:
    """Open a case for a client of one's own book; `?client=` chooses the client beforehand."""
    chosen = _own_client(request.user, request.POST.get("client") or request.GET.get("client"))
    form = NewCase(request.POST or None, user=request.user, client=chosen)
    if request.method == "POST" and form.is_valid():
        try:
            pk = do_once(request, lambda: open_case(opened_by=request.user, **form.cleaned_data).pk)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            case = visible_case(request.user, pk)
            messages.success(request, _("Case %(code)s is open.") % {"code": case.code})
            return redirect("funnel:case", case.pk)
    context = {"form": form, "chosen": chosen, "choices": with_tiers([chosen] if chosen else [])}
    return render(request, "funnel/new_case.html", context, status=400 if form.errors else 200)


@requires("funnel.add_case")
@require_safe
def find_clients(request: Request) -> HttpResponse:
    """The clients of the user's book that match `q`, to choose one from."""
    term = request.GET.get("q", "")
    clients = Client.objects.visible_to(request.user).editable_by(request.user).matching(term)
    found = with_tiers(clients.order_by("sort_key", "pk")[:FOUND_CLIENTS]) if term.strip() else []
    return render(request, "funnel/_client_choices.html", {"choices": found, "term": term})


@requires("funnel.add_case")
@require_safe
def find_projects(request: Request) -> HttpResponse:
    """The project field for the client that was chosen."""
    client = _own_client(request.user, request.GET.get("client"))
    form = NewCase(user=request.user, client=client)
    return render(request, "funnel/_project_field.html", {"form": form, "chosen": client})


def _own_client(user: User, pk: str | None) -> Client | None:
    """The client with that id in the user's book; None for anything else."""
    chosen = id_of(pk)
    if chosen is None:
        return None
    return Client.objects.visible_to(user).editable_by(user).filter(pk=chosen).first()


def with_tiers(clients: Iterable[Client]) -> list[dict[str, Any]]:
    """Clients to choose one from."""
    clients = list(clients)
    tiers = tiers_in_force(client.pk for client in clients)
    return [{"client": client, "tier": tiers.get(client.pk)} for client in clients]
