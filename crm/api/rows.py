"""Views over rows that the user may see, and the check of who may change them."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from rest_framework import request
from rest_framework.generics import GenericAPIView
from rest_framework.response import Response

from crm.access import permission_for
from crm.errors import NotPermitted
from crm.models import Client, User


class Request(request.Request):
    """For annotations: behind `crm.access.DeclaredPermission` the user is signed in."""

    user: User
    method: str


class Rows(GenericAPIView):
    """A view over the rows of its `queryset`, one or a page at a time."""

    request: Request

    def page(self) -> list[Any]:
        """The rows of the page that the query asks for."""
        return self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []

    def find(self, pk: int) -> Any:
        """The row of that id; what is not among the view's rows is not there (404)."""
        return get_object_or_404(self.get_queryset(), pk=pk)


class VisibleRows(Rows):
    """A view whose rows are narrowed to what the user may see, before anything else narrows them."""

    def get_queryset(self) -> Any:
        rows: Any = super().get_queryset()
        return rows.visible_to(self.request.user)


def created(request: Request, made: Any, route: str, pk: int) -> Response:
    """The answer that tells what was `made`, and in `Location` the address where it stands from now on."""
    location = request.build_absolute_uri(reverse(f"api:{route}", args=[pk]))
    return Response(made, status=201, headers={"Location": location})


def check_hold(view: Any, client: Client) -> None:
    """Hold the view's policy against the client, before the input is looked at. Raises NotPermitted."""
    permission = permission_for(view.policy, view.request.method)
    if not view.request.user.has_perm(permission, client):
        raise NotPermitted
