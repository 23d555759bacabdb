"""What makes an indicator senseless: bands that do not tile the number line, categories that are not covered, ages that
cannot be told, and policies for missing data that would reward not knowing."""

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from tiering.core.check_metrics import Vocabulary, check_unit, unknown_category
from tiering.core.document import Band, Indicator
from tiering.core.metric import Metric
from tiering.core.refusals import Refusal
from tiering.core.texts import N_

BEST_POINTS: Final = 100


def check_indicator(indicator: Indicator, vocabulary: Vocabulary, path: str) -> Iterator[Refusal]:
    """Every reason for refusing one indicator."""
    metric = vocabulary.metric(indicator.metric)
    if metric is None:
        yield vocabulary.refusal(indicator.metric, f"{path}.metric")
        return
    yield from _age(indicator, metric, f"{path}.max_age_days")
    if bool(indicator.bands) != metric.is_number or bool(indicator.categories) == metric.is_number:
        yield _wrong_scale(metric, path)
        return
    if metric.is_number:
        yield from check_unit(metric, indicator.unit, _example(indicator.bands), f"{path}.unit")
        yield from _bands(indicator.bands, f"{path}.bands")
    else:
        yield from check_unit(metric, indicator.unit, None, f"{path}.unit")
        yield from _categories(indicator, metric, path)
    if indicator.scale:
        yield from _flat(indicator, path)
        yield from _missing(indicator, f"{path}.missing")


def _wrong_scale(metric: Metric, path: str) -> Refusal:
    if metric.is_number:
        message, fix = N_("“%(metric)s” is a number and needs bands."), N_("Give it bands and no categories.")
    else:
        message, fix = (
            N_("“%(metric)s” needs points for its categories."),
            N_("Give it categories and no bands."),
        )
    return Refusal("wrong_scale", path, message, fix, {"metric": metric.key})


def _age(indicator: Indicator, metric: Metric, path: str) -> Iterator[Refusal]:
    wanted, known = indicator.max_age_days, metric.max_age_days
    if wanted is None:
        return
    if known is None:
        yield Refusal(
            "age_not_known", path,
            N_("Values of “%(metric)s” have no date, so none would ever be young enough."),
            N_("Remove max_age_days."),
            {"metric": metric.key},
        )  # fmt: skip
    elif wanted > known:
        yield Refusal(
            "age_beyond_metric", path,
            N_("Values of “%(metric)s” are dropped after %(known)s days, so a limit of %(wanted)s has no effect."),
            N_("Write fewer than %(known)s days, or remove max_age_days."),
            {"metric": metric.key, "known": known, "wanted": wanted},
        )  # fmt: skip


def _bands(bands: tuple[Band, ...], path: str) -> Iterator[Refusal]:
    for number, band in enumerate(bands):
        if band.lo >= band.hi:
            yield Refusal(
                "band_empty", f"{path}[{number}]",
                N_("The band from %(lo)s to %(hi)s holds no value."),
                N_("Let it end above its beginning."),
                {"lo": _edge(band.lo), "hi": _edge(band.hi)},
            )  # fmt: skip
    for number, (before, band) in enumerate(pairwise(bands), 1):
        yield from _seam(before, band, f"{path}[{number}].lo")
    yield from _ends(bands, path)


def _seam(before: Band, band: Band, path: str) -> Iterator[Refusal]:
    if before.lo <= before.hi == band.lo:
        return
    places = {"end": _edge(before.hi), "begin": _edge(band.lo)}
    if band.lo < before.lo:
        yield Refusal(
            "bands_unordered", path,
            N_("The band from %(begin)s stands after one that begins higher."),
            N_("List the bands from low to high."),
            places,
        )  # fmt: skip
    elif band.lo < before.hi:
        yield Refusal(
            "bands_overlap", path,
            N_("Values from %(begin)s to %(end)s belong to two bands."),
            N_("Let each band begin where the one before it ends."),
            places,
        )  # fmt: skip
    elif band.lo > before.hi:
        yield Refusal(
            "bands_gap", path,
            N_("Values from %(end)s to %(begin)s belong to no band."),
            N_("Let each band begin where the one before it ends."),
            places,
        )  # fmt: skip


