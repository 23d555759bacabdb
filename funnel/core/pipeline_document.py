"""A pipeline as one document: its names, products and checklist, and its stages with their gates and reasons.

    {"name_en": …, "name_zh": …, "products": ["lease"], "is_retired": false,
     "checklist": [{"name_en": …, "name_zh": …, "kind": "diligence"}],
     "stages": [{"key": …, "name_en": …, "name_zh": …, "outcome": "open", "limit_days": 30, "expected_days": 20,
                 "probability": 0.4, "colour": "blue", "reasons": [{"key": …, "name_en": …, "name_zh": …}],
                 "gates": [{"kind": "fields", "params": {"fields": ["purpose"]}},
                           {"kind": "tier", "scheme": "aa_a_b", "tier": "A"},
                           {"kind": "tier", "scheme": "aa_a_b", "tier": "B",
                            "params": {"parts": ["guarantor"], "if_any": true}}]}]}

A tier asked of ``parts`` takes at least one party of each, unless it says ``if_any``.

``problems`` gives what is wrong with one, as the place and the fix; words are marked, and translated by who shows them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeGuard

from funnel.core.approvals import MODES

KEY: Final = re.compile(r"^[a-z0-9_-]{1,40}$")
LONGEST_NAME: Final = 80
MOST_STAGES: Final = 30
MOST_DAYS: Final = 3650
OUTCOMES: Final = ("open", "won", "lost")


def N_(text: str) -> str:
    """Marks words for translation where they are shown."""
    return text


@dataclass(frozen=True)
class Known:
    """What a document may name. ``tiers`` are keys by the key of their scheme."""

    products: frozenset[str]
    tiers: Mapping[str, frozenset[str]]
    fields: frozenset[str]
    documents: frozenset[str]
    checks: frozenset[str]
    parts: frozenset[str]
    roles: frozenset[str]
    colours: frozenset[str]
    outcomes: Mapping[str, str]
    """The outcome of the stages that the pipeline has or had, by key: it stays."""


@dataclass(frozen=True)
class Problem:
    """What is wrong at a place, with the fix."""

    path: str
    text: str


def problems(document: Any, known: Known) -> list[Problem]:
    """Everything that is wrong, in the document's order; nothing where it may be published."""
    if not isinstance(document, dict) or not isinstance(document.get("stages"), list):
        return [Problem("", N_("A pipeline is an object with names and a list of stages."))]
    return [*_of_pipeline(document, known), *_of_stages(document["stages"], known)]


def _of_pipeline(document: Mapping[str, Any], known: Known) -> Iterator[Problem]:
    yield from _names(document, "")
    if unknown := set(_texts(document.get("products"))) - known.products:
        yield Problem("products", N_("There is no such product.") + f" {sorted(unknown)[0]}")
    for place, point in enumerate(_rows(document.get("checklist"))):
        yield from _names(point, f"checklist.{place}.", longest=200)
        if point.get("kind") not in known.checks:
            yield Problem(f"checklist.{place}.kind", N_("Choose due diligence or condition precedent."))


def _of_stages(stages: list[Any], known: Known) -> Iterator[Problem]:
    rows = _rows(stages)
    keys = [stage.get("key") for stage in rows]
    outcomes = [stage.get("outcome") for stage in rows]
    if len(rows) != len(stages) or len(rows) > MOST_STAGES:
        yield Problem("stages", N_("Stages are objects, thirty at most."))
    if "open" not in outcomes or "won" not in outcomes or "lost" not in outcomes:
        yield Problem(
            "stages",
            N_("It needs an open stage, one where cases are won, and one where they are lost."),
        )
    if outcomes != sorted(
        outcomes, key=lambda outcome: OUTCOMES.index(outcome) if outcome in OUTCOMES else 9
    ):
        yield Problem(
            "stages", N_("Open stages come first, then where cases are won, then where they are lost.")
        )
    for place, stage in enumerate(rows):
        yield from _of_stage(stage, f"stages.{place}.", known)
        if keys.index(stage.get("key")) != place:
            yield Problem(f"stages.{place}.key", N_("Another stage has this key. Choose another one."))


