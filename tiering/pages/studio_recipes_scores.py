"""What the buttons beside weights, indicators and bands do to a draft, as edits (see `studio_recipes`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext, override

from tiering.core.addresses import ABSENT, steps_of
from tiering.core.check_metrics import Vocabulary
from tiering.core.document import WHOLE, Scorecard
from tiering.core.editing import Edit
from tiering.core.metric import Metric
from tiering.pages.studio import Draft, path_to
from tiering.pages.studio_asked import (
    Asked,
    Made,
    entry_at,
    key_from,
    list_at,
    name_of,
    number_in,
    text_in,
    unusable,
)
from tiering.pages.studio_cuts import (
    Band,
    bands,
    edges_at_quantiles,
    first_bands,
    first_categories,
    points_for,
)
from tiering.selectors.distribution import Distribution, audience, distributions

MOST_BANDS: Final = 20
PERCENT: Final = WHOLE // 100


def even_weights(draft: Draft, asked: Asked) -> Made:
    """Weights that come to 100 %, in whole per cent. What weighs nothing gets an equal share, the others keep their
    proportions."""
    path, entries = list_at(draft, asked)
    weights = [entry.get("weight") for entry in entries]
    if not entries or not all(isinstance(weight, int) for weight in weights):
        raise unusable("path")
    names = [name_of(entries, position, path) for position in range(len(entries))]
    fresh = _shared_out(weights)
    edits = [
        Edit("set", f"{path}/{path_to(name)}/weight", was, value)
        for name, was, value in zip(names, weights, fresh, strict=True)
        if was != value
    ]
    return edits, None


def _shared_out(weights: Sequence[int]) -> list[int]:
    """Whole per cents by largest remainder."""
    equal, weighing = 100 / len(weights), sum(map(bool, weights))
    exact = [equal * weighing * weight / sum(weights) if weight else equal for weight in weights]
    whole = [int(share) for share in exact]
    by_remainder = sorted(range(len(exact)), key=lambda at: (whole[at] - exact[at], at))
    for at in by_remainder[: 100 - sum(whole)]:
        whole[at] += 1
    return [share * PERCENT for share in whole]


def cut_at_quantiles(draft: Draft, asked: Asked) -> Made:
    """So many bands at equal shares of the book. The points keep their direction, and as they are where their number
    stays."""
    path, indicator = entry_at(draft, asked)
    count = number_in(asked, "value", 2, MOST_BANDS)
    metric, lying = _metric_of(draft, path), _lying(draft, path)
    old = indicator.get("bands") or []
    edges = edges_at_quantiles(lying, count, metric.unit)
    if not edges:
        raise unusable("path")
    points = [band["points"] for band in old]
    if len(points) != len(edges) + 1:
        rising = points[0] <= points[-1] if len(points) > 1 else metric.direction != "lower"
        points = points_for(len(edges) + 1, rising)
    return [Edit("set", f"{path}/bands", indicator.get("bands", ABSENT), bands(edges, points))], None


def split_band(draft: Draft, asked: Asked) -> Made:
    """Two bands of one, where half of the clients in it lie on either side."""
    path, indicator = entry_at(draft, asked)
    old = list(indicator.get("bands") or [])
    at = number_in(asked, "band", 0, len(old) - 1)
    band, lying = old[at], _lying(draft, path)
    edge = _middle(band, lying, _metric_of(draft, path))
    if edge is None or len(old) >= MOST_BANDS:
        raise unusable("band")
    beside = old[at + 1]["points"] if at + 1 < len(old) else band["points"]
    upper = {"lo": edge, "hi": band["hi"], "points": (band["points"] + beside + 1) // 2}
    fresh = [*old[:at], {**band, "hi": edge}, upper, *old[at + 1 :]]
    return [Edit("set", f"{path}/bands", old, fresh)], f"at-{path}/bands/{at + 1}/lo"


def _middle(band: Band, lying: Distribution, metric: Metric) -> float | None:
    """A value inside a band, None where there is none."""
    low, high = band["lo"], band["hi"]
    inside = [v for v in lying.values if (low is None or v > low) and (high is None or v < high)]
    cut = edges_at_quantiles(Distribution(1, tuple(inside)), 2, metric.unit) if inside else []
    if cut and (low is None or cut[0] > low) and (high is None or cut[0] < high):
        return cut[0]
    if low is not None and high is not None:
        return (low + high) / 2 if low < high else None
    known = high if low is None else low
    return None if known is None else known + (abs(known) or 1) * (1 if high is None else -1)


def remove_band(draft: Draft, asked: Asked) -> Made:
    """A band less: the one before it, or after the first, takes its values."""
    path, indicator = entry_at(draft, asked)
    old = list(indicator.get("bands") or [])
    at = number_in(asked, "band", 0, len(old) - 1)
    if len(old) < 2:
        raise unusable("band")
    fresh = (
        [{**old[1], "lo": old[0]["lo"]}, *old[2:]]
        if at == 0
        else [*old[: at - 1], {**old[at - 1], "hi": old[at]["hi"]}, *old[at + 1 :]]
    )
    return [Edit("set", f"{path}/bands", old, fresh)], f"at-{path}/bands/{max(at - 1, 0)}/points"


def set_missing(draft: Draft, asked: Asked) -> Made:
    """Another policy for what is not known, with points to begin with where it needs some."""
    path, indicator = entry_at(draft, asked, "missing")
    policy = text_in(asked, "value")
    fresh: dict[str, Any] = {"policy": policy}
    if policy == "neutral":
        scale = [band["points"] for band in indicator.get("bands") or []]
        scale += [points for points in (indicator.get("categories") or {}).values() if points is not None]
        fresh["points"] = min(scale) + (max(scale) - min(scale)) // 3 if scale else 0
    return [Edit("set", f"{path}/missing", indicator["missing"], fresh)], None


def add_indicator(draft: Draft, asked: Asked) -> Made:
    """An indicator that reads a metric, in thirds of the book; it weighs nothing yet unless it is the only one."""
    path, entries = list_at(draft, asked)
    entry = _indicator(draft, path, text_in(asked, "metric"), 0 if entries else WHOLE)
    inner = f"{path}/{path_to(entry['metric'])}"
    return [Edit("insert", inner, value=entry, before=None)], f"at-{inner}/weight"


def add_dimension(draft: Draft, asked: Asked) -> Made:
    """A dimension with one indicator, by whose name it goes until it is given one of its own."""
    path, entries = list_at(draft, asked)
    indicator = _indicator(draft, path, text_in(asked, "metric"), WHOLE)
    key = key_from(indicator["metric"], "dimension", {entry["key"] for entry in entries})
    label = _label(draft.catalogue[indicator["metric"]])
    entry = {"key": key, "label": label, "weight": 0 if entries else WHOLE, "indicators": [indicator]}
    return [
        Edit("insert", f"{path}/{path_to(key)}", value=entry, before=None)
    ], f"at-{path}/{path_to(key)}/weight"


def _card_of(draft: Draft, path: str) -> Scorecard:
    steps = steps_of(path)
    for card in draft.document.scorecards:
        if steps[:2] == ("scorecards", card.key):
            return card
    raise unusable("path")


def _metric_of(draft: Draft, path: str) -> Metric:
    key = steps_of(path)[-1]
    if key not in draft.catalogue:
        raise unusable("path")
    return draft.catalogue[key]


def _lying(draft: Draft, path: str, metric: Metric | None = None) -> Distribution:
    card, metric = _card_of(draft, path), metric or _metric_of(draft, path)
    among = audience(draft.document.scorecards, card, draft.catalogue)
    found = distributions(draft.user, draft.document.subject, [metric], among, draft.catalogue)
    return found[metric.key]


def _label(metric: Metric) -> dict[str, str]:
    """The name of a metric in the languages of documents."""
    names = {}
    for language, code in (("en", "en"), ("zh", "zh-hans")):
        with override(code):
            names[language] = gettext(metric.label)
    return names


def _indicator(draft: Draft, path: str, key: str, weight: int) -> dict[str, Any]:
    """An indicator that can be saved as it is. Raises Invalid for a metric that the scorecard cannot read."""
    metric = Vocabulary(draft.catalogue, draft.document.subject).metric(key)
    read = {i.metric for dimension in _card_of(draft, path).dimensions for i in dimension.indicators}
    if metric is None or key in read:
        raise unusable("metric")
    entry: dict[str, Any] = {"metric": key, "weight": weight, "missing": {"policy": "worst"}}
    if metric.is_number:
        return {**entry, "bands": first_bands(metric, _lying(draft, path, metric))}
    return {**entry, "categories": first_categories(metric)}


RECIPES: Final[Mapping[str, Callable[[Draft, Asked], Made]]] = {
    "even": even_weights,
    "quantiles": cut_at_quantiles,
    "split": split_band,
    "merge": remove_band,
    "missing": set_missing,
    "indicator": add_indicator,
    "dimension": add_dimension,
}
