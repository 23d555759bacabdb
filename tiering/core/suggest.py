"""Test cases proposed for the parts of a document that none exercises yet.

Each takes a case that is there (or, for want of one, middling facts), changes as little as will do, and is assessed:
what does not reach its part is not proposed. What comes of it today is what it proposes to expect.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import islice, pairwise, product
from math import inf, isinf
from typing import Final

from tiering.core.cases import Case, Verdict, given_score, run_cases
from tiering.core.conditions import (
    All,
    AnyOf,
    Compare,
    Condition,
    IsMissing,
    Not,
    OneOf,
    Operator,
    holds,
    metrics_of,
)
from tiering.core.coverage import Kind, Target, reached_by, targets
from tiering.core.document import Band, Document, Indicator, Scorecard
from tiering.core.edges import edges
from tiering.core.evaluate import scorecard_for
from tiering.core.metric import Catalogue, Fact, Facts
from tiering.core.placement import Matrix

MOST: Final = 40
"""How many are proposed at once: as many as a person looks at."""
LEVELS: Final = 8
"""How finely facts are graded from the worst to the best to find those that a cut-off takes."""
FIRST: Final[tuple[Kind, ...]] = (
    "scorecard",
    "gate",
    "cutoff",
    "overlay",
    "policy",
    "band",
    "category",
    "missing",
)
"""The kinds of parts in the order in which cases are proposed for them: what moves a tier before what moves a score."""
TRIES: Final = 80
"""After how many candidates a part is given up."""
COMBINATIONS: Final = 4_000


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A case that reaches ``target``, with what comes of it as its expectation. ``changed`` are the facts in which it
    differs from the case named ``base`` (empty: from middling facts), None where the value was taken out; ``reached``
    is all that it adds to what the cases exercise."""

    target: Target
    case: Case
    base: str
    changed: Mapping[str, Fact]
    reached: frozenset[Target]


def suggestions(document: Document, cases: Sequence[Case], catalogue: Catalogue) -> tuple[Suggestion, ...]:
    """Cases for what a checked document's own cases leave out, at most ``MOST``; their names are not settled."""
    verdicts = run_cases(document, cases)
    covered = {target for verdict in verdicts for target in reached_by(document, verdict)}
    found: list[Suggestion] = []
    search = _Search(document, verdicts, catalogue)
    for target in sorted(targets(document), key=lambda target: FIRST.index(target.kind)):
        if target in covered or len(found) == MOST:
            continue
        reached = search.case_for(target)
        if reached is not None:
            found.append(replace(reached, reached=reached.reached - covered))
            covered |= reached.reached
    return tuple(found)


def expecting(case: Case, verdict: Verdict, document: Document) -> Case:
    """The case with what came of it as what is expected. The verdict has an assessment."""
    found = verdict.assessment
    assert found is not None
    return replace(
        case,
        tier=document.tiers[found.tier].key,
        gates=frozenset(found.gates),
        score=given_score(found.score),
    )


