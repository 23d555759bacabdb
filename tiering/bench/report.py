"""What was measured, a line each, beside its goal."""

from dataclasses import dataclass
from typing import Final
from unicodedata import east_asian_width

from django.utils.translation import gettext as _

WIDTHS: Final = (58, 28, 16)
"""Columns of a terminal for the measure, its value and its goal."""


@dataclass(frozen=True)
class Line:
    """A measure with its value. ``ok`` is None where there is no goal."""

    measure: str
    value: str
    goal: str = ""
    ok: bool | None = None

    def __str__(self) -> str:
        verdict = "" if self.ok is None else _("ok") if self.ok else _("over")
        cells = zip((self.measure, self.value, self.goal), WIDTHS, strict=True)
        return f"{'  '.join(_padded(cell, width) for cell, width in cells)}  {verdict}".rstrip()


def at_most(measure: str, value: float, goal: float, unit: str = "", digits: int = 2) -> Line:
    """A measure that is to be small."""
    return Line(measure, f"{value:,.{digits}f}{unit}", f"≤ {goal:g}{unit}", value <= goal)


def at_least(measure: str, value: float, goal: float, unit: str = "", digits: int = 0) -> Line:
    """A measure that is to be large."""
    return Line(measure, f"{value:,.{digits}f}{unit}", f"≥ {goal:g}{unit}", value >= goal)


def exactly(measure: str, value: int, goal: int = 0) -> Line:
    """A measure that may have one value only."""
    return Line(measure, f"{value:,}", f"= {goal:,}", value == goal)


def _padded(text: str, width: int) -> str:
    """As wide as that on a terminal, where Chinese characters take two columns."""
    return text + " " * (width - sum(2 if east_asian_width(character) in "WF" else 1 for character in text))
