"""Who changed what of a client, and when: the history that database triggers wrote.

Event models are made by pghistory at start-up, so they are typed as `Any`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import ForeignKey, Q
from pghistory.models import Event

from crm.formats import day, exact, localized
from crm.metrics import ObservableMetric, named
from crm.models import Client, ProfileValue, User

SHOWN = 60
# The first of these that a record has tells it from its siblings.
NAMING_FIELDS = (
    "subject",
    "name",
    "reason",
    "text",
    "title",
    "number",
    "metric",
    "bureau",
    "code",
    "period_end",
)
HIDDEN_FIELDS = {
    "id", "version", "sort_key", "created_at", "phone_sealed", "phone_fingerprint", "sealed", "fingerprint",
}  # fmt: skip

Names = Mapping[tuple[Any, Any], str]
"""What other rows are called, by model and id."""


@dataclass(frozen=True)
class Change:
    """One field of an update, before and after."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Entry:
    """One line of the audit; `by` is None where a process or an import wrote."""

    at: datetime
    by: User | None
    act: str
    thing: str
    title: str
    changes: list[Change] = field(default_factory=list)


def audit_of(client: Client) -> list[Entry]:
    """The latest events of the client and of the records that belong to it, newest first.

    Runs one query per kind of record, one per kind of row that a change names, two for people and metrics, and none
    per event.
    """
    return told(
        sorted(_events(client), key=lambda event: (event.pgh_created_at, event.pgh_id), reverse=True)[:SHOWN]
    )


def told(events: list[Any], only: Mapping[Any, Collection[str]] | None = None) -> list[Entry]:
    """Events of records, newest first, in words. Of the models in `only` no other columns than those named are told."""
    people = User.objects.in_bulk({person for event in events if (person := _person(event))})
    earlier = _earlier(events)
    changes = {event.pgh_id: list(_changed(event, earlier.get(event.pgh_id), only or {})) for event in events}
    names = _names(change for found in changes.values() for change in found)
    metrics = named()
    return [
        Entry(
            at=event.pgh_created_at,
            by=people.get(_person(event)),
            act=event.pgh_label,
            thing=event.pgh_tracked_model._meta.verbose_name,
            title=_title(event, metrics),
            changes=[_change(*found, names) for found in changes[event.pgh_id]],
        )
        for event in events
    ]


@cache
def _event_models() -> list[tuple[Any, str]]:
    """Event tables of clients and of what belongs to a client, with the column that names the client."""
    found = []
    for model in apps.get_models():
        if issubclass(model, Event) and not model._meta.proxy:
            tracked = model.pgh_tracked_model
            if tracked is Client:
                found.append((model, "pgh_obj"))
            elif any(_is_client(column) for column in model._meta.fields):
                found.append((model, "client"))
    return found


def _is_client(column: Any) -> bool:
    return isinstance(column, ForeignKey) and column.name == "client" and column.related_model is Client


def _events(client: Client) -> Iterator[Any]:
    for model, column in _event_models():
        related = ["pgh_context", *(["field"] if model.pgh_tracked_model is ProfileValue else [])]
        events = model.objects.filter(Q(**{column: client.pk})).select_related(*related)
        yield from events.order_by("-pgh_id")[:SHOWN]


def _person(event: Any) -> int | None:
    return (event.pgh_context.metadata or {}).get("user") if event.pgh_context else None


def _earlier(events: list[Any]) -> dict[int, Any]:
    """The state of each updated record before its update, by event id, as far as it is among the events."""
    before: dict[int, Any] = {}
    last: dict[tuple[type, int], Any] = {}
    for event in reversed(events):
        key = (type(event), event.pgh_obj_id)
        if key in last:
            before[event.pgh_id] = last[key]
        last[key] = event
    return before


def _title(event: Any, metrics: Mapping[str, ObservableMetric]) -> str:
    """What names the record; empty for the client itself, whose page this is."""
    if event.pgh_tracked_model is Client:
        return ""
    named = ((name, getattr(event, name, None)) for name in NAMING_FIELDS)
    name, value = next(((name, value) for name, value in named if value), ("", ""))
    if event.pgh_tracked_model is ProfileValue:
        return event.field.label
    if not name and hasattr(event, "user"):
        return localized(event.user)
    if name == "metric" and value in metrics:
        return str(metrics[value].label)
    return day(value) if isinstance(value, date) else str(value)


def _changed(event: Any, earlier: Any, only: Mapping[Any, Collection[str]]) -> Iterator[tuple[Any, Any, Any]]:
    """The columns of an update with their values before and after."""
    if event.pgh_label != "update" or not earlier:
        return
    for column in event.pgh_tracked_model._meta.concrete_fields:
        if column.name in HIDDEN_FIELDS or not hasattr(event, column.attname):
            continue
        if column.name not in only.get(event.pgh_tracked_model, (column.name,)):
            continue
        before, after = getattr(earlier, column.attname), getattr(event, column.attname)
        if before != after:
            yield column, before, after


def _names(changed: Iterable[tuple[Any, Any, Any]]) -> Names:
    """What the rows that changes point to are called, in the reader's language."""
    wanted: dict[Any, set[Any]] = {}
    for column, before, after in changed:
        if column.is_relation:
            wanted.setdefault(column.related_model, set()).update({before, after} - {None})
    return {
        (model, pk): localized(thing)
        for model, ids in wanted.items()
        for pk, thing in model._base_manager.in_bulk(ids).items()
    }


def _change(column: Any, before: Any, after: Any, names: Names) -> Change:
    return Change(column.verbose_name, _shown(column, before, names), _shown(column, after, names))


def _shown(column: Any, value: Any, names: Names) -> Any:
    if column.is_relation:
        return names.get((column.related_model, value), value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Decimal):
        return exact(value)
    return dict(column.flatchoices).get(value, value) if column.choices else value
