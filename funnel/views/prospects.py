"""Prospects: the list, whom to contact next, and the page of one with what is done about it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import push_url

from crm.access import requires
from crm.errors import DomainError, NotPermitted
from crm.http import Request
from crm.ids import id_of
from crm.paging import count_of
from crm.repeats import do_once
from crm.views.who import done_or_told, form_page
from funnel.forms_prospects import AssignForm, ContactForm, ProspectForm, QualifyForm, RejectForm
from funnel.models import Prospect, ProspectEdit, ProspectTwin
from funnel.selectors.next_best import candidates, ranked, reasons_of
from funnel.selectors.prospect_list import ProspectList
from funnel.selectors.prospects import act_to_take_back, facts_shown, twins_of, visible_prospects
from funnel.selectors.screening import account_of_prospect, screening
from funnel.services import prospect_edits, prospects

READING, WRITING = "funnel.view_prospects", "funnel.write_prospects"
TABLE = "prospect-list"
FIRST_OF_NEXT = 30
LATER_DAYS = (1, 7, 30)
ACTS = {"qualify": QualifyForm, "reject": RejectForm}


@requires(READING)
@require_safe
def prospect_list(request: Request) -> HttpResponse:
    """The list; for an htmx request from its filters, headers and pager only the table."""
    query = ProspectList.read(request.GET, request.user)
    page = query.page(after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    context = {
        "query": query,
        "page": page,
        "count": count_of(query.prospects()),
        "heads": {head["key"]: head for head in query.heads()},
        "may_write": request.user.has_perm(WRITING),
        **_shared(request),
    }
    if request.htmx and request.htmx.target == TABLE:
        response = render(request, "funnel/prospects/_table.html", context)
        return push_url(response, f"{request.path}?{query.address()}")
    return render(request, "funnel/prospects/list.html", context | {"menus": query.menus()})


@requires(READING)
@require_safe
def next_to_contact(request: Request) -> HttpResponse:
    """Whom to contact next, with the reasons; of the prospects that the reader may work on, else of all they see."""
    may_write = request.user.has_perm(WRITING)
    seen = Prospect.objects.visible_to(request.user)
    day = timezone.localdate()
    some = seen.workable_by(request.user) if may_write else seen
    rows = ranked(some if may_write else candidates(some, day), day)
    context = {
        "rows": [(one, reasons_of(one)) for one in rows[:FIRST_OF_NEXT]],
        "count": count_of(some.to_contact(day)),
        "may_write": may_write,
        "later_days": LATER_DAYS,
        **_shared(request),
    }
    return render(request, "funnel/prospects/next.html", context)


def _shared(request: Request) -> dict[str, Any]:
    user = request.user
    return {
        "may_import": user.has_perm("crm.import_records"),
        "may_see_sources": user.has_perm(READING),
        "screening": screening(),
    }


def find_prospect(request: Request, pk: int) -> Prospect:
    found: Prospect = get_object_or_404(visible_prospects(request.user), pk=pk)
    return found


@requires(READING)
@require_safe
def prospect(request: Request, pk: int) -> HttpResponse:
    """Why it has its score, whom it looks like, what happened, and what may be done."""
    return prospect_page(request, find_prospect(request, pk))


def prospect_page(request: Request, found: Prospect, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {**_told(request, found), "contact_form": ContactForm(), **_forms(request), **more}
    return render(request, "funnel/prospects/prospect.html", context, status=status)


@requires(READING)
@require_safe
def peek(request: Request, pk: int) -> HttpResponse:
    """The essentials of a prospect beside the list."""
    return render(request, "funnel/prospects/_peek.html", _told(request, find_prospect(request, pk)))


def _told(request: Request, found: Prospect) -> dict[str, Any]:
    held = (
        request.user.has_perm(WRITING)
        and Prospect.objects.workable_by(request.user).filter(pk=found.pk).exists()
    )
    placed = ranked(Prospect.objects.filter(pk=found.pk), timezone.localdate()).first()
    return {
        "prospect": found,
        "account": account_of_prospect(found, timezone.now()),
        "score": getattr(found, "score", None),
        "twins": twins_of(found, request.user),
        "facts": facts_shown(found),
        "contacts": found.contacts.select_related("by"),
        "reasons": reasons_of(placed) if placed else [],
        "is_held": held,
        "can_work": held and found.is_open,
        "undoable": act_to_take_back(found, request.user),
        "later_days": LATER_DAYS,
        "today": timezone.localdate(),
    }


def _forms(request: Request) -> dict[str, Any]:
    return {
        "qualify_form": QualifyForm(),
        "reject_form": RejectForm(),
        "assign_form": AssignForm(user=request.user),
    }


@requires(WRITING)
@require_http_methods(["GET", "HEAD", "POST"])
def prospect_new(request: Request) -> HttpResponse:
    """Enter a prospect by hand."""
    form = ProspectForm(request.POST or None, user=request.user)

    def act() -> None:
        do_once(request, lambda: prospects.take_lead(by=request.user, **form.given())[0].pk)

    return form_page(
        request,
        form=form,
        act=act,
        title=_("New prospect"),
        done=_("The prospect is entered; it is scored in a moment."),
        back=("funnel:prospects",),
        back_name=_("Prospects"),
    )


@requires(WRITING)
@require_http_methods(["GET", "HEAD", "POST"])
def prospect_edit(request: Request, pk: int) -> HttpResponse:
    found = find_prospect(request, pk)
    if not Prospect.objects.workable_by(request.user).filter(pk=pk).exists():
        raise PermissionDenied(str(NotPermitted()))
    form = ProspectForm(request.POST or None, user=request.user, prospect=found)
    return form_page(
        request,
        form=form,
        act=lambda: prospects.change_prospect(by=request.user, prospect=found, **form.given()),
        title=_("Edit the prospect"),
        done=_("The prospect is changed."),
        back=("funnel:prospect", pk),
        back_name=found.name,
    )


@requires(WRITING)
@require_POST
def log_contact(request: Request, pk: int) -> HttpResponse:
    """Note a contact; the page comes back with what is wrong with it."""
    found, form = find_prospect(request, pk), ContactForm(request.POST)
    if not form.is_valid():
        return prospect_page(request, found, status=422, contact_form=form)

    def act() -> None:
        given = form.cleaned_data
        do_once(request, lambda: prospects.log_contact(by=request.user, prospect=found, **given).pk)

    return done_or_told(request, act, _("The contact is noted."), (_back(request, pk),))


@requires(WRITING)
@require_POST
def put_off(request: Request, pk: int) -> HttpResponse:
    """Leave a prospect alone for some days, or until a day."""
    found, today = find_prospect(request, pk), timezone.localdate()
    days = id_of(request.POST.get("days"))
    until = _day(request.POST.get("until", "")) or today
    if days and days <= 366:
        until = today + timedelta(days=days)
    return done_or_told(
        request,
        lambda: prospects.put_off(by=request.user, prospect=found, until=until, today=today),
        _("It is put off."),
        (_back(request, pk),),
    )


def _day(text: str) -> Any:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _back(request: Request, pk: int) -> str:
    """To the list of whom to contact next where the act was done there, else to the prospect."""
    on_list = request.POST.get("next") == "next"
    return reverse("funnel:prospects-next") if on_list else reverse("funnel:prospect", args=[pk])


@requires(WRITING)
@require_POST
def keep_apart(request: Request, pk: int) -> HttpResponse:
    """Note that a prospect is not whom it looks like."""
    twin = get_object_or_404(ProspectTwin.objects.visible_to(request.user).select_related("prospect"), pk=pk)
    back = id_of(request.POST.get("prospect")) or twin.prospect_id
    return done_or_told(
        request,
        lambda: prospects.keep_apart(by=request.user, twin=twin, reason=request.POST.get("reason", "")),
        _("Noted: they are not the same."),
        (reverse("funnel:prospect", args=[back]),),
    )


@requires(WRITING)
@require_POST
def reveal(request: Request, pk: int) -> HttpResponse:
    """Show the telephone number for a reason that is kept; this page alone has it."""
    found, number = find_prospect(request, pk), ""
    try:
        number = prospects.reveal_phone(
            by=request.user, prospect=found, reason=request.POST.get("reason", "")
        )
    except NotPermitted as error:
        raise PermissionDenied(str(error)) from error
    except DomainError as error:
        messages.error(request, str(error))
    response = prospect_page(request, found, status=200 if number else 422, number=number)
    response["Cache-Control"] = "no-store"
    return response


@requires(WRITING)
@require_POST
def act_on(request: Request, pk: int) -> HttpResponse:
    """Qualify, give to somebody, reject or merge one prospect, as at the version that was seen."""
    found, act = find_prospect(request, pk), request.POST.get("act", "")
    form: Any = AssignForm(request.POST, user=request.user) if act == "assign" else None
    if act in ACTS:
        form = ACTS[act](request.POST)
    if form is not None and not form.is_valid():
        return prospect_page(request, found, status=422, **{f"{act}_form": form})
    params = form.params() if form else {"client": _id(request, "client"), "other": _id(request, "other")}
    try:
        prospect_edits.act_on(
            by=request.user,
            prospect=found,
            version=_id(request, "version"),
            act=act,
            params={key: value for key, value in params.items() if value is not None},
        )
    except NotPermitted as error:
        raise PermissionDenied(str(error)) from error
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _done(act))
    return redirect("funnel:prospect", pk)


def _id(request: Request, name: str) -> int | None:
    return id_of(request.POST.get(name))


def _done(act: str) -> str:
    said = {
        "qualify": _("Qualified: the client and the case are there."),
        "assign": _("The prospect has another owner."),
        "reject": _("The prospect is rejected."),
        "merge": _("Noted as a duplicate."),
    }
    return said.get(act, "")


@requires(WRITING)
@require_POST
def take_back(request: Request, pk: int) -> HttpResponse:
    """Take one's own act on a prospect back."""
    found = find_prospect(request, pk)
    edit = act_to_take_back(found, request.user)
    if edit is None or len(edit.prospects) > 1:
        messages.error(request, _("This cannot be taken back here any more."))
        return redirect("funnel:prospect", pk)
    try:
        prospect_edits.undo(by=request.user, edit=edit)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("funnel:prospect", pk)
    if ProspectEdit.objects.get(pk=edit.pk).counts.get("kept"):
        return redirect("funnel:prospect-edit-page", edit.pk)
    messages.success(request, _("It is as it was before."))
    return redirect("funnel:prospect", pk)
