"""The notice centre: what one is told, the bell that asks for news, and how one wants to be told."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.access import SIGNED_IN, requires
from crm.cover import stood_in_for
from crm.errors import Invalid
from crm.forms.notices import NoticeSettingsForm
from crm.http import Request
from crm.ids import id_of, ids_of
from crm.models import Notice
from crm.notices import kinds
from crm.paging import Order, page_asked
from crm.selectors.notices import bell_of, kinds_for, urgent_news
from crm.services.notices import mark_all_read, mark_read, save_settings
from crm.telling import line_of
from crm.views.preferences import return_to

PAGE = 50


@requires(SIGNED_IN)
@require_safe
def notice_list(request: Request) -> HttpResponse:
    """What one is told, the newest first: all of it, or what is unread, or of one kind."""
    unread, kind = request.GET.get("show") == "unread", kinds.get(request.GET.get("kind", ""))
    standing_in = request.GET.get("show") == "standing-in" and bool(stood_in_for(request.user))
    if standing_in:
        notices = Notice.objects.standing_in(request.user).select_related("client", "recipient")
    else:
        notices = Notice.objects.visible_to(request.user).in_app().select_related("client")
    if unread:
        notices = notices.unread()
    if kind:
        notices = notices.filter(kind=kind.key)
    page = page_asked(request.GET, notices, Order("pk", descending=True), PAGE)
    context = {
        "page": page,
        "lines": [line_of(notice) for notice in page.rows],
        "newest": 0 if standing_in else max((notice.pk for notice in page.rows), default=0),
        "standing_in": standing_in,
        "stands_in": bool(stood_in_for(request.user)),
        "unread_only": unread,
        "chosen": kind,
        "kinds": sorted(kinds_for(request.user), key=lambda one: str(one.label)),
        "bell": bell_of(request.user),
    }
    return render(request, "crm/notices/list.html", context)


@requires(SIGNED_IN)
@require_safe
def notice_news(request: Request) -> HttpResponse:
    """Asked every few seconds while a page is seen: 204 where the bell is as `since` says, else what it shows now.

    What is bad and new comes with it, to be told at once; the page tells each of it once.
    """
    bell = bell_of(request.user)
    if request.GET.get("since") == bell.token:
        return HttpResponse(status=204)
    lines = [line_of(notice) for notice in urgent_news(request.user, timezone.now())]
    return JsonResponse(
        {
            "token": bell.token,
            "text": bell.text,
            "label": bell_label(bell.text),
            "urgent": [{"id": line.notice.pk, "text": line.text} for line in lines],
        }
    )


def bell_label(text: str) -> str:
    """What a screen reader says of the bell."""
    return _("Notices: %(count)s unread") % {"count": text} if text else _("Notices")


@requires(SIGNED_IN)
@require_POST
def notice_read(request: Request) -> HttpResponse:
    """Mark what was chosen (`notice`), or everything up to what stood first (`until`), as read."""
    until = id_of(request.POST.get("until"))
    if until is not None:
        mark_all_read(user=request.user, until=until)
    else:
        mark_read(user=request.user, ids=ids_of(request.POST.getlist("notice")))
    if "quiet" in request.POST:  # told by the page's script, on the way to where the notice leads
        return HttpResponse(status=204)
    return redirect(return_to(request, "/notices/"))


@requires(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def notice_settings(request: Request) -> HttpResponse:
    """How one wants to be told."""
    form = NoticeSettingsForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid():
        try:
            save_settings(user=request.user, rhythm=form.wish(), choices=form.boxes())
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("Your choice is saved."))
            return redirect("crm:notice-settings")
    context = {
        "form": form,
        "sends_mail": settings.SENDS_MAIL,
        "time_zone": settings.TIME_ZONE,
        "offset": timezone.localtime(timezone.now(), timezone.get_default_timezone()).strftime("%z"),
    }
    return render(request, "crm/notices/settings.html", context, status=422 if form.errors else 200)
