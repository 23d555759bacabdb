"""What the indicators of a dimension earn for every subject at once; ``evaluate._read`` says what it means.

A value is looked up twice: first which stretch of the number line it lies on, or which category it is (its *slot*),
then what the indicator gives for that. The slots outlive any edit of points, weights and policies.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np

from tiering.core.columns import Coded, Codes, Columns, Counts, Rows, Truth
from tiering.core.columns_memo import Memo
from tiering.core.document import Dimension, Indicator


@dataclass(frozen=True, slots=True)
class Segment:
    """The subjects of one scorecard: their positions in the columns (None: all), and a key for what is kept of them."""

    key: object
    rows: Rows | None
    count: int

    def of(self, column: Codes) -> Codes:
        """The values of the subjects."""
        return column if self.rows is None else column[self.rows]


@dataclass(frozen=True, slots=True)
class DimensionSums:
    """What a dimension comes to before its own weight: points times weights, and the weight of what is left out (None:
    nothing can be). ``blocked``: an indicator that blocks is missing; ``known``: something that counts has a value."""

    points: Counts
    left_out: Counts | None
    blocked: Truth | None
    known: Truth
    whole: int


def dimension_sums(dimension: Dimension, segment: Segment, columns: Columns, memo: Memo) -> DimensionSums:
    """The sums of a dimension over its indicators; its key, label and weight make no difference to them."""
    key = ("dimension", segment.key, tuple(map(_content, dimension.indicators)))
    return memo.of(key, lambda: _summed(dimension.indicators, segment, columns, memo))


def unread(indicator: Indicator, segment: Segment, columns: Columns, memo: Memo) -> Truth:
    """Where an indicator has no value that it can read."""
    slots, gives = slots_of(indicator, segment, columns, memo)
    return ~_where_true(slots, [not one.missing for one in gives])


@dataclass(frozen=True, slots=True)
class Gives:
    """What an indicator gives for a slot: points, whether they count for anything, whether it has a value at all."""

    points: int
    counts: bool
    missing: bool


def _summed(indicators: Sequence[Indicator], segment: Segment, columns: Columns, memo: Memo) -> DimensionSums:
    points, known = np.zeros(segment.count, np.int32), np.zeros(segment.count, np.bool_)
    left_out: Counts | None = None
    blocked: Truth | None = None
    for indicator in indicators:
        slots, gives = slots_of(indicator, segment, columns, memo)
        points += _table([indicator.weight * one.points for one in gives]).take(slots)
        if indicator.weight and not all(one.counts for one in gives):
            left = _table([0 if one.counts else indicator.weight for one in gives]).take(slots)
            left_out = left if left_out is None else left_out + left
        if indicator.missing.kind == "block":
            missing = np.array([one.missing for one in gives], dtype=np.bool_).take(slots)
            blocked = missing if blocked is None else blocked | missing
        if indicator.weight:
            known |= _where_true(slots, [one.counts and not one.missing for one in gives])
    whole = sum(indicator.weight for indicator in indicators)
    return DimensionSums(points, left_out, blocked, known, whole)


def _table(values: Sequence[int]) -> Counts:
    return np.array(values, dtype=np.int32)


def _where_true(slots: Codes, answers: Sequence[bool]) -> Truth:
    """A look-up of answers of which most often one alone is no."""
    no = [slot for slot, answer in enumerate(answers) if not answer]
    if len(no) == 1:
        most: Truth = slots != no[0]
        return most
    return np.array(answers, dtype=np.bool_).take(slots)


def slots_of(
    indicator: Indicator, segment: Segment, columns: Columns, memo: Memo
) -> tuple[Codes, Sequence[Gives]]:
    """The slot of each subject, and what each slot gives."""
    column = columns.values[indicator.metric]
    key = ("slots", segment.key, indicator.metric, indicator.max_age_days)
    if isinstance(column, Coded):
        codes = memo.of(key, lambda: _fresh(segment.of(column.codes), 0, indicator, segment, columns))
        return codes, [_of_category(indicator, word) for word in column.vocabulary]
    edges = _edges(indicator)

    def stretches() -> Codes:
        found = _stretches(segment.of(column), edges)
        return _fresh(found, len(edges) + 1, indicator, segment, columns)

    gives = [_of_number(indicator, lowest) for lowest in (-np.inf, *edges)]
    return memo.of((*key, edges), stretches), [*gives, _missing(indicator)]


def _edges(indicator: Indicator) -> tuple[float, ...]:
    """Where one band gives way to another, in order."""
    ends = {end for band in indicator.bands for end in (band.lo, band.hi)}
    return tuple(sorted(end for end in ends if isfinite(end)))


def _stretches(values: Codes, edges: Sequence[float]) -> Codes:
    """Between which edges each value lies; one more than there are stretches for what is not a finite number."""
    found = np.zeros(len(values), np.min_scalar_type(len(edges) + 1))
    for edge in edges:
        np.add(found, values >= edge, out=found, casting="unsafe")
    found[~np.isfinite(values)] = len(edges) + 1
    return found


def _fresh(slots: Codes, missing: int, indicator: Indicator, segment: Segment, columns: Columns) -> Codes:
    """The slots without values that are too old."""
    if indicator.max_age_days is None:
        return slots
    slots = slots.copy()
    slots[segment.of(columns.ages[indicator.metric]) > indicator.max_age_days] = missing
    return slots


def _of_number(indicator: Indicator, lowest: float) -> Gives:
    """What the stretch that begins at a number gives: all of it lies in the same band."""
    for band in indicator.bands:
        if band.lo <= lowest < band.hi:
            return Gives(band.points, counts=True, missing=False)
    return _missing(indicator)


def _of_category(indicator: Indicator, word: str) -> Gives:
    if word not in indicator.categories:
        return _missing(indicator)
    points = indicator.categories[word]
    return Gives(points or 0, counts=points is not None, missing=False)


def _missing(indicator: Indicator) -> Gives:
    return Gives(indicator.points_when_missing, counts=indicator.missing.kind != "reweight", missing=True)


def reading(indicator: Indicator) -> object:
    """Everything of an indicator on which it depends which values it can read, as a key."""
    return indicator.metric, indicator.bands, tuple(indicator.categories), indicator.max_age_days


def _content(indicator: Indicator) -> object:
    """Everything of an indicator that its results depend on, as a key."""
    categories = tuple(indicator.categories.items())
    missing = (indicator.missing.kind, indicator.missing.points)
    return (
        indicator.metric, indicator.weight, indicator.bands, categories, missing, indicator.max_age_days,
    )  # fmt: skip
