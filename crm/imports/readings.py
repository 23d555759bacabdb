"""Values of metrics in cells: which metric is meant, and what it reads."""

from __future__ import annotations

import difflib
from typing import Any

from django.utils.text import slugify

from crm import metrics
from crm.imports.batch import Batch
from crm.imports.fields import check_bounds
from crm.imports.mapping import KEY, metric_names
from crm.imports.values import BadCell, choice, measure, shown, spellings, word
from crm.metrics import ObservableMetric

Reading = tuple[str, float | None, str]
"""A metric's key, its number or None, its category or an empty text."""


class Readings:
    """Reads cells as values of metrics. Unknown ones are added to `batch.new_metrics` where that is permitted."""

    def __init__(self, batch: Batch):
        self.batch = batch
        self.known = metrics.importable()
        self.names = metric_names()
        self.retired = metrics.retired()
        self.words: dict[str, dict[str, str]] = {}

    def read(self, key: str, raw: str) -> Reading:
        """Raises BadCell for a value the metric cannot have."""
        metric = self.known.get(key)
        if metric and metric.type == "category":
            return key, None, choice(raw, self._words(metric))
        value = measure(raw)
        if metric:
            check_bounds(value, raw, metric.lowest, metric.highest)
        return key, value, ""

    def key_of(self, name: str) -> str:
        """The metric a cell names. Raises BadCell with the nearest known key for one nobody knows."""
        if key := self.names.get(word(name)):
            return key
        key = slugify(name).replace("-", "_")
        if self.batch.may_add_reference_data and KEY.fullmatch(key) and self._is_free(key):
            self.batch.new_metrics.setdefault(key, name)
            return key
        raise BadCell(**unknown_metric(name, list(self.known)))

    def _is_free(self, key: str) -> bool:
        return key not in self.retired and not metrics.reserved(key)

    def _words(self, metric: ObservableMetric) -> dict[str, str]:
        if metric.key not in self.words:
            labels = {
                word(said): key for key, label in metric.categories.items() for said in spellings(label)
            }
            self.words[metric.key] = {word(key): key for key in metric.categories} | labels
        return self.words[metric.key]


def unknown_metric(name: str, known: list[str]) -> dict[str, Any]:
    """Code and parameters of the issue for a metric nobody knows."""
    near = difflib.get_close_matches(name.lower().replace(" ", "_"), known, n=1, cutoff=0.5)
    issue: dict[str, Any] = {"code": "unknown_metric", "value": shown(name)}
    return issue | {"code": "unknown_metric_near", "near": near[0]} if near else issue
