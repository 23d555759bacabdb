"""Every figure of the funnel by its key, in the order of the page, and as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from crm.imports.error_file import disarmed
from funnel.pages import figures_compared, figures_ends, figures_targets, figures_ways
from funnel.pages.figure import Figure, plain
from funnel.selectors.figures.selection import Selection

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

FIGURES: dict[str, Callable[[Selection], Figure]] = {
    "summary": figures_ends.totals,
    "steps": figures_ways.steps,
    "flow": figures_ways.flow,
    "cohorts": figures_ways.cohorts,
    "windows": figures_ways.windows,
    "durations": figures_ways.durations,
    "ageing": figures_ways.ages,
    **{dimension: figures_ends.by(dimension) for dimension in figures_ends.TITLES},
    "reasons": figures_ends.reasons,
    "forecast": figures_ends.forecast,
    "targets": figures_targets.targets,
    "calibration": figures_ends.calibration,
    "conversion_of": figures_compared.conversion,
    "durations_of": figures_compared.durations,
    "reasons_of": figures_compared.reasons,
}
TABS: dict[str, tuple[_StrOrPromise, tuple[str, ...]]] = {
    "conversion": (_("Conversion"), ("summary", "steps", "flow", "cohorts", "windows")),
    "time": (_("Time"), ("durations", "ageing")),
    "outcomes": (_("Outcomes"), ("summary", *figures_ends.TITLES, "reasons")),
    "forecast": (_("Forecast"), ("forecast", "targets", "calibration")),
    "compared": (_("Compared"), ("conversion_of", "durations_of", "reasons_of")),
    "criteria": (_("Screening"), ("criteria",)),
}
"""What a page of figures shows together."""


def as_csv(figure: Figure) -> str:
    """The figure as a table; a byte-order mark tells spreadsheets that it is UTF-8."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for row in _lines(figure):
        writer.writerow([disarmed(cell) if isinstance(cell, str) else cell for cell in row])
    return "\ufeff" + buffer.getvalue()


def _lines(figure: Figure) -> Iterator[list[Any]]:
    yield [column.key for column in figure.columns]
    for row in figure.rows:
        yield [
            cell.text
            if column.kind == "text" and cell.text
            else ""
            if cell.value is None
            else plain(cell.value)
            for column, cell in zip(figure.columns, row, strict=True)
        ]
