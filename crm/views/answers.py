"""Questionnaires of one client: what was answered, links that are out, and filling one in for it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.access import requires
from crm.errors import DomainError, Invalid
from crm.formats import reads_chinese
from crm.forms.answers import AnsweredOnForm, LinkForm, answers_in, sections_of
from crm.http import Request
from crm.ids import id_of
from crm.link_tokens import address_of
from crm.models import AnswerLink, Response
from crm.repeats import do_once
from crm.selectors.questionnaires import in_use, said_in
from crm.services import answers as services
from crm.views.client_page import find_client
from crm.views.people import find_own_client
from crm.views.who import done_or_told, form_page

TAB = "questionnaires"
SHOWN = 50


@requires("crm.view_client")
@require_safe
def client_questionnaires(request: Request, pk: int) -> HttpResponse:
    """The tab: answers, those that wait first, and links that are out."""
    found, now = find_client(request, pk), timezone.now()
    rows = (
        Response.objects.visible_to(request.user).filter(client=found).select_related("version", "entered_by")
    )
    links = AnswerLink.objects.visible_to(request.user).filter(client=found).open(now)
    can_change = request.user.has_perm("crm.change_client", found)
    context = {
        "client": found,
        "responses": rows[:SHOWN],
        "links": [
            (link, address_of(link) if can_change else "")
            for link in links.select_related("version", "person")
        ],
        "versions": list(in_use()) if can_change else [],
        "can_change": can_change,
    }
    return render(request, "crm/questionnaires/_client_tab.html", context)


@requires("crm.change_client")
@require_http_methods(["GET", "HEAD", "POST"])
def answers_new(request: Request, pk: int) -> HttpResponse:
    """Fill in for the client the version that the address names."""
    found = find_own_client(request, pk)
    version = in_use().filter(pk=id_of(request.GET.get("version")) or 0).first()
    if version is None:
        messages.error(request, _("This questionnaire is not in use. Choose another one."))
        return redirect("crm:client-tab", pk, TAB)
    document, sent = version.read(), request.POST if request.method == "POST" else None
    form, answers, errors = AnsweredOnForm(sent), answers_in(document, request.POST), {}
    if form.is_valid():
        given = {"client": found, "version": version, "answers": answers, **form.cleaned_data}
        try:
            made = do_once(request, lambda: services.enter_answers(by=request.user, **given).pk)
        except Invalid as error:
            errors = error.fields
            for text in (*errors.get("answered_on", ()), *errors.get("", ())):
                form.add_error("answered_on", text)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The answers are kept."))
            return redirect("crm:response", made)
    context = {
        "client": found,
        "version": version,
        "intro": document.intro.read(reads_chinese()),
        "form": form,
        "sections": sections_of(document, answers, chinese=reads_chinese(), errors=errors),
        "faults": len(errors),
    }
    return render(
        request, "crm/questionnaires/fill.html", context, status=422 if errors or form.errors else 200
    )


@requires("crm.change_client")
@require_http_methods(["GET", "HEAD", "POST"])
def link_new(request: Request, pk: int) -> HttpResponse:
    found = find_own_client(request, pk)
    person = found.people.filter(ended_on=None).first()
    initial = {
        "version": id_of(request.GET.get("version")),
        "person": person,
        "language": (person and person.language) or get_language(),
    }
    form = LinkForm(
        request.POST if request.method == "POST" else None, client=found, versions=in_use(), initial=initial
    )
    return form_page(
        request,
        form=form,
        act=lambda: do_once(request, lambda: _make(request, found, form.cleaned_data)),
        title=_("Link to a questionnaire"),
        done=_("The link is made. Copy it from the list below."),
        back=("crm:client-tab", pk, TAB),
        client=found,
        intro=_("Whoever has the link can answer once, without an account, until it expires."),
    )


def _make(request: Request, found: Any, said: dict[str, Any]) -> int:
    questionnaire = said.pop("version").questionnaire
    return services.make_link(by=request.user, client=found, questionnaire=questionnaire, **said).pk


@requires("crm.change_client")
@require_POST
def link_revoke(request: Request, pk: int) -> HttpResponse:
    link = get_object_or_404(AnswerLink.objects.visible_to(request.user), pk=pk)
    return done_or_told(
        request,
        lambda: services.revoke_link(by=request.user, link=link),
        _("The link opens nothing any more."),
        ("crm:client-tab", link.client_id, TAB),
    )


@requires("crm.view_client")
@require_safe
def response(request: Request, pk: int) -> HttpResponse:
    """What was answered, and what became of it."""
    rows = Response.objects.visible_to(request.user)
    found = get_object_or_404(
        rows.select_related("client", "version__questionnaire", "entered_by", "decided_by", "link__person"),
        pk=pk,
    )
    context = {
        "response": found,
        "client": found.client,
        "sections": said_in(found),
        "can_decide": found.status == Response.Status.WAITING
        and request.user.has_perm("crm.change_client", found.client),
    }
    return render(request, "crm/questionnaires/response.html", context)


@requires("crm.change_client")
@require_POST
def response_decide(request: Request, pk: int) -> HttpResponse:
    """Let answers that wait count, or set them aside."""
    found = get_object_or_404(Response.objects.visible_to(request.user), pk=pk)
    back = ("crm:response", pk)
    if request.POST.get("act") == "confirm":
        return done_or_told(
            request,
            lambda: services.confirm_answers(by=request.user, response=found),
            _("The answers count."),
            back,
        )
    reason = request.POST.get("reason", "")
    return done_or_told(
        request,
        lambda: services.set_aside(by=request.user, response=found, reason=reason),
        _("The answers are set aside."),
        back,
    )
