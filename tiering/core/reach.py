"""Which conditions can hold at all, found by trying every distinguishable case.

Conditions compare metrics with constants, so between two neighbouring constants all values of a metric behave alike:
one representative of each stretch, and "not known", stand for every client there can be.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise, product
from typing import Final

from tiering.core.conditions import Compare, Condition, IsMissing, OneOf, holds, leaves
from tiering.core.metric import Catalogue, Fact, Facts

MAX_CASES: Final = 5_000
"""Beyond this many cases nothing is claimed, so that checking a document stays quick."""


def can_hold(condition: Condition, catalogue: Catalogue) -> bool:
    """False only when it is certain that no client meets the condition."""
    cases = cases_of([condition], catalogue)
    return cases is None or any(holds(condition, facts) for facts in cases)


def shadowed(conditions: Sequence[Condition], catalogue: Catalogue) -> tuple[int, ...]:
    """The positions of the conditions that are never the first to hold, as far as that is certain."""
    cases = cases_of(conditions, catalogue)
    if cases is None:
        return tuple(
            number for number, condition in enumerate(conditions) if condition in conditions[:number]
        )
    first = {_first(conditions, facts) for facts in cases}
    return tuple(number for number in range(len(conditions)) if number not in first)


def cases_of(conditions: Iterable[Condition], catalogue: Catalogue) -> Iterator[Facts] | None:
    """Facts that stand for every client the conditions can tell apart; None when there are too many."""
    mentioned: dict[str, set[float | str]] = {}
    for condition in conditions:
        for leaf in leaves(condition):
            mentioned.setdefault(leaf.metric, set()).update(_constants(leaf))
    choices = [_representatives(catalogue, key, constants) for key, constants in mentioned.items()]
    if math.prod(map(len, choices)) > MAX_CASES:
        return None
    return (dict(zip(mentioned, chosen, strict=True)) for chosen in product(*choices))


def _first(conditions: Sequence[Condition], facts: Facts) -> int | None:
    return next((number for number, condition in enumerate(conditions) if holds(condition, facts)), None)


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
    outside = [math.nextafter(edges[0], -math.inf), math.nextafter(edges[-1], math.inf)]
    between = [low + (high - low) / 2 for low, high in pairwise(edges)]
    return [None, *edges, *filter(math.isfinite, outside + between)]
