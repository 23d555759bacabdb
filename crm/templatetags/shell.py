"""What the frame of a page needs: `{% load shell %}`."""

from __future__ import annotations

from dataclasses import dataclass

from django import template
from django.conf import settings
from django.utils.translation import get_language, get_language_info

from crm import slots
from crm.addresses import address
from crm.http import Request
from crm.paging import COUNT_CAP, numbers_of
from crm.selectors.notices import Bell, bell_of
from crm.views.preferences import THEMES

register = template.Library()


@dataclass(frozen=True)
class NavLink:
    entry: slots.NavEntry
    url: str
    is_current: bool
    count: int

    @property
    def count_text(self) -> str:
        return f"{COUNT_CAP}+" if self.count > COUNT_CAP else str(self.count)


@register.simple_tag(takes_context=True)
def nav_groups(context: template.Context) -> dict[str, list[NavLink]]:
    """The sidebar's links that the user may follow, by group, with the one that holds this page marked."""
    request: Request = context["request"]
    entries = slots.nav.for_user(request.user)
    urls = {entry.key: address(entry.url_name) for entry in entries}
    current = _current(request.path, urls)
    groups: dict[str, list[NavLink]] = {"work": [], "setup": []}
    counts = numbers_of([entry.count(request.user) if entry.count else 0 for entry in entries])
    for entry, count in zip(entries, counts, strict=True):
        groups[entry.group].append(NavLink(entry, urls[entry.key], entry.key == current, count))
    return groups


def _current(path: str, urls: dict[str, str]) -> str | None:
    """The key of the longest URL that the path lies under; the root holds only itself."""
    holding = [key for key, url in urls.items() if path == url or (url != "/" and path.startswith(url))]
    return max(holding, key=lambda key: len(urls[key]), default=None)


@register.simple_tag(takes_context=True)
def bell(context: template.Context) -> Bell:
    """What the bell shows to the reader as the page is made."""
    return bell_of(context["request"].user)


@register.simple_tag(takes_context=True)
def chosen_theme(context: template.Context) -> str:
    """The theme the reader chose, or nothing where the page follows the system."""
    request = context.get("request")
    theme = request.COOKIES.get("theme", "") if request else ""
    return theme if theme in THEMES else ""


@register.simple_tag(takes_context=True)
def other_languages(context: template.Context) -> list[dict[str, str]]:
    """The languages the reader is not using, each by its own name."""
    return [
        {"code": code, "name": get_language_info(code)["name_local"].capitalize()}
        for code, _ in settings.LANGUAGES
        if code != get_language()
    ]
