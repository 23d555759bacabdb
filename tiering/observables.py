"""Tells crm which metrics may be observed, of clients and of clients within projects. And which names are taken."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy

from crm import metrics
from tiering.core.catalogue import CLIENT_METRICS, METRICS, OBSERVED_IN_PROJECTS, POLICY_METRICS, Metric

# Bounds of units whose scale is fixed; other numbers are bounded only by their meaning.
BOUNDS = {"grade": (1.0, 5.0)}
PROBABILITIES = {"pd"}
# Columns that stand beside metrics where documents are compiled: a metric of that name would be taken for one.
COLUMNS = {
    "id", "client_id", "project_id", "facts_id", "project_facts_id", "facts_from", "assignment_id", "sources", "dates",
    "custom", "content_hash", "scorecard", "score", "provisional", "gates", "overlays", "tier", "model_tier",
    "base_tier", "overlay_tier", "held", "held_id", "held_from", "held_rank", "held_days", "compared",
}  # fmt: skip
TAKEN = COLUMNS | set(POLICY_METRICS)


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
            of_clients=metric.key in CLIENT_METRICS,
            in_projects=metric.key in OBSERVED_IN_PROJECTS,
            is_judgement=metric.source == "judgement",
            max_age_days=metric.max_age_days,
            help=gettext_lazy(metric.help),
        )


def bounds(metric: Metric) -> tuple[float | None, float | None]:
    if metric.key in PROBABILITIES:
        return 0.0, 1.0
    return BOUNDS.get(metric.unit, (None, None))
