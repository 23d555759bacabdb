"""Entries of the sidebar, the palette, and the pages of clients, projects and facilities."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from crm.slots.entry import Entry

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.utils.functional import _StrOrPromise

    from crm.method_readings import Reading
    from crm.models import Client, User
    from crm.timeline import Span, TimelineEvent


@dataclass(frozen=True, kw_only=True)
class NavEntry(Entry):
    """A page of the sidebar, also offered by the palette. `go` is the letter after `g` that opens it.

    `count` gives the rows whose number stands beside it: all entries' rows are counted in one statement, which is kept.
    So it goes by the user's account and the day alone, and asks nothing itself (`crm.prepared.Reader`).
    """

    icon: str
    url_name: str
    group: Literal["work", "setup"] = "work"
    go: str = ""
    count: Callable[[User], QuerySet] | None = None


@dataclass(frozen=True, kw_only=True)
class PaletteEntry(Entry):
    """An act or page that the palette offers beside those of the sidebar."""

    icon: str
    url_name: str


@dataclass(frozen=True, kw_only=True)
class ClientTab(Entry):
    """A tab of the client page; the URL takes the client's id. `count` gives the rows whose number stands beside it, or
    the number."""

    url_name: str
    count: Callable[[Client, User], int | QuerySet] | None = None


@dataclass(frozen=True, kw_only=True)
class ClientPanel(Entry):
    """A part of the client page; the URL takes the client's id.

    Places: `badge` (before the name), `figures` (`<div><dt><dd>` pairs right of it), `main` and `aside` (cards of the
    Overview), `main_end` (cards below crm's own, in two columns), and `past` (cards of the page as of a past day alone).
    One that is `dated` tells how it was on the day `?as_of`, and stands on the page of that day too. One to `peek` at
    stands in the side panel of the list as well.
    """

    url_name: str
    place: Literal["badge", "figures", "main", "main_end", "aside", "past"]
    peek: bool = False
    dated: bool = False


@dataclass(frozen=True, kw_only=True)
class ClientAct(Entry):
    """An act of the client page's header; the URL takes the client's id. One that makes a file is posted to.

    Its permission is asked for the client. One that is `rare` stands in the menu alone.
    """

    icon: str
    url_name: str
    posts: bool = False
    rare: bool = False


@dataclass(frozen=True, kw_only=True)
class ProjectPanel(Entry):
    """A card of the project page; the URL takes the project's id."""

    url_name: str


@dataclass(frozen=True, kw_only=True)
class FacilityPanel(Entry):
    """A card of a facility's page; the URL takes the facility's id."""

    url_name: str


@dataclass(frozen=True, kw_only=True)
class TodayCard(Entry):
    """A card of Today beside who needs one; an empty answer leaves it out."""

    url_name: str


@dataclass(frozen=True, kw_only=True)
class Bound:
    """What a figure is to keep to: at most or at least so much, and who says so."""

    at_most: bool
    value: float
    why: _StrOrPromise


@dataclass(frozen=True, kw_only=True)
class Bounds(Entry):
    """What the figures of a client are to keep to, by the metric's key. A constant number of queries."""

    find: Callable[[Client, User], Mapping[str, Sequence[Bound]]]


@dataclass(frozen=True, kw_only=True)
class MethodReadings(Entry):
    """What the criteria in effect read of a client, in a constant number of queries."""

    read: Callable[[Client], Sequence[Reading]]


@dataclass(frozen=True, kw_only=True)
class TimelineSource(Entry):
    """Events of one kind on a client's timeline, done by people or by the house itself.

    `load` gives at most so many of a client's events that the user may see, at or before a place, the latest first.
    """

    icon: str
    by: Literal["people", "system"]
    load: Callable[[Client, User, Span], Sequence[TimelineEvent]]