def _ends(bands: tuple[Band, ...], path: str) -> Iterator[Refusal]:
    lowest, highest = min(band.lo for band in bands), max(band.hi for band in bands)
    if lowest != -math.inf:
        yield Refusal(
            "bands_not_covering", f"{path}[0].lo",
            N_("Values below %(edge)s belong to no band."),
            N_("Leave the lower end of the first band open."),
            {"edge": _edge(lowest)},
        )  # fmt: skip
    if highest != math.inf:
        yield Refusal(
            "bands_not_covering", f"{path}[{len(bands) - 1}].hi",
            N_("Values of %(edge)s and above belong to no band."),
            N_("Leave the upper end of the last band open."),
            {"edge": _edge(highest)},
        )  # fmt: skip


def _categories(indicator: Indicator, metric: Metric, path: str) -> Iterator[Refusal]:
    for key in indicator.categories:
        if key not in metric.categories:
            yield unknown_category(f"{path}.categories", metric.key, key)
    uncovered = [key for key in metric.categories if key not in indicator.categories]
    if uncovered:
        yield Refusal(
            "categories_uncovered", f"{path}.categories",
            N_("Some categories of “%(metric)s” have no points: %(categories)s."),
            N_("Give points to every category, or null where it is not applicable."),
            {"metric": metric.key, "categories": ", ".join(uncovered)},
        )  # fmt: skip
    if not indicator.scale:
        yield Refusal(
            "never_applicable", f"{path}.categories",
            N_("No category of “%(metric)s” has points, so the indicator never applies."),
            N_("Give points to at least two categories, or remove the indicator."),
            {"metric": metric.key},
        )  # fmt: skip


def _flat(indicator: Indicator, path: str) -> Iterator[Refusal]:
    if len(set(indicator.scale)) == 1:
        yield Refusal(
            "scale_flat", path,
            N_("Every value of “%(metric)s” earns the same points, so not knowing it would score as well as the best."),
            N_("Give different points to different values, or remove the indicator."),
            {"metric": indicator.metric},
        )  # fmt: skip


def _missing(indicator: Indicator, path: str) -> Iterator[Refusal]:
    kind, given, best = indicator.missing.kind, indicator.missing.points, max(indicator.scale)
    if kind == "neutral" and given is None:
        yield Refusal(
            "neutral_without_points", path,
            N_("The neutral policy does not say how many points a missing value earns."),
            N_("Add points."),
        )  # fmt: skip
    if kind != "neutral" and given is not None:
        yield Refusal(
            "points_not_used", f"{path}.points",
            N_("The policy “%(policy)s” does not use points."),
            N_("Remove the points, or choose the neutral policy."),
            {"policy": kind},
        )  # fmt: skip
    if kind == "neutral" and given is not None and given >= best:
        yield Refusal(
            "missing_scores_best", f"{path}.points",
            N_("A missing value would earn %(points)s points, as much as the best value (%(best)s)."),
            N_("Choose fewer points than the best value earns."),
            {"points": given, "best": best},
        )  # fmt: skip
    if kind == "reweight" and best != BEST_POINTS:
        yield Refusal(
            "missing_scores_best", path,
            N_("The best value earns only %(best)s points, so leaving the indicator out could score better."),
            N_("Let the best value earn 100 points, or choose another policy."),
            {"best": best},
        )  # fmt: skip


def _example(bands: tuple[Band, ...]) -> float | None:
    """One of the numbers that the bands are written with, not 0 if it can be helped."""
    edges = [edge for band in bands for edge in (band.lo, band.hi) if math.isfinite(edge)]
    return next((edge for edge in edges if edge), next(iter(edges), None))


def _edge(value: float) -> str:
    return {math.inf: "∞", -math.inf: "−∞"}.get(value, repr(value).removesuffix(".0"))
