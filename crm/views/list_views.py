"""What people keep of the client list: conditions, views under a name, columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from crm import slots
from crm.access import requires
from crm.http import Request
from crm.models import SavedView, User
from crm.selectors.client_list import CLIENTS, ListQuery, conditions_for, views_of
from crm.selectors.list_columns import columns_shown
from crm.services.views import choose_columns
from crm.views.keeping import change_view, keep_view
from crm.views.preferences import return_to

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

Reach = SavedView.Reach


def reaches_for(user: User) -> list[tuple[str, _StrOrPromise]]:
    """For whom the user may keep a view."""
    allowed = {
        Reach.PRIVATE: True,
        Reach.TEAM: user.team_id is not None,
        Reach.HOUSE: user.has_perm("crm.share_views"),
    }
    return [(reach.value, reach.label) for reach, may in allowed.items() if may]


@requires("crm.view_client")
@require_safe
def list_filter(request: Request) -> HttpResponse:
    """Put the list's condition together; everything else of the list stays as it is."""
    query, language = ListQuery.read(request.GET, request.user), conditions_for(request.user)
    if language is None:
        raise Http404
    sentence = query.where or slots.Sentence("")
    kept = QueryDict(query.address(where=""))
    context = {
        **language.builder(sentence, request.user),
        "query": query,
        "conditions": language,
        "sentence": sentence,
        "kept": [(name, value) for name, values in kept.lists() for value in values],
    }
    return render(request, "crm/client_filter.html", context)


@requires("crm.view_client")
@require_POST
def view_new(request: Request) -> HttpResponse:
    """Keep what the list shows under a name."""
    query = shown(request)
    keys = [column.key for column in columns_shown(query)]
    view = keep_view(request, list_key=CLIENTS, query=query.filter_address(), columns=keys)
    return to_list(query.filter_address(saved=str(view.pk)) if view else query.address())


@requires("crm.view_client")
@require_POST
def view_change(request: Request, pk: int) -> HttpResponse:
    """Let one's own view stand for what the list shows, share it, or forget it."""
    found = get_object_or_404(views_of(request.user), pk=pk)
    query = shown(request)
    keys = [column.key for column in columns_shown(query)]
    view = change_view(request, found, query=query.filter_address(), columns=keys)
    return to_list(query.address() if view else query.filter_address())


@requires("crm.view_client")
@require_POST
def columns(request: Request) -> HttpResponse:
    """Show these columns in this view from now on; with `usual`, those that it has anyway."""
    query = shown(request)
    known = {column.key for column in slots.list_columns.for_user(request.user)}
    chosen = [] if "usual" in request.POST else [k for k in request.POST.getlist("column") if k in known]
    choose_columns(by=request.user, list_key=CLIENTS, view=query.view_key, columns=chosen)
    return HttpResponseRedirect(return_to(request, reverse("crm:client-list")))


def shown(request: Request) -> ListQuery:
    """The list that the form was sent from."""
    return ListQuery.read(QueryDict(request.POST.get("list", "")), request.user)


def to_list(address: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse('crm:client-list')}?{address}")
