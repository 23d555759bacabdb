"""What the columns of a CSV of metrics are called, and when a header cannot be used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from tiering.core.document import Document
from tiering.core.refusals import Refusal
from tiering.core.texts import N_

ID_COLUMNS: Final = ("client_id", "id")
PROJECT: Final = "project_id"
HELD: Final = "held"
HELD_DAYS: Final = "held_days"
AGE: Final = "@days"
"""What follows the key of a metric in the name of the column of its ages."""


def header_refusals(
    place: str, header: Sequence[str], document: Document, named: Sequence[str]
) -> Iterator[Refusal]:
    """Every reason against a header; ``named`` are columns that were asked for by name."""
    for name in dict.fromkeys(name for name in header if header.count(name) > 1):
        yield Refusal(
            "column_twice", f"{place}:{name}",
            N_("Two columns are called “%(name)s”."),
            N_("Rename or remove one of them."),
            {"name": name},
        )  # fmt: skip
    for name in named:
        if name not in header:
            yield Refusal(
                "column_missing", place,
                N_("There is no column “%(name)s”."),
                N_("Name one of these: %(columns)s."),
                {"name": name, "columns": ", ".join(header)},
            )  # fmt: skip
    if document.metrics.isdisjoint(header):
        yield Refusal(
            "no_metric_column", place,
            N_("No column holds a metric that the document reads."),
            N_("Put commas between columns and call them by the keys of metrics. The document reads %(metrics)s."),
            {"metrics": ", ".join(sorted(document.metrics))},
        )  # fmt: skip
