"""Decision tables as documents: the tables of the “Originations” example of the DMN specification (OMG, chapter 11).

Each rule is a scorecard with one tier. What a table says is asked of its cells themselves, at and beside each of their
edges, and has to be what both engines say.
"""

import math
import re
from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import pytest

from tests.tiering.evaluating import tiers
from tests.tiering.helpers import label
from tiering.core.check import check_data
from tiering.core.metric import Catalogue, Fact, catalogue, category, number

pytestmark = pytest.mark.django_db
ANYTHING = "-"
NO_RULE = "no_rule"
Rule = tuple[str, ...]


def quantity(key):
    return number(key, key, "none", "neutral", "file", None, "")


def choice(key, *keys):
    return category(key, key, "neutral", "file", None, "", {name: name for name in keys})


RISKS = ("DECLINE", "HIGH", "MEDIUM", "LOW", "VERY_LOW")
INPUTS: Catalogue = catalogue(
    (
        choice("existing_customer", "true", "false"),
        quantity("application_risk_score"),
        quantity("credit_score"),
        choice("risk_category", *RISKS),
        choice("affordability", "true", "false"),
        choice("bankrupt", "true", "false"),
        quantity("age"),
    )
)

PRE_BUREAU = (
    ("existing_customer", "application_risk_score"),
    [
        ("false", "<100", "HIGH"),
        ("false", "[100..120)", "MEDIUM"),
        ("false", "[120..130]", "LOW"),
        ("false", ">130", "VERY_LOW"),
        ("true", "<80", "DECLINE"),
        ("true", "[80..90)", "HIGH"),
        ("true", "[90..110]", "MEDIUM"),
        ("true", ">110", "LOW"),
    ],
)
POST_BUREAU = (
    ("existing_customer", "application_risk_score", "credit_score"),
    [
        ("false", "<120", "<590", "HIGH"),
        ("false", "<120", "[590..610]", "MEDIUM"),
        ("false", "<120", ">610", "LOW"),
        ("false", "[120..130]", "<600", "HIGH"),
        ("false", "[120..130]", "[600..625]", "MEDIUM"),
        ("false", "[120..130]", ">625", "LOW"),
        ("false", ">130", ANYTHING, "VERY_LOW"),
        ("true", "<=100", "<580", "HIGH"),
        ("true", "<=100", "[580..600]", "MEDIUM"),
        ("true", "<=100", ">600", "LOW"),
        ("true", ">100", "<590", "HIGH"),
        ("true", ">100", "[590..615]", "MEDIUM"),
        ("true", ">100", ">615", "LOW"),
    ],
)
CONTINGENCY = (
    ("risk_category",),
    [("HIGH,DECLINE", "60_percent"), ("MEDIUM", "70_percent"), ("LOW,VERY_LOW", "80_percent")],
)
# Hit policy “priority”: where several rules hold, the output that comes first in the list of outputs.
ROUTING = (
    ("risk_category", "affordability", "bankrupt", "credit_score"),
    [
        (ANYTHING, "false", ANYTHING, ANYTHING, "DECLINE"),
        (ANYTHING, ANYTHING, "true", ANYTHING, "DECLINE"),
        ("HIGH", ANYTHING, ANYTHING, ANYTHING, "REFER"),
        (ANYTHING, ANYTHING, ANYTHING, "<580", "REFER"),
        (ANYTHING, ANYTHING, ANYTHING, ANYTHING, "ACCEPT"),
    ],
)
ELIGIBILITY = (
    ("risk_category", "affordability", "age"),
    [
        ("DECLINE", ANYTHING, ANYTHING, "INELIGIBLE"),
        (ANYTHING, "false", ANYTHING, "INELIGIBLE"),
        (ANYTHING, ANYTHING, "<18", "INELIGIBLE"),
        (ANYTHING, ANYTHING, ANYTHING, "ELIGIBLE"),
    ],
)

RANGE = re.compile(r"(\[)(\d+)\.\.(\d+)([\])])")
COMPARISON = re.compile(r"(<=|<|>)(\d+)")
TESTS: dict[str, Callable[[float, float], bool]] = {
    "<": lambda value, edge: value < edge,
    "<=": lambda value, edge: value <= edge,
    ">": lambda value, edge: value > edge,
}


def matches(cell: str, value: Fact) -> bool:
    """What a cell of a table says of a value."""
    if cell == ANYTHING:
        return True
    if value is None:
        return False
    if isinstance(value, str):
        return value in cell.split(",")
    if found := RANGE.fullmatch(cell):
        low, high = float(found[2]), float(found[3])
        return low <= value < high or (found[4] == "]" and value == high)
    operator, edge = COMPARISON.fullmatch(cell).groups()
    return TESTS[operator](value, float(edge))


