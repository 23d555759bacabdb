"""The published JSON Schema: what the checks use, complete for editors, and one with what is read."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests.tiering.core.generators import Json, conditions
from tests.tiering.core.places import places, put, take
from tests.tiering.core.sensible import WAYS, sensible_documents
from tiering.core.check_shape import shape_refusals
from tiering.core.conditions import parse
from tiering.core.refusals import CriteriaError
from tiering.core.schema import SCHEMA, schema_text

ROOT = Path(__file__).parents[3]
PUBLISHED = ROOT / "docs" / "criteria.schema.json"
VALIDATOR = Draft202012Validator(SCHEMA)

thorough = settings(
    max_examples=60, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)


def condition_is_valid(data: object) -> bool:
    return bool(
        VALIDATOR.evolve(schema={"$ref": "#/$defs/condition", "$defs": SCHEMA["$defs"]}).is_valid(data)
    )


def is_read(data: object) -> bool:
    try:
        parse(data)
    except CriteriaError:
        return False
    return True


def test_the_published_schema_is_the_one_in_use():
    assert PUBLISHED.read_text("utf-8") == schema_text()


def test_the_schema_is_a_schema():
    Draft202012Validator.check_schema(dict(SCHEMA))


@pytest.mark.parametrize("make", WAYS)
def test_documents_of_every_kind_are_valid(make):
    assert VALIDATOR.is_valid(make())


@thorough
@given(data=sensible_documents())
def test_what_is_sensible_is_valid(data):
    assert VALIDATOR.is_valid(data)


@pytest.mark.parametrize(
    "path", sorted((ROOT / "tiering" / "criteria").glob("*.json")), ids=lambda path: path.stem
)
def test_templates_are_valid(path):
    assert VALIDATOR.is_valid(json.loads(path.read_text("utf-8")))


@st.composite
def distorted(draw: st.DrawFn) -> Json:
    data = {"root": draw(conditions())}
    known = [place for place in places(data) if place != "$"]
    place = known[draw(st.integers(0, len(known) - 1))]
    if draw(st.booleans()) and place != "$.root":
        take(data, place)
    else:
        put(
            data,
            place,
            draw(st.sampled_from([None, True, 3, "", "x", "<", "in", "days", [], {}, {"metric": "x"}])),
        )
    return data["root"]


@thorough
@given(data=st.one_of(conditions(), distorted()))
def test_editors_and_the_reader_agree_on_conditions(data):
    if condition_is_valid(data):
        assert is_read(data)
    elif is_read(data):
        # Read, and then refused with more words than a schema has: empty lists and keys that no metric has.
        assert any(value in ([], "") or value == {} for value in parts(data)) or not keys_are_plausible(data)


def parts(data: object) -> list[object]:
    if isinstance(data, dict):
        return [data, *(part for value in data.values() for part in parts(value))]
    if isinstance(data, list):
        return [data, *(part for value in data for part in parts(value))]
    return [data]


def keys_are_plausible(data: object) -> bool:
    return all(part.get("metric") != "" for part in parts(data) if isinstance(part, dict))


@pytest.mark.parametrize(
    ("condition", "valid"),
    [
        ({"metric": "leverage", "op": "<", "value": 0.6, "unit": "fraction"}, True),
        ({"metric": "leverage", "op": "<", "value": 0.6, "unit": "furlong"}, False),
        ({"metric": "rating", "op": "<", "value": "AA"}, False),
        ({"metric": "rating", "op": "==", "value": "AA"}, True),
        ({"metric": "rating", "op": "in", "values": []}, False),
        ({"any": []}, False),
        ({"not": {"metric": "pd", "op": "is_missing"}}, True),
        ({"metric": "pd", "op": "is_missing", "value": 1}, False),
        ({"all": [{"metric": "pd", "op": "~", "value": 1}]}, False),
    ],
)
def test_an_editor_marks_what_is_no_condition(condition, valid):
    assert condition_is_valid(condition) is valid


def test_faults_of_shape_stand_where_they_are():
    data = WAYS[0]()
    data["scorecards"][0]["dimensions"][0]["weight"] = "6000"
    data["gates"][0]["effect"] = "lift"
    del data["cutoffs"][1]["min"]
    found = {(refusal.code, refusal.path) for refusal in shape_refusals(data)}
    assert found == {
        ("shape_type", "$.scorecards[0].dimensions[0].weight"),
        ("shape_enum", "$.gates[0].effect"),
        ("shape_required", "$.cutoffs[1]"),
    }
