"""Which parts of a document its test cases exercise: each band, gate, cut-off and branch of policy at least once."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from tiering.core.cases import Verdict
from tiering.core.document import Document, Movement, Scorecard
from tiering.core.evaluate import Assessment, needs_review
from tiering.core.ladder import migration_row
from tiering.core.placement import Matrix, Placement, RankCutoffs, ScoreCutoffs

Kind = Literal["scorecard", "band", "category", "missing", "cutoff", "gate", "overlay", "policy"]
KINDS: Final[tuple[Kind, ...]] = (
    "scorecard",
    "band",
    "category",
    "missing",
    "cutoff",
    "gate",
    "overlay",
    "policy",
)


@dataclass(frozen=True, slots=True)
class Target:
    """One part of a document that a test case can exercise.

    ``card`` is the key of its scorecard, of a cut-off that all scorecards share empty. ``part`` is the position of a
    band or of a step, the positions of a matrix cell as ``1,2``, the key of a category, gate or overlay, or a branch of
    policy: ``up``, ``down`` (a move that is let through), ``up buffer`` … (a rule that holds it back), ``red flag``,
    ``review`` and ``no review``.
    """

    kind: Kind
    part: str
    card: str = ""
    dimension: str = ""
    metric: str = ""


@dataclass(frozen=True, slots=True)
class Covered:
    """How many parts of a kind there are, and those that no case exercises."""

    kind: Kind
    total: int
    missing: tuple[Target, ...]

    @property
    def count(self) -> int:
        """How many are exercised."""
        return self.total - len(self.missing)


def coverage(document: Document, verdicts: Iterable[Verdict]) -> tuple[Covered, ...]:
    """What the cases exercise of a checked document, by kind; kinds of which it has nothing are left out."""
    reached = frozenset(target for verdict in verdicts for target in reached_by(document, verdict))
    wanted = targets(document)
    return tuple(
        Covered(kind, len(of_kind), tuple(target for target in of_kind if target not in reached))
        for kind in KINDS
        if (of_kind := [target for target in wanted if target.kind == kind])
    )


def targets(document: Document) -> tuple[Target, ...]:
    """Every part of a document that a case can exercise."""
    return tuple(_targets(document))


def reached_by(document: Document, verdict: Verdict) -> frozenset[Target]:
    """The parts that one case exercises; none where the document lacks what it assumes."""
    return frozenset(_reached(document, verdict))


def _targets(document: Document) -> Iterator[Target]:
    for card in document.scorecards:
        yield Target("scorecard", card.key)
        yield from _of_indicators(card)
    placements = {document.placement_key(card): document.placement_of(card) for card in document.scorecards}
    for key, placement in placements.items():
        yield from (Target("cutoff", part, key) for part in _steps(placement))
    yield from (Target("gate", gate.key) for gate in document.gates)
    yield from (Target("overlay", overlay.key) for overlay in document.overlays)
    yield from (Target("policy", branch) for branch in _branches(document))


def _of_indicators(card: Scorecard) -> Iterator[Target]:
    for dimension in card.dimensions:
        for indicator in dimension.indicators:
            place = (card.key, dimension.key, indicator.metric)
            yield from (Target("band", str(number), *place) for number in range(len(indicator.bands)))
            yield from (Target("category", key, *place) for key in indicator.categories)
            yield Target("missing", indicator.missing.kind, *place)


def _steps(placement: Placement) -> Iterator[str]:
    match placement:
        case ScoreCutoffs(steps) | RankCutoffs(steps=steps):
            yield from (str(number) for number in range(len(steps)))
        case Matrix(cells=cells):
            yield from (f"{row},{column}" for row, line in enumerate(cells) for column in range(len(line)))


def _branches(document: Document) -> Iterator[str]:
    migration = document.policy.migration
    if migration:
        for direction, rules in (("up", migration.up), ("down", migration.down)):
            yield direction
            yield from (f"{direction} {rule}" for rule in _rules(rules))
        if migration.red_flags is not None:
            yield "red flag"
    if document.policy.review_when is not None:
        yield from ("review", "no review")


def _rules(rules: Movement) -> Iterator[str]:
    if rules.buffer:
        yield "buffer"
    if rules.dwell_days:
        yield "dwell"
    if rules.max_step is not None:
        yield "step"


def _reached(document: Document, verdict: Verdict) -> Iterator[Target]:
    found = verdict.assessment
    if found is None:
        return
    card = next(card for card in document.scorecards if card.key == found.scorecard)
    yield Target("scorecard", card.key)
    for dimension in found.dimensions:
        for trace in dimension.indicators:
            place = (card.key, dimension.key, trace.metric)
            if trace.missing is not None:
                yield Target("missing", trace.missing, *place)
            elif trace.position is not None:
                yield Target("band", str(trace.position), *place)
            else:
                yield Target("category", str(trace.value), *place)
    yield Target("cutoff", _step(document, card, found), document.placement_key(card))
    yield from (Target("gate", key) for key in found.gates)
    yield from (Target("overlay", key) for key in found.overlays)
    yield from (Target("policy", branch) for branch in _taken(document, verdict, found))


def _step(document: Document, card: Scorecard, found: Assessment) -> str:
    """The step of the placement that the score led to."""
    match document.placement_of(card):
        case Matrix():
            return ",".join(str(axis.level) for axis in found.axes)
        case ScoreCutoffs(steps) | RankCutoffs(steps=steps):
            tiers: Sequence[str] = [step.tier for step in steps]
            return str(tiers.index(document.tiers[found.model_tier].key))


def _taken(document: Document, verdict: Verdict, found: Assessment) -> Iterator[str]:
    """The branches of policy that the case went through."""
    facts, setting = verdict.case.facts, verdict.setting
    held = setting.held
    if held is not None and found.tier != held:
        if document.policy.review_when is not None:
            yield "review" if needs_review(document, facts, held, found.tier) else "no review"
        if document.policy.migration is not None:
            yield "up" if found.tier < held else "down"
    row = migration_row(document, facts, setting, found)
    if row is None or row.direction is None:
        return
    if row.red_flag:
        yield "red flag"
    yield from (f"{row.direction} {rule.kind}" for rule in row.rules if rule.holds)
