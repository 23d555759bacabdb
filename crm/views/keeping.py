"""Keeping the filter of a list under a name, for every list with saved views; what came of it is told in a message."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.utils.translation import gettext as _

from crm.errors import DomainError
from crm.http import Request
from crm.ids import id_of
from crm.models import SavedView
from crm.services.views import remove_view, replace_view, save_view, share_view


def keep_view(
    request: Request, *, list_key: str, query: str, columns: Sequence[str] = ()
) -> SavedView | None:
    """Keep the filter under the name that was sent; None where that is refused."""
    try:
        view = save_view(
            by=request.user,
            list_key=list_key,
            name=request.POST.get("name", ""),
            query=query,
            columns=columns,
            reach=request.POST.get("reach", SavedView.Reach.PRIVATE),
        )
    except DomainError as error:
        messages.error(request, str(error))
        return None
    messages.success(request, _("“%(name)s” is kept.") % {"name": view.name})
    return view


def change_view(
    request: Request, view: SavedView, *, query: str, columns: Sequence[str] | None = None
) -> SavedView | None:
    """Let one's own view stand for the filter, share it or forget it, as was asked; None where it is forgotten."""
    revision = id_of(request.POST.get("revision")) or 0
    try:
        match request.POST.get("act"):
            case "replace":
                replace_view(by=request.user, view=view, revision=revision, query=query, columns=columns)
                messages.success(request, _("“%(name)s” shows this from now on.") % {"name": view.name})
            case "share":
                reach = request.POST.get("reach", "")
                share_view(by=request.user, view=view, revision=revision, reach=reach)
                messages.success(request, _("Your choice is saved."))
            case "remove":
                remove_view(by=request.user, view=view, revision=revision)
                messages.success(request, _("“%(name)s” is forgotten.") % {"name": view.name})
                return None
    except DomainError as error:
        messages.error(request, str(error))
    return view
