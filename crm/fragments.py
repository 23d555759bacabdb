"""Views that answer with a piece of HTML, rendered into the page that shows them.

One request, one round trip, and the page works without JavaScript; the same URL serves `hx-get` for a later reload.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.http import Http404
from django.urls import resolve, reverse
from django.utils.safestring import SafeString, mark_safe

from crm.access import allows, permission_for, policy_of
from crm.http import Request


def render_fragment(request: Request, url_name: str, *args: object) -> SafeString:
    """What the view behind `url_name` answers to this user; empty where it finds nothing or the user may not see it."""
    view, policy, names = _VIEWS.get(url_name) or _view_behind(url_name, args)
    if policy is None or not allows(permission_for(policy, "GET"), request.user):
        return SafeString()
    try:
        response = view(_reading(request), **dict(zip(names, args, strict=True)))
    except Http404:
        return SafeString()
    if hasattr(response, "render") and callable(response.render):
        response.render()
    return mark_safe(response.content.decode())  # noqa: S308 - a rendered template of our own


# Resolving an address goes through every pattern there is, and a client page has a score of fragments.
_VIEWS: dict[str, tuple[Callable[..., Any], Mapping[str, str] | None, tuple[str, ...]]] = {}


def _view_behind(
    url_name: str, args: Sequence[object]
) -> tuple[Callable[..., Any], Mapping[str, str] | None, tuple[str, ...]]:
    """The view, its policy and the names of what it takes from its address, found once in a process."""
    match = resolve(reverse(url_name, args=args))
    _VIEWS[url_name] = match.func, policy_of(match), tuple(match.kwargs)
    return _VIEWS[url_name]


def _reading(request: Request) -> Request:
    """The request as one that only reads: a page that answers a refused form shows its fragments all the same."""
    reading = type(request).__new__(type(request))
    reading.__dict__.update(request.__dict__, method="GET")
    return reading
