"""One indicator of a draft as the studio shows it: its bands or categories over the book, and its settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isinf
from typing import Any, Final

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from crm.formats import percent
from tiering import display
from tiering.core.document import Indicator, Scorecard
from tiering.core.metric import Direction, Metric
from tiering.core.texts import N_
from tiering.pages.studio import Draft, path_to
from tiering.pages.studio_chart import Axis, Edge, axis_for, band_editor, category_strip, plot
from tiering.pages.studio_units import Written, written
from tiering.selectors.distribution import UNKNOWN, Distribution, audience, distributions

DIRECTIONS: Final[Mapping[Direction, str]] = {
    "higher": N_("higher is better"),
    "lower": N_("lower is better"),
    "neutral": N_("neither way is better"),
}
MISSING: Final[Sequence[tuple[str, str, str]]] = (
    ("worst", N_("Worst points"), N_("Whoever does not say earns what the worst band earns.")),
    ("neutral", N_("Points of your choice"), N_("Fewer than the best band earns, so that silence never pays.")),
    ("reweight", N_("Leave it out"), N_("The other indicators count for it. The best band must earn 100 then.")),
    ("block", N_("Worst points, tier provisional"), N_("It has to be known before the tier is final.")),
)  # fmt: skip


@dataclass(frozen=True)
class BandRow:
    """One band: the paths of where it begins and of where the next one does, empty where it is open; `also` is the end
    of the band before, which moves with its beginning; `share` of the book lies in it, in per cent."""

    path: str
    number: int
    lower: str
    upper: str
    upper_text: str
    also: dict[str, Any]
    share: float
    share_text: str


@dataclass(frozen=True)
class CategoryRow:
    """A category, its points, None where the indicator does not apply, and the share of the book in it, in per cent."""

    path: str
    label: str
    points: int | None
    share: float
    share_text: str


@dataclass(frozen=True)
class MissingChoice:
    key: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class IndicatorPanel:
    """An indicator with its drawing. `source` is the drawing of bands and `editor` the one with handles, both empty
    for categories, which have a `strip`; `age` is the limit of the catalogue in days."""

    path: str
    key: str
    metric: Metric | None
    label: str
    help: str
    facts: str
    written: Written
    source: SafeString
    strip: SafeString
    editor: SafeString
    bands: list[BandRow]
    categories: list[CategoryRow]
    missing: list[MissingChoice]
    missing_help: str
    asks_points: bool
    age: int | None
    is_known: bool
    is_only: bool
    is_open: bool
    parts = range(2, 11)

    @property
    def plot(self) -> str:
        """The id of the drawing."""
        return f"plot-{self.path}"

    @property
    def scale_text(self) -> str:
        """The scale as scripts read it, in no language."""
        return repr(self.written.scale)

    @property
    def dimension_path(self) -> str:
        return self.path.rsplit("/", 2)[0]


def lying_over(draft: Draft, card: Scorecard, indicators: Sequence[Indicator]) -> Mapping[str, Distribution]:
    """How the metrics of indicators lie over those whom a scorecard is for; none that the document may not name."""
    document, catalogue = draft.document, draft.catalogue
    metrics = {i.metric: catalogue[i.metric] for i in indicators if i.metric in catalogue}
    usable = [m for m in metrics.values() if m.scope != "project" or document.subject == "project"]
    if not usable:
        return {}
    among = audience(document.scorecards, card, catalogue)
    return distributions(draft.user, document.subject, usable, among, catalogue)


def indicator_panel(
    draft: Draft, path: str, indicator: Indicator, lying: Mapping[str, Distribution], is_only: bool
) -> IndicatorPanel:
    """An indicator over the distribution of its metric; `is_only`, whether its dimension has no other."""
    key, names = indicator.metric, draft.catalogue
    metric, distribution = names.get(key), lying.get(key, UNKNOWN)
    missing = indicator.missing.kind
    axis, edges = _scale(draft, indicator, distribution)
    points = [band.points for band in indicator.bands]
    plot_id = f"plot-{path}"
    categories = _categories(path, indicator, metric, distribution)
    number = written(metric)
    return IndicatorPanel(
        path=path,
        key=key,
        metric=metric,
        label=display.metric_label(key, names),
        help=display.metric_help(key, names),
        facts=_facts(metric, distribution),
        written=number,
        source=plot(plot_id, axis, distribution, edges, points) if points else SafeString(),
        strip=category_strip([(row.share / 100, row.points) for row in categories]),
        editor=band_editor(path, plot_id, axis, edges, points, number.rough) if points else SafeString(),
        bands=_bands(path, indicator, distribution, number),
        categories=categories,
        missing=[MissingChoice(kind, _(label), kind == missing) for kind, label, _help in MISSING],
        missing_help=next(_(told) for kind, _label, told in MISSING if kind == missing),
        asks_points=missing == "neutral" or indicator.missing.points is not None,
        age=metric.max_age_days if metric else None,
        is_known=bool(distribution.values),
        is_only=is_only,
        is_open=path in draft.opened,
    )


def _facts(metric: Metric | None, distribution: Distribution) -> str:
    """What one wants to know of a metric before one weighs it."""
    if metric is None:
        return _("not in the catalogue")
    known = _("known for {share}").format(share=percent(distribution.known))
    return f"{_(DIRECTIONS[metric.direction])} · {known}"


def _scale(draft: Draft, indicator: Indicator, distribution: Distribution) -> tuple[Axis, list[Edge]]:
    """An axis for the bands, and their edges; of bands that do not follow one another, where each begins."""
    typed = written(draft.catalogue.get(indicator.metric))
    starts = [
        band.lo if not isinf(band.lo) else indicator.bands[at].hi
        for at, band in enumerate(indicator.bands[1:])
    ]
    edges = [
        Edge(number, value, f"{typed.typed(value)}{typed.mark}", typed.exact(value))
        for number, value in enumerate(starts, 1)
        if not isinf(value)
    ]
    return axis_for(distribution, [edge.value for edge in edges]), edges


def _bands(path: str, indicator: Indicator, distribution: Distribution, typed: Written) -> list[BandRow]:
    rows, last = [], len(indicator.bands) - 1
    for number, band in enumerate(indicator.bands):
        own = f"{path}/bands/{number}"
        before = indicator.bands[number - 1] if number else None
        share = distribution.share(_open(band.lo), _open(band.hi))
        rows.append(
            BandRow(
                path=own,
                number=number + 1,
                lower=f"{own}/lo" if before else "",
                upper=f"{path}/bands/{number + 1}/lo" if number < last else "",
                upper_text="" if isinf(band.hi) else typed.typed(band.hi),
                also={f"{path}/bands/{number - 1}/hi": _open(before.hi)} if before else {},
                share=100 * share,
                share_text=percent(share),
            )
        )
    return rows


def _open(edge: float) -> float | None:
    return None if isinf(edge) else edge


def _categories(
    path: str, indicator: Indicator, metric: Metric | None, distribution: Distribution
) -> list[CategoryRow]:
    """The categories in the order of the catalogue, then those that it does not have."""
    if indicator.bands:
        return []
    known = list(metric.categories) if metric else []
    shares = distribution.categories or {}
    return [
        CategoryRow(
            path=f"{path}/{path_to('categories', key)}",
            label=_(metric.categories.get(key, key)) if metric else key,
            points=indicator.categories.get(key),
            share=100 * shares.get(key, 0.0),
            share_text=percent(shares.get(key, 0.0)),
        )
        for key in dict.fromkeys([*known, *indicator.categories])
    ]
