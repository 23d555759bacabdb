"""Figures as a workbook: a sheet for each with its numbers as numbers, and one that says what is counted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from funnel.pages import figure as figures
from funnel.pages.figure import Figure
from tiering import workbooks
from tiering.workbooks import Column, Sheet

TEXT_WIDTH: Final = 28
NUMBER_WIDTH: Final = 16
WORDS_WIDTH: Final = 110


def as_workbook(found: Sequence[Figure], *, title: str) -> bytes:
    """Figures that are told together, as the content of an Excel file. Texts can become no formulas."""
    return workbooks.workbook([*map(_sheet, found), _definitions(found)], title=title)


def _sheet(figure: Figure) -> Sheet:
    columns = [
        Column(
            f"{column.label}, {figure.unit}" if column.kind == "money" and figure.unit else str(column.label),
            TEXT_WIDTH if column.kind == "text" else NUMBER_WIDTH,
            column.kind,
        )
        for column in figure.columns
    ]
    return Sheet(str(figure.title), columns, [[_cell(cell) for cell in row] for row in figure.rows])


def _cell(cell: figures.Cell) -> workbooks.Cell:
    """Days stay days, whatever they are called on the page."""
    if isinstance(cell.value, date):
        return cell.value
    if cell.text:
        return cell.text
    return float(cell.value) if isinstance(cell.value, Decimal) else cell.value


def _definitions(found: Sequence[Figure]) -> Sheet:
    columns = [Column(_("Figure"), TEXT_WIDTH), Column(_("What is counted"), WORDS_WIDTH)]
    rows = [
        [str(figure.title), " ".join([str(figure.definition), *map(str, figure.notes)])] for figure in found
    ]
    return Sheet(_("What is counted"), columns, rows)
