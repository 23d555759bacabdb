"""What makes a criteria document senseless although its shape is right. Publishing refuses while anything is found."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tiering.core.catalogue import CHANGE_METRICS, METRICS
from tiering.core.check_conditions import check_condition
from tiering.core.check_scales import check_indicator
from tiering.core.conditions import All, AnyOf, Condition, IsMissing, Not, holds
from tiering.core.document import WHOLE, Dimension, Document, Gate, Scorecard, points
from tiering.core.metric import Catalogue
from tiering.core.placement import Cutoff, Placement, ScoreCutoffs
from tiering.core.reach import shadowed
from tiering.core.reading import read
from tiering.core.refusals import CriteriaError, Refusal
from tiering.core.texts import N_

Refusals = Iterator[Refusal]

__all__ = ["check", "check_condition", "check_data", "load"]


def check(document: Document, catalogue: Catalogue = METRICS) -> tuple[Refusal, ...]:
    """Every reason for refusing the document, in document order; empty when it may be published."""
    return tuple(_check(document, catalogue))


def check_data(data: Mapping[str, Any], catalogue: Catalogue = METRICS) -> tuple[Refusal, ...]:
    """Every reason for refusing the JSON: faults of shape, or when there are none, what ``check`` finds."""
    try:
        return check(read(data), catalogue)
    except CriteriaError as error:
        return error.refusals


def load(data: Mapping[str, Any], catalogue: Catalogue = METRICS) -> Document:
    """The document that the JSON describes. Raises CriteriaError unless it may be published."""
    document = read(data)
    refusals = check(document, catalogue)
    if refusals:
        raise CriteriaError(refusals)
    return document


def _check(document: Document, catalogue: Catalogue) -> Refusals:
    yield from _unique("$.tiers", (tier.key for tier in document.tiers))
    yield from _scorecards(document, catalogue)
    yield from _placement("$.cutoffs", document.placement, document)
    yield from _gates(document, catalogue)
    yield from _reachable_tiers(document)
    review_when = document.policy.review_when
    if review_when is not None:
        yield from check_condition(review_when, {**catalogue, **CHANGE_METRICS}, "$.policy.review_when")


def _unique(path: str, keys: Iterable[str]) -> Refusals:
    for key, count in Counter(keys).items():
        if count > 1:
            yield Refusal(
                "duplicate_key", path,
                N_("“%(key)s” is used %(count)s times in this list."),
                N_("Give each entry a key of its own."),
                {"key": key, "count": count},
            )  # fmt: skip


def _scorecards(document: Document, catalogue: Catalogue) -> Refusals:
    yield from _unique("$.scorecards", (card.key for card in document.scorecards))
    yield from _one_default(document.scorecards)
    conditions_are_fine = True
    for number, card in enumerate(document.scorecards):
        path = f"$.scorecards[{number}]"
        if card.when is not None:
            refusals = check_condition(card.when, catalogue, f"{path}.when")
            conditions_are_fine = conditions_are_fine and not refusals
            yield from refusals
        yield from _dimensions(path, card, catalogue)
        if card.placement:
            yield from _placement(f"{path}.cutoffs", card.placement, document)
    if conditions_are_fine:
        yield from _shadowed_scorecards(document.scorecards, catalogue)


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


def _shadowed_scorecards(cards: tuple[Scorecard, ...], catalogue: Catalogue) -> Refusals:
    conditional = [(number, card, card.when) for number, card in enumerate(cards) if card.when is not None]
    for position in shadowed([when for _, _, when in conditional], catalogue):
        number, card, _ = conditional[position]
        yield Refusal(
            "shadowed_scorecard", f"$.scorecards[{number}].when",
            N_("The scorecard “%(key)s” never applies: those before it already cover every client it describes."),
            N_("Move it up, narrow the conditions before it, or remove it."),
            {"key": card.key},
        )  # fmt: skip


def _dimensions(path: str, card: Scorecard, catalogue: Catalogue) -> Refusals:
    yield from _unique(f"{path}.dimensions", (dimension.key for dimension in card.dimensions))
    yield from _whole(f"{path}.dimensions", sum(dimension.weight for dimension in card.dimensions))
    metrics = Counter(indicator.metric for dimension in card.dimensions for indicator in dimension.indicators)
    for number, dimension in enumerate(card.dimensions):
        place = f"{path}.dimensions[{number}].indicators"
        yield from _whole(place, sum(indicator.weight for indicator in dimension.indicators))
        yield from _indicators(place, dimension, metrics, catalogue)


def _indicators(path: str, dimension: Dimension, metrics: Counter[str], catalogue: Catalogue) -> Refusals:
    for number, indicator in enumerate(dimension.indicators):
        place = f"{path}[{number}]"
        if metrics[indicator.metric] > 1:
            yield Refusal(
                "metric_read_twice", f"{place}.metric",
                N_("The scorecard reads “%(metric)s” %(count)s times."),
                N_("Keep one indicator for it and give that one the whole weight."),
                {"metric": indicator.metric, "count": metrics[indicator.metric]},
            )  # fmt: skip
        yield from check_indicator(indicator, catalogue, place)


def _whole(path: str, total: int) -> Refusals:
    if total != WHOLE:
        yield Refusal(
            "weights_not_whole", path,
            N_("The weights add up to %(total)s basis points and not to %(whole)s."),
            N_("Change them by %(difference)s basis points in all."),
            {"total": total, "whole": WHOLE, "difference": WHOLE - total},
        )  # fmt: skip


def _placement(path: str, placement: Placement, document: Document) -> Refusals:
    if isinstance(placement, ScoreCutoffs):
        yield from _cutoffs(path, placement.steps, document)


def _cutoffs(path: str, cutoffs: tuple[Cutoff, ...], document: Document) -> Refusals:
    for number, cut in enumerate(cutoffs):
        if cut.tier not in document.ranks:
            yield _unknown_tier(f"{path}[{number}].tier", cut.tier)
            return
    for number in range(1, len(cutoffs)):
        better, cut = cutoffs[number - 1], cutoffs[number]
        if document.ranks[better.tier] >= document.ranks[cut.tier] or better.minimum <= cut.minimum:
            yield Refusal(
                "cutoffs_out_of_order", f"{path}[{number}]",
                N_("“%(tier)s” from %(minimum)s points does not follow “%(better)s” from %(better_minimum)s points."),
                N_("List the tiers from best to worst, each with a lower minimum than the one before."),
                {
                    "tier": cut.tier, "minimum": _points(cut), "better": better.tier, "better_minimum": _points(better),
                },
            )  # fmt: skip
    if cutoffs[-1].minimum != 0:
        yield Refusal(
            "cutoffs_leave_gap", f"{path}[{len(cutoffs) - 1}].min",
            N_("A score below %(minimum)s points belongs to no tier."),
            N_("Let the last tier begin at 0."),
            {"minimum": _points(cutoffs[-1])},
        )  # fmt: skip


def _gates(document: Document, catalogue: Catalogue) -> Refusals:
    yield from _unique("$.gates", (gate.key for gate in document.gates))
    for number, gate in enumerate(document.gates):
        path = f"$.gates[{number}]"
        yield from check_condition(gate.when, catalogue, f"{path}.when")
        if gate.tier is None:
            continue
        if gate.tier not in document.ranks:
            yield _unknown_tier(f"{path}.tier", gate.tier)
            continue
        yield from _gate_effect(path, gate, document)


def _gate_effect(path: str, gate: Gate, document: Document) -> Refusals:
    rank, worst = document.ranks[gate.tier or ""], len(document.tiers) - 1
    if (gate.effect, rank) in {("cap", 0), ("floor", worst)}:
        yield Refusal(
            "gate_without_effect", f"{path}.tier",
            N_("The gate “%(key)s” can never change a tier."),
            N_("Cap at a tier below the best, or set a floor above the worst."),
            {"key": gate.key},
        )  # fmt: skip
    lifts = gate.effect != "cap" and rank != worst
    if lifts and (holds(gate.when, {}) or _asks_for_missing(gate.when)):
        yield Refusal(
            "missing_lifts", f"{path}.when",
            N_("The gate “%(key)s” would lift a client because something about it is not known."),
            N_("Ask for known values only, or use a cap."),
            {"key": gate.key},
        )  # fmt: skip


def _asks_for_missing(condition: Condition, wanted: bool = True) -> bool:
    """Whether being unknown can help the condition to hold."""
    match condition:
        case All(parts) | AnyOf(parts):
            return any(_asks_for_missing(part, wanted) for part in parts)
        case Not(part):
            return _asks_for_missing(part, not wanted)
        case IsMissing():
            return wanted
        case _:
            return False


def _reachable_tiers(document: Document) -> Refusals:
    reached = {tier for card in document.scorecards for tier in document.placement_of(card).tiers}
    reached |= {gate.tier for gate in document.gates if gate.tier}
    for number, tier in enumerate(document.tiers):
        if tier.key not in reached:
            yield Refusal(
                "tier_unreachable", f"$.tiers[{number}]",
                N_("No cut-off and no gate leads to the tier “%(tier)s”."),
                N_("Give it a cut-off, or let a gate name it."),
                {"tier": tier.key},
            )  # fmt: skip


def _unknown_tier(path: str, tier: str) -> Refusal:
    return Refusal(
        "unknown_tier", path,
        N_("The scheme has no tier “%(tier)s”."),
        N_("Name one of the document's tiers."),
        {"tier": tier},
    )  # fmt: skip


def _points(cut: Cutoff) -> str:
    return f"{points(cut.minimum).normalize():f}"
