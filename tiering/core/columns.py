"""Facts of many subjects as columns, and what a document makes of them: `evaluate.py` for a whole book at once.

NumPy does on columns what ``evaluate`` does on one subject, in the same integers; a property test holds the two equal
for any document that `check` has nothing against. What was computed once is kept by what it was computed from
(``columns_memo``), so that an edit costs no more than what it touches.

``columns``           the values: columns in, assessments out
``columns_memo``      what was computed before
``columns_holds``     conditions
``columns_readings``  indicators and dimensions
``columns_scores``    scorecards and scores
``columns_tiers``     placements, gates, overlays, the migration policy
``columns_ranks``     thresholds of ranks over a whole population
``columns_assess``    all of it, in the order of the pipeline
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tiering.core.metric import Fact, is_missing

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Counts = NDArray[np.int32]
Ranks = NDArray[np.int8]
Truth = NDArray[np.bool_]
Rows = NDArray[np.intp]
Codes = NDArray[Any]
"""Unsigned integers, as narrow as what they count."""

NO_TIER: Final = -1
"""The rank that a subject without a tier in force holds."""
UNKNOWN_AGE: Final = np.iinfo(np.int32).max
"""The days of a value whose age is not known: more than any limit."""


@dataclass(frozen=True, slots=True)
class Coded:
    """A category of each subject, as its position in a vocabulary whose first word is empty: not known."""

    codes: Codes
    vocabulary: tuple[str, ...]


Column = Floats | Coded
"""One metric of all subjects; of a number NaN and infinities stand for what is not known."""


@dataclass(frozen=True, slots=True)
class Columns:
    """What is known of ``count`` subjects, in the same order in every column.

    ``values`` by metric; ``ages`` in days by metric, where a document limits them; ``held`` is the rank of the tier in
    force and ``held_days`` for how many days it has been.
    """

    count: int
    values: Mapping[str, Column]
    ages: Mapping[str, Counts]
    held: Ranks
    held_days: Counts


@dataclass(frozen=True, slots=True)
class Assessments:
    """The results of all subjects, with the meaning that they have in ``evaluate.Assessment``.

    ``card`` is the position of the scorecard in the document. ``gates`` and ``overlays`` tell by key for whom a gate
    fired or an overlay that is on applied.
    """

    card: Codes
    score: Integers
    model_tier: Ranks
    base_tier: Ranks
    overlay_tier: Ranks
    tier: Ranks
    provisional: Truth
    gates: Mapping[str, Truth]
    overlays: Mapping[str, Truth]


def coded(values: Sequence[Fact]) -> Coded:
    """Categories as they come, None for what is not known; the vocabulary is that of the values."""
    words = ("", *sorted({value for value in values if isinstance(value, str) and not is_missing(value)}))
    position = {word: code for code, word in enumerate(words)}
    codes = [position[value] if isinstance(value, str) else 0 for value in values]
    return Coded(np.array(codes, dtype=np.min_scalar_type(len(words))), words)


def numbers(values: Sequence[Fact]) -> Floats:
    """Numbers as they come, None for what is not known."""
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
