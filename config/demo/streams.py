"""Sources of chance: one for each thing that is drawn, so that adding a draw here never shifts what is drawn there."""

from collections.abc import Mapping, Sequence
from math import exp
from random import Random
from typing import TypeVar

SEED = "strata demo book 1"
T = TypeVar("T")


def stream(*names: object) -> Random:
    """The source of one thing, e.g. `stream("facilities", 17)`: the same numbers on every machine."""
    return Random("/".join(map(str, (SEED, *names))))  # noqa: S311 - not for secrets


def pick(source: Random, weights: Mapping[T, float]) -> T:
    """One of the keys, as often as its weight says."""
    return source.choices(list(weights), list(weights.values()))[0]


def clip(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)


def logistic(value: float) -> float:
    return 1 / (1 + exp(-value))


def rounded(value: float, digits: int = 3) -> int:
    """A whole amount of money with so many significant digits."""
    step = 10 ** max(len(str(int(abs(value)))) - digits, 0)
    return round(value / step) * step


def cycle(items: Sequence[T], index: int) -> T:
    return items[index % len(items)]
