"""Tags: on a client's page, on many clients of the list, and those of a team."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.access import requires
from crm.errors import DomainError, NotPermitted
from crm.forms.tags import TagForm
from crm.http import Request
from crm.ids import id_of, ids_of
from crm.models import ClientTag, Role, Tag
from crm.presence import may_have
from crm.selectors.tags import counted_tags, tags_of
from crm.services import tags as services
from crm.views.client_page import find_client
from crm.views.preferences import return_to
from crm.views.who import done_or_told, form_page


@requires("crm.view_client")
@require_safe
def client_tags(request: Request, pk: int) -> HttpResponse:
    """A card of the client page: its tags, to add to and to take from."""
    found = find_client(request, pk)
    context = {
        "client": found,
        "tags": tags_of([found], request.user).get(pk, []) if may_have(found, ClientTag) else [],
        "known": Tag.objects.filter(team=request.user.team_id) if request.user.team_id else (),
        "can_change": request.user.has_perm("crm.change_client", found),
    }
    return render(request, "crm/who/_tags_card.html", context)


@requires("crm.change_client")
@require_POST
def tag_clients(request: Request) -> HttpResponse:
    """Mark the chosen clients by the tag of a name, or take from them the tag of an id."""
    chosen, taken = ids_of(request.POST.getlist("client")), request.POST.get("untag")
    if taken is not None:
        tag = get_object_or_404(Tag.objects.visible_to(request.user), pk=id_of(taken))
        return counted(request, lambda: services.untag_clients(by=request.user, client_ids=chosen, tag=tag))
    name = request.POST.get("tag") or request.POST.get("new_tag", "")
    return counted(request, lambda: services.tag_clients(by=request.user, client_ids=chosen, name=name))


def counted(request: Request, act: Callable[[], int]) -> HttpResponse:
    """Do it, and say of how many clients."""
    back = HttpResponseRedirect(return_to(request, reverse("crm:client-list")))
    try:
        changed = act()
    except NotPermitted as error:
        raise PermissionDenied(str(error)) from error
    except DomainError as error:
        messages.error(request, str(error))
        return back
    text = ngettext(
        "The tags of %(count)d client are changed.", "The tags of %(count)d clients are changed.", changed
    )
    messages.success(
        request, text % {"count": changed} if changed else _("No client that you hold had to be changed.")
    )
    return back


@requires("crm.view_client")
@require_safe
def tag_list(request: Request) -> HttpResponse:
    """The tags of the team, or of every team, with how many clients bear them."""
    context = {"tags": counted_tags(request.user), "may_change": request.user.role == Role.TEAM_LEAD}
    return render(request, "crm/who/tags.html", context)


@requires("crm.assign_rm")
@require_http_methods(["GET", "HEAD", "POST"])
def tag_edit(request: Request, pk: int) -> HttpResponse:
    tag = get_object_or_404(Tag.objects.visible_to(request.user), pk=pk)
    form = TagForm(
        request.POST if request.method == "POST" else None, initial={"name": tag.name, "colour": tag.colour}
    )
    return form_page(
        request,
        form=form,
        act=lambda: services.change_tag(by=request.user, tag=tag, **form.cleaned_data),
        title=_("Change a tag"),
        done=_("Saved."),
        back=("crm:tags",),
    )


@requires("crm.assign_rm")
@require_POST
def tag_remove(request: Request, pk: int) -> HttpResponse:
    tag = get_object_or_404(Tag.objects.visible_to(request.user), pk=pk)
    return done_or_told(
        request,
        lambda: services.remove_tag(by=request.user, tag=tag),
        _("The tag %(name)s is gone.") % {"name": tag.name},
        ("crm:tags",),
    )
