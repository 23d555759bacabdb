"""What a figure is, whatever shows it: columns with a meaning each, rows of cells, a definition, the cases behind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlencode

from django.utils import formats
from django.utils.safestring import SafeString

from crm.formats import MISSING, money, percent

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

Kind = Literal["text", "count", "share", "days", "money", "score"]
Link = Mapping[str, Any]
"""What narrows the selection to the cases behind a cell: parameters of the list's address."""


@dataclass(frozen=True)
class Column:
    """`key` is its name in the API and in files."""

    key: str
    label: _StrOrPromise
    kind: Kind = "count"

    @property
    def is_number(self) -> bool:
        return self.kind != "text"


@dataclass(frozen=True)
class Cell:
    """A value (None: not known) as programs read it; `text` says it otherwise than by its kind."""

    value: Any
    link: Link | None = None
    text: str = ""


@dataclass(frozen=True)
class Figure:
    """`definition` says what is counted; `unit` stands behind the title; `notes` are further facts, each a sentence. The
    one row of a figure that `is_strip` is shown as figures side by side."""

    key: str
    title: _StrOrPromise
    definition: _StrOrPromise
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    unit: str = ""
    notes: Sequence[str] = field(default_factory=tuple)
    chart: SafeString | None = None
    is_strip: bool = False


SHOWN: Mapping[str, Callable[[Any], str]] = {
    "text": str,
    "count": lambda value: formats.number_format(value, use_l10n=True, force_grouping=True),
    "share": lambda value: percent(value, 2),
    "days": lambda value: formats.number_format(round(value, 1), decimal_pos=0 if value == int(value) else 1),
    "money": money,
    "score": lambda value: formats.number_format(round(value, 3), decimal_pos=3),
}


def shown(column: Column, cell: Cell) -> str:
    """A cell as people read it."""
    if cell.text:
        return cell.text
    return MISSING if cell.value is None else SHOWN[column.kind](cell.value)


def plain(value: Any) -> Any:
    """A value as programs read it: money as text to the hundredth, dates as ISO."""
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return value.isoformat() if hasattr(value, "isoformat") else value


@dataclass(frozen=True)
class Shown:
    """A cell as the page shows it; `query` leads to the cases behind it, `exact` is money to the hundredth."""

    column: Column
    text: str
    query: str
    exact: str


def shown_rows(figure: Figure, chosen: Mapping[str, Any]) -> list[list[Shown]]:
    """The rows in words; `chosen` is what the page's address says of the selection."""
    return [
        [
            Shown(
                column,
                shown(column, cell),
                urlencode({**chosen, **cell.link}) if cell.link is not None and cell.value else "",
                f"{cell.value:,.2f}" if column.kind == "money" and cell.value is not None else "",
            )
            for column, cell in zip(figure.columns, row, strict=True)
        ]
        for row in figure.rows
    ]
