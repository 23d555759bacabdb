"""Segments as their page lays them out, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from crm.charts import meter
from crm.formats import listed, money, percent
from tiering import display
from tiering.core.metric import Catalogue, Metric
from tiering.models import Segmentation
from tiering.pages.conditions import group_of
from tiering.pages.metrics import UNITS
from tiering.pages.validation_words import number
from tiering.selectors.catalogue import open_catalogue, policy_catalogue

Json = Mapping[str, Any]
NEAR, FAR, VERY_FAR = 0.25, 0.75, 1.5
"""From so many deviations on a segment is somewhat, clearly and far away from the whole."""
WIDEST = 2.5
"""The deviation at which a bar ends."""


@dataclass(frozen=True)
class Trait:
    """A metric of a segment beside the whole. `lean` draws how far it is from it."""

    label: str
    help: str
    median: str
    word: str
    lean: SafeString


@dataclass(frozen=True)
class Profile:
    name: str
    clients: str
    share: str
    exposure: str
    exposure_share: str
    revenue: str
    bar: SafeString
    traits: Sequence[Trait]


@dataclass(frozen=True)
class Tried:
    """A number of segments that was tried, and how far apart they were."""

    segments: int
    silhouette: str
    bar: SafeString
    is_chosen: bool


@dataclass(frozen=True)
class Line:
    """A segmentation in a list."""

    job: Segmentation
    metrics: str
    segments: str


class Segments:
    """What a segmentation found."""

    def __init__(self, findings: Json) -> None:
        self.found = findings

    @cached_property
    def profiles(self) -> list[Profile]:
        names, parts = policy_catalogue(), self.found["segments"]
        owed = sum(one["exposure"] for one in parts)
        return [_profile(place, one, owed, names) for place, one in enumerate(parts, 1)]

    @property
    def silhouette(self) -> str:
        return number(self.found["silhouette"])

    @property
    def fidelity(self) -> str:
        return percent(self.found["fidelity"], 1)

    @property
    def unclear(self) -> str:
        return percent(self.found["unclear"], 1)

    @property
    def tried(self) -> list[Tried]:
        best = max(one["silhouette"] for one in self.found["tried"])
        return [
            Tried(
                segments=one["segments"],
                silhouette=number(one["silhouette"]),
                bar=meter(one["silhouette"], max(best, 0.01), "accent"),
                is_chosen=one["silhouette"] == self.found["silhouette"],
            )
            for one in self.found["tried"]
        ]


def segmentation_lines(rows: Sequence[Segmentation]) -> list[Line]:
    names = policy_catalogue() if rows else {}
    return [
        Line(
            job=one,
            metrics=listed(display.metric_label(key, names) for key in one.metrics),
            segments=str(len(one.findings["segments"])) if one.findings else str(one.segments or "–"),
        )
        for one in rows
    ]


def offered_metrics() -> list[dict[str, str]]:
    """The metrics that clients may be compared by, as the picker reads them."""
    metrics = open_catalogue().values()
    return [_offered(metric) for metric in metrics if metric.is_number and metric.scope == "client"]


def _offered(metric: Metric) -> dict[str, str]:
    return {
        "key": metric.key,
        "label": _(metric.label),
        "help": _(metric.help),
        "group": group_of(metric),
        "unit": str(UNITS[metric.unit]),
    }


def _profile(place: int, one: Json, owed: float, names: Catalogue) -> Profile:
    return Profile(
        name=_("Segment %(number)s") % {"number": place},
        clients=intcomma(one["clients"]),
        share=percent(one["share"], 1),
        exposure=money(one["exposure"]),
        exposure_share=percent(one["exposure"] / owed if owed else 0, 1),
        revenue=money(one["revenue"]),
        bar=meter(one["share"], 1, "accent wide"),
        traits=[_trait(trait, names) for trait in one["metrics"]],
    )


def _trait(one: Json, names: Catalogue) -> Trait:
    key = one["metric"]
    return Trait(
        label=display.metric_label(key, names),
        help=display.metric_help(key, names),
        median=display.metric_value(key, one["median"], names),
        word=lean_word(one["deviation"]),
        lean=lean_bar(one["deviation"]),
    )


def lean_word(deviation: float) -> str:
    """How far a segment is from the whole, in words."""
    size = abs(deviation)
    if size < NEAR:
        return _("as the whole")
    if size < FAR:
        return _("somewhat higher") if deviation > 0 else _("somewhat lower")
    if size < VERY_FAR:
        return _("higher") if deviation > 0 else _("lower")
    return _("far higher") if deviation > 0 else _("far lower")


def lean_bar(deviation: float) -> SafeString:
    """A bar from the middle to the right for what is higher than in the whole, to the left for what is lower."""
    length = round(50 * min(abs(deviation), WIDEST) / WIDEST, 1)
    return format_html(
        '<svg class="meter meter-accent" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="meter-track" width="100" height="8" rx="1"/>'
        '<rect class="meter-fill" x="{}" width="{}" height="8"/>'
        '<line class="meter-tick" x1="50" x2="50" y1="-2" y2="10" vector-effect="non-scaling-stroke"/></svg>',
        50 if deviation > 0 else round(50 - length, 1),
        length,
    )
