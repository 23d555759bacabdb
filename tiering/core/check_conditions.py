"""What makes a condition senseless: metrics and categories that do not exist, empty lists, contradictions, and
conditions that say nothing."""

from collections.abc import Iterator

from tiering.core.catalogue import METRICS
from tiering.core.check_metrics import Vocabulary, check_unit, unknown_category
from tiering.core.conditions import All, AnyOf, Compare, Condition, IsMissing, Not, OneOf, Value
from tiering.core.document import SubjectKind
from tiering.core.metric import Catalogue, Metric
from tiering.core.reach import always_holds, can_hold
from tiering.core.refusals import Refusal
from tiering.core.texts import N_


def check_condition(
    condition: Condition,
    catalogue: Catalogue = METRICS,
    path: str = "$",
    subject: SubjectKind = "client",
) -> tuple[Refusal, ...]:
    """Every reason for refusing the condition about such subjects; empty when it may be used."""
    refusals = tuple(_walk(condition, Vocabulary(catalogue, subject), path))
    if refusals or can_hold(condition, catalogue):
        return refusals
    return (
        Refusal(
            "condition_never_holds", path,
            N_("No client can ever meet this condition."),
            N_("Look for parts that exclude one another."),
        ),
    )  # fmt: skip


def check_selective(condition: Condition, vocabulary: Vocabulary, path: str) -> tuple[Refusal, ...]:
    """As ``check_condition``, and also refused is what every client meets: such a condition selects nobody."""
    refusals = check_condition(condition, vocabulary.catalogue, path, vocabulary.subject)
    if refusals or not always_holds(condition, vocabulary.catalogue):
        return refusals
    return (
        Refusal(
            "condition_always_holds", path,
            N_("Every client meets this condition."),
            N_("Narrow it, or do without it."),
        ),
    )  # fmt: skip


def is_sound(condition: Condition, vocabulary: Vocabulary) -> bool:
    """Whether the condition can be tried on facts: what it names exists and can be compared."""
    return not any(_walk(condition, vocabulary, "$"))


def _walk(condition: Condition, vocabulary: Vocabulary, path: str) -> Iterator[Refusal]:
    match condition:
        case All(parts):
            yield from _group(parts, vocabulary, f"{path}.all")
        case AnyOf(parts):
            yield from _group(parts, vocabulary, f"{path}.any")
        case Not(part):
            yield from _walk(part, vocabulary, f"{path}.not")
        case Compare(key, _, value, unit):
            metric = vocabulary.metric(key)
            yield from _leaf(key, [(f"{path}.value", value)], vocabulary, path)
            if metric:
                example = None if isinstance(value, str) else value
                yield from check_unit(metric, unit, example, f"{path}.unit")
        case OneOf(key, values):
            if not values:
                yield _empty(f"{path}.values")
            places = [(f"{path}.values[{number}]", value) for number, value in enumerate(values)]
            yield from _leaf(key, places, vocabulary, path)
        case IsMissing(key):
            yield from _leaf(key, [], vocabulary, path)


def _group(parts: tuple[Condition, ...], vocabulary: Vocabulary, path: str) -> Iterator[Refusal]:
    if not parts:
        yield _empty(path)
    for number, part in enumerate(parts):
        yield from _walk(part, vocabulary, f"{path}[{number}]")


def _leaf(key: str, values: list[tuple[str, Value]], vocabulary: Vocabulary, path: str) -> Iterator[Refusal]:
    metric = vocabulary.metric(key)
    if metric is None:
        yield vocabulary.refusal(key, f"{path}.metric")
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
