"""“A”: what a person who knows SQL well would write by hand for the method, with literals and plain `CASE`.

One sub-select for each step, each fenced so that the score is not computed again wherever it is used. Values are
numbers or NULL: the writer knows that this table holds neither NaN nor infinities, which compiled criteria do not.
"""

from collections.abc import Callable

from tiering.core.compile_scores import weighted
from tiering.core.conditions import All, AnyOf, Compare, Condition, IsMissing, Not, OneOf
from tiering.core.document import SCORE_UNIT, Document, Gate, Indicator, Scorecard
from tiering.core.placement import ScoreCutoffs


def by_hand(document: Document, table: str) -> str:
    """A SELECT with the tier of every row of the table, and what it comes from."""
    segments = "".join(
        f" WHEN {_condition(card.when)} THEN '{card.key}'" for card in document.scorecards if card.when
    )
    default = next(card.key for card in document.scorecards if card.is_default)
    return f"""
SELECT client_id, segment, score, model_tier, {_tier(document)} AS tier, provisional, {_gates(document)} AS gates
FROM (
  SELECT *, {_placed(document)} AS model_tier
  FROM (
    SELECT *, CASE WHEN present = 0 THEN 0 ELSE raw * {SCORE_UNIT} / present END AS score
    FROM (
      SELECT *, {_by_segment(document, _raw)} AS raw, {_by_segment(document, _present)} AS present,
             {_by_segment(document, _provisional)} AS provisional
      FROM (
        SELECT *, CASE{segments} ELSE '{default}' END AS segment FROM {table} OFFSET 0
      ) AS segmented OFFSET 0
    ) AS summed OFFSET 0
  ) AS scored OFFSET 0
) AS placed
"""  # noqa: S608 - a document of our own, nobody's input


def _by_segment(document: Document, build: Callable[[Scorecard], str]) -> str:
    whens = "".join(f" WHEN '{card.key}' THEN {build(card)}" for card in document.scorecards)
    return f"CASE segment{whens} END"


def _raw(card: Scorecard) -> str:
    return " + ".join(f"{weight}::bigint * {_points(indicator)}" for indicator, weight in weighted(card))


def _points(indicator: Indicator) -> str:
    *bands, last = indicator.bands
    whens = "".join(f" WHEN {indicator.metric} < {band.hi!r} THEN {band.points}" for band in bands)
    missing = indicator.points_when_missing
    return f"CASE WHEN {indicator.metric} IS NULL THEN {missing}{whens} ELSE {last.points} END"


def _present(card: Scorecard) -> str:
    left_out = "".join(
        f" - CASE WHEN {indicator.metric} IS NULL THEN {weight} ELSE 0 END"
        for indicator, weight in weighted(card)
        if indicator.missing.kind == "reweight"
    )
    return f"{SCORE_UNIT}::bigint{left_out}"


def _provisional(card: Scorecard) -> str:
    blocking = (part.metric for part, _ in weighted(card) if part.missing.kind == "block")
    return " OR ".join(f"{metric} IS NULL" for metric in blocking)


def _placed(document: Document) -> str:
    assert isinstance(document.placement, ScoreCutoffs)
    *steps, last = document.placement.steps
    whens = "".join(f" WHEN score >= {step.minimum} THEN {document.ranks[step.tier]}" for step in steps)
    return f"CASE{whens} ELSE {document.ranks[last.tier]} END"


def _tier(document: Document) -> str:
    lifted = f"LEAST({', '.join(['model_tier', *_limits(document, 'floor')])})"
    fixed = f"COALESCE({', '.join([*_limits(document, 'fixed'), lifted])})"
    return f"GREATEST({', '.join([fixed, *_limits(document, 'cap')])})"


def _limits(document: Document, effect: str) -> list[str]:
    return [
        f"CASE WHEN {_condition(gate.when)} THEN {document.ranks[gate.tier]} END"
        for gate in document.gates
        if gate.tier is not None and gate.effect == effect
    ]


def _gates(document: Document) -> str:
    def key(gate: Gate) -> str:
        return f"CASE WHEN {_condition(gate.when)} THEN '{gate.key}' END"

    return f"array_remove(ARRAY[{', '.join(map(key, document.gates))}], NULL)"


def _condition(condition: Condition) -> str:
    match condition:
        case All(parts):
            return f"({' AND '.join(map(_condition, parts))})"
        case AnyOf(parts):
            return f"({' OR '.join(map(_condition, parts))})"
        case Not(part):
            return f"NOT {_condition(part)}"
        case IsMissing(metric):
            return f"{metric} IS NULL"
        case Compare(metric, op, operand):
            return f"{metric} {op} {operand!r}"
        case OneOf(metric, values):
            return f"{metric} IN ({', '.join(map(repr, values))})"
