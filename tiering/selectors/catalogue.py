"""The catalogue as it is now: the metrics of Strata and those that the institution added."""

from typing import Any, cast

from django.utils.functional import lazy

from crm.formats import reads_chinese
from crm.models import CustomMetric
from crm.reading import read_once
from tiering.core import catalogue as core
from tiering.core.conditions import metrics_of
from tiering.core.document import Document
from tiering.core.metric import Catalogue, Direction, Metric, MetricType, Unit
from tiering.core.texts import N_

CUSTOM_SOURCE = "custom"
HELP = N_("A metric of the institution's own, known by observation.")


def catalogue() -> Catalogue:
    """Every metric that criteria name, by key, with those of the institution's own that are retired. One query."""
    return core.catalogue(custom_metrics().values(), core.METRICS.values())


def open_catalogue() -> Catalogue:
    """Every metric that further criteria may name: `catalogue` without what is retired. One query."""
    return core.catalogue(custom_metrics(retired_at=None).values(), core.METRICS.values())


def policy_catalogue() -> Catalogue:
    """`catalogue`, and the change that a review policy judges. One query."""
    return core.catalogue(catalogue().values(), core.CHANGE_METRICS.values())


def catalogue_of(document: Document) -> Catalogue:
    """What is needed to name every metric of a document: `policy_catalogue`, with no query where all are Strata's."""
    strata = metrics_named(document) <= core.POLICY_METRICS.keys()
    return core.POLICY_METRICS if strata else policy_catalogue()


def metrics_named(document: Document) -> frozenset[str]:
    """The keys of the metrics that an assessment reads, or that decide whether a change needs a decision."""
    review = document.policy.review_when
    return document.metrics | (metrics_of(review) if review else frozenset())


@read_once
def custom_metrics(**having: Any) -> Catalogue:
    """The institution's own metrics by key, those with the given fields. A key that Strata has taken since is
    Strata's."""
    rows = CustomMetric.objects.filter(**having)
    return {row.key: as_metric(row) for row in rows if row.key not in core.POLICY_METRICS}


def as_metric(row: CustomMetric) -> Metric:
    """The metric with texts that are in the language of whoever reads them."""
    return Metric(
        key=row.key,
        label=_either(row.label_en, row.label_zh),
        type=cast(MetricType, row.type),
        unit=cast(Unit, row.unit or "none"),
        direction=cast(Direction, row.direction),
        source=CUSTOM_SOURCE,
        max_age_days=row.max_age_days,
        help=HELP,
        categories={category["key"]: _either(category["en"], category["zh"]) for category in row.categories},
    )


def _either(english: str, chinese: str) -> str:
    """A text that is Chinese for a reader of Chinese where there is a Chinese one."""
    return lazy(lambda: chinese if chinese and reads_chinese() else english, str)()
