"""What every endpoint of the API shares: keyset pages, and filters by allowlist."""

from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import CursorPagination

PAGING = {"cursor", "page_size"}


class KeysetPagination(CursorPagination):
    """50 rows a page (`page_size` up to 200); `next` and `previous` are keyset cursors, equally fast at any depth."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    ordering = "-id"


class AllowlistFilterBackend(DjangoFilterBackend):
    """Only the filters a view declares; anything else in the query is refused instead of silently ignored."""

    def get_filterset(self, request, queryset, view):
        filterset = super().get_filterset(request, queryset, view)
        known = PAGING | (set(filterset.filters) if filterset else set())
        unknown = set(request.query_params) - known
        if unknown:
            message = _("Unknown filter. Known filters: %(known)s.") % {"known": ", ".join(sorted(known))}
            raise ValidationError({name: [message] for name in sorted(unknown)})
        return filterset
