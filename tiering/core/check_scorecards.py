"""What makes scorecards senseless: clients whom none covers, scorecards that never apply, weights that do not add up."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from tiering.core.check_conditions import check_selective
from tiering.core.check_keys import check_unique
from tiering.core.check_metrics import Vocabulary
from tiering.core.check_scales import check_indicator
from tiering.core.conditions import All
from tiering.core.document import WHOLE, Dimension, Scorecard, WeightLimits
from tiering.core.metric import Catalogue
from tiering.core.reach import shadowed
from tiering.core.refusals import Refusal
from tiering.core.texts import N_

Refusals = Iterator[Refusal]

EVERYBODY: Final = All(())
"""The condition that a default stands for."""


def check_scorecards(
    cards: tuple[Scorecard, ...], limits: WeightLimits | None, vocabulary: Vocabulary
) -> Refusals:
    """Every reason for refusing the scorecards, apart from how they place."""
    yield from check_unique("$.scorecards", (card.key for card in cards))
    yield from _one_default(cards)
    faulty_conditions = False
    for number, card in enumerate(cards):
        path = f"$.scorecards[{number}]"
        if card.when is not None:
            refusals = check_selective(card.when, vocabulary, f"{path}.when")
            faulty_conditions = faulty_conditions or bool(refusals)
            yield from refusals
        yield from _dimensions(f"{path}.dimensions", card, limits, vocabulary)
    if not faulty_conditions:
        yield from _shadowed(cards, vocabulary.catalogue)


def check_limits(limits: WeightLimits | None) -> Refusals:
    """Refuses limits of weight that no weight can keep."""
    if limits and limits.lowest > limits.highest:
        yield Refusal(
            "weight_limits_crossed", "$.weight_limits",
            N_("The least weight (%(lowest)s) is greater than the greatest (%(highest)s)."),
            N_("Let min be at most max."),
            {"lowest": limits.lowest, "highest": limits.highest},
        )  # fmt: skip


def _one_default(cards: tuple[Scorecard, ...]) -> Refusals:
    defaults = [card.key for card in cards if card.is_default]
    if not defaults:
        yield Refusal(
            "no_default_scorecard", "$.scorecards",
            N_("No scorecard covers the clients whom none of the conditions describes."),
            N_("Leave out the condition of exactly one scorecard; it becomes the default."),
        )  # fmt: skip
    if len(defaults) > 1:
        yield Refusal(
            "many_default_scorecards", "$.scorecards",
            N_("%(count)s scorecards have no condition, so it is not clear which is the default: %(keys)s."),
            N_("Give all but one of them a condition."),
            {"count": len(defaults), "keys": ", ".join(defaults)},
        )  # fmt: skip


def in_turn(cards: tuple[Scorecard, ...]) -> list[tuple[int, Scorecard]]:
    """The scorecards with their positions, in the order in which they are tried: the default last, wherever it
    stands."""
    defaults = [(number, card) for number, card in enumerate(cards) if card.is_default]
    return [(number, card) for number, card in enumerate(cards) if not card.is_default] + defaults[:1]


def _shadowed(cards: tuple[Scorecard, ...], catalogue: Catalogue) -> Refusals:
    tried = in_turn(cards)
    for position in shadowed([card.when or EVERYBODY for _, card in tried], catalogue):
        number, card = tried[position]
        path = f"$.scorecards[{number}]"
        yield Refusal(
            "shadowed_scorecard", path if card.is_default else f"{path}.when",
            N_("The scorecard “%(key)s” never applies: others already cover every client it describes."),
            N_("Narrow the conditions of the others, move it before them, or remove it; one needs no condition."),
            {"key": card.key},
        )  # fmt: skip


def _dimensions(path: str, card: Scorecard, limits: WeightLimits | None, vocabulary: Vocabulary) -> Refusals:
    yield from check_unique(path, (dimension.key for dimension in card.dimensions))
    yield from _whole(path, sum(dimension.weight for dimension in card.dimensions))
    if limits:
        yield from _within_limits(path, card.dimensions, limits)
    metrics = Counter(indicator.metric for dimension in card.dimensions for indicator in dimension.indicators)
    for number, dimension in enumerate(card.dimensions):
        place = f"{path}[{number}].indicators"
        yield from _whole(place, sum(indicator.weight for indicator in dimension.indicators))
        yield from _indicators(place, dimension, metrics, vocabulary)


def _whole(path: str, total: int) -> Refusals:
    if total != WHOLE:
        yield Refusal(
            "weights_not_whole", path,
            N_("The weights add up to %(total)s basis points and not to %(whole)s."),
            N_("Change them by %(difference)s basis points in all."),
            {"total": total, "whole": WHOLE, "difference": WHOLE - total},
        )  # fmt: skip


def _within_limits(path: str, dimensions: tuple[Dimension, ...], limits: WeightLimits) -> Refusals:
    count, params = len(dimensions), {"lowest": limits.lowest, "highest": limits.highest}
    if limits.lowest <= limits.highest and not count * limits.lowest <= WHOLE <= count * limits.highest:
        yield Refusal(
            "weight_limits_unreachable", path,
            N_("%(count)s dimensions of %(lowest)s to %(highest)s basis points each cannot add up to %(whole)s."),
            N_("Change the limits, or the number of dimensions."),
            {"count": count, "whole": WHOLE, **params},
        )  # fmt: skip
        return
    for number, dimension in enumerate(dimensions):
        if not limits.lowest <= dimension.weight <= limits.highest:
            yield Refusal(
                "weight_outside_limits", f"{path}[{number}].weight",
                N_("The weight of “%(key)s”, %(weight)s, is not between %(lowest)s and %(highest)s basis points."),
                N_("Choose a weight within the limits, or change weight_limits."),
                {"key": dimension.key, "weight": dimension.weight, **params},
            )  # fmt: skip


def _indicators(path: str, dimension: Dimension, metrics: Counter[str], vocabulary: Vocabulary) -> Refusals:
    for number, indicator in enumerate(dimension.indicators):
        place = f"{path}[{number}]"
        if metrics[indicator.metric] > 1:
            yield Refusal(
                "metric_read_twice", f"{place}.metric",
                N_("The scorecard reads “%(metric)s” %(count)s times."),
                N_("Keep one indicator for it and give that one the whole weight."),
                {"metric": indicator.metric, "count": metrics[indicator.metric]},
            )  # fmt: skip
        yield from check_indicator(indicator, vocabulary, place)
