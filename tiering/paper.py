"""A report as values that a writer lays out: on paper (`paper_pdf`) or in a terminal (`pages.text_tables`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crm.plots import Curve, Dot


@dataclass(frozen=True)
class Table:
    """A head and rows of texts; the columns after the first `texts` are numbers."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    texts: int = 1


@dataclass(frozen=True)
class Rates:
    """Rates with their intervals, a dot each."""

    dots: Sequence[Dot]


@dataclass(frozen=True)
class Square:
    """Curves of shares from (0, 0) to (1, 1), the first one drawn stronger."""

    title: str
    across: str
    upwards: str
    curves: Sequence[Curve]


@dataclass(frozen=True)
class Squares:
    """Some of them side by side."""

    squares: Sequence[Square]


Block = str | Table | Rates | Squares


@dataclass(frozen=True)
class Section:
    """A heading, what it says, and how it is computed."""

    title: str
    blocks: Sequence[Block]
    help: str = ""


@dataclass(frozen=True)
class Paper:
    """`details` are names with values: who, when, of what."""

    title: str
    subtitle: str
    details: Sequence[tuple[str, str]]
    sections: Sequence[Section]
