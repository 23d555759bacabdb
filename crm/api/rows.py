"""Views over rows that the user may see, and the check of who may change them."""

from __future__ import annotations

from typing import Any

from rest_framework import request
from rest_framework.generics import GenericAPIView

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


class VisibleRows(Rows):
    """A view whose rows are narrowed to what the user may see, before anything else narrows them."""

    def get_queryset(self) -> Any:
        rows: Any = super().get_queryset()
        return rows.visible_to(self.request.user)


def check_hold(view: Any, client: Client) -> None:
    """Hold the view's policy against the client, before the input is looked at. Raises NotPermitted."""
    permission = permission_for(view.policy, view.request.method)
    if not view.request.user.has_perm(permission, client):
        raise NotPermitted
