"""The method as a JSON decision model, the way its editor leads one to write it: a table for each indicator.

A switch picks the scorecard; its tables follow each other; expressions add up, place, and apply the gates. (The same
as one long expression, which nobody could maintain, answers about four times as fast.)
"""

import json
from collections.abc import Iterator
from typing import Any

from tiering.core.compile_scores import weighted
from tiering.core.conditions import All, AnyOf, Compare, Condition, IsMissing, Not, OneOf
from tiering.core.document import SCORE_UNIT, Document, Gate, Indicator, Scorecard
from tiering.core.placement import ScoreCutoffs

Json = dict[str, Any]


def model(document: Document) -> Json:
    """The decision model; it answers with ``tier``, a rank."""
    nodes = [_node("in", "inputNode", {}), _switch(document), _tail(document), _node("out", "outputNode", {})]
    edges = [_edge("in", "switch"), _edge("tail", "out")]
    for card in document.scorecards:
        branch = list(_branch(card))
        keys = [node["id"] for node in branch]
        nodes += branch
        edges += [_edge("switch", keys[0], card.key), *map(_edge, keys, [*keys[1:], "tail"])]
    return {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}


def _node(key: str, kind: str, content: Json) -> Json:
    return {"id": key, "name": key, "type": kind, "content": content}


def _edge(source: str, target: str, handle: str | None = None) -> Json:
    edge = {"id": f"{source}>{target}", "type": "edge", "sourceId": source, "targetId": target}
    return edge if handle is None else {**edge, "sourceHandle": handle}


def _switch(document: Document) -> Json:
    statements = [
        {
            "id": card.key,
            "condition": "" if card.when is None else _condition(card.when),
            "isDefault": card.when is None,
        }
        for card in document.scorecards
    ]
    return _node("switch", "switchNode", {"hitPolicy": "first", "statements": statements})


def _branch(card: Scorecard) -> Iterator[Json]:
    parts = weighted(card)
    for indicator, weight in parts:
        yield _table(f"{card.key}-{indicator.metric}", indicator, weight)
    raw = " + ".join(f"{weight} * points.{indicator.metric}" for indicator, weight in parts)
    absent = "".join(f" - absent.{indicator.metric}" for indicator, _ in parts)
    yield _expressions(f"{card.key}-sum", {"raw": raw, "present": f"{SCORE_UNIT}{absent}"}, True)


def _table(key: str, indicator: Indicator, weight: int) -> Json:
    *bands, last = indicator.bands
    absent = weight if indicator.missing.kind == "reweight" else 0
    rows = [("null", indicator.points_when_missing, absent)]
    rows += [(f"< {band.hi!r}", band.points, 0) for band in bands] + [("", last.points, 0)]
    content = {
        "hitPolicy": "first",
        "passThrough": True,
        "inputs": [{"id": "value", "name": "value", "field": indicator.metric}],
        "outputs": [
            {"id": "points", "name": "points", "field": f"points.{indicator.metric}"},
            {"id": "absent", "name": "absent", "field": f"absent.{indicator.metric}"},
        ],
        "rules": [
            {"_id": str(number), "value": test, "points": str(points), "absent": str(weight)}
            for number, (test, points, weight) in enumerate(rows)
        ],
    }
    return _node(key, "decisionTableNode", content)


def _tail(document: Document) -> Json:
    assert isinstance(document.placement, ScoreCutoffs)
    *steps, last = document.placement.steps
    choices = "".join(f"score >= {step.minimum} ? {document.ranks[step.tier]} : " for step in steps)
    expressions = {
        "score": f"present == 0 ? 0 : floor(raw * {SCORE_UNIT} / present)",
        "placed": f"{choices}{document.ranks[last.tier]}".replace("score", "$.score"),
        "tier": _tier(document),
    }
    return _expressions("tail", expressions, False)


def _expressions(key: str, expressions: dict[str, str], pass_through: bool) -> Json:
    listed = [{"id": name, "key": name, "value": value} for name, value in expressions.items()]
    return _node(key, "expressionNode", {"expressions": listed, "passThrough": pass_through})


def _tier(document: Document) -> str:
    worst = len(document.tiers) - 1
    lifted = f"min([$.placed, {_limits(document, 'floor', worst)}])"
    fixed = f"max([{_limits(document, 'fixed', -1)}])"
    return f"max([({fixed} >= 0 ? {fixed} : {lifted}), {_limits(document, 'cap', 0)}])"


def _limits(document: Document, effect: str, otherwise: int) -> str:
    def limit(gate: Gate) -> str:
        return f"({_condition(gate.when)} ? {document.ranks[gate.tier or '']} : {otherwise})"

    return ", ".join(limit(gate) for gate in document.gates if gate.effect == effect)


def _condition(condition: Condition) -> str:
    match condition:
        case All(parts):
            return f"({' and '.join(map(_condition, parts))})"
        case AnyOf(parts):
            return f"({' or '.join(map(_condition, parts))})"
        case Not(part):
            return f"not {_condition(part)}"
        case IsMissing(metric):
            return f"{metric} == null"
        case Compare(metric, op, operand):
            return f"({metric} != null and {metric} {op} {json.dumps(operand)})"
        case OneOf(metric, values):
            return f"({metric} != null and {metric} in {json.dumps(list(values))})"
