"""How old the value of a metric is, in Python; `reading` says the same in SQL.

`Facts.dates` holds the day of the statement under `statement`, of the report behind each figure of credit bureaus
under its key, and of each observation that stands for a metric under `observation`. Our own ledger is kept to the day.
Profile and reference data bear no date: of their age nothing is known.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from tiering.core.catalogue import CLIENT_METRICS, PROJECT_METRICS
from tiering.core.metric import Metric

LEDGER = frozenset({"repayment", "facility", "interaction", "project", "revenue"})
"""Sources that are always up to date."""


def ages_of(dates: Mapping[str, Any], day: date) -> dict[str, int]:
    """Metric key → age in days on a day, given `Facts.dates`; what is of unknown age is left out."""
    observed = dates.get("observation", {})
    return dict(_recorded(dates, day)) | {key: _days(of, day) for key, of in observed.items()}


def ages_within(dates: Mapping[str, Any], day: date) -> dict[str, int]:
    """The same within a project, given `ProjectFacts.dates`: the day of each observation by metric key."""
    ledger = {key: 0 for key, metric in PROJECT_METRICS.items() if metric.source in LEDGER}
    return ledger | {key: _days(of, day) for key, of in dates.items()}


def dated_by(metric: Metric) -> str | None:
    """Under which key of `Facts.dates` the day of a metric's records stands; None where there is none."""
    return {"statement": "statement", "credit_report": metric.key}.get(metric.source)


def _recorded(dates: Mapping[str, Any], day: date) -> Iterator[tuple[str, int]]:
    for key, metric in CLIENT_METRICS.items():
        by = dated_by(metric)
        if by is not None and by in dates:
            yield key, _days(dates[by], day)
        elif metric.source in LEDGER:
            yield key, 0


def _days(of: str, day: date) -> int:
    return (day - date.fromisoformat(of)).days
