"""What the frame of a page needs: `{% load shell %}`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django import template
from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info

from crm import slots
from crm.addresses import address
from crm.http import Request
from crm.models import User
from crm.paging import COUNT_CAP, counting, numbers_by
from crm.prepared import KEPT, Reader, Written
from crm.selectors.notices import Bell, bell_of
from crm.templatetags.ui import icon
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
    counts = _counts(request.user)
    for entry in entries:
        link = NavLink(entry, urls[entry.key], entry.key == current, counts.get(entry.key, 0))
        groups[entry.group].append(link)
    return groups


def _counts(user: User) -> dict[str, int]:
    """The numbers of the entries that have one, by their keys."""
    keys, statement = _counting(Reader.of(user))
    return dict(zip(keys, numbers_by(statement), strict=True)) if keys else {}


@lru_cache(maxsize=KEPT)
def _counting(reader: Reader) -> tuple[tuple[str, ...], Written]:
    """Which entries have a number, and the statement that tells them all: every page of the reader asks for it."""
    counted = {entry.key: entry.count for entry in slots.nav.for_user(reader.user) if entry.count}
    return tuple(counted), counting([count(reader.user) for count in counted.values()])


@register.simple_tag
def nav_list(links: Sequence[NavLink]) -> SafeString:
    """Links of the sidebar; written at once, because every page has some twenty of them."""
    return SafeString(f'<ul class="nav-list">{"".join(map(_nav_item, links))}</ul>')


def _nav_item(link: NavLink) -> str:
    current = ' aria-current="page"' if link.is_current else ""
    go = f' data-go="{link.entry.go}"' if link.entry.go else ""
    count = f'<span class="nav-count">{link.count_text}</span>' if link.count else ""
    shown = f"{icon(link.entry.icon)}{escape(str(link.entry.label))}{count}"
    return f'<li><a class="nav-link" href="{link.url}"{current}{go}>{shown}</a></li>'


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
