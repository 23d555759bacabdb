"""What is known of prospects, as criteria read it: the values that somebody gave, and what industry and region add."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from django.db import connection

from tiering.core.document import Document
from tiering.core.metric import Catalogue, Facts, Metric
from tiering.core.size_classes import size_class_sql
from tiering.core.sql import quoted
from tiering.core.terms import Ages, Terms
from tiering.models import CriteriaVersion
from tiering.services.terms import change_terms

KEYS: Final = ("@id", "@version")
"""A metric's key begins with a letter, so nothing else is called like these."""

_GIVEN: Final = "(p.facts ->> '{0}')"
_NUMBER: Final = _GIVEN + "::float8"
OF_PROFILE: Final = {
    "client_kind": "p.kind",
    "client_status": "'potential'",
    "industry_risk": "i.risk_coefficient",
    "region_factor": "r.factor",
    "city_tier": "nullif(r.city_tier, '')",
    "size_class": size_class_sql(
        "i.size_rule", *(_NUMBER.format(key) for key in ("employees", "revenue", "total_assets"))
    ),
}
"""What follows from who the prospect is, where nobody gave a value."""

RELATION: Final = """
SELECT p.id AS "@id", p.version AS "@version", NULL::smallint AS held_rank, NULL::integer AS held_days{columns}
FROM funnel_prospect p
LEFT JOIN crm_industry i ON i.id = p.industry_id LEFT JOIN crm_region r ON r.id = p.region_id
WHERE {which}
"""


def relation_of(document: Document, catalogue: Catalogue, which: str) -> str:
    """A SELECT of what a document reads of the prospects `p` that a condition chooses, as `compile_assessment` takes it.
    `%(day)s` is the day by which ages count."""
    values = {key: _value(catalogue[key]) for key in sorted(document.metrics)}
    ages = {f"{key}@days": _age(key) for key in sorted(document.aged_metrics)}
    columns = "".join(f", {term} AS {quoted(name)}" for name, term in {**values, **ages}.items())
    return RELATION.format(columns=columns, which=which)


def _value(metric: Metric) -> str:
    given = (_NUMBER if metric.is_number else _GIVEN).format(metric.key)
    follows = OF_PROFILE.get(metric.key)
    cast = "::float8" if metric.is_number else "::text"
    return f"coalesce({given}, ({follows}){cast})" if follows else f"{given}{cast}"


def _age(key: str) -> str:
    """What was given counts from the day on which the prospect arrived; of what follows from it no age is known."""
    return f"CASE WHEN p.facts ? '{key}' THEN greatest(%(day)s::date - p.arrived_at::date, 0) END"


def terms_of(version: CriteriaVersion, at: datetime) -> Terms:
    """Ranks are among the clients of the book. Overlays are decisions about that book and do not apply to prospects."""
    return Terms(thresholds=change_terms(version, at).thresholds)


def facts_of(prospect: int, document: Document, catalogue: Catalogue, day: date) -> tuple[Facts, Ages]:
    """What a document reads of one prospect, and how old that is in days. One query."""
    statement = relation_of(document, catalogue, "p.id = %(prospect)s")
    with connection.cursor() as cursor:
        cursor.execute(statement, {"prospect": prospect, "day": day})
        names = [column.name for column in cursor.description]
        row: dict[str, Any] = dict(zip(names, cursor.fetchone(), strict=True))
    facts = {key: row[key] for key in document.metrics}
    ages = {key: row[f"{key}@days"] for key in document.aged_metrics if row[f"{key}@days"] is not None}
    return facts, ages
