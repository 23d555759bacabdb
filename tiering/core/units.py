"""The units that a document may write beside its numbers, and how to get from one to the unit of a metric."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Final, get_args

from tiering.core.metric import Unit

_FACTORS: Final[Mapping[tuple[str, Unit], Fraction]] = {
    ("percent", "fraction"): Fraction(1, 100),
    ("percent", "multiple"): Fraction(1, 100),
    ("basis_points", "fraction"): Fraction(1, 10_000),
    ("basis_points", "multiple"): Fraction(1, 10_000),
    ("fraction", "multiple"): Fraction(1),
    ("multiple", "fraction"): Fraction(1),
    ("thousands", "money"): Fraction(1_000),
    ("ten_thousands", "money"): Fraction(10_000),
    ("millions", "money"): Fraction(1_000_000),
    ("months", "years"): Fraction(1, 12),
    ("days", "years"): Fraction(1, 365),
    ("years", "days"): Fraction(365),
}

WRITTEN_UNITS: Final[tuple[str, ...]] = (
    *get_args(Unit),
    *dict.fromkeys(written for written, _ in _FACTORS if written not in get_args(Unit)),
)
"""The units that a number may be said to be in: those of metrics, and others that can be converted into one."""


def converted(value: float, written: str, unit: Unit) -> float | None:
    """The number in ``unit`` that ``value`` stands for when it was written in another one; None when there is no way
    from the one to the other."""
    factor = _FACTORS.get((written, unit))
    return None if factor is None else float(Fraction(str(value)) * factor)
