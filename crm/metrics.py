"""What may be observed of a client. The catalogue lives in an app above, which registers its metrics in `ready()`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, cast

from django.utils.functional import lazy

from crm.formats import reads_chinese
from crm.models import CustomMetric

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

MetricType = Literal["number", "category"]


@dataclass(frozen=True, kw_only=True)
class ObservableMetric:
    """A metric and the values it takes: a number within `lowest`..`highest`, or a key of `categories` (key → label).

    It may be observed of clients as a whole (`of_clients`), and of clients within a project (`in_projects`); nothing
    more of a retired one. Of one that is a judgement people grade the client by what they see. A value counts for
    `max_age_days` (None: for ever).
    """

    key: str
    label: _StrOrPromise
    type: MetricType = "number"
    unit: str = "none"
    categories: Mapping[str, _StrOrPromise] = field(default_factory=dict)
    lowest: float | None = None
    highest: float | None = None
    of_clients: bool = True
    in_projects: bool = False
    retired: bool = False
    is_judgement: bool = False
    max_age_days: int | None = None
    help: _StrOrPromise = ""


_registered: dict[str, ObservableMetric] = {}
_reserved: set[str] = set()


def reserve(keys: Iterable[str]) -> None:
    """Keep keys from metrics of the institution's own."""
    _reserved.update(keys)


def register(metrics: Iterable[ObservableMetric]) -> None:
    """Make metrics known. Raises ValueError for a key that is taken."""
    for metric in metrics:
        if metric.key in _registered:
            raise ValueError(f"A metric named {metric.key!r} is registered already")
        _registered[metric.key] = metric


def observable() -> dict[str, ObservableMetric]:
    """Every metric that may be observed of clients now, by key: the registered ones, then the institution's own."""
    return {key: metric for key, metric in named().items() if metric.of_clients and not metric.retired}


def importable() -> dict[str, ObservableMetric]:
    """Every metric that may be observed now, of clients as a whole or within a project, by key."""
    return {
        key: one for key, one in named().items() if (one.of_clients or one.in_projects) and not one.retired
    }


def named() -> dict[str, ObservableMetric]:
    """Every metric that was ever observed, of clients as a whole or within a project, by key."""
    custom = {metric.key: _custom(metric) for metric in CustomMetric.objects.all()}
    return {**custom, **_registered}


def meaning_of_metric(key: str) -> str:
    """What a metric of the catalogue means, in the reader's language; empty of one that it does not have."""
    return str(_registered[key].help) if key in _registered else ""


def reserved(key: str) -> bool:
    """Whether an institution may not call a metric of its own so: it names something else already."""
    return key in _registered or key in _reserved


def retired() -> set[str]:
    """The keys of the institution's own metrics that are retired."""
    return set(CustomMetric.objects.filter(retired_at__isnull=False).values_list("key", flat=True))


def _custom(metric: CustomMetric) -> ObservableMetric:
    graded = metric.unit == CustomMetric.Unit.GRADE
    return ObservableMetric(
        key=metric.key,
        label=_either(metric.label_en, metric.label_zh),
        type=cast(MetricType, metric.type),
        unit=metric.unit or "none",
        categories={
            category["key"]: _either(category["en"], category["zh"]) for category in metric.categories
        },
        lowest=1.0 if graded else None,
        highest=5.0 if graded else None,
        retired=metric.retired_at is not None,
        is_judgement=graded,
        max_age_days=metric.max_age_days,
    )


def _either(english: str, chinese: str) -> _StrOrPromise:
    """A text in the language of whoever reads it, as those of the catalogue."""
    return lazy(lambda: chinese if chinese and reads_chinese() else english, str)()
