"""What makes a criteria document senseless although its shape is right. Publishing refuses while anything is found."""

from collections.abc import Iterator, Mapping
from typing import Any

from tiering.core.catalogue import METRICS
from tiering.core.check_conditions import check_condition
from tiering.core.check_gates import check_gates
from tiering.core.check_keys import check_unique
from tiering.core.check_metrics import Vocabulary
from tiering.core.check_overlays import check_overlays
from tiering.core.check_placements import check_placements
from tiering.core.check_policy import check_policy, check_roll_up
from tiering.core.check_reach import check_reach
from tiering.core.check_scorecards import check_limits, check_scorecards
from tiering.core.document import Document
from tiering.core.metric import Catalogue
from tiering.core.reading import read
from tiering.core.refusals import CriteriaError, Refusal

__all__ = ["check", "check_condition", "check_data", "load"]


def check(document: Document, catalogue: Catalogue = METRICS) -> tuple[Refusal, ...]:
    """Every reason for refusing the document, section by section; empty when it may be published.

    Which tiers can be reached is asked only once nothing is wrong with what leads to them.
    """
    return tuple(_check(document, Vocabulary(catalogue, document.subject)))


def check_data(data: Any, catalogue: Catalogue = METRICS) -> tuple[Refusal, ...]:
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


def _check(document: Document, vocabulary: Vocabulary) -> Iterator[Refusal]:
    yield from check_roll_up(document, vocabulary)
    ways = list(_ways(document, vocabulary))
    yield from ways or check_reach(document)
    yield from check_policy(document, vocabulary)


def _ways(document: Document, vocabulary: Vocabulary) -> Iterator[Refusal]:
    """What is wrong with the tiers and with all that leads to them."""
    yield from check_unique("$.tiers", (tier.key for tier in document.tiers))
    yield from check_limits(document.weight_limits)
    yield from check_scorecards(document.scorecards, document.weight_limits, vocabulary)
    yield from check_placements(document, vocabulary)
    yield from check_gates(document, vocabulary)
    yield from check_overlays(document, vocabulary)
