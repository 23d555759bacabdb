"""What may be observed of a client. The catalogue lives in an app above, which registers its metrics in `ready()`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from django.utils.functional import lazy

from crm.models import CustomMetric

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


@dataclass(frozen=True, kw_only=True)
class ObservableMetric:
    """A metric and the values it takes: a number within `lowest`..`highest`, or a key of `categories` (key → label)."""

    key: str
    label: _StrOrPromise
    type: Literal["number", "category"] = "number"
    unit: str = "none"
    categories: Mapping[str, _StrOrPromise] = field(default_factory=dict)
    lowest: float | None = None
    highest: float | None = None


_registered: dict[str, ObservableMetric] = {}


def register(metrics: Iterable[ObservableMetric]) -> None:
    """Make metrics known. Raises ValueError for a key that is taken."""
    for metric in metrics:
        if metric.key in _registered:
            raise ValueError(f"A metric named {metric.key!r} is registered already")
        _registered[metric.key] = metric


def observable() -> dict[str, ObservableMetric]:
    """Every metric that may be observed now, by key: the registered ones, then the institution's own."""
    custom = {metric.key: _custom(metric) for metric in CustomMetric.objects.all()}
    return {**custom, **_registered}


def _custom(metric: CustomMetric) -> ObservableMetric:
    label = lazy(
        lambda: metric.label, str
    )()  # in the language of whoever reads it, as those of the catalogue
    return ObservableMetric(key=metric.key, label=label, unit=metric.unit)
