"""The timeline of a client: events of every app in one order, a page at a time.

Apps register sources in `slots.timeline`. A place is a moment, the source's place among all, and the event's id: events
of one moment stand in the order of the sources, so no page leaves any out or shows one twice.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.core import signing
from django.db.models import F, Q, QuerySet

from crm.ids import LARGEST_ID

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

    from crm.models import Client, Note, User
    from crm.slots import TimelineSource

PAGE: Final = 30
SALT: Final = "crm.timeline"


@dataclass(frozen=True)
class Span:
    """At most `limit` events, of a source, that come after a place in the timeline: earlier than `at`, or of that moment
    with a smaller id than `before`."""

    limit: int
    at: datetime | None = None
    before: int = LARGEST_ID

    def of(self, rows: QuerySet[Any], moment: str = "at") -> list[Any]:
        """The rows that belong to it, by the name of their moment; the latest first."""
        if self.at is not None:
            rows = rows.filter(
                Q(**{f"{moment}__lt": self.at}) | Q(**{moment: self.at, "pk__lt": self.before})
            )
        return list(rows.order_by(F(moment).desc(nulls_last=True), "-pk")[: self.limit])


@dataclass(frozen=True, kw_only=True)
class TimelineEvent:
    """Something that happened. `url` leads to the thing; `by` is None where the house did it itself.

    `people` are the names of those who took part; `note` is the note where it is one, for what may be done with it.
    """

    at: datetime
    pk: int
    title: str
    text: str = ""
    url: str = ""
    detail: _StrOrPromise = ""
    by: User | None = None
    on_behalf_of: User | None = None
    people: Sequence[str] = ()
    icon: str = ""
    note: Note | None = None


@dataclass(frozen=True)
class Shown:
    """An event with the source that it comes from."""

    source: TimelineSource
    event: TimelineEvent

    @property
    def icon(self) -> str:
        return self.event.icon or self.source.icon


@dataclass(frozen=True)
class TimelinePage:
    rows: list[Shown]
    next: str


def page_of_timeline(
    client: Client, user: User, *, by: str = "", kinds: Collection[str] = (), after: str = ""
) -> TimelinePage:
    """The latest events that the user may see, or those after a token: all, what people or the system did (`by`), or of
    some sources. A constant number of queries for each source."""
    from crm import slots

    sources = slots.timeline.for_user(user)
    places = {source.key: place for place, source in enumerate(sources)}
    chosen = [one for one in sources if (not by or one.by == by) and (not kinds or one.key in kinds)]
    at, key, pk = _read(after)
    rows: list[Shown] = []
    for source in chosen:
        span = _span(places[source.key], at, places.get(key, len(places)), pk)
        rows += [Shown(source, event) for event in source.load(client, user, span)]
    rows.sort(key=lambda one: (-one.event.at.timestamp(), places[one.source.key], -one.event.pk))
    shown, more = rows[:PAGE], len(rows) > PAGE
    return TimelinePage(shown, _token(shown[-1]) if more else "")


def _span(place: int, at: datetime | None, last: int, pk: int) -> Span:
    """What a source still has: of the moment of the last event shown, sources before its own have nothing left."""
    if at is None:
        return Span(PAGE + 1)
    return Span(PAGE + 1, at, 0 if place < last else pk if place == last else LARGEST_ID)


def _token(shown: Shown) -> str:
    event = shown.event
    return signing.dumps([event.at.isoformat(), shown.source.key, event.pk], salt=SALT, compress=True)


def _read(token: str) -> tuple[datetime | None, str, int]:
    """The place that a token of ours names; the beginning for any other."""
    try:
        at, key, pk = signing.loads(token, salt=SALT) if token else ("", "", 0)
    except signing.BadSignature:
        at, key, pk = "", "", 0
    return (datetime.fromisoformat(at) if at else None), key, pk
