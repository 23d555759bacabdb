"""Views over rows that the user may see, and the check of who may change them."""

from __future__ import annotations

from typing import Any

from rest_framework.generics import GenericAPIView

from crm.access import permission_for
from crm.errors import NotPermitted
from crm.models import Client


class VisibleRows(GenericAPIView):
    """A view whose `queryset` is narrowed to what the user may see, before anything else narrows it."""

    def get_queryset(self) -> Any:
        return super().get_queryset().visible_to(self.request.user)


def check_hold(view: Any, client: Client) -> None:
    """Hold the view's policy against the client, before the input is looked at. Raises NotPermitted."""
    permission = permission_for(view.policy, view.request.method)
    if not view.request.user.has_perm(permission, client):
        raise NotPermitted
