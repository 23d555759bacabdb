"""What conditions can describe at all, found by trying every distinguishable case.

Conditions compare metrics with constants, so between two neighbouring constants all values of a metric behave alike:
one representative of each stretch, and "not known", stand for every client there can be.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Final

from tiering.core.conditions import All, AnyOf, Compare, Condition, IsMissing, Not, OneOf, holds, leaves
from tiering.core.metric import Catalogue, Fact, Facts

MAX_CASES: Final = 5_000
"""Beyond this many cases nothing is claimed, so that checking a document stays quick."""

MAX_PAIR_CASES: Final = 500
"""The same where many pairs of conditions are compared."""

Choices = dict[str, list[Fact]]
"""For each metric, the values that stand for all of them."""


def can_hold(condition: Condition, catalogue: Catalogue) -> bool:
    """False only when it is certain that no client meets the condition."""
    cases = cases_of([condition], catalogue)
    return cases is None or any(holds(condition, facts) for facts in cases)


def always_holds(condition: Condition, catalogue: Catalogue) -> bool:
    """True only when it is certain that every client meets the condition."""
    cases = cases_of([condition], catalogue)
    return cases is not None and all(holds(condition, facts) for facts in cases)


def helped_by_missing(condition: Condition, catalogue: Catalogue) -> bool:
    """Whether some client meets the condition because something is not known, and would not for some known value.

    With too many cases to try, any metric counts that some part favours not knowing and no other part needs to be
    known.
    """
    favoured = _favoured(condition, wanted=True)
    if not favoured:
        return False
    choices = _choices([condition], catalogue)
    if _count(choices) > MAX_CASES:
        return True
    return any(
        facts[key] is None and not all(holds(condition, {**facts, key: known}) for known in choices[key])
        for facts in _cases(choices)
        if holds(condition, facts)
        for key in favoured
    )


def shadowed(conditions: Sequence[Condition], catalogue: Catalogue) -> tuple[int, ...]:
    """The positions of the conditions that are never the first to hold, as far as that is certain."""
    cases = cases_of(conditions, catalogue)
    if cases is None:
        return tuple(
            number
            for number, condition in enumerate(conditions)
            if any(_implies(condition, earlier, catalogue) for earlier in conditions[:number])
        )
    waiting = set(range(len(conditions)))
    for facts in cases:
        waiting.discard(first_to_hold(conditions, facts))
        if not waiting:
            break
    return tuple(sorted(waiting))


def met_together(
    condition: Condition, others: Sequence[Condition], catalogue: Catalogue
) -> frozenset[int] | None:
    """Which of the others is the first to hold for the clients who meet the condition (their number, where none
    does); None when there are too many cases to say."""
    cases = cases_of([condition, *others], catalogue)
    if cases is None:
        return None
    return frozenset(first_to_hold(others, facts) for facts in cases if holds(condition, facts))


def first_to_hold(conditions: Sequence[Condition], facts: Facts) -> int:
    """The position of the first condition that holds; their number when none does."""
    return next((n for n, condition in enumerate(conditions) if holds(condition, facts)), len(conditions))


def cases_of(
    conditions: Iterable[Condition], catalogue: Catalogue, at_most: int = MAX_CASES
) -> Iterator[Facts] | None:
    """Facts that stand for every client the conditions can tell apart; None when there are too many."""
    choices = _choices(conditions, catalogue)
    return _cases(choices) if _count(choices) <= at_most else None


def _implies(condition: Condition, other: Condition, catalogue: Catalogue) -> bool:
    """Whether it is certain that whoever meets the condition meets the other."""
    if condition == other:
        return True
    cases = cases_of([condition, other], catalogue, MAX_PAIR_CASES)
    return cases is not None and all(holds(other, facts) for facts in cases if holds(condition, facts))


def _favoured(condition: Condition, wanted: bool) -> frozenset[str]:
    """The metrics of which some part becomes ``wanted`` when they are not known, unless the whole cannot then."""
    match condition:
        case All(parts) | AnyOf(parts):
            favoured = frozenset[str]().union(*(_favoured(part, wanted) for part in parts))
            return favoured - _needed(condition, wanted)
        case Not(part):
            return _favoured(part, not wanted)
        case IsMissing(metric):
            return frozenset({metric} if wanted else ())
        case Compare(metric) | OneOf(metric):
            return frozenset(() if wanted else {metric})


def _needed(condition: Condition, wanted: bool) -> frozenset[str]:
    """The metrics that must be known for the condition to become ``wanted``."""
    match condition:
        case All(parts) | AnyOf(parts):
            needed = [_needed(part, wanted) for part in parts]
            takes_every_part = isinstance(condition, All) == wanted
            if takes_every_part or not needed:
                return frozenset[str]().union(*needed)
            return needed[0].intersection(*needed)
        case Not(part):
            return _needed(part, not wanted)
        case IsMissing(metric):
            return frozenset(() if wanted else {metric})
        case Compare(metric) | OneOf(metric):
            return frozenset({metric} if wanted else ())


def _choices(conditions: Iterable[Condition], catalogue: Catalogue) -> Choices:
    mentioned: dict[str, set[float | str]] = {}
    for condition in conditions:
        for leaf in leaves(condition):
            mentioned.setdefault(leaf.metric, set()).update(_constants(leaf))
    return {key: _representatives(catalogue, key, constants) for key, constants in mentioned.items()}


def _count(choices: Choices) -> int:
    return math.prod(map(len, choices.values()))


def _cases(choices: Choices) -> Iterator[Facts]:
    return (dict(zip(choices, chosen, strict=True)) for chosen in product(*choices.values()))


def _constants(leaf: Compare | OneOf | IsMissing) -> tuple[float | str, ...]:
    match leaf:
        case Compare(_, _, value):
            return (value,)
        case OneOf(_, values):
            return values
        case IsMissing():
            return ()


def _representatives(catalogue: Catalogue, key: str, constants: set[float | str]) -> list[Fact]:
    metric = catalogue[key]
    if not metric.is_number:
        others = [category for category in metric.categories if category not in constants]
        return [None, *constants, *others[:1]]
    edges = sorted(constant for constant in constants if not isinstance(constant, str))
    if not edges:
        return [None, 0.0]
    beside = [math.nextafter(edges[0], -math.inf), *(math.nextafter(edge, math.inf) for edge in edges)]
    return [None, *edges, *filter(math.isfinite, beside)]
