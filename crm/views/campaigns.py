"""Campaigns: drafted, launched, answered, and what came of them."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.access import requires
from crm.errors import DomainError
from crm.forms.campaigns import CampaignForm, TextForm
from crm.http import Request
from crm.ids import id_of
from crm.models import Campaign, CampaignText, Invitation
from crm.paging import Order, page_asked
from crm.repeats import do_once
from crm.selectors.campaign_audience import audience_of
from crm.selectors.campaigns import campaigns_of, cases_by_id, left_out_of, results_of
from crm.services import campaigns as services
from crm.views.saying import saying
from crm.views.who import form_page

READING, WRITING = "crm.view_client", "crm.write_campaigns"
PAGE_SIZE = 50
BY_ID = Order("pk")


@requires(READING)
@require_safe
def campaign_list(request: Request) -> HttpResponse:
    context = {"campaigns": campaigns_of(request.user), "may_write": request.user.has_perm(WRITING)}
    return render(request, "crm/campaigns/list.html", context)


@requires(WRITING)
@require_http_methods(["GET", "HEAD", "POST"])
def campaign_new(request: Request) -> HttpResponse:
    form = CampaignForm(request.POST if request.method == "POST" else None, user=request.user)
    return form_page(
        request,
        form=form,
        act=lambda: do_once(
            request, lambda: services.start_campaign(by=request.user, **form.cleaned_data).pk
        ),
        title=_("New campaign"),
        done=_("The draft is begun. Write what the clients are told."),
        back=("crm:campaigns",),
    )


@requires(READING)
@require_safe
def campaign(request: Request, pk: int) -> HttpResponse:
    """A draft with its words and who would be invited; a launched one with what came of it, client by client."""
    found = find_campaign(request, pk)
    own = Campaign.objects.changeable_by(request.user).filter(pk=pk).exists() and request.user.has_perm(
        WRITING
    )
    context: dict[str, Any] = {"campaign": found, "texts": found.texts.all(), "own": own}
    if found.is_draft:
        if own:
            audience = audience_of(found, by=request.user, day=timezone.localdate())
            reasons = Counter(one.left_out for one in audience if one.left_out)
            context["invited"] = sum(one.is_invited for one in audience)
            context["left_out"] = [
                (Invitation.LeftOut(reason).label, number) for reason, number in reasons.most_common()
            ]
        return render(request, "crm/campaigns/draft.html", context)
    rows = (
        Invitation.objects.visible_to(request.user).filter(campaign=found).select_related("client", "person")
    )
    if wanted := request.GET.get("answer"):
        rows = rows.filter(answer=wanted)
    page = page_asked(request.GET, rows.select_related("link"), BY_ID, PAGE_SIZE)
    context |= {
        "results": results_of(found, request.user),
        "left_out": left_out_of(found, request.user),
        "page": page,
        "may_note": request.user.has_perm(WRITING),
        "cases": cases_by_id(rows, request.user),
        "answers": [choice for choice in Invitation.Answer.choices if choice[0]],
    }
    return render(request, "crm/campaigns/campaign.html", context)


@requires(WRITING)
@require_http_methods(["GET", "HEAD", "POST"])
def campaign_edit(request: Request, pk: int) -> HttpResponse:
    found = find_own_campaign(request, pk)
    sent = request.POST if request.method == "POST" else None
    form = CampaignForm(sent, user=request.user, campaign=found)
    return form_page(
        request,
        form=form,
        act=lambda: services.change_campaign(by=request.user, campaign=found, **form.cleaned_data),
        title=_("Change the campaign"),
        done=_("Saved."),
        back=("crm:campaign", pk),
    )


@requires(WRITING)
@require_http_methods(["GET", "HEAD", "POST"])
def text_new(request: Request, pk: int) -> HttpResponse:
    return text_page(request, find_own_campaign(request, pk), None)


@requires(WRITING)
@require_http_methods(["GET", "HEAD", "POST"])
def text_edit(request: Request, pk: int) -> HttpResponse:
    texts = CampaignText.objects.filter(campaign__in=Campaign.objects.visible_to(request.user))
    text = get_object_or_404(texts.select_related("campaign"), pk=pk)
    return text_page(request, find_own_campaign(request, text.campaign_id), text)


def text_page(request: Request, found: Campaign, text: CampaignText | None) -> HttpResponse:
    sent, day = (request.POST if request.method == "POST" else None), timezone.localdate()
    form = TextForm(sent, user=request.user, day=day, campaign=found, text=text)
    return form_page(
        request,
        form=form,
        act=lambda: services.put_text(by=request.user, campaign=found, text=text, **form.cleaned_data),
        title=_("What the clients are told"),
        done=_("Saved."),
        back=("crm:campaign", found.pk),
    )


@requires(WRITING)
@require_POST
def campaign_act(request: Request, pk: int) -> HttpResponse:
    """Launch a draft, close a running one, or take words away."""
    found, act = find_own_campaign(request, pk), request.POST.get("act")
    if act == "launch":
        with saying(request, _("The campaign is launched.")):
            version = id_of(request.POST.get("version")) or 0
            services.launch_campaign(by=request.user, campaign=found, version=version)
    elif act == "close":
        with saying(request, _("The campaign is closed.")):
            services.close_campaign(by=request.user, campaign=found)
    elif act == "untext":
        text = get_object_or_404(found.texts.all(), pk=id_of(request.POST.get("text")))
        with saying(request, _("The words are gone.")):
            version = id_of(request.POST.get("version")) or 0
            services.remove_text(by=request.user, text=text, version=version)
    return redirect("crm:campaign", pk)


@requires(WRITING)
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: Request, pk: int) -> HttpResponse:
    """What came of one invitation: the answer, whether somebody attended, and the case."""
    rows = Invitation.objects.visible_to(request.user).select_related(
        "client", "campaign", "person", "text", "link"
    )
    found = get_object_or_404(rows, pk=pk)
    if request.method == "POST":
        try:
            services.note_answer(
                by=request.user,
                invitation=found,
                answer=request.POST.get("answer", ""),
                attended="attended" in request.POST,
                case=id_of(request.POST.get("case")),
            )
        except services.NotPermitted as error:
            raise PermissionDenied(str(error)) from error
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("crm:campaign", found.campaign_id)
    context = {
        "invitation": found,
        "answers": Invitation.Answer.choices,
        "cases": services.cases_of(found, request.user),
    }
    return render(request, "crm/campaigns/invitation.html", context)


def find_campaign(request: Request, pk: int) -> Campaign:
    rows = Campaign.objects.visible_to(request.user).select_related(
        "owner", "segment__owner", "questionnaire"
    )
    return get_object_or_404(rows, pk=pk)


def find_own_campaign(request: Request, pk: int) -> Campaign:
    """The campaign, where the user may change it; 404 where they may not even see it."""
    found = find_campaign(request, pk)
    if not Campaign.objects.changeable_by(request.user).filter(pk=pk).exists():
        raise PermissionDenied
    return found
