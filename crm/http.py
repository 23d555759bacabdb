"""The request as views behind `crm.middleware.DenyByDefault` get it."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django_htmx.middleware import HtmxDetails

from crm.models import User


class Request(HttpRequest):
    """For annotations: the user is signed in, and the htmx headers are read."""

    user: User
    htmx: HtmxDetails


def download(name: str, content: str | bytes, media_type: str, *, inline: bool = False) -> HttpResponse:
    """A file to be kept under a name; `inline` lets the browser show it."""
    return HttpResponse(content, content_type=media_type, headers=_named(name, inline))


def streamed(name: str, content: Iterable[str] | Iterable[bytes], media_type: str) -> StreamingHttpResponse:
    """A file to be kept under a name that is made while it is sent."""
    return StreamingHttpResponse(content, content_type=media_type, headers=_named(name))


def _named(name: str, inline: bool = False) -> dict[str, str]:
    return {"Content-Disposition": content_disposition_header(not inline, name) or ""}
