"""What makes a condition senseless: metrics and categories that do not exist, empty lists, contradictions."""

from collections.abc import Iterator

from tiering.core.catalogue import METRICS
from tiering.core.conditions import All, AnyOf, Compare, Condition, IsMissing, Not, OneOf, Value
from tiering.core.metric import Catalogue, Metric
from tiering.core.reach import can_hold
from tiering.core.refusals import Refusal
from tiering.core.texts import N_


def check_condition(
    condition: Condition, catalogue: Catalogue = METRICS, path: str = "$"
) -> tuple[Refusal, ...]:
    """Every reason for refusing the condition; empty when it may be used."""
    refusals = tuple(_walk(condition, catalogue, path))
    if refusals or can_hold(condition, catalogue):
        return refusals
    return (
        Refusal(
            "condition_never_holds", path,
            N_("No client can ever meet this condition."),
            N_("Look for parts that exclude one another."),
        ),
    )  # fmt: skip


def unknown_metric(path: str, key: str) -> Refusal:
    """The refusal of a metric that the catalogue does not have."""
    return Refusal(
        "unknown_metric", path,
        N_("There is no metric “%(metric)s”."),
        N_("Choose one from the catalogue of metrics."),
        {"metric": key},
    )  # fmt: skip


def unknown_category(path: str, metric: str, category: str) -> Refusal:
    """The refusal of a category that the metric does not have."""
    return Refusal(
        "unknown_category", path,
        N_("“%(metric)s” has no category “%(category)s”."),
        N_("Choose one of the categories of the metric."),
        {"metric": metric, "category": category},
    )  # fmt: skip


def _walk(condition: Condition, catalogue: Catalogue, path: str) -> Iterator[Refusal]:
    match condition:
        case All(parts):
            yield from _group(parts, catalogue, f"{path}.all")
        case AnyOf(parts):
            yield from _group(parts, catalogue, f"{path}.any")
        case Not(part):
            yield from _walk(part, catalogue, f"{path}.not")
        case Compare(key, _, value):
            yield from _leaf(key, [(f"{path}.value", value)], catalogue, path)
        case OneOf(key, values):
            if not values:
                yield _empty(f"{path}.values")
            places = [(f"{path}.values[{number}]", value) for number, value in enumerate(values)]
            yield from _leaf(key, places, catalogue, path)
        case IsMissing(key):
            yield from _leaf(key, [], catalogue, path)


def _group(parts: tuple[Condition, ...], catalogue: Catalogue, path: str) -> Iterator[Refusal]:
    if not parts:
        yield _empty(path)
    for number, part in enumerate(parts):
        yield from _walk(part, catalogue, f"{path}[{number}]")


def _leaf(key: str, values: list[tuple[str, Value]], catalogue: Catalogue, path: str) -> Iterator[Refusal]:
    metric = catalogue.get(key)
    if metric is None:
        yield unknown_metric(f"{path}.metric", key)
        return
    for place, value in values:
        yield from _operand(metric, value, place)


def _operand(metric: Metric, value: Value, path: str) -> Iterator[Refusal]:
    if metric.is_number and isinstance(value, str):
        yield Refusal(
            "number_expected", path,
            N_("“%(metric)s” is a number and cannot be compared with “%(value)s”."),
            N_("Write a number."),
            {"metric": metric.key, "value": value},
        )  # fmt: skip
    elif not metric.is_number and value not in metric.categories:
        yield unknown_category(path, metric.key, str(value))


def _empty(path: str) -> Refusal:
    return Refusal(
        "condition_empty", path,
        N_("This list of conditions or values is empty."),
        N_("Add an entry, or remove the list."),
    )  # fmt: skip
