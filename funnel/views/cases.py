"""One case: its page, moving it, opening a new one."""

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
from funnel.errors import ReasonMissing
from funnel.forms import Move, NewCase
from funnel.models import Case
from funnel.selectors.board import cards, columns_with_totals
from funnel.selectors.gates import requirements
from funnel.selectors.tiers import primary_tier, tiers_in_force
from funnel.services.cases import open_case
from funnel.services.moves import move_case
from funnel.views.board import filter_of

FOUND_CLIENTS = 8


def visible_case(user: User, pk: int) -> Case:
    cases = (
        Case.objects.visible_to(user).for_cards().select_related("project", "opened_by", "stage__pipeline")
    )
    return get_object_or_404(cases, pk=pk)


@requires("funnel.view_cases")
@require_safe
def case_page(request: Request, pk: int) -> HttpResponse:
    case = visible_case(request.user, pk)
    return _case_page(request, case, Move(pipeline=case.stage.pipeline))


@requires("funnel.move_case")
@require_POST
def move(request: Request, pk: int) -> HttpResponse:
    """Move a case. The board gets the true state of card and totals back, whether the move was made or refused."""
    case = visible_case(request.user, pk)
    form = Move(request.POST, pipeline=case.stage.pipeline)
    refusal = _move(case, form, request.user)
    case = visible_case(request.user, pk)
    if request.htmx:
        return _board_answer(request, case, form, refusal)
    if form.errors:
        return _case_page(request, case, form, status=refusal.status if refusal else 400)
    messages.success(request, _moved_text(case))
    return redirect("funnel:case", pk)


def _move(case: Case, form: Move, user: User) -> DomainError | None:
    """Make the move, or leave in the form why not."""
    if not form.is_valid():
        return None
    given = form.cleaned_data
    try:
        move_case(
            case=case,
            to_stage=given["stage"],
            version=given["version"],
            moved_by=user,
            comment=given["comment"],
        )
    except DomainError as refusal:
        form.add_error("comment" if isinstance(refusal, ReasonMissing) else None, str(refusal))
        return refusal
    return None


def _moved_text(case: Case) -> str:
    return _("%(client)s is now in “%(stage)s”.") % {"client": case.client.name, "stage": case.stage}


def _board_answer(request: Request, case: Case, form: Move, refusal: DomainError | None) -> HttpResponse:
    columns = columns_with_totals(filter_of(request).cases(), case.stage.pipeline.stages.order_by("position"))
    context = {"columns": columns, "card": cards([case], request.user)[0]}
    reasons = [str(error) for errors in form.errors.values() for error in errors]
    status = refusal.status if refusal else 400 if reasons else 200
    response = render(request, "funnel/_move_answer.html", context, status=status)
    if refusal:
        response["X-Refusal"] = refusal.code
    toast = {"level": "error" if reasons else "success", "text": " ".join(reasons) or _moved_text(case)}
    return trigger_client_event(response, "toast", toast)


def _case_page(request: Request, case: Case, form: Move, status: int = 200) -> HttpResponse:
    ahead = case.stage.pipeline.stages.filter(position__gt=case.stage.position)
    context = {
        "case": case,
        "tier": primary_tier(case.client),
        "requirements": [] if case.stage.is_closed else requirements(case, ahead),
        "moves": case.moves.select_related("from_stage", "to_stage", "tier", "moved_by").order_by("-pk"),
        "form": form,
        "can_move": request.user.has_perm("funnel.move_case", case.client),
    }
    return render(request, "funnel/case.html", context, status=status)


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
    context = {"form": form, "chosen": chosen, "choices": _with_tiers([chosen] if chosen else [])}
    return render(request, "funnel/new_case.html", context, status=400 if form.errors else 200)


@requires("funnel.add_case")
@require_safe
def find_clients(request: Request) -> HttpResponse:
    """The clients of the user's book that match `q`, to choose one from."""
    term = request.GET.get("q", "")
    clients = Client.objects.visible_to(request.user).editable_by(request.user).matching(term)
    found = _with_tiers(clients.order_by("sort_key", "pk")[:FOUND_CLIENTS]) if term.strip() else []
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


def _with_tiers(clients) -> list[dict]:
    clients = list(clients)
    tiers = tiers_in_force(client.pk for client in clients)
    return [{"client": client, "tier": tiers.get(client.pk)} for client in clients]
