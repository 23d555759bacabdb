"""Where a document tells two values of a metric apart: what lets a value drift without storing it anew each day."""

import math
from collections.abc import Iterator

from tiering.core.conditions import Compare, Condition, OneOf, leaves
from tiering.core.document import Document


def edges(document: Document, metric: str) -> frozenset[float]:
    """The bounds of bands and the numbers in conditions that a metric is compared with.

    Each comes with the next larger number: two values that have the same edges at or below them are the same to the
    document, whether it asks for less, at most or exactly so much. Ranks by the metric itself are left out: they tell
    any two values apart.
    """
    bounds = {bound for bound in _bounds(document, metric) if math.isfinite(bound)}
    return frozenset(bounds | {math.nextafter(bound, math.inf) for bound in bounds})


def _bounds(document: Document, metric: str) -> Iterator[float]:
    for card in document.scorecards:
        for dimension in card.dimensions:
            for indicator in dimension.indicators:
                if indicator.metric == metric:
                    yield from (bound for band in indicator.bands for bound in (band.lo, band.hi))
    for condition in _conditions(document):
        yield from _compared(condition, metric)


def _conditions(document: Document) -> Iterator[Condition]:
    found = [card.when for card in document.scorecards]
    found += [gate.when for gate in document.gates]
    found += [overlay.when for overlay in document.overlays]
    found += [overlay.gate.when for overlay in document.overlays if overlay.gate]
    found.append(document.policy.review_when)
    if document.policy.migration:
        found.append(document.policy.migration.red_flags)
    return (condition for condition in found if condition is not None)


def _compared(condition: Condition, metric: str) -> Iterator[float]:
    for leaf in leaves(condition):
        match leaf:
            case Compare(key, _, float() | int() as value) if key == metric:
                yield float(value)
            case OneOf(key, values) if key == metric:
                yield from (float(value) for value in values if not isinstance(value, str))
