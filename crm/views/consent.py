"""What a client said about being contacted: a card beside its people, a badge, and the form."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.access import requires
from crm.forms.consent import ConsentForm
from crm.http import Request
from crm.models import ConsentRecord
from crm.presence import may_have
from crm.repeats import do_once
from crm.selectors.consent import blocks_of, in_force
from crm.services import consent as services
from crm.views.client_page import find_client
from crm.views.people import TAB, find_own_client
from crm.views.who import done_or_told, form_page


@requires("crm.view_client")
@require_safe
def consent_badge(request: Request, pk: int) -> HttpResponse:
    """Beside the client's name: that it, or somebody there, is not to be contacted."""
    found = find_client(request, pk)
    if not may_have(found, ConsentRecord):
        return HttpResponse()
    context = {"blocks": blocks_of(found, request.user, timezone.localdate())}
    return render(request, "crm/consent/_badge.html", context)


@requires("crm.view_client")
@require_safe
def client_consents(request: Request, pk: int) -> HttpResponse:
    """A card: what holds now, and what was said before."""
    found, day = find_client(request, pk), timezone.localdate()
    rows = ConsentRecord.objects.visible_to(request.user).filter(client=found)
    current = set(in_force(day).filter(client=found).values_list("pk", flat=True))
    context = {
        "client": found,
        "rows": [(row, row.pk in current) for row in rows.select_related("person", "recorded_by")],
        "can_change": request.user.has_perm("crm.change_client", found),
    }
    return render(request, "crm/consent/_card.html", context)


@requires("crm.change_client")
@require_http_methods(["GET", "HEAD", "POST"])
def consent_new(request: Request, pk: int) -> HttpResponse:
    found = find_own_client(request, pk)
    form = ConsentForm(request.POST if request.method == "POST" else None, client=found)
    return form_page(
        request,
        form=form,
        act=lambda: do_once(
            request, lambda: services.record_consent(by=request.user, client=found, **form.cleaned_data).pk
        ),
        title=_("Consent or do-not-contact"),
        done=_("Saved."),
        back=("crm:client-tab", pk, TAB),
        client=found,
    )


@requires("crm.change_client")
@require_POST
def consent_end(request: Request, pk: int) -> HttpResponse:
    record = get_object_or_404(ConsentRecord.objects.visible_to(request.user), pk=pk)
    return done_or_told(
        request,
        lambda: services.end_consent(by=request.user, record=record),
        _("It holds no more."),
        ("crm:client-tab", record.client_id, TAB),
    )