def conditions(metric: str, cell: str) -> list[dict[str, Any]]:
    """The cell as conditions that have to hold together."""
    if cell == ANYTHING:
        return []
    if found := RANGE.fullmatch(cell):
        upper = "<=" if found[4] == "]" else "<"
        return [
            {"metric": metric, "op": ">=", "value": int(found[2])},
            {"metric": metric, "op": upper, "value": int(found[3])},
        ]
    if found := COMPARISON.fullmatch(cell):
        return [{"metric": metric, "op": found[1], "value": int(found[2])}]
    return [{"metric": metric, "op": "in", "values": cell.split(",")}]


def scorecard(number: int, inputs: Sequence[str], rule: Rule) -> dict[str, Any]:
    """A rule; one without any condition is the default."""
    when = [part for metric, cell in zip(inputs, rule[:-1], strict=True) for part in conditions(metric, cell)]
    card = a_scorecard(f"rule_{number}", inputs[-1], rule[-1])
    return {**card, "when": {"all": when}} if when else card


def a_scorecard(key: str, metric: str, tier: str) -> dict[str, Any]:
    known = INPUTS[metric]
    scale = (
        {"bands": [{"lo": None, "hi": 0, "points": 0}, {"lo": 0, "hi": None, "points": 100}]}
        if known.is_number
        else {"categories": {name: 100 - place for place, name in enumerate(known.categories)}}
    )
    indicator = {"metric": metric, "weight": 10000, "missing": {"policy": "worst"}, **scale}
    dimension = {"key": "read", "label": label("Read"), "weight": 10000, "indicators": [indicator]}
    cutoffs = [{"tier": tier, "min": 0}]
    return {"key": key, "label": label(key), "dimensions": [dimension], "cutoffs": cutoffs}


def as_document(inputs: Sequence[str], rules: Sequence[Rule]) -> dict[str, Any]:
    cards = [scorecard(number, inputs, rule) for number, rule in enumerate(rules)]
    if all("when" in card for card in cards):
        cards.append(a_scorecard(NO_RULE, inputs[-1], NO_RULE))
    outputs = list(dict.fromkeys(card["cutoffs"][0]["tier"] for card in cards))
    return {
        "format": 1,
        "scheme": "table",
        "label": label("Table"),
        "tiers": [{"key": key, "label": label(key)} for key in outputs],
        "scorecards": cards,
        "cutoffs": [{"tier": outputs[-1], "min": 0}],
        "gates": [],
        "policy": {},
    }


def values(metric: str, rules: Sequence[Rule], place: int) -> list[Fact]:
    """Everything that the column tells apart: categories, and numbers at and beside each edge; and not known."""
    if not INPUTS[metric].is_number:
        return [*INPUTS[metric].categories, None]
    edges = sorted({float(text) for rule in rules for text in re.findall(r"\d+", rule[place])})
    beside = [math.nextafter(edge, end) for edge in edges for end in (-math.inf, math.inf)]
    return [*edges, *beside, edges[0] - 1, edges[-1] + 1, None]


@pytest.mark.parametrize(
    ("table", "is_unique"),
    [(PRE_BUREAU, True), (POST_BUREAU, True), (CONTINGENCY, True), (ROUTING, False), (ELIGIBILITY, False)],
    ids=["pre-bureau risk", "post-bureau risk", "credit contingency", "routing", "eligibility"],
)
def test_table_means_in_both_engines_what_its_cells_say(tmp_path, table, is_unique):
    inputs, rules = table
    rows = list(product(*(values(metric, rules, place) for place, metric in enumerate(inputs))))
    held = [[rule for rule in rules if all(map(matches, rule, row))] for row in rows]
    if is_unique:
        assert max(map(len, held)) == 1
    expected = [found[0][-1] if found else NO_RULE for found in held]
    assert set(expected) >= {rule[-1] for rule in rules}
    assert tiers(tmp_path, as_document(inputs, rules), inputs, rows, catalogue=INPUTS) == expected


def test_rules_that_a_rule_before_them_covers_are_refused(tmp_path):
    inputs, rules = PRE_BUREAU
    swallowed = [("false", "<=130", "LOW"), *rules]
    found = check_data(as_document(inputs, swallowed), INPUTS)
    assert {refusal.code for refusal in found} == {"shadowed_scorecard"}
    assert [refusal.path for refusal in found] == [f"$.scorecards[{number}].when" for number in (1, 2, 3)]
