"""Recording observations: sets of them, taken whole or refused whole with every reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.errors import DomainError, NotPermitted
from crm.metrics import ObservableMetric, named
from crm.models import Client, Observation, Participation, User
from crm.models.conduct import today
from crm.signals import records_changed

KEY = ("client_id", "metric", "observed_on", "source", "received_on", "project_id")


@dataclass(frozen=True, kw_only=True)
class NewObservation:
    """One metric of a client on a day, or of a client within a project: a number (`value`) or a category (`text`).

    `index` is its place in the set.
    """

    index: int
    client_id: int
    metric: str
    value: float | None
    text: str
    observed_on: date
    received_on: date
    source: str
    project_id: int | None = None

    @property
    def key(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in KEY)


@dataclass(frozen=True)
class Refusal:
    """What is wrong with a field of one item, and what to do, in the reader's language."""

    index: int
    field: str
    reason: str


@dataclass(frozen=True)
class Recorded:
    """What became of a set: new ones, ones that got another value, and ones that stood there already."""

    created: int
    changed: int
    unchanged: int


class ItemsRefused(DomainError):
    """Some items of the set cannot be recorded; none was. `refusals` names each."""

    code = "items_refused"
    message = gettext_lazy("Some observations need attention. None was recorded.")
    status = 400

    def __init__(self, refusals: Iterable[Refusal]):
        super().__init__()
        self.refusals = sorted(refusals, key=lambda refusal: (refusal.index, refusal.field))

    @property
    def fields(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for refusal in self.refusals:
            path = f"observations.{refusal.index}.{refusal.field}".removesuffix(".")
            found.setdefault(path, []).append(refusal.reason)
        return found


@transaction.atomic
def record_observations(*, by: User, items: Sequence[NewObservation]) -> Recorded:
    """Record a set of observations of clients whom the user holds.

    One that stands already under the same client, project, metric, days and source takes the new value, as with an
    import; so sending a set again changes nothing. Raises NotPermitted, and ItemsRefused with every reason.
    """
    refusals = refusals_of(by=by, items=items)
    if refusals:
        raise ItemsRefused(refusals)
    known = _standing(items)
    changed = [item for item in items if item.key in known and known[item.key] != (item.value, item.text)]
    created = [item for item in items if item.key not in known]
    if created or changed:
        _write(by, [*created, *changed])
    return Recorded(len(created), len(changed), len(items) - len(created) - len(changed))


def refusals_of(*, by: User, items: Sequence[NewObservation]) -> list[Refusal]:
    """Everything that speaks against recording the items; empty when nothing does. Raises NotPermitted."""
    if not by.has_perm("crm.change_client"):
        raise NotPermitted
    held = Client.objects.editable_by(by).filter(pk__in={item.client_id for item in items})
    clients, metrics = set(held.values_list("pk", flat=True)), named()
    refusals = [refusal for item in items for refusal in _refusals(item, clients, metrics)]
    return [*refusals, *_reserved(items), *_strangers(items, clients), *_repeats(items)]


def faults_of(item: NewObservation) -> list[Refusal]:
    """Everything that speaks against the item itself, whoever records it."""
    return [*_refusals(item, {item.client_id}, named()), *_strangers([item], {item.client_id})]


def put_observation(*, item: NewObservation, by: User | None) -> Observation:
    """Record a value that was agreed to, in the transaction of the caller, which has looked at its `faults_of`."""
    values = {name: getattr(item, name) for name in (*KEY, "value", "text")}
    recorded = Observation.objects.create(**values, recorded_by=by)
    records_changed()
    return recorded


def take_observations(*, items: Sequence[NewObservation], by: User | None) -> list[NewObservation]:
    """Record what a client itself said, in the transaction of the caller; those that could be taken.

    Left out is what speaks against itself by now, as a value of a metric that was retired since it was asked. One that
    stands already takes the new value.
    """
    metrics = named()
    taken = [item for item in items if not any(_refusals(item, {item.client_id}, metrics))]
    if taken:
        _write(by, taken)
    return taken


def take_back_observations(*, ids: Collection[int]) -> int:
    """Let observations count no more, in the transaction of the caller; how many there were. History keeps them."""
    gone, _of = Observation.objects.filter(pk__in=ids).delete()
    if gone:
        records_changed()
    return gone


def _refusals(
    item: NewObservation, clients: set[int], metrics: Mapping[str, ObservableMetric]
) -> Iterator[Refusal]:
    if item.client_id not in clients:
        yield Refusal(item.index, "client", _("There is no such client among those you hold."))
    metric = metrics.get(item.metric)
    if metric is None:
        yield Refusal(item.index, "metric", _("The catalogue has no such metric."))
    elif metric.retired:
        yield Refusal(item.index, "metric", _("This metric is retired; nothing more is observed of it."))
    elif item.project_id is None and not metric.of_clients:
        yield Refusal(
            item.index, "project", _("This metric is of a client within a project; name the project.")
        )
    elif item.project_id is not None and not metric.in_projects:
        yield Refusal(
            item.index, "project", _("This metric is of the client as a whole; leave the project out.")
        )
    elif metric.type == "category":
        yield from _category_refusals(item, metric)
    else:
        yield from _number_refusals(item, metric)
    if item.observed_on > today():
        yield Refusal(item.index, "observed_on", _("This day has not come yet."))
    if item.received_on > today():
        yield Refusal(item.index, "received_on", _("This day has not come yet."))
    if item.received_on < item.observed_on:
        yield Refusal(item.index, "received_on", _("An observation cannot be received before its date."))


def _reserved(items: Sequence[NewObservation]) -> Iterator[Refusal]:
    for item in items:
        if item.source == Observation.GOVERNED:
            yield Refusal(
                item.index,
                "source",
                _("Values with this source are asked for as overrides. Name another one."),
            )
        elif item.source == Observation.DECIDED:
            yield Refusal(
                item.index,
                "source",
                _("Values with this source come from a choice between sources. Name another one."),
            )


def _category_refusals(item: NewObservation, metric: ObservableMetric) -> Iterator[Refusal]:
    if item.value is not None:
        yield Refusal(item.index, "value", _("This metric is a category; give its key as text."))
    if item.text not in metric.categories:
        known = ", ".join(metric.categories)
        yield Refusal(item.index, "text", _("Choose one of: %(known)s.") % {"known": known})


def _number_refusals(item: NewObservation, metric: ObservableMetric) -> Iterator[Refusal]:
    if item.text:
        yield Refusal(item.index, "text", _("This metric is a number; give it as value."))
    if item.value is None:
        yield Refusal(item.index, "value", _("Give the number that was observed."))
    elif metric.lowest is not None and item.value < metric.lowest:
        yield Refusal(item.index, "value", _("This is at least %(bound)s.") % {"bound": metric.lowest})
    elif metric.highest is not None and item.value > metric.highest:
        yield Refusal(item.index, "value", _("This is at most %(bound)s.") % {"bound": metric.highest})


def _strangers(items: Sequence[NewObservation], clients: set[int]) -> Iterator[Refusal]:
    """Projects in which the client takes no part; of a client that the user does not hold nothing is told."""
    named = {item.project_id for item in items if item.project_id is not None and item.client_id in clients}
    if not named:
        return
    parts = Participation.objects.filter(project__in=named, client__in=clients)
    known = set(parts.values_list("client_id", "project_id"))
    for item in items:
        if item.project_id in named and (item.client_id, item.project_id) not in known:
            yield Refusal(item.index, "project", _("The client takes no part in such a project."))


def _repeats(items: Sequence[NewObservation]) -> Iterator[Refusal]:
    first: dict[tuple[Any, ...], int] = {}
    for item in items:
        earlier = first.setdefault(item.key, item.index)
        if earlier != item.index:
            reason = _("Item %(index)d is of the same client, metric, days and source. Send one of them.")
            yield Refusal(item.index, "", reason % {"index": earlier})


def _standing(items: Sequence[NewObservation]) -> dict[tuple[Any, ...], tuple[float | None, str]]:
    """By key, the values that stand already. One query, which may find more than was asked for."""
    alike = {f"{name}__in": {getattr(item, name) for item in items} for name in KEY if name != "project_id"}
    rows = Observation.objects.filter(**alike).values_list(*KEY, "value", "text")
    return {row[: len(KEY)]: row[len(KEY) :] for row in rows}


def _write(by: User | None, items: Sequence[NewObservation]) -> None:
    """In the order of their keys, so that two sets at once wait for each other instead of blocking each other."""
    rows = [
        Observation(**{name: getattr(item, name) for name in (*KEY, "value", "text")}, recorded_by=by)
        for item in sorted(items, key=lambda item: (*item.key[:-1], item.project_id or 0))
    ]
    Observation.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["client", "metric", "observed_on", "source", "received_on", "project"],
        update_fields=["value", "text", "recorded_by"],
    )
    records_changed()
