"""Edits of a document: each can be taken back, those in different places do not meet, a conflict changes nothing."""

import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.tiering.core.generators import Json
from tests.tiering.core.places import at, places
from tests.tiering.core.sensible import above, by_matrix, by_rank, by_score, entry, sensible_documents
from tiering.core.diff import IDENTITY
from tiering.core.document import content_hash
from tiering.core.editing import (
    ABSENT,
    Edit,
    EditConflict,
    PathNotFound,
    address_of,
    applied,
    apply_edits,
    edits_between,
    inverse,
    parse_edits,
    touches,
    value_at,
)
from tiering.core.refusals import CriteriaError

examples = settings(
    max_examples=30, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
WEIGHT = "scorecards/company/dimensions/strength/weight"
ADDED = entry("added", when=above("pd", 1), effect="cap", tier="D", hard=True)


def keys(data: Json, listed: str = "gates") -> list[str]:
    return [item["key"] for item in data[listed]]


def addresses(data: Json) -> list[str]:
    """Every place by names, without the document as a whole."""
    return [address_of(data, place) for place in places(data) if place != "$"]


@st.composite
def edits_of(draw: st.DrawFn, data: Json) -> Edit:
    """One edit that the document allows: a value written or taken away, an entry put in, moved or renamed."""
    path = draw(st.sampled_from(addresses(data)))
    was = value_at(data, path)
    *outer, last = path.split("/")
    listed = outer[-1] if outer else ""
    around = value_at(data, "/".join(outer)) if outer else data
    if isinstance(around, list) and listed in IDENTITY and isinstance(was, dict):
        named, names = IDENTITY[listed], [item[IDENTITY[listed]] for item in around]
        before = draw(st.sampled_from([None, *names]))
        new = {**was, named: "added"}
        assume("added" not in names)
        return draw(
            st.sampled_from(
                [
                    Edit("move", path, before=before),
                    Edit("insert", "/".join([*outer, "added"]), value=new, before=before),
                    Edit("set", path, was=was),
                    Edit("set", path, was=was, value=new),
                    Edit("set", f"{path}/{named}", was=was[named], value="added"),
                ]
            )
        )
    if isinstance(around, list):
        return Edit("set", path, was=was, value=7)
    assume(last not in IDENTITY.values())
    return Edit("set", path, was=was, value=draw(st.sampled_from([ABSENT, 7, {"a": [1]}, None])))


@examples
@given(st.data())
def test_every_edit_can_be_taken_back(data):
    document = data.draw(sensible_documents())
    untouched = copy.deepcopy(document)
    first = apply_edits(document, [data.draw(edits_of(document))])
    assert content_hash(applied(first.document, inverse(first.edits))) == content_hash(document)
    assert document == untouched


@examples
@given(st.data())
def test_a_group_of_edits_can_be_taken_back(data):
    document = now = data.draw(sensible_documents())
    done: tuple[Edit, ...] = ()
    for _ in range(3):
        step = apply_edits(now, [data.draw(edits_of(now))])
        now, done = step.document, done + step.edits
    back = apply_edits(now, inverse(done))
    assert content_hash(back.document) == content_hash(document)
    assert content_hash(applied(back.document, inverse(back.edits))) == content_hash(now)


@examples
@given(st.data())
def test_edits_of_different_fields_commute(data):
    document = data.draw(sensible_documents())
    leaves = [path for path in addresses(document) if not isinstance(value_at(document, path), dict | list)]
    one, other = (
        Edit("set", path, was=value_at(document, path), value=7)
        for path in data.draw(st.lists(st.sampled_from(leaves), min_size=2, max_size=2, unique=True))
    )
    assume(not any(edit.path.split("/")[-1] in IDENTITY.values() for edit in (one, other)))
    assert applied(document, [one, other]) == applied(document, [other, one])


@examples
@given(st.data())
def test_an_edit_that_saw_something_else_is_a_conflict_and_changes_nothing(data):
    document = data.draw(sensible_documents())
    untouched = copy.deepcopy(document)
    path = data.draw(st.sampled_from(addresses(document)))
    first = Edit("set", "format", was=1, value=2)
    with pytest.raises(EditConflict) as refused:
        applied(document, [first, Edit("set", path, was="something else", value="mine")])
    now = 2 if path == "format" else value_at(untouched, path)
    assert (refused.value.path, refused.value.was, refused.value.now) == (path, "something else", now)
    assert document == untouched


@examples
@given(sensible_documents())
def test_addresses_by_name_and_by_position_mean_the_same_place(document):
    for place in places(document):
        if place != "$":
            assert value_at(document, address_of(document, place)) is at(document, place)


@examples
@given(sensible_documents(), sensible_documents())
def test_edits_between_two_documents_make_one_of_the_other(old, new):
    assert content_hash(applied(old, edits_between(old, new))) == content_hash(new)


@pytest.mark.parametrize(
    ("json_path", "address"),
    [
        ("$", ""),
        ("$.scorecards[0].dimensions[0].weight", WEIGHT),
        ("$.scorecards[0].dimensions[0].indicators[0].bands[1].points",
         "scorecards/company/dimensions/strength/indicators/current_ratio/bands/1/points"),
        ("$.scorecards[9].dimensions[0].weight", "scorecards/9/dimensions/0/weight"),
        ("$.policy.nothing.here", "policy/nothing/here"),
        ("$['no.such'].x", "no.such/x"),
    ],
)  # fmt: skip
def test_json_path_has_an_address_by_names(json_path, address):
    assert address_of(by_score(), json_path) == address


def test_axes_are_named_and_their_dimensions_are_not():
    assert address_of(by_matrix(), "$.cutoffs.axes[1].dimensions[0]") == "cutoffs/axes/relation/dimensions/0"


def test_name_of_a_category_may_hold_dots_and_slashes():
    document = by_score()
    document["scorecards"][0]["dimensions"][0]["indicators"][1]["categories"] = {"A/1.x": 10, "A": 20}
    inside = "$.scorecards[0].dimensions[0].indicators[1].categories"
    address = address_of(document, f"{inside}.A/1.x")
    assert address == "scorecards/company/dimensions/strength/indicators/rating/categories/A~11.x"
    assert value_at(document, address) == 10


def test_second_entry_of_a_name_is_named_by_its_position():
    document = by_score()
    document["gates"][2]["key"] = "overdue"
    assert address_of(document, "$.gates[2].tier") == "gates/@2/tier"
    mended = apply_edits(document, [Edit("set", "gates/@2/key", was="overdue", value="watched")])
    assert keys(mended.document)[2] == "watched"
    assert applied(mended.document, inverse(mended.edits)) == document


def test_removed_entry_comes_back_where_it_stood():
    document = by_score()
    gone = apply_edits(document, [Edit("set", "gates/rated", was=document["gates"][1])])
    assert keys(gone.document) == ["overdue", "watched", "stretched", "trusted"]
    assert keys(applied(gone.document, inverse(gone.edits))) == keys(document)


def test_entry_is_put_in_before_another_or_at_the_end():
    document = by_score()
    assert keys(applied(document, [Edit("insert", "gates/added", value=ADDED, before="rated")]))[1] == "added"
    assert keys(applied(document, [Edit("insert", "gates/added", value=ADDED, before=None)]))[-1] == "added"


def test_entry_is_moved_before_another():
    document = by_score()
    moved = applied(document, [Edit("move", "gates/trusted", was=None, before="rated")])
    assert keys(moved) == ["overdue", "trusted", "rated", "watched", "stretched"]


def test_entry_that_somebody_moved_meanwhile_is_a_conflict():
    document = applied(by_score(), [Edit("move", "gates/trusted", before="overdue")])
    with pytest.raises(EditConflict) as refused:
        applied(document, [Edit("move", "gates/trusted", was=None, before="rated")])
    assert (refused.value.was, refused.value.now) == (None, "overdue")


def test_name_that_another_entry_has_is_a_conflict():
    with pytest.raises(EditConflict) as refused:
        applied(by_score(), [Edit("set", "gates/rated/key", was="rated", value="watched")])
    assert refused.value.path == "gates/watched"
    with pytest.raises(EditConflict):
        applied(by_score(), [Edit("insert", "gates/rated", value={**ADDED, "key": "rated"}, before=None)])


def test_entry_before_one_that_is_gone_is_a_conflict():
    with pytest.raises(EditConflict) as refused:
        applied(by_score(), [Edit("insert", "gates/added", value=ADDED, before="gone")])
    assert (refused.value.path, refused.value.now) == ("gates/gone", ABSENT)


def test_the_same_edits_sent_again_change_nothing():
    edits = [
        Edit("set", WEIGHT, was=6000, value=5000),
        Edit("insert", "gates/added", value=ADDED, before="rated"),
        Edit("move", "gates/trusted", was=None, before="overdue"),
        Edit("set", "gates/watched", was=by_score()["gates"][2]),
    ]
    once = apply_edits(by_score(), edits)
    again = apply_edits(once.document, edits)
    assert (len(once.edits), again.edits) == (4, ())
    assert again.document == once.document


def test_numbers_are_the_same_however_they_are_written():
    document = by_score()
    assert value_at(applied(document, [Edit("set", WEIGHT, was=6000.0, value=5000)]), WEIGHT) == 5000
    with pytest.raises(EditConflict):
        applied(document, [Edit("set", "gates/overdue/hard", was=1, value=False)])


@pytest.mark.parametrize(
    "edit",
    [
        Edit("set", "scorecards/nobody/label/en", was="x", value="y"),
        Edit("set", "gates/nobody", value=ADDED),
        Edit("set", "cutoffs/9", value={"tier": "A", "min": 0}),
        Edit("set", "cutoffs/0", was={"tier": "A", "min": 80}),
        Edit("set", "gates/overdue/hard/deep", value=1),
        Edit("move", "gates/nobody", before=None),
        Edit("move", "cutoffs/0", before=None),
        Edit("insert", "gates/@9", value=ADDED, before=None),
        Edit("insert", "nowhere/added", value=ADDED, before=None),
    ],
)
def test_place_that_is_not_there_is_told(edit):
    with pytest.raises(PathNotFound) as refused:
        applied(by_score(), [edit])
    assert refused.value.path == edit.path


def test_list_by_position_grows_and_shrinks_at_its_end():
    document = by_rank()
    steps = document["cutoffs"]["steps"]
    longer = apply_edits(
        document, [Edit("set", f"cutoffs/steps/{len(steps)}", value={"tier": "D", "share": 1})]
    )
    assert len(longer.document["cutoffs"]["steps"]) == len(steps) + 1
    assert applied(longer.document, inverse(longer.edits)) == document


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [("gates/a/tier", "gates/a", True), ("gates/a", "gates/a/tier", True), ("gates/a", "gates/ab", False)],
)
def test_edits_touch_what_is_around_them_and_within(one, other, meet):
    assert touches(Edit("set", one), other) is meet


