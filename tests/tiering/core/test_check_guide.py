"""The guide to the criteria document is true: its example is accepted, and it names every reason for a refusal."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from tests.tiering.core.sensible import by_score
from tiering.core.check import check_condition, check_data
from tiering.core.check_shape import SHAPE_KEYWORDS
from tiering.core.conditions import parse
from tiering.core.metric import Unit
from tiering.core.schema import SCHEMA
from tiering.core.units import WRITTEN_UNITS

ROOT = Path(__file__).parents[3]
GUIDE = (ROOT / "docs" / "criteria-document.md").read_text("utf-8")
EXAMPLES = [json.loads(text) for text in re.findall(r"```json\n(.*?)```", GUIDE, re.DOTALL)]


OF_POLICIES = {"authority_document.py", "products.py", "tier_policy_kind.py", "warnings.py"}
"""What refuses policies, which have guides of their own."""


def codes_in(path: Path) -> Iterator[str]:
    """The codes of the refusals that a module makes."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.Call(func=ast.Name(id="Refusal" | "_refuse"), args=[ast.Constant(value=str(code)), *_]):
                yield code


def test_every_code_is_in_the_guide_and_no_other():
    modules = [path for path in (ROOT / "tiering" / "core").glob("*.py") if path.name not in OF_POLICIES]
    made = {code for path in modules for code in codes_in(path)}
    made |= {f"shape_{keyword}" for keyword in SHAPE_KEYWORDS}
    table = GUIDE[GUIDE.index("## What is refused") :]
    listed = [
        code
        for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)
        for code in re.findall(r"`(\w+)`", row)
    ]
    assert sorted(listed) == sorted(set(listed))
    assert set(listed) == made


def test_the_example_is_accepted():
    assert check_data(EXAMPLES[0]) == ()


def test_the_other_examples_are_accepted_in_its_place():
    whole, *parts = EXAMPLES
    *placements, condition = parts
    assert len(placements) == 4
    for placement in placements:
        data = {
            **whole,
            "scorecards": whole["scorecards"][1:],
            "cutoffs": placement,
            "overlays": [],
            "policy": {},
        }
        assert check_data(data) == ()
    assert check_condition(parse(condition)) == ()


def test_every_key_of_the_document_is_explained():
    for key in (*SCHEMA["properties"], *by_score()["policy"], *WRITTEN_UNITS, *get_args(Unit)):
        assert f"`{key}`" in GUIDE or f".{key}`" in GUIDE, key
