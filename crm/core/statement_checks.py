"""What does not add up in a statement: errors, which nobody may enter, and doubts, which somebody may accept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

Figures = Mapping[str, Decimal | None]

NEVER_NEGATIVE: Final = (
    "revenue", "interest_expense", "total_assets", "current_assets", "inventory", "receivables", "cash", "cash_before",
    "total_liabilities", "current_liabilities",
)  # fmt: skip
PARTS: Final = (
    ("current_assets", "total_assets"),
    ("inventory", "current_assets"),
    ("receivables", "total_assets"),
    ("cash", "total_assets"),
    ("current_liabilities", "total_liabilities"),
)
COMPARED: Final = ("revenue", "total_assets", "total_liabilities")
JUMP: Final = 50
"""From so many times a figure of the statement before on, somebody may have mistaken the unit."""


@dataclass(frozen=True)
class Finding:
    """Something that does not add up: `field` is where it is put right, `other` what it is held against.

    `difference` is by how much, in the unit of the figures; of a jump how many times. `is_error`: it cannot be.
    """

    code: str
    field: str
    is_error: bool
    other: str = ""
    difference: Decimal | None = None

    @property
    def key(self) -> str:
        """What tells it from every other finding of a statement."""
        return f"{self.code}:{self.field}"


def findings(figures: Figures, *, tolerance: Decimal, before: Figures | None = None) -> list[Finding]:
    """Everything that does not add up by more than what rounding explains; `before` is the statement it follows."""
    return [
        *_signs(figures),
        *_balance(figures, tolerance),
        *_parts(figures, tolerance),
        *_sums(figures, tolerance),
        *_cash(figures, tolerance),
        *_profits(figures),
        *(_jumps(figures, before) if before else ()),
    ]


def _signs(figures: Figures) -> Iterator[Finding]:
    for name in NEVER_NEGATIVE:
        if (value := figures.get(name)) is not None and value < 0:
            yield Finding("negative", name, True, difference=value)


def _balance(figures: Figures, tolerance: Decimal) -> Iterator[Finding]:
    assets, liabilities, equity = (
        figures.get(name) for name in ("total_assets", "total_liabilities", "equity")
    )
    if assets is None or liabilities is None or equity is None:
        return
    if abs(difference := assets - liabilities - equity) > tolerance:
        yield Finding("unbalanced", "total_assets", True, difference=difference)


def _parts(figures: Figures, tolerance: Decimal) -> Iterator[Finding]:
    for part, whole in PARTS:
        one, all_of_it = figures.get(part), figures.get(whole)
        if one is not None and all_of_it is not None and one - all_of_it > tolerance:
            yield Finding("part_exceeds", part, True, whole, one - all_of_it)


def _sums(figures: Figures, tolerance: Decimal) -> Iterator[Finding]:
    """Receivables and cash may be bound for longer than a year: no error."""
    current = figures.get("current_assets")
    known = [figures.get(name) for name in ("inventory", "receivables", "cash")]
    together = sum((value for value in known if value is not None), Decimal(0))
    if current is not None and together - current > tolerance:
        yield Finding("parts_exceed", "current_assets", False, difference=together - current)


def _cash(figures: Figures, tolerance: Decimal) -> Iterator[Finding]:
    """Changes of exchange rates move cash as well: no error."""
    names = ("operating_cash_flow", "investing_cash_flow", "financing_cash_flow", "cash", "cash_before")
    operating, investing, financing, cash, before = (figures.get(name) for name in names)
    if operating is None or investing is None or financing is None or cash is None or before is None:
        return
    if abs(difference := cash - before - operating - investing - financing) > tolerance:
        yield Finding("cash_moves", "cash", False, difference=difference)


def _profits(figures: Figures) -> Iterator[Finding]:
    revenue, operating, net, retained, equity = (
        figures.get(name)
        for name in ("revenue", "operating_profit", "net_profit", "retained_earnings", "equity")
    )
    if revenue is not None and net is not None and net > revenue:
        yield Finding("profit_above_revenue", "net_profit", False, "revenue", net - revenue)
    if operating is not None and net is not None and operating < 0 < net:
        yield Finding("profit_after_loss", "net_profit", False, "operating_profit", net)
    if retained is not None and equity is not None and retained > equity > 0:
        yield Finding("retained_above_equity", "retained_earnings", False, "equity", retained - equity)


def _jumps(figures: Figures, before: Figures) -> Iterator[Finding]:
    for name in COMPARED:
        new, old = figures.get(name), before.get(name)
        if new is None or old is None or new <= 0 or old <= 0:
            continue
        if (times := max(new / old, old / new)) >= JUMP:
            yield Finding("jump", name, False, difference=times)
