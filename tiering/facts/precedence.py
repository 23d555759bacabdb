"""Whose word counts by the declared orders of sources (`crm.models.SourceOrder`), in SQL.

Only statements that are made where orders are declared hold any of it: without one the newest value counts, and the
derivation pays nothing. Parameter: ``ranks``, the places as JSON (see `crm.core.sources.Ranks`).
"""

from crm.core.sources import RECORD, STATEMENT, UNRANKED
from tiering.core.catalogue import CLIENT_METRICS
from tiering.facts.formulas import FORMULAS

OF_STATEMENTS = tuple(
    key for key, one in CLIENT_METRICS.items() if one.source == "statement" and key in FORMULAS
)
"""Metrics that statements alone tell, by their formula over ``s``."""
OF_REPORTS = {"credit_score": "score", "pd": "pd", "rating": "rating"}
"""Metrics that credit bureaus tell: the figure of ``k`` and of a report."""
OF_THE_RECORD = ("registered_capital", "employees", "life_cycle", "risk_appetite", "demand_level")
"""Metrics that stand in the client's record, by their formula over ``c``."""


def place(metric: str, source: str) -> str:
    """The place of a source for a metric, given expressions of both."""
    own = f"coalesce(%(ranks)s::jsonb -> {metric}, %(ranks)s::jsonb -> '')"
    return f"coalesce(({own} ->> {source})::int, {UNRANKED})"


def of_the_record() -> str:
    """The place of what the records say beside an observation of `metric`; NULL where they say nothing of it."""
    reports = " ".join(
        f"WHEN metric = '{key}' THEN CASE WHEN k.{figure} IS NOT NULL THEN k.{figure}_place END"
        for key, figure in OF_REPORTS.items()
    )
    statements = _told(OF_STATEMENTS)
    record = _told(OF_THE_RECORD)
    return f"""CASE {reports} WHEN {statements} THEN {place("metric", f"'{STATEMENT}'")}
                    WHEN {record} THEN {place("metric", f"'{RECORD}'")} END"""


def _told(metrics: tuple[str, ...]) -> str:
    whens = " ".join(f"WHEN '{key}' THEN nullif(({FORMULAS[key]})::text, '') IS NOT NULL" for key in metrics)
    return f"CASE metric {whens} END"
