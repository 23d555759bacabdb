"""The register of overrides, and its rates, as tables that programs and spreadsheets read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from crm.imports.error_file import disarmed
from tiering.pages.overrides import Line
from tiering.selectors.override_rates import Rates

HEAD = (
    "id", "client", "name", "project", "scheme", "kind", "override", "criteria_say", "direction", "notches",
    "above_hard_gate", "segment", "reason", "grounds", "evidence_sha256", "status", "requested_by", "requested_at",
    "decided_by", "decided_at", "starts", "last_day", "ended_at",
)  # fmt: skip
RATES_HEAD = ("section", "item", "direction", "figure", "value")
Rows = Iterable[Sequence[Any]]


def register_csv(lines: Iterable[Line]) -> str:
    """One override a row; moments in ISO format."""
    return _written(HEAD, (_row(line) for line in lines))


def rates_csv(rates: Rates) -> str:
    """One figure a row."""
    return _written(RATES_HEAD, _rates(rates))


def _row(line: Line) -> Sequence[Any]:
    one = line.override
    return (
        one.pk, one.client.code, one.client.name, one.project.code if one.project else "", one.scheme.key, one.kind,
        one.tier.key if one.tier else f"{one.metric}={one.given}", one.assessment.overlay_tier.key, one.direction,
        one.notches, one.above_hard_gate, one.assessment.scorecard, one.reason, one.grounds,
        one.evidence.sha256 if one.evidence else "", one.status, one.requested_by.username, _iso(one.requested_at),
        one.decided_by.username if one.decided_by else "", _iso(one.decided_at), _iso(one.starts),
        one.last_day.isoformat(), _iso(one.ended_at),
    )  # fmt: skip


def _iso(value: Any) -> str:
    return value.isoformat(timespec="seconds") if value else ""


def _rates(rates: Rates) -> Iterable[Sequence[Any]]:
    yield "book", rates.scheme.key, "", "assessed", rates.assessed
    for section, rows in (("officer", rates.officers), ("segment", rates.segments), ("month", rates.months)):
        for row in rows:
            for direction, count in (("up", row.up), ("down", row.down)):
                yield section, row.key, direction, "overridden", count
            yield section, row.key, "", "assessed", row.assessed
    for row in rates.officers:
        yield "officer", row.key, "", "rejected", row.rejected
    for outcome in rates.outcomes:
        for figure in ("subjects", "bad", "rate", "low", "high"):
            yield "outcome", outcome.decision, outcome.direction, figure, getattr(outcome, figure)


def _written(head: Sequence[str], rows: Rows) -> str:
    """A byte-order mark tells spreadsheets that it is UTF-8; no cell is read as a formula."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(head)
    for row in rows:
        writer.writerow(
            [disarmed(cell) if isinstance(cell, str) else "" if cell is None else cell for cell in row]
        )
    return "\ufeff" + buffer.getvalue()
