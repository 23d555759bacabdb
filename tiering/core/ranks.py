"""Ranks of a whole population, turned into the least value that each step of a rank placement takes.

``compile_ranks.py`` says the same in SQL; a property test holds the two equal.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from tiering.core.document import WHOLE, Document
from tiering.core.evaluate import score_of, scorecard_for
from tiering.core.metric import Fact, Facts, is_missing
from tiering.core.placement import RankCutoffs
from tiering.core.terms import Ages, Thresholds


def thresholds(document: Document, population: Iterable[tuple[Facts, Ages]]) -> Thresholds:
    """The thresholds of every rank placement of a checked document, over the subjects placed by it."""
    placements = dict(document.rank_placements)
    ranked: dict[str, list[tuple[float, Fraction]]] = {key: [] for key in placements}
    for facts, ages in population:
        card = scorecard_for(document, facts)
        key = document.placement_key(card)
        if key in placements:
            entry = _entry(placements[key], score_of(card, facts, ages), facts)
            ranked[key].extend([entry] if entry else [])
    return {key: least_values(placement, ranked[key]) for key, placement in placements.items()}


def least_values(
    placement: RankCutoffs, ranked: Sequence[tuple[float, Fraction]]
) -> tuple[float | None, ...]:
    """For each step but the last the least value that it takes, given the (value, weight) of every subject.

    A step takes a value when those strictly above it weigh less than the step's share of the whole.
    """
    total = sum((weight for _, weight in ranked), Fraction())
    ahead: list[tuple[float, Fraction]] = []
    passed = Fraction()
    for value, group in groupby(sorted(ranked, key=lambda item: -item[0]), key=lambda item: item[0]):
        ahead.append((value, passed))
        passed += sum((weight for _, weight in group), Fraction())
    return tuple(
        min((value for value, before in ahead if before * WHOLE < step.share * total), default=None)
        for step in placement.steps[:-1]
    )


def weight_of(value: float) -> Fraction:
    """What a value counts for in a cumulative share: exactly its 15 significant digits, and nothing below 0."""
    return max(Fraction(Decimal(f"{value:.15g}")), Fraction())


def _entry(placement: RankCutoffs, score: int, facts: Facts) -> tuple[float, Fraction] | None:
    if placement.by == "top":
        return float(score), Fraction(1)
    value: Fact = facts.get(placement.metric or "")
    if isinstance(value, str) or value is None or is_missing(value):
        return None
    return value, weight_of(value)
