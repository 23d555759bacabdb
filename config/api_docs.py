"""The API described: as an OpenAPI document, and as a page that reads it."""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.request import Request
from rest_framework.response import Response

from crm.access import SIGNED_IN, DeclaredPermission, requires


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document, in English for every reader: programs are made from it. Making it takes a second."""
    with translation.override("en"):
        return SchemaGenerator().get_schema(request=None, public=True)


class Schema(SpectacularAPIView):
    policy = {"*": SIGNED_IN}
    permission_classes = [DeclaredPermission]

    @extend_schema(exclude=True)
    def get(self, request: Request, *args, **kwargs) -> Response:
        return Response(document())


class Page(SpectacularSwaggerSplitView):
    policy = {"*": SIGNED_IN}
    permission_classes = [DeclaredPermission]
    url_name = "api:schema"


@requires(SIGNED_IN)
def docs(request: HttpRequest) -> HttpResponse:
    """A page for people; unlike the API itself it sends those who are not signed in to the login."""
    return Page.as_view()(request)
