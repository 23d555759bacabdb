"""SQL expressions for what a document reads of stored or derived facts.

`alias` is a relation with the columns of `tiering_facts` (so is the one that `derive` selects); `project` one with
those of `tiering_projectfacts`, where subjects are clients within projects.
"""

from collections.abc import Iterable

from tiering.core.catalogue import CLIENT_METRICS, OBSERVED_IN_PROJECTS
from tiering.core.document import Document
from tiering.core.metric import Catalogue, Metric
from tiering.facts.ages import LEDGER, dated_by


def columns_of(
    document: Document, alias: str, catalogue: Catalogue, project: str | None = None
) -> dict[str, str]:
    """Metric key → the expression of its value, for every metric that an assessment by the document reads."""
    return values_of(document.metrics, alias, catalogue, project)


def values_of(
    metrics: Iterable[str], alias: str, catalogue: Catalogue, project: str | None = None
) -> dict[str, str]:
    """Metric key → the expression of its value: double precision, or the text of a category.

    Raises KeyError for a metric that the catalogue does not have.
    """
    return {key: _value(catalogue[key], alias, project) for key in sorted(metrics)}


def age_columns(
    document: Document, alias: str, day: str, catalogue: Catalogue, project: str | None = None
) -> dict[str, str]:
    """“<metric>@days” → the expression of its age on `day`, an expression of a date, for the metrics whose age the
    document limits: an integer, NULL where it is not known."""
    ages = ages_of(document.aged_metrics, alias, day, catalogue, project)
    return {f"{key}@days": age for key, age in ages.items()}


def ages_of(
    metrics: Iterable[str], alias: str, day: str, catalogue: Catalogue, project: str | None = None
) -> dict[str, str]:
    """Metric key → the expression of its age on `day`: an integer, NULL where it is not known."""
    return {key: _age(catalogue[key], alias, day, project) for key in sorted(metrics)}


def _value(metric: Metric, alias: str, project: str | None) -> str:
    if metric.scope == "project":
        return _stored(metric, f"{project}.values")
    if metric.key not in CLIENT_METRICS:
        return _stored(metric, f"{alias}.custom")
    whole = f'{alias}."{metric.key}"'
    if project and metric.key in OBSERVED_IN_PROJECTS:
        return f"coalesce({_stored(metric, f'{project}.values')}, {whole})"
    return whole


def _stored(metric: Metric, column: str) -> str:
    stored = f"({column} ->> '{metric.key}')"
    return f"{stored}::float8" if metric.is_number else stored


def _age(metric: Metric, alias: str, day: str, project: str | None) -> str:
    within = f"({day} - ({project}.dates ->> '{metric.key}')::date)"
    if metric.scope == "project":
        return f"coalesce({within}, 0)" if metric.source in LEDGER else within
    if project and metric.key in OBSERVED_IN_PROJECTS:
        return f"coalesce({within}, {_age(metric, alias, day, None)})"
    observed = f"{alias}.dates #>> '{{observation,{metric.key}}}'"
    by = dated_by(metric)
    if by is None:
        age = f"({day} - ({observed})::date)"
        return f"coalesce({age}, 0)" if metric.source in LEDGER else age
    return f"({day} - coalesce({observed}, {alias}.dates ->> '{by}')::date)"