@dataclass(frozen=True)
class _Search:
    document: Document
    verdicts: Sequence[Verdict]
    catalogue: Catalogue
    _bases: dict[str, Case] = field(default_factory=dict)

    def case_for(self, target: Target) -> Suggestion | None:
        """The first candidate that reaches the target."""
        for number, (base, case) in enumerate(self._candidates(target)):
            if number == TRIES:
                return None
            verdict = self._assessed(case)
            if verdict.assessment and target in (reached := reached_by(self.document, verdict)):
                told = expecting(case, verdict, self.document)
                changed = _changed(base.facts, case.facts)
                return Suggestion(target, told, base.name, changed, reached)
        return None

    def _assessed(self, case: Case) -> Verdict:
        """What comes of a case beside those that are there, which it is ranked among."""
        others = [verdict.case for verdict in self.verdicts] if self.document.rank_placements else []
        return run_cases(self.document, [*others, case])[-1]

    def _candidates(self, target: Target) -> Iterator[tuple[Case, Case]]:
        """Pairs of a case to begin with and what may reach the target, the likeliest first."""
        base = self._base(target.card)
        if base is None:
            return
        match target.kind:
            case "scorecard":
                yield from self._of_card(target.part)
            case "band" | "category" | "missing":
                yield from ((base, _with(base, {target.metric: value})) for value in self._values(target))
            case "gate":
                gate = next(gate for gate in self.document.gates if gate.key == target.part)
                yield from self._where(base, gate.when)
            case "overlay":
                overlay = next(one for one in self.document.overlays if one.key == target.part)
                switched = replace(base, overlays=base.overlays | {overlay.key})
                yield from self._where(switched, overlay.when) if overlay.when else [(base, switched)]
            case "cutoff":
                yield from ((base, case) for case in self._graded(base))
            case "policy":
                yield from self._moving(base)

    def _base(self, card: str) -> Case | None:
        """A case that a scorecard scores: one that is there, else of middling facts. An empty key: any."""
        key = card or next(one.key for one in self.document.scorecards if one.is_default)
        if key not in self._bases:
            there = (v.case for v in self.verdicts if v.assessment and v.assessment.scorecard == key)
            made = (case for _, case in self._of_card(key) if self._is_scored_by(case, key))
            found = next(there, None) or next(made, None)
            if found is None:
                return None
            self._bases[key] = found
        return self._bases[key]

    def _is_scored_by(self, case: Case, card: str) -> bool:
        assessment = self._assessed(case).assessment
        return assessment is not None and assessment.scorecard == card

    def _of_card(self, key: str) -> Iterator[tuple[Case, Case]]:
        card = next(card for card in self.document.scorecards if card.key == key)
        middling = Case("", self._graded_facts(card, LEVELS // 2), self.document.tiers[0].key)
        found = self._where(middling, card.when) if card.when else iter([(middling, middling)])
        yield from ((base, case) for base, case in found if scorecard_for(self.document, case.facts) is card)

    def _values(self, target: Target) -> Iterator[Fact]:
        indicator = self._indicator(target)
        if target.kind == "missing":
            yield None
        elif target.kind == "category":
            yield target.part
        else:
            yield from _inside(indicator.bands[int(target.part)])

    def _indicator(self, target: Target) -> Indicator:
        return next(
            indicator
            for card in self.document.scorecards
            if card.key == target.card
            for dimension in card.dimensions
            if dimension.key == target.dimension
            for indicator in dimension.indicators
            if indicator.metric == target.metric
        )

    def _where(self, base: Case, condition: Condition) -> Iterator[tuple[Case, Case]]:
        for facts in _satisfying(condition, base.facts, self.catalogue):
            if holds(condition, facts):
                yield base, replace(base, facts=facts)
        for facts in self._combined(condition, base.facts):
            yield base, replace(base, facts=facts)

    def _combined(self, condition: Condition, facts: Facts) -> Iterator[dict[str, Fact]]:
        """The facts with every combination of values that the document tells apart, where the condition then holds."""
        read = sorted(metrics_of(condition))
        values = [self._apart(metric) for metric in read]
        for combination in islice(product(*values), COMBINATIONS):
            changed = {**facts, **dict(zip(read, combination, strict=True))}
            if holds(condition, changed):
                yield {key: value for key, value in changed.items() if value is not None}

    def _apart(self, metric: str) -> list[Fact]:
        """Values of a metric, one for each stretch or category that the document tells apart, and none."""
        known = self.catalogue.get(metric)
        if known is not None and not known.is_number:
            return [*known.categories, None]
        bounds = sorted(edges(self.document, metric))
        ends = [-inf, *bounds, inf]
        return [*(next(_inside(Band(lo, hi, 0))) for lo, hi in pairwise(ends)), None]

    def _graded(self, base: Case) -> Iterator[Case]:
        """The case with facts from the best to the worst of its scorecard, for a matrix axis by axis."""
        card = scorecard_for(self.document, base.facts)
        placement = self.document.placement_of(card)
        levels = range(LEVELS, -1, -2)
        if isinstance(placement, Matrix):
            first = frozenset(placement.axes[0].dimensions)
            for one, other in product(levels, levels):
                graded = {
                    **self._graded_facts(card, other),
                    **self._graded_facts(card, one, first),
                }
                yield replace(base, facts={**base.facts, **graded})
        else:
            for level in range(LEVELS, -1, -1):
                yield replace(base, facts={**base.facts, **self._graded_facts(card, level)})

    def _graded_facts(
        self, card: Scorecard, level: int, dimensions: frozenset[str] | None = None
    ) -> dict[str, Fact]:
        """For every indicator a value of that level, 0 the worst, ``LEVELS`` the best."""
        indicators = [
            indicator
            for dimension in card.dimensions
            if dimensions is None or dimension.key in dimensions
            for indicator in dimension.indicators
        ]
        values = {one.metric: _graded_value(one, level) for one in indicators if one.metric in self.catalogue}
        return {metric: value for metric, value in values.items() if value is not None}

    def _moving(self, base: Case) -> Iterator[tuple[Case, Case]]:
        """The case with each tier in force, held for long and only just; and where a red flag is up."""
        migration = self.document.policy.migration
        flags = migration.red_flags if migration else None
        flagged = (case for _, case in self._where(base, flags)) if flags else iter(())
        graded = [*self._graded(base)][::2]
        for case in (base, *islice(flagged, 2), *graded):
            for tier in self.document.tiers:
                for days in (None, 0):
                    yield base, replace(case, held=tier.key, held_days=days)


def _with(base: Case, changes: Mapping[str, Fact]) -> Case:
    facts = {**base.facts, **changes}
    return replace(base, facts={key: value for key, value in facts.items() if value is not None})


def _changed(before: Facts, after: Facts) -> dict[str, Fact]:
    keys = dict.fromkeys([*after, *before])
    return {key: after.get(key) for key in keys if before.get(key) != after.get(key)}


def _graded_value(indicator: Indicator, level: int) -> Fact:
    if indicator.bands:
        bands = sorted(indicator.bands, key=lambda band: band.points)
        return next(_inside(bands[round(level * (len(bands) - 1) / LEVELS)]))
    scored = [key for key, points in indicator.categories.items() if points is not None]
    ranked = sorted(scored, key=lambda key: indicator.categories[key] or 0)
    return ranked[round(level * (len(ranked) - 1) / LEVELS)] if ranked else None


def _inside(band: Band) -> Iterator[float]:
    """Values of a band: about its middle and as round as fits, then its least."""
    middle = _middle(band)
    for digits in (0, 1, 2, 3):
        rounded = float(_round(middle, digits))
        if band.covers(rounded):
            yield rounded
            break
    yield middle
    if not isinf(band.lo):
        yield band.lo


def _middle(band: Band) -> float:
    if isinf(band.lo) and isinf(band.hi):
        return 0.0
    if isinf(band.lo):
        return band.hi / 2 if band.hi > 0 else band.hi - max(1.0, abs(band.hi) / 2)
    if isinf(band.hi):
        return band.lo * 1.5 if band.lo > 0 else band.lo + max(1.0, abs(band.lo) / 2)
    return (band.lo + band.hi) / 2


def _round(value: float, digits: int) -> Decimal:
    """To so many decimals, large numbers to three digits that count."""
    exact = Decimal(repr(value))
    return round(exact, min(digits, 2 - exact.adjusted()) if exact.adjusted() > 2 else digits)


_OPPOSITE: Final[Mapping[Operator, Operator]] = {
    "<": ">=",
    "<=": ">",
    ">": "<=",
    ">=": "<",
    "==": "!=",
    "!=": "==",
}


def _satisfying(condition: Condition, facts: Facts, catalogue: Catalogue) -> Iterator[dict[str, Fact]]:
    """Facts changed so that the condition may hold. Not every combination is tried."""
    match condition:
        case All(()):
            yield dict(facts)
        case All((first, *rest)):
            for changed in _satisfying(first, facts, catalogue):
                yield from _satisfying(All(tuple(rest)), changed, catalogue)
        case AnyOf(parts):
            for part in parts:
                yield from _satisfying(part, facts, catalogue)
        case Not(part):
            yield from _satisfying(_negated(part), facts, catalogue)
        case Compare(metric, op, value):
            yield from ({**facts, metric: found} for found in _compared(op, value, catalogue, metric))
        case OneOf(metric, values):
            yield from ({**facts, metric: value} for value in values)
        case IsMissing(metric):
            yield {key: value for key, value in facts.items() if key != metric}


def _negated(condition: Condition) -> Condition:
    """A condition that implies the opposite."""
    match condition:
        case All(parts):
            return AnyOf(tuple(map(_negated, parts)))
        case AnyOf(parts):
            return All(tuple(map(_negated, parts)))
        case Not(part):
            return part
        case Compare(metric, op, value):
            return Compare(metric, _OPPOSITE[op], value)
        case OneOf(metric, _) | IsMissing(metric):
            return IsMissing(metric) if isinstance(condition, OneOf) else Compare(metric, ">=", 0.0)


def _compared(op: Operator, value: float | str, catalogue: Catalogue, metric: str) -> Iterable[Fact]:
    if isinstance(value, str):
        known = catalogue[metric].categories if metric in catalogue else {}
        return [value] if op == "==" else [key for key in known if key != value]
    step = max(1.0, round(abs(value) / 10)) if float(value).is_integer() else abs(value) / 10
    match op:
        case "<" | "!=":
            return [value - step, value / 2]
        case ">":
            return [value + step]
        case _:
            return [value]
