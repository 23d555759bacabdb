"""Rows of facts that find out a document: every edge that it names, what lies beside it, and what is not known."""

import math
from collections.abc import Iterator, Mapping
from itertools import pairwise
from random import Random

from tiering.core.catalogue import METRICS
from tiering.core.conditions import Compare, Condition, leaves
from tiering.core.document import Document
from tiering.core.metric import Fact

Row = tuple[object, ...]


def population(document: Document, count: int, seed: int = 7) -> tuple[list[str], list[Row]]:
    """A header and ``count`` rows for it, with ages and tiers in force, the same each time."""
    random = Random(seed)
    choices = {metric: [*_worth_trying(document, metric), None] for metric in sorted(document.metrics)}
    ages = sorted(document.aged_metrics)
    keys = [tier.key for tier in document.tiers]
    header = [*choices, *(f"{metric}@days" for metric in ages), "held", "held_days"]
    return header, [
        (
            *(random.choice(values) for values in choices.values()),
            *(random.choice([0, 30, 365, 5000, None]) for _ in ages),
            random.choice([*keys, None]),
            random.choice([0, 89, 90, 400]),
        )
        for _ in range(count)
    ]


def _worth_trying(document: Document, metric: str) -> list[Fact]:
    if not METRICS[metric].is_number:
        return list(METRICS[metric].categories)
    edges = sorted({edge for edge in _edges(document, metric) if math.isfinite(edge)}) or [0.0, 1.0, 1e6]
    ends = [edges[0] - 1, edges[-1] * 2 + 1]
    beside = [math.nextafter(edge, end) for edge in edges for end in (-math.inf, math.inf)]
    between = [(low + high) / 2 for low, high in pairwise(edges)]
    return [*edges, *ends, *beside, *between]


def _edges(document: Document, metric: str) -> Iterator[float]:
    for indicator in indicators_of(document).get(metric, []):
        yield from (band.lo for band in indicator.bands)
    for condition in _conditions(document):
        for leaf in leaves(condition):
            if isinstance(leaf, Compare) and leaf.metric == metric and not isinstance(leaf.value, str):
                yield leaf.value


def indicators_of(document: Document) -> Mapping[str, list]:
    """Every indicator by the metric it reads, over all scorecards."""
    found: dict[str, list] = {}
    for card in document.scorecards:
        for dimension in card.dimensions:
            for indicator in dimension.indicators:
                found.setdefault(indicator.metric, []).append(indicator)
    return found


def _conditions(document: Document) -> list[Condition]:
    found = [card.when for card in document.scorecards] + [overlay.when for overlay in document.overlays]
    migration = document.policy.migration
    found += [gate.when for gate in document.gates] + ([migration.red_flags] if migration else [])
    return [when for when in found if when is not None]
