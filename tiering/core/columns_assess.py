"""The whole pipeline on columns: facts → scores → placement → gates → overlays → migration policy → review."""

from collections.abc import Sequence
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiering.core.catalogue import CHANGE_METRICS
from tiering.core.columns import Assessments, Columns, Ranks, Rows, Truth
from tiering.core.columns_holds import holds
from tiering.core.columns_memo import Memo
from tiering.core.columns_scores import Scored, cards_of, scored
from tiering.core.columns_tiers import Tiers
from tiering.core.conditions import All, AnyOf, Condition, Not
from tiering.core.document import Document
from tiering.core.terms import Terms


def assess(document: Document, columns: Columns, terms: Terms, memo: Memo | None = None) -> Assessments:
    """Assess every subject by a checked document; ``memo`` holds what was computed of the same columns before.

    Raises KeyError when the document reads a metric that has no column, or places by rank and the terms hold no
    thresholds for it.
    """
    memo = memo or Memo()
    scores = scored(document, columns, memo)
    tiers = Tiers(document, columns, terms, scores, memo)
    return Assessments(
        card=cards_of(document, columns, memo),
        score=_together([one.score for one in scores], scores, columns),
        model_tier=tiers.model_tier,
        base_tier=tiers.base_tier,
        overlay_tier=tiers.overlay_tier,
        tier=tiers.tier,
        provisional=_together([one.provisional for one in scores], scores, columns),
        gates={gate.key: where for gate, where in tiers.gates},
        overlays={overlay.key: where for overlay, where in tiers.overlays},
    )


def needs_review(document: Document, columns: Columns, old: Ranks, new: Ranks, memo: Memo) -> Truth:
    """Where a person must decide the move between two ranks; ``evaluate.needs_review`` says what it means."""
    found = np.zeros(columns.count, np.bool_)
    when, rows = document.policy.review_when, np.flatnonzero((old >= 0) & (old != new))
    if when is not None and len(rows):
        found[rows] = _judged(when, columns, rows, _moves(old[rows], new[rows]), memo)
    return found


def in_force_after(found: Ranks, held: Ranks, overridden: Truth) -> Ranks:
    """The ranks in force once results are carried out; ``evaluate.in_force_after`` says what it means."""
    return np.where(overridden & (held >= 0), held, found)


def _together(parts: Sequence[NDArray[Any]], scores: Sequence[Scored], columns: Columns) -> NDArray[Any]:
    """What scorecards gave, in the order of the subjects."""
    if len(parts) == 1:
        return parts[0]
    whole = np.empty(columns.count, parts[0].dtype)
    for part, one in zip(parts, scores, strict=True):
        whole[one.segment.rows] = part
    return whole


def _moves(old: Ranks, new: Ranks) -> Columns:
    """The moves as the metrics that a review policy judges."""
    before, after = old.astype(np.float64), new.astype(np.float64)
    values = {"notches": before - after, "old_rank": before, "new_rank": after}
    return Columns(len(old), values, {}, old, np.zeros(len(old), np.int32))


def _judged(when: Condition, columns: Columns, rows: Rows, moves: Columns, memo: Memo) -> Truth:
    """Whether the condition holds of the subjects in ``rows`` and their moves."""
    match when:
        case All(parts):
            judged = (_judged(part, columns, rows, moves, memo) for part in parts)
            return reduce(np.logical_and, judged, np.ones(len(rows), np.bool_))
        case AnyOf(parts):
            judged = (_judged(part, columns, rows, moves, memo) for part in parts)
            return reduce(np.logical_or, judged, np.zeros(len(rows), np.bool_))
        case Not(part):
            return ~_judged(part, columns, rows, moves, memo)
        case leaf if leaf.metric in CHANGE_METRICS:
            return holds(leaf, moves, Memo())
        case leaf:
            return holds(leaf, columns, memo)[rows]
