"""What every list of the API shares: keyset pages, and filters by allowlist."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request

from crm.ids import id_of, is_number

PAGING = frozenset({"cursor", "page_size"})


class KeysetPagination(CursorPagination):
    """50 rows a page (`page_size` up to 200); `next` and `previous` are keyset cursors, equally fast at any depth.

    Pages are ordered by an id, so a cursor holds nothing but a number; any other cursor was not given out by us.
    """

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    ordering = "-id"

    def get_page_size(self, request: Request) -> int:
        given: str | None = request.query_params.get(self.page_size_query_param)
        if given is None:
            return self.page_size
        if not (is_number(given) and 1 <= int(given) <= self.max_page_size):
            message = _("A page has 1 to %(most)d rows.") % {"most": self.max_page_size}
            raise ValidationError({self.page_size_query_param: [message]})
        return int(given)

    def decode_cursor(self, request: Request) -> Cursor | None:
        try:
            cursor = super().decode_cursor(request)
        except NotFound:
            raise _foreign_cursor() from None
        position = cursor.position if cursor else None
        if position is not None and id_of(str(position)) is None:
            raise _foreign_cursor()
        return cursor


def _foreign_cursor() -> ValidationError:
    message = _("This is not a cursor of this list. Follow next and previous as they were given.")
    return ValidationError({KeysetPagination.cursor_query_param: [message]})


class ByClient(KeysetPagination):
    """Rows of which each client has one, by the client's id."""

    ordering = "client_id"


def check_query(request: Request, known: Collection[str]) -> None:
    """Refuse what the endpoint does not know, and what is given twice, instead of silently ignoring it."""
    given = request.query_params
    message = _("Unknown filter. Known filters: %(known)s.") % {"known": ", ".join(sorted(known))}
    refused = {name: [message] for name in sorted(given) if name not in known}
    repeated = {
        name: [_("Give this once.")] for name in given if name in known and len(given.getlist(name)) > 1
    }
    if refused or repeated:
        raise ValidationError({**refused, **repeated})


class AllowlistFilterBackend(DjangoFilterBackend):
    """Only the filters a view declares; anything else in the query is refused instead of silently ignored."""

    def get_filterset(self, request: Request, queryset: Any, view: Any) -> Any:
        filterset = super().get_filterset(request, queryset, view)
        check_query(request, PAGING | set(filterset.filters if filterset else ()))
        return filterset