def _of_stage(stage: Mapping[str, Any], path: str, known: Known) -> Iterator[Problem]:
    key, outcome = stage.get("key"), stage.get("outcome")
    yield from _key(stage, path)
    yield from _names(stage, path)
    if outcome not in OUTCOMES:
        yield Problem(f"{path}outcome", N_("Choose open, won or lost."))
    elif known.outcomes.get(str(key), outcome) != outcome:
        yield Problem(
            f"{path}outcome",
            N_("The history of this stage has another outcome. Add a stage with a new key instead."),
        )
    for name in ("limit_days", "expected_days"):
        days = stage.get(name)
        if days is not None and not (_is_whole(days) and 0 <= days <= MOST_DAYS):
            yield Problem(f"{path}{name}", N_("Days are a whole number from 0 to 3650, or left empty."))
    chance = stage.get("probability")
    if chance is not None and not (_is_number(chance) and 0 <= chance <= 1):
        yield Problem(f"{path}probability", N_("A probability lies between 0 and 1."))
    if stage.get("colour", "") not in known.colours:
        yield Problem(f"{path}colour", N_("Choose one of the colours."))
    reasons = _rows(stage.get("reasons"))
    if reasons and outcome == "open":
        yield Problem(f"{path}reasons", N_("Only stages that end a case have reasons."))
    for place, reason in enumerate(reasons):
        yield from _key(reason, f"{path}reasons.{place}.")
        yield from _names(reason, f"{path}reasons.{place}.")
    if len({reason.get("key") for reason in reasons}) < len(reasons):
        yield Problem(f"{path}reasons", N_("Two reasons have the same key."))
    gates = _rows(stage.get("gates"))
    if gates and outcome == "lost":
        yield Problem(f"{path}gates", N_("Whoever declines a case is asked for nothing but the reason."))
    for place, gate in enumerate(gates):
        yield from _of_gate(gate, f"{path}gates.{place}", known)


def _of_gate(gate: Mapping[str, Any], path: str, known: Known) -> Iterator[Problem]:
    said = gate.get("params")
    params: Mapping[str, Any] = said if isinstance(said, dict) else {}
    match gate.get("kind"):
        case "tier":
            if gate.get("tier") not in known.tiers.get(str(gate.get("scheme")), frozenset()):
                yield Problem(path, N_("There is no such tier. Choose a tier of one of the schemes."))
            if params:
                yield from _some_of(params.get("parts"), known.parts, path)
            if not isinstance(params.get("if_any", False), bool):
                yield Problem(path, N_("Say yes or no to whether cases without such a party pass."))
        case "score":
            minimum = params.get("minimum")
            if not (_is_number(minimum) and 0 <= minimum <= 100):
                yield Problem(path, N_("A score lies between 0 and 100."))
        case "fields":
            yield from _some_of(params.get("fields"), known.fields, path)
        case "documents":
            of_tier, asked = params.get("of_tier", False), params.get("documents")
            if not isinstance(of_tier, bool):
                yield Problem(path, N_("Say yes or no to the documents of the tier policy."))
            elif not (of_tier and asked == []):
                yield from _some_of(asked, known.documents, path)
        case "checklist":
            yield from _some_of([params.get("checks")], known.checks, path)
        case "approvals":
            roles, needed = _texts(params.get("roles")), params.get("needed", 1)
            yield from _some_of(roles, known.roles, path)
            if params.get("mode", "parallel") not in MODES:
                yield Problem(path, N_("Approvals come one after another or side by side."))
            if not (_is_whole(needed) and 1 <= needed <= len(roles)):
                yield Problem(path, N_("At least one approval is needed, and no more than there are seats."))
        case "term_sheet":
            pass
        case "condition":
            if not isinstance(params.get("when"), dict):
                yield Problem(path, N_("It needs a rule: choose a metric and complete it."))
        case _:
            yield Problem(path, N_("There is no such kind of gate."))


def parts_asked(gate: Mapping[str, Any]) -> list[str]:
    """Of which further clients a gate asks for its tier; none: of the leading one. Drafts may hold anything."""
    params = gate.get("params")
    return _texts(params.get("parts")) if isinstance(params, dict) else []


def _some_of(given: Any, known: frozenset[str], path: str) -> Iterator[Problem]:
    texts = _texts(given)
    if not texts or set(texts) - known:
        yield Problem(path, N_("Choose at least one of what is offered."))


def _key(row: Mapping[str, Any], path: str) -> Iterator[Problem]:
    if not KEY.match(str(row.get("key", ""))):
        yield Problem(f"{path}key", N_("A key is made of small letters, digits, - and _."))


def _names(row: Mapping[str, Any], path: str, longest: int = LONGEST_NAME) -> Iterator[Problem]:
    english, chinese = row.get("name_en"), row.get("name_zh", "")
    if not isinstance(english, str) or not 0 < len(english.strip()) <= longest:
        yield Problem(f"{path}name_en", N_("It needs an English name that is not too long."))
    if not isinstance(chinese, str) or len(chinese) > longest:
        yield Problem(f"{path}name_zh", N_("The Chinese name is too long."))


def _rows(given: Any) -> list[Mapping[str, Any]]:
    return [row for row in given if isinstance(row, dict)] if isinstance(given, list) else []


def _texts(given: Any) -> list[str]:
    return [text for text in given if isinstance(text, str)] if isinstance(given, list) else []


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
