"""The form of a source, as a stranger sees it: by its signed address, without an account or a cookie.

Whatever is sent, the answer is the same thanks: nothing tells whether somebody is known already. What machines fill in,
and what is sent a second time, is thanked for alike and not kept.
"""

from __future__ import annotations

import hashlib
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
from crm.errors import Invalid
from crm.imports.kinds.common import CHINESE
from crm.views.public_answers import HEADERS, STRICT, language_asked, too_large
from funnel.forms_prospects import LeadForm
from funnel.lead_tokens import nonce_of
from funnel.models import LeadSource
from funnel.services.lead_sources import open_source
from funnel.services.prospects import take_lead

DONE = "done"


@public
@csrf_exempt
@csp_replace(STRICT)  # type: ignore[arg-type]  # its hints know no view that takes more than the request
@require_http_methods(["GET", "HEAD", "POST"])
def lead_form(request: HttpRequest, token: str) -> HttpResponse:
    """Show the form, or take what it says; `lang` in the address switches the language."""
    with translation.override(language_asked(request)):
        if not _admitted(request, token):
            return _page(request, {"state": "busy"}, 429)
        source = open_source(nonce_of(token))
        if source is None:
            return _page(request, {"state": "closed"}, 410)
        if DONE in request.GET:
            return _page(request, {"state": "done"}, 200)
        if request.method == "POST" and too_large(request):
            return _page(request, {"state": "too_large"}, 413)
        return _answered(request, source)


def _admitted(request: HttpRequest, token: str) -> bool:
    """Whether the sender stays within the rates of the house; what is sent counts for more than what is looked at."""
    rates = settings.LEAD_RATES if request.method == "POST" else settings.QUESTIONNAIRE_RATES
    return bool(
        ratelimit.consume(
            request,
            app="funnel",
            action=f"lead-{request.method}",
            config={f"lead-{request.method}": rates},
            key=token,
            limit_get=True,
        )
    )


def _answered(request: HttpRequest, source: LeadSource) -> HttpResponse:
    form = LeadForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            _take(source, form.cleaned_data)
        except Invalid as error:
            for name, messages in error.fields.items():
                for message in messages:
                    form.add_error(name if name in form.fields else None, message)
        else:
            language = translation.get_language()
            return HttpResponseRedirect(f"{request.path}?{DONE}=1&lang={language}", headers=HEADERS)
    return _page(request, {"state": "open", "source": source, "form": form}, 422 if form.errors else 200)


def _take(source: LeadSource, said: dict[str, Any]) -> None:
    """Raises Invalid."""
    if said["website"]:
        return
    company, today = said["company"], timezone.localdate()
    told = "\n".join(f"{key}={said[key]}" for key in sorted(said) if key != "website")
    same_day = hashlib.sha256(f"{today}\n{told}".encode()).hexdigest()[:40]
    take_lead(
        source=source,
        by=None,
        reference=f"form-{same_day}",
        phone=said["phone"],
        consent_words=source.consent_words,
        consent="given",
        consent_on=today,
        language=translation.get_language() or "",
        **{"name_zh" if CHINESE.search(company) else "name_en": company},
        **{key: said[key] for key in ("person_name", "email", "region", "product", "amount", "message")},
    )


def _page(request: HttpRequest, context: dict[str, Any], status: int) -> HttpResponse:
    languages = [
        {"code": code, "name": translation.get_language_info(code)["name_local"].capitalize()}
        for code, _name in settings.LANGUAGES
        if code != translation.get_language()
    ]
    shared = {"languages": languages, "may_switch": context["state"] != "done"}
    response = render(request, "funnel/prospects/public.html", {**context, **shared}, status=status)
    for name, value in {**HEADERS, "Content-Language": translation.get_language() or ""}.items():
        response[name] = value
    return response
