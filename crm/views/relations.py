"""What a client is to others: the group tab and card of its page, and the forms that enter, correct and end it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm.access import requires
from crm.errors import Conflict, Invalid
from crm.forms.relations import EndForm, RelationEditForm, RelationForm
from crm.http import Request
from crm.models import Client, Relation, User
from crm.repeats import do_once
from crm.selectors.cells import cells_of
from crm.selectors.groups import group_of, ties_of
from crm.services import relations as services
from crm.views.client_page import find_client
from crm.views.who import form_page

TOLD = ("tier", "alerts")
"""Columns of the client list, put there by an app above, that tell how it stands with a connected client."""


@requires("crm.view_client")
@require_safe
def group(request: Request, pk: int) -> HttpResponse:
    """The tab: the client's group on the day, and every relation of the client's own."""
    found, day = find_client(request, pk), timezone.localdate()
    group = group_of(found, request.user, day)
    ties = list(ties_of(found, request.user))
    changeable = Relation.objects.changeable_by(request.user).filter(pk__in=[tie.pk for tie in ties])
    context = {
        "client": found,
        "group": group,
        "members": _beside(group.members, [member.client for member in group.members], request.user),
        "ties": _ties([tie for tie in ties if tie.until is None or tie.until > day], found, request.user),
        "past": _ties(
            [tie for tie in ties if tie.until is not None and tie.until <= day], found, request.user
        ),
        "changeable": set(changeable.values_list("pk", flat=True)),
        "can_change": request.user.has_perm("crm.change_client", found),
    }
    return render(request, "crm/who/_group_tab.html", context)


def _ties(ties: Sequence[Relation], found: Client, user: User) -> list[tuple[Any, ...]]:
    return _beside(ties, [tie.party if tie.client_id == found.pk else tie.client for tie in ties], user)


def _beside(rows: Sequence[Any], clients: Sequence[Client], user: User) -> list[tuple[Any, ...]]:
    """Each row with what is told of its client."""
    return list(zip(rows, *(cells_of(key, clients, user) for key in TOLD), strict=True))


@requires("crm.view_client")
@require_safe
def group_card(request: Request, pk: int) -> HttpResponse:
    """A card of the client page: what the group owes together; nothing for a client that stands alone."""
    found = find_client(request, pk)
    group = group_of(found, request.user, timezone.localdate())
    return render(request, "crm/who/_group_card.html", {"client": found, "group": group})


@requires("crm.change_client")
@require_http_methods(["GET", "HEAD", "POST"])
def relation_new(request: Request, pk: int) -> HttpResponse:
    found = find_client(request, pk)
    if not request.user.has_perm("crm.change_client", found):
        raise PermissionDenied
    form = RelationForm(request.POST if request.method == "POST" else None, client=found, user=request.user)
    return form_page(
        request,
        form=form,
        act=lambda: do_once(request, lambda: services.relate(by=request.user, **form.given()).pk),
        title=_("Enter a relation"),
        done=_("The relation is entered."),
        back=("crm:client-tab", pk, "group"),
        client=found,
    )


@requires("crm.change_client")
@require_http_methods(["GET", "HEAD", "POST"])
def relation_edit(request: Request, pk: int) -> HttpResponse:
    """Correct share, amount, days or note."""
    found, tie = find_relation(request, pk)
    form = RelationEditForm(
        request.POST if request.method == "POST" else None, initial=RelationEditForm.initial_of(tie)
    )

    def act() -> None:
        try:
            services.change_relation(by=request.user, relation=tie, **form.cleaned_data)
        except Conflict as error:
            raise Invalid({"": [str(error)]}) from error

    return form_page(
        request,
        form=form,
        act=act,
        title=_("Correct a relation"),
        done=_("Saved."),
        back=("crm:client-tab", found.pk, "group"),
        client=found,
        intro=sentence(tie),
    )


@requires("crm.change_client")
@require_http_methods(["GET", "HEAD", "POST"])
def relation_end(request: Request, pk: int) -> HttpResponse:
    """Say from which day on a relation no longer holds."""
    found, tie = find_relation(request, pk)
    form = EndForm(request.POST if request.method == "POST" else None, initial={"until": tomorrow()})
    return form_page(
        request,
        form=form,
        act=lambda: services.end_relation(by=request.user, relation=tie, **form.cleaned_data),
        title=_("End a relation"),
        done=_("The relation ends."),
        back=("crm:client-tab", found.pk, "group"),
        client=found,
        intro=sentence(tie),
    )


def find_relation(request: Request, pk: int) -> tuple[Client, Relation]:
    """A relation and the end whose page it was opened from, or 404 where the user may not see both ends."""
    ties = Relation.objects.visible_to(request.user).select_related("client", "party")
    tie = get_object_or_404(ties, pk=pk)
    if not Relation.objects.changeable_by(request.user).filter(pk=pk).exists():
        raise PermissionDenied
    return (tie.party if request.GET.get("of") == str(tie.party_id) else tie.client), tie


def sentence(tie: Relation) -> str:
    """Who is what to whom."""
    names = {"party": tie.party.name, "client": tie.client.name, "kind": tie.get_kind_display()}
    return _("%(party)s, to %(client)s: %(kind)s") % names


def tomorrow() -> date:
    return timezone.localdate() + timedelta(days=1)
