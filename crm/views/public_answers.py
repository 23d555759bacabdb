"""A questionnaire as a client sees it: by its link alone, without an account, and with nothing of Strata around it.

The address is what admits: no cookie is read or set, so there is no session for a foreign page to borrow and nothing
for a CSRF token to protect. Everything is refused alike whether a link never was or is no more, but for the thanks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allauth.core.internal import ratelimit
from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from crm.access import public
from crm.core.questions import Document
from crm.errors import Invalid
from crm.formats import reads_chinese
from crm.forms.answers import answers_in, sections_of
from crm.link_tokens import nonce_of
from crm.models import AnswerLink
from crm.services.answers import LinkClosed, answer_by_link, keep_draft, open_link

MOST_BYTES = 200_000
STRICT = {"img-src": None, "font-src": None, "connect-src": None}
"""What pages of the application need and this one does not: scripts and styles of ours are all that it loads."""
HEADERS = {"X-Robots-Tag": "noindex, nofollow, noarchive", "Referrer-Policy": "no-referrer"}


@public
@csrf_exempt
@csp_replace(STRICT)  # type: ignore[arg-type]  # its hints know no view that takes more than the request
@require_http_methods(["GET", "HEAD", "POST"])
def questionnaire(request: HttpRequest, token: str) -> HttpResponse:
    """Show it, keep what was filled in, or hand it in; `lang` in the address switches the language."""
    with translation.override(language_asked(request)):
        if not admitted(request, token):
            return page(request, "busy.html", {}, 429)
        if request.method == "POST" and too_large(request):
            return page(request, "closed.html", {"state": "too_large"}, 413)
        try:
            return answered(request, token)
        except LinkClosed as error:
            return closed(request, token, error.state)


def admitted(request: HttpRequest, token: str) -> bool:
    """Whether the sender stays within the rates of the house, per address and per link."""
    return bool(
        ratelimit.consume(
            request,
            app="crm",
            action="questionnaire",
            config={"questionnaire": settings.QUESTIONNAIRE_RATES},
            key=token,
            limit_get=True,
        )
    )


def too_large(request: HttpRequest) -> bool:
    return int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES


def language_asked(request: HttpRequest, usual: str = settings.LANGUAGE_CODE) -> str:
    """The language that the address asks for, else the usual one."""
    asked = request.GET.get("lang", "")
    return asked if asked in dict(settings.LANGUAGES) else usual


def answered(request: HttpRequest, token: str) -> HttpResponse:
    """Raises LinkClosed."""
    nonce, now = nonce_of(token), timezone.now()
    link = open_link(nonce=nonce, now=now)
    document, language = link.version.read(), language_asked(request, link.language)
    with translation.override(language):
        if request.method != "POST":
            return form_page(request, link, document, link.draft, {})
        answers = answers_in(document, request.POST)
        try:
            if request.POST.get("act") == "keep":
                link = keep_draft(nonce=nonce, now=now, answers=answers)
                return form_page(request, link, document, answers, {}, kept=True)
            answer_by_link(nonce=nonce, now=now, answers=answers)
        except Invalid as error:
            return form_page(request, link, document, answers, error.fields)
        return HttpResponseRedirect(f"{request.path}?lang={language}", headers=HEADERS)


def form_page(
    request: HttpRequest,
    link: AnswerLink,
    document: Document,
    answers: Mapping[str, Any],
    errors: Mapping[str, list[str]],
    *,
    kept: bool = False,
) -> HttpResponse:
    chinese = reads_chinese()
    context = {
        "title": document.title.read(chinese),
        "intro": document.intro.read(chinese),
        "sections": sections_of(document, answers, chinese=chinese, errors=errors),
        "faults": sum(bool(found) for found in errors.values()),
        "whole": errors.get("", []),
        "expires_at": link.expires_at,
        "resumed": bool(link.draft) and request.method != "POST",
        "kept": kept,
        "may_switch": True,
    }
    return page(request, "answer.html", context, 422 if errors else 200)


def closed(request: HttpRequest, token: str, state: str) -> HttpResponse:
    """That it cannot be answered; who has answered reads the thanks of the questionnaire."""
    link = None
    if state == "answered":
        nonce = nonce_of(token)
        assert nonce is not None, "an answered link is one of ours"
        link = AnswerLink.objects.select_related("version").get(nonce=nonce)
    with translation.override(language_asked(request, link.language if link else settings.LANGUAGE_CODE)):
        thanks = link.version.read().thanks.read(reads_chinese()) if link else ""
        context = {"state": state, "thanks": thanks, "may_switch": True}
        return page(request, "closed.html", context, 410)


def page(request: HttpRequest, template: str, context: dict[str, Any], status: int) -> HttpResponse:
    languages = [
        {"code": code, "name": translation.get_language_info(code)["name_local"].capitalize()}
        for code, _name in settings.LANGUAGES
        if code != translation.get_language()
    ]
    response = render(
        request, f"crm/questionnaires/public/{template}", {**context, "languages": languages}, status=status
    )
    for name, value in {**HEADERS, "Content-Language": translation.get_language() or ""}.items():
        response[name] = value
    return response
