"""The metric catalogue as pages and the API tell it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.formats import listed
from crm.models import CustomMetric
from tiering import display
from tiering.core.metric import Catalogue, Metric
from tiering.models import CriteriaVersion
from tiering.selectors.usage import readers_of_metrics

UNITS = {
    "fraction": gettext_lazy("percentage"),
    "multiple": pgettext_lazy("unit", "multiple"),
    "money": gettext_lazy("amount"),
    "days": pgettext_lazy("unit", "days"),
    "years": pgettext_lazy("unit", "years"),
    "count": gettext_lazy("number"),
    "points": pgettext_lazy("unit", "points"),
    "grade": gettext_lazy("grade from 1 to 5"),
    "none": gettext_lazy("number"),
}
DIRECTIONS = {
    "higher": gettext_lazy("higher is better"),
    "lower": gettext_lazy("lower is better"),
    "neutral": "",
}
SCOPES = {
    "client": "",
    "project": gettext_lazy("within a project"),
    "portfolio": gettext_lazy("part of the whole book"),
}


@dataclass(frozen=True)
class MetricLine:
    """A metric in words. `own` is set for one of the institution's own; `known` is a share from 0 to 1, None where it
    has not been counted."""

    metric: Metric
    label: str
    help: str
    values: str
    direction: str
    scope: str
    source: str
    max_age: str
    known: float | None
    readers: Sequence[CriteriaVersion]
    own: CustomMetric | None


@dataclass(frozen=True)
class MetricGroup:
    """The metrics that are read from one kind of record."""

    label: str
    lines: list[MetricLine]


def metric_lines(catalogue: Catalogue, known: Mapping[str, float] | None, at: datetime) -> list[MetricLine]:
    """A line for each metric, in the order of the catalogue; the institution's own come first."""
    own = {metric.key: metric for metric in CustomMetric.objects.all()}
    readers = readers_of_metrics(at)
    return [
        _line(metric, own.get(metric.key), (known or {}).get(metric.key), readers.get(metric.key, ()))
        for metric in catalogue.values()
    ]


def groups_of(lines: Sequence[MetricLine], term: str) -> list[MetricGroup]:
    """The lines that hold a term in what they say, by the records they are read from."""
    grouped: dict[str, list[MetricLine]] = {}
    for line in lines:
        if term.lower() in f"{line.metric.key} {line.label} {line.help}".lower():
            grouped.setdefault(_("The institution's own") if line.own else line.source, []).append(line)
    return [MetricGroup(label, found) for label, found in grouped.items()]


def _line(
    metric: Metric, own: CustomMetric | None, known: float | None, readers: Sequence[CriteriaVersion]
) -> MetricLine:
    age = metric.max_age_days
    return MetricLine(
        metric=metric,
        label=_(metric.label),
        help=_(metric.help),
        values=listed(_category_names(metric)) if metric.categories else str(UNITS.get(metric.unit, "")),
        direction=str(DIRECTIONS[metric.direction]),
        scope=str(SCOPES[metric.scope]),
        source=display.source_text(metric.source),
        max_age="" if age is None else display.count_of_days(age),
        known=known,
        readers=readers,
        own=own,
    )


def _category_names(metric: Metric) -> Iterator[str]:
    return (_(label) for label in metric.categories.values())
