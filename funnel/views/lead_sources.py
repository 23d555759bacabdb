"""Where leads come from, with the addresses of their web forms; and by which criteria prospects are scored."""

from __future__ import annotations

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.access import requires
from crm.http import Request
from crm.repeats import do_once
from crm.views.who import done_or_told, form_page
from funnel.forms_prospects import ScreeningForm, SourceForm
from funnel.lead_tokens import address_of
from funnel.models import LeadSource
from funnel.selectors.screening import screening
from funnel.services import lead_sources
from funnel.services.screening import choose_screening

READING, WRITING = "funnel.view_prospects", "funnel.write_lead_sources"


@requires(READING)
@require_safe
def sources(request: Request) -> HttpResponse:
    """Sources with what came of their prospects."""
    rows = LeadSource.objects.visible_to(request.user).select_related("owner", "team")
    counted = rows.annotate(
        came=Count("prospects"),
        waiting=Count("prospects", filter=Q(prospects__status__in=["new", "contacted"])),
        qualified=Count("prospects", filter=Q(prospects__status="qualified")),
        rejected=Count("prospects", filter=Q(prospects__status="rejected")),
        doubles=Count("prospects", filter=Q(prospects__status="duplicate")),
        won=Count("prospects", filter=Q(prospects__case__stage__outcome="won")),
    )
    lines = [(one, address_of(one) if one.is_open else "", _share(one)) for one in counted]
    context = {
        "rows": lines,
        "may_write": request.user.has_perm(WRITING),
        "may_screen": request.user.has_perm("funnel.write_screening"),
        "screening": screening(),
    }
    return render(request, "funnel/prospects/sources.html", context)


def _share(source: LeadSource) -> float | None:
    """How many of those about whom somebody decided became clients: 0–1."""
    decided = source.qualified + source.rejected + source.doubles  # type: ignore[attr-defined]
    return source.qualified / decided if decided else None  # type: ignore[attr-defined]


@requires(WRITING)
@require_http_methods(["GET", "HEAD", "POST"])
def source_new(request: Request) -> HttpResponse:
    form = SourceForm(request.POST or None, user=request.user)

    def act() -> None:
        do_once(request, lambda: lead_sources.add_source(by=request.user, **form.cleaned_data).pk)

    return form_page(
        request,
        form=form,
        act=act,
        title=_("New source"),
        done=_("The source is there."),
        back=("funnel:lead-sources",),
        back_name=_("Sources of leads"),
    )


@requires(WRITING)
@require_http_methods(["GET", "HEAD", "POST"])
def source_edit(request: Request, pk: int) -> HttpResponse:
    found = get_object_or_404(LeadSource.objects.visible_to(request.user), pk=pk)
    form = SourceForm(request.POST or None, user=request.user, source=found)
    return form_page(
        request,
        form=form,
        act=lambda: lead_sources.change_source(by=request.user, source=found, **form.cleaned_data),
        title=found.name,
        done=_("The source is changed."),
        back=("funnel:lead-sources",),
        back_name=_("Sources of leads"),
    )


@requires(WRITING)
@require_POST
def source_renew(request: Request, pk: int) -> HttpResponse:
    """Give the form of a source another address."""
    found = get_object_or_404(LeadSource.objects.visible_to(request.user), pk=pk)
    return done_or_told(
        request,
        lambda: lead_sources.renew_address(by=request.user, source=found),
        _("The form has another address; the former one leads nowhere."),
        ("funnel:lead-sources",),
    )


@requires("funnel.write_screening")
@require_http_methods(["GET", "HEAD", "POST"])
def screening_edit(request: Request) -> HttpResponse:
    """By whose criteria prospects are scored, and how many of a tier somebody has in hand at most."""
    form = ScreeningForm(request.POST or None, screening=screening())
    return form_page(
        request,
        form=form,
        act=lambda: choose_screening(by=request.user, **form.given()),
        title=_("Screening of prospects"),
        done=_("Prospects are scored anew."),
        back=("funnel:lead-sources",),
        back_name=_("Sources of leads"),
        intro=_(
            "Publish the criteria first, as a scheme of its own. How many of a tier one person has in hand at once"
            " keeps further ones of that tier back in the order of whom to contact next."
        ),
    )