def test_edits_keep_what_they_say_through_json():
    sent: list[dict[str, Any]] = [
        {"op": "set", "path": WEIGHT, "was": 1, "value": None},
        {"op": "set", "path": WEIGHT, "was": 1},
        {"op": "insert", "path": "gates/added", "value": ADDED, "before": None},
        {"op": "move", "path": "gates/late", "was": None, "before": "rated"},
    ]
    assert [edit.as_json() for edit in parse_edits(sent)] == sent
    assert parse_edits(sent)[1].value is ABSENT


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ({}, "$"),
        ([], "$"),
        ([{}], "$[0]"),
        ([{"op": "set", "path": "a", "value": 1}, {"op": "put", "path": "a"}], "$[1]"),
        ([{"op": "set", "path": "a", "before": None}], "$[0]"),
        ([{"op": "insert", "path": "gates/a", "value": {"key": "a"}}], "$[0]"),
        ([{"op": "set", "path": "", "value": 1}], "$[0].path"),
        ([{"op": "set", "path": "a//b", "value": 1}], "$[0].path"),
        ([{"op": "set", "path": 7, "value": 1}], "$[0].path"),
        ([{"op": "move", "path": "gates/a", "before": 7}], "$[0].before"),
        ([{"op": "insert", "path": "gates/a", "value": {"key": "b"}, "before": None}], "$[0].path"),
        ([{"op": "set", "path": "a", "value": float("nan")}], "$[0].value"),
    ],
)
def test_what_is_no_edit_is_refused_where_it_stands(data, place):
    with pytest.raises(CriteriaError) as refused:
        parse_edits(data)
    assert [refusal.path for refusal in refused.value.refusals] == [place]
    assert refused.value.refusals[0].remedy()
