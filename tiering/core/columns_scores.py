"""Which scorecard applies to whom, and the scores; in the exact integers of ``evaluate``."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from tiering.core.columns import Codes, Columns, Integers, Truth
from tiering.core.columns_holds import holds, known
from tiering.core.columns_memo import Memo
from tiering.core.columns_readings import DimensionSums, Segment, dimension_sums, reading, unread
from tiering.core.document import SCORE_UNIT, Document, Indicator, Scorecard
from tiering.core.placement import Matrix, RankCutoffs


@dataclass(frozen=True, slots=True)
class Scored:
    """The subjects of a scorecard with their scores, those of the axes of a matrix, and who stays provisional."""

    card: Scorecard
    segment: Segment
    score: Integers
    axes: tuple[Integers, ...]
    provisional: Truth


def cards_of(document: Document, columns: Columns, memo: Memo) -> Codes:
    """The position of the scorecard that applies to each subject."""
    return memo.of(("cards", _segmentation(document)), lambda: _cards_of(document, columns, memo))


def scored(document: Document, columns: Columns, memo: Memo) -> list[Scored]:
    """The scores of everybody, scorecard by scorecard."""
    return [_scored(document, number, columns, memo) for number in range(len(document.scorecards))]


def segment(document: Document, number: int, columns: Columns, memo: Memo) -> Segment:
    """The subjects of a scorecard, by its position in the document."""
    key = (_segmentation(document), number)
    if len(document.scorecards) == 1:
        return Segment(key, None, columns.count)
    cards = cards_of(document, columns, memo)
    rows = memo.of(("rows", key), lambda: np.flatnonzero(cards == number))
    return Segment(key, rows, len(rows))


def missing_of(document: Document, columns: Columns, memo: Memo) -> dict[str, Truth]:
    """By metric, the subjects whose scorecard has an indicator that finds no value of it."""
    reading_it: dict[str, list[tuple[Segment, Indicator]]] = {}
    for number, card in enumerate(document.scorecards):
        subjects = segment(document, number, columns, memo)
        for indicator in (part for dimension in card.dimensions for part in dimension.indicators):
            reading_it.setdefault(indicator.metric, []).append((subjects, indicator))
    return {metric: _missing(parts, columns, memo) for metric, parts in reading_it.items()}


def _missing(parts: Sequence[tuple[Segment, Indicator]], columns: Columns, memo: Memo) -> Truth:
    key = ("missing", tuple((subjects.key, reading(indicator)) for subjects, indicator in parts))
    return memo.of(key, lambda: _found_missing(parts, columns, memo))


def _found_missing(parts: Sequence[tuple[Segment, Indicator]], columns: Columns, memo: Memo) -> Truth:
    whole = np.zeros(columns.count, np.bool_)
    for subjects, indicator in parts:
        missing = unread(indicator, subjects, columns, memo)
        if subjects.rows is None:
            whole |= missing
        else:
            whole[subjects.rows[missing]] = True
    return whole


def _segmentation(document: Document) -> tuple[object, ...]:
    """What decides which scorecard applies to whom."""
    return tuple(card.when for card in document.scorecards)


def _cards_of(document: Document, columns: Columns, memo: Memo) -> Codes:
    cards = document.scorecards
    default = next(number for number, card in enumerate(cards) if card.is_default)
    found = np.full(columns.count, default, np.min_scalar_type(len(cards)))
    for number, card in reversed(list(enumerate(cards))):
        if card.when is not None:
            found[holds(card.when, columns, memo)] = number
    return found


def _scored(document: Document, number: int, columns: Columns, memo: Memo) -> Scored:
    card = document.scorecards[number]
    subjects = segment(document, number, columns, memo)
    sums = {
        dimension.key: (dimension.weight, dimension_sums(dimension, subjects, columns, memo))
        for dimension in card.dimensions
    }
    placement = document.placement_of(card)
    axes = placement.axes if isinstance(placement, Matrix) else ()
    return Scored(
        card=card,
        segment=subjects,
        score=_score(list(sums.values()), subjects.count),
        axes=tuple(_score([sums[key] for key in axis.dimensions], subjects.count) for axis in axes),
        provisional=_provisional(document, card, sums.values(), subjects, columns, memo),
    )


def _score(parts: Sequence[tuple[int, DimensionSums]], count: int) -> Integers:
    """The weighted points of what is present, as if it were the whole; 0 where nothing is."""
    raw = np.zeros(count, np.int64)
    for weight, part in parts:
        raw += np.multiply(part.points, weight, dtype=np.int64)
    whole = sum(weight * part.whole for weight, part in parts)
    left = _left_out(parts, count)
    if left is None:
        return _divided(raw, whole)
    score, some = _divided(raw, whole), np.flatnonzero(left)
    present = whole - left[some]
    score[some] = _divided(raw[some], np.maximum(present, 1)) * (present > 0)
    return score


def _left_out(parts: Iterable[tuple[int, DimensionSums]], count: int) -> Integers | None:
    total: Integers | None = None
    for weight, part in parts:
        if weight and part.left_out is not None:
            left = np.multiply(part.left_out, weight, dtype=np.int64)
            total = left if total is None else total + left
    return total


def _divided(raw: Integers, present: Integers | int) -> Integers:
    """``raw * SCORE_UNIT // present`` without leaving 64 bits."""
    if isinstance(present, int):
        if present == SCORE_UNIT:
            return raw
        if present == 0:
            return np.zeros_like(raw)
    points: Integers = np.floor_divide(raw, present, dtype=np.int64)
    rest: Integers = (raw - points * present) * SCORE_UNIT
    return points * SCORE_UNIT + np.floor_divide(rest, present, dtype=np.int64)


def _provisional(
    document: Document,
    card: Scorecard,
    parts: Iterable[tuple[int, DimensionSums]],
    subjects: Segment,
    columns: Columns,
    memo: Memo,
) -> Truth:
    """An indicator that blocks is missing, nothing that counts is known, or what ranks the subject is not."""
    something, blocked = np.zeros(subjects.count, np.bool_), np.zeros(subjects.count, np.bool_)
    for weight, part in parts:
        if weight:
            something |= part.known
        if part.blocked is not None:
            blocked |= part.blocked
    placement = document.placement_of(card)
    if isinstance(placement, RankCutoffs) and placement.metric is not None:
        blocked |= ~subjects.of(known(placement.metric, columns, memo))
    return blocked | ~something
