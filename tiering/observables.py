"""Tells crm which metrics may be observed: those of the catalogue."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy

from crm import metrics
from tiering.core.catalogue import METRICS, Metric

# Bounds of units whose scale is fixed; other numbers are bounded only by their meaning.
BOUNDS = {"grade": (1.0, 5.0)}
PROBABILITIES = {"pd"}


def observables() -> Iterator[metrics.ObservableMetric]:
    for metric in METRICS.values():
        lowest, highest = bounds(metric)
        yield metrics.ObservableMetric(
            key=metric.key,
            label=gettext_lazy(metric.label),
            type=metric.type,
            unit=metric.unit,
            categories={key: gettext_lazy(label) for key, label in metric.categories.items()},
            lowest=lowest,
            highest=highest,
        )


def bounds(metric: Metric) -> tuple[float | None, float | None]:
    if metric.key in PROBABILITIES:
        return 0.0, 1.0
    return BOUNDS.get(metric.unit, (None, None))
