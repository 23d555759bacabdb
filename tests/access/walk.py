"""Every URL of the project, flattened from the resolver, and the doors each request goes through."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.test import Client as Browser
from django.urls import URLPattern, URLResolver, get_resolver, reverse

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def url_names(patterns=None, namespace: str = "") -> Iterator[str]:
    for entry in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from url_names(entry.url_patterns, inner)
        elif isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name or entry.pattern}"


def outcome(
    browser: Browser, method: str, name: str, kwargs: dict[str, object], body: dict
) -> tuple[str, set[str]]:
    """`open`, `login`, `refused`, `missing` or `no method`: what a request comes to, whatever the page says; and all
    the methods that the URL knows, as it tells whoever asks by another one."""
    response = browser.generic(method, reverse(name, kwargs=kwargs), **encoded(name, body))
    known = (
        set(response.headers.get("Allow", "").split(", ")) & set(METHODS)
        if response.status_code == 405
        else set()
    )
    if response.status_code == 302 and "/accounts/login/" in response["Location"]:
        return "login", known
    words = {401: "login", 403: "refused", 404: "missing", 405: "no method"}
    return words.get(
        response.status_code, "open" if response.status_code < 500 else f"error {response.status_code}"
    ), known


def encoded(name: str, body: dict) -> dict[str, Any]:
    """JSON for the API, a form for a page."""
    if name.startswith("api:"):
        return {"data": json.dumps(body), "content_type": "application/json"}
    return {"data": urlencode(body), "content_type": "application/x-www-form-urlencoded"}
