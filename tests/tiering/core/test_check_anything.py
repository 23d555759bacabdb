"""Whatever JSON comes in is answered; what is accepted can be worked with; a slip anywhere is found where it is."""

import copy
import json
import math
from contextlib import suppress
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tiering.core.generators import Json, facts
from tests.tiering.core.places import at, places, put, steps, take
from tests.tiering.core.sensible import WAYS, by_score, sensible_documents
from tiering.core.check import check_data
from tiering.core.check_shape import SHAPE_KEYWORDS
from tiering.core.compile import compile_assessment
from tiering.core.conditions import parse
from tiering.core.evaluate import evaluate
from tiering.core.ranks import thresholds
from tiering.core.reading import read
from tiering.core.refusals import CriteriaError
from tiering.core.schema import SCHEMA
from tiering.core.terms import Setting, Terms

settled = settings(
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)

leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**9), 10**9),
    st.floats(),
    st.text(max_size=4),
    st.sampled_from(
        ["", "A", "Z", "percent", "rating", "leverage", "project_part", "top", "matrix", "cap", [], {}]
    ),
    st.sampled_from([0, 1, 100, 5000, 10_000, -1, 10**400, "\ud800", "\x00", "<", "in"]),
)


@st.composite
def tampered(draw: st.DrawFn) -> Json:
    """A sensible document with up to three places deleted, replaced, repeated, or put in another's stead."""
    data = draw(st.sampled_from(WAYS))()
    for _ in range(draw(st.integers(1, 3))):
        known = list(places(data))[1:]
        if not known:
            break
        place = known[draw(st.integers(0, len(known) - 1))]
        match draw(st.sampled_from(["delete", "replace", "repeat", "move"])):
            case "delete":
                take(data, place)
            case "replace":
                put(data, place, draw(leaves))
            case "repeat" if isinstance(steps(place)[-1], int):
                outer = place[: place.rindex("[")]
                at(data, outer).insert(0, copy.deepcopy(at(data, place)))
            case _:
                other = known[draw(st.integers(0, len(known) - 1))]
                put(data, place, copy.deepcopy(at(data, other)))
    return data


def work_with(data: Json, subjects: list[Any]) -> None:
    """Do with the document whatever is done with published criteria."""
    document = read(data)
    frozen = thresholds(document, [(subject, {}) for subject in subjects])
    terms = Terms(frozenset(overlay.key for overlay in document.overlays), frozen)
    for subject in subjects:
        for held in (None, 0, len(document.tiers) - 1):
            result = evaluate(document, subject, Setting(terms, held, 5))
            assert 0 <= result.tier < len(document.tiers)
    statement, params = compile_assessment(document, "facts", terms=terms)
    assert statement.count("%s") == len(params)


@settings(settled, max_examples=300)
@given(data=tampered(), subject=facts())
def test_tampered_documents_are_refused_or_can_be_worked_with(data, subject):
    refusals = check_data(data)
    for refusal in refusals:
        assert refusal.path.startswith("$")
        json.dumps([refusal.text(), refusal.remedy(), dict(refusal.params)]).encode()
        f"{refusal.path} {refusal.text()} {refusal.remedy()}".encode()
    if not refusals:
        work_with(data, [subject, {}])


anything = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.sampled_from([*SCHEMA["properties"], "all", "not", "metric", "op", "x y", "\x00"]), inner
        ),
    ),
    max_leaves=12,
)


@settings(settled, max_examples=150)
@given(data=anything)
def test_anything_else_is_refused(data):
    assert check_data(data)
    filled = {**by_score(), "gates": data}
    assert check_data(filled) or isinstance(data, list)


def test_what_holds_itself_is_refused():
    for place in ("$.gates[0].when", "$.note", "$.label.en", "$.scorecards[0].dimensions"):
        data = by_score()
        loop: dict[str, Any] = {}
        loop["not"] = loop
        put(data, place, loop)
        assert [refusal.code for refusal in check_data(data)] == ["nested_too_deep"]


def test_a_condition_nested_as_deep_as_allowed_fits_in_a_document():
    data = by_score()
    deep: Json = {"metric": "leverage", "op": ">", "value": 0.9}
    for _ in range(20):
        deep = {"all": [deep]}
    data["scorecards"][0]["when"] = deep
    assert check_data(data) == ()
    data["scorecards"][0]["when"] = {"all": [deep]}
    assert [refusal.code for refusal in check_data(data)] == ["condition_too_deep"]


def slips(data: Json) -> list[tuple[str, Any, str]]:
    """Every small slip of the pen that leaves the shape right: the place, what is written there, the code."""
    found: list[tuple[str, Any, str]] = []
    for place in places(data):
        last, value = steps(place)[-1:], at(data, place)
        match last:
            case ["weight"] if value < 10_000:
                found.append((place, value + 1, "weights_not_whole"))
            case ["lo"] if value is not None and math.isfinite(math.nextafter(value, math.inf)):
                found.append((place, math.nextafter(value, math.inf), "bands_gap"))
                found.append((place, math.nextafter(value, -math.inf), "bands_overlap"))
            case ["metric"]:
                found.append((place, "shoe_size", "unknown_metric"))
            case ["tier"]:
                found.append((place, "Z", "unknown_tier"))
            case ["share"]:
                found.append((place, value - 1 if value == 10_000 else 10_000, "steps_"))
            case ["min"] if ".levels" in place:
                found.append((place, 0 if value else 1, "levels_"))
            case ["min"] if ".cutoffs[" in place and "[0]" not in place:
                found.append((place, 100, "cutoffs_"))
            case ["bands"]:
                found.append((place, value[1:], "bands_not_covering"))
                found.append((place, [*value[1:], value[0]], "bands_unordered"))
    return found


@settings(settled, max_examples=60)
@given(data=sensible_documents(), choice=st.integers(0, 10**6))
def test_a_slip_anywhere_is_refused_where_it_is(data, choice):
    possible = slips(data)
    place, value, code = possible[choice % len(possible)]
    put(data, place, value)
    refusals = check_data(data)
    near = {place, place[: place.rindex(".")], place.rsplit("[", 1)[0]}
    named = [refusal.path for refusal in refusals if refusal.code.startswith(code)]
    assert any(path.startswith(tuple(near)) for path in named), (place, refusals)


@settings(settled, max_examples=40)
@given(data=sensible_documents(), subject=facts())
def test_a_sensible_document_is_accepted_and_can_be_worked_with(data, subject):
    assert check_data(data) == ()
    work_with(data, [subject, {}])


def test_every_keyword_of_the_schema_has_its_words():
    structure = {
        "$schema",
        "$ref",
        "$defs",
        "title",
        "description",
        "properties",
        "items",
        "allOf",
        "if",
        "then",
        "else",
    }
    shape = {key: part for key, part in SCHEMA.items() if key != "$defs"}
    assert keywords(shape) - structure == SHAPE_KEYWORDS


def keywords(schema: Any) -> set[str]:
    if isinstance(schema, list):
        return set().union(*map(keywords, schema))
    if not isinstance(schema, dict):
        return set()
    named = schema.get("properties", {})
    inner = [part for key, part in schema.items() if key not in ("properties", "const", "enum")]
    return set(schema).union(*map(keywords, [*inner, *named.values()]))


@settings(settled, max_examples=100)
@given(data=anything)
def test_reading_a_condition_raises_nothing_but_refusals(data):
    with suppress(CriteriaError):
        parse(data)
