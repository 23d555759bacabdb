"""Fields of the criteria studio: `{% load studio %}`. What a control needs is told in static/js/studio.js."""

from __future__ import annotations

import json
from typing import Any, Final

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from tiering.core.addresses import ABSENT, path_of, value_at
from tiering.pages.studio_units import plain

register = template.Library()

NUMBERS: Final = frozenset({"number", "points", "percent"})
BASIS_POINT: Final = 0.01


@register.simple_tag
def place(*steps: str) -> str:
    """The path of a place by names: `{% place "scorecards" card.key as path %}`."""
    return path_of(steps)


@register.simple_tag(takes_context=True)
def bound(
    context: template.Context,
    path: str,
    *steps: str,
    kind: str = "text",
    scale: float = 1,
    empty: str = "",
    also: dict[str, Any] | None = None,
) -> SafeString:
    """The attributes of a control for the place `path`, or for `steps` within it, as the draft of the context has it.

    A select is given its choice by its options.
    """
    path = "/".join([path, path_of(steps)]) if steps else path
    value = value_at(context["draft"].data, path)
    attributes = {"id": f"at-{path}", "data-path": path, "data-kind": kind}
    if value is not ABSENT:
        attributes["data-was"] = json.dumps(value, ensure_ascii=False)
    if kind == "flag":
        attributes |= {"checked": ""} if value is True else {}
    elif kind != "choice":
        attributes["value"] = _typed(value, kind, scale)
    if scale != 1 and kind == "number":
        attributes["data-scale"] = repr(scale)
    if empty:
        attributes["data-empty"] = empty
    if also:
        attributes["data-also"] = json.dumps(also)
    return format_html_join(" ", '{}="{}"', attributes.items())


def _typed(value: Any, kind: str, scale: float) -> str:
    """The value as one would type it."""
    if value is ABSENT or value is None:
        return ""
    if kind in NUMBERS and isinstance(value, int | float):
        return plain(value * (BASIS_POINT if kind == "percent" else scale))
    return json.dumps(value, ensure_ascii=False) if kind == "json" else str(value)


@register.simple_tag
def recipe(act: str, **asked: Any) -> SafeString:
    """The attribute of a button that does an act (`tiering.pages.studio_recipes`): `{% recipe "remove" path=path %}`."""
    return format_html('data-act="{}"', json.dumps({"act": act, **asked}))


@register.simple_tag
def moves(path: str, before: str | None) -> SafeString:
    """The attribute of a button that moves an entry before another one of its list; None: to the end."""
    return format_html('data-edit="{}"', json.dumps([{"op": "move", "path": path, "before": before}]))
