"""Test cases of a document: facts, what has to come of them, and whether it does.

Where criteria place by rank the cases are each other's population, so that what comes of them depends on nothing else.
A value is as old as its indicator accepts: what is too old is tested by leaving it out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal
from typing import Any, Final, Literal

from tiering.core.document import MAX_SCORE, Document, points
from tiering.core.evaluate import Assessment, evaluate
from tiering.core.metric import Facts
from tiering.core.ranks import thresholds
from tiering.core.terms import Setting, Terms

LONG_HELD: Final = 1_000_000
"""Days that are more than any dwell."""

FaultKind = Literal[
    "tier", "gates", "score", "unknown_tier", "unknown_held", "unknown_overlays", "unknown_gates"
]


@dataclass(frozen=True, slots=True)
class Case:
    """A test case. What is None is not asked.

    ``held`` is the key of the tier in force, None where there is none; ``held_days`` None means long enough for any
    dwell. ``gates`` are the keys of exactly those that fire. ``score`` is in points; it is compared to as many decimals
    as it has, to one at least, cut off as scores are shown.
    """

    name: str
    facts: Facts
    tier: str
    held: str | None = None
    held_days: int | None = None
    overlays: frozenset[str] = frozenset()
    gates: frozenset[str] | None = None
    score: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """What does not come out as expected, or what the document does not have. A key, a Decimal, or sorted keys."""

    kind: FaultKind
    expected: Any
    actual: Any = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """A case with what came of it. ``assessment`` is None where the document lacks what the case assumes."""

    case: Case
    setting: Setting
    assessment: Assessment | None
    faults: tuple[Fault, ...] = field(default=())

    @property
    def passes(self) -> bool:
        """Whether everything came as expected."""
        return not self.faults


def run_cases(document: Document, cases: Sequence[Case]) -> tuple[Verdict, ...]:
    """Every case assessed by a checked document, in their order."""
    population = ((case.facts, _ages(case)) for case in cases)
    ranked = thresholds(document, population) if document.rank_placements else {}
    return tuple(_verdict(document, case, Terms(case.overlays, ranked)) for case in cases)


def given_score(score: int, digits: int = 8) -> Decimal:
    """A score in points, cut off after so many decimals."""
    return points(score).quantize(Decimal(1).scaleb(-digits), ROUND_FLOOR)


def is_score(score: Decimal) -> bool:
    """Whether a number can be a score in points: 0 to 100, with eight decimals at most."""
    if not score.is_finite() or not 0 <= score <= points(MAX_SCORE):
        return False
    return score == round(score, 8)


def _verdict(document: Document, case: Case, terms: Terms) -> Verdict:
    held = None if case.held is None else document.ranks.get(case.held)
    setting = Setting(terms, held, LONG_HELD if case.held_days is None else case.held_days, _ages(case))
    if lacking := tuple(_lacking(document, case)):
        return Verdict(case, setting, None, lacking)
    found = evaluate(document, case.facts, setting)
    return Verdict(case, setting, found, tuple(_faults(document, case, found)))


def _ages(case: Case) -> dict[str, int]:
    return dict.fromkeys(case.facts, 0)


def _lacking(document: Document, case: Case) -> Iterable[Fault]:
    """What the case assumes and the document does not have."""
    if case.tier not in document.ranks:
        yield Fault("unknown_tier", case.tier)
    if case.held is not None and case.held not in document.ranks:
        yield Fault("unknown_held", case.held)
    if missing := case.overlays - {overlay.key for overlay in document.overlays}:
        yield Fault("unknown_overlays", sorted(missing))
    if missing := (case.gates or frozenset()) - {gate.key for gate in document.gates}:
        yield Fault("unknown_gates", sorted(missing))


def _faults(document: Document, case: Case, found: Assessment) -> Iterable[Fault]:
    tier = document.tiers[found.tier].key
    if tier != case.tier:
        yield Fault("tier", case.tier, tier)
    if case.gates is not None and case.gates != frozenset(found.gates):
        yield Fault("gates", sorted(case.gates), sorted(found.gates))
    if case.score is not None and given_score(found.score, _digits(case.score)) != case.score:
        yield Fault("score", case.score, given_score(found.score, _digits(case.score)))


def _digits(score: Decimal) -> int:
    """How many decimals are asked for: those that a score of the database's eight has without trailing zeros."""
    exponent = score.normalize().as_tuple().exponent
    return max(1, -exponent) if isinstance(exponent, int) else 1
