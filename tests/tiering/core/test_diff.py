"""Two documents compared: every difference once, at its place, in words."""

import copy
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tiering.core.generators import Json
from tests.tiering.core.places import at, places, put, steps
from tests.tiering.core.sensible import (
    above,
    by_matrix,
    by_rank,
    by_score,
    entry,
    of_projects,
    sensible_documents,
)
from tiering.core.diff import GROUPS, IDENTITY, Difference, differences
from tiering.core.diff_words import named_members
from tiering.core.document import content_hash
from tiering.core.schema import SCHEMA

thorough = settings(
    max_examples=60, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)


def after(place: str, value: Any, data: Json | None = None) -> tuple[Difference, ...]:
    """What differs once a value is written in a place of a document."""
    old = data or by_score()
    new = copy.deepcopy(old)
    put(new, place, value)
    return differences(old, new)


def told(place: str, value: Any, data: Json | None = None) -> str:
    (difference,) = after(place, value, data)
    return difference.text()


CURRENT_RATIO = "$.scorecards[0].dimensions[0].indicators[0]"


@pytest.mark.parametrize(
    ("place", "value", "text"),
    [
        (f"{CURRENT_RATIO}.weight", 4000, "Scorecard “company” › strength › Current ratio: weight 5000 → 4000"),
        ("$.cutoffs[0].min", 82.5, "Document: placement A 80, B 60, C 40, D 0 → A 82.5, B 60, C 40, D 0"),
        ("$.gates[0].tier", "D", "Gate “overdue”: tier C → D"),
        ("$.gates[0].hard", False, "Gate “overdue”: hard yes → no"),
        ("$.gates[3].by", -2, "Gate “stretched”: notches -1 → -2"),
        (
            "$.gates[3].when.value",
            0.85,
            "Gate “stretched”: condition Leverage is above 0.8 → Leverage is above 0.85",
        ),
        (f"{CURRENT_RATIO}.missing", {"policy": "neutral"}, "Scorecard “company” › strength › Current ratio › "
         "Missing values: policy worst → neutral"),
        (
            "$.scorecards[0].dimensions[0].indicators[1].categories.D",
            5,
            "Scorecard “company” › strength › Credit rating › Categories: “D” not applicable → 5",
        ),
        ("$.policy.migration.up.buffer", 3, "Policy › Migration policy › Moves up: buffer in points 2 → 3"),
        ("$.policy.migration.up.max_step", 2, "Policy › Migration policy › Moves up: tiers at once 1 → 2"),
        ("$.label.en", "signs", "Document: name letters / letters → signs / letters"),
        ("$.note", {"en": "n", "zh": "注"}, "Document: remarks added: n / 注"),
        ("$.gates[5]", entry("new", when=above("pd", 1), effect="cap", tier="D", hard=True), "Gate “new”: added"),
    ],
)  # fmt: skip
def test_a_change_reads_as_a_sentence(place, value, text):
    assert told(place, value) == text


@pytest.mark.parametrize(
    ("data", "place", "value", "text"),
    [
        (by_rank(), "$.cutoffs.steps[0].share", 2000, "Placement: steps A 1000, B 3000, C 6000, D 10000 → "
         "A 2000, B 3000, C 6000, D 10000"),
        (by_rank(), "$.scorecards[0].cutoffs.metric", "exposure", "Scorecard “company” › Placement: metric "
         "revenue → exposure"),
        (by_matrix(), "$.cutoffs.cells[0][1]", "A", "Placement: cells A, B | C, D → A, A | C, D"),
        (by_matrix(), "$.cutoffs.axes[0].levels[0].min", 70, "Placement › Axis “strength” › Level “high”: "
         "minimum 60 → 70"),
        (by_matrix(), "$.cutoffs", by_rank()["cutoffs"], "Document: placement matrix: A, B | C, D → "
         "top: A 1000, B 3000, C 6000, D 10000"),
        (of_projects(), "$.roll_up.rule", "best", "Roll-up: rule largest → best"),
    ],
)  # fmt: skip
def test_a_change_of_placement_or_roll_up_reads_as_a_sentence(data, place, value, text):
    assert told(place, value, data) == text


def test_bands_are_compared_as_a_whole():
    (difference,) = after(f"{CURRENT_RATIO}.bands[0].hi", 0.9)
    assert difference.path == f"{CURRENT_RATIO}.bands"
    assert difference.new == [{"lo": None, "hi": 0.9, "points": 0}, *difference.old[1:]]
    assert difference.text().endswith("→ (−∞, 0.9) 0, [1, 1.5) 33, [1.5, 2) 66, [2, ∞) 100")


def test_entries_are_matched_by_name_and_not_by_place():
    old = by_score()
    new = copy.deepcopy(old)
    new["gates"].insert(0, new["gates"].pop(2))
    new["gates"][1]["tier"] = "D"
    moved, changed = differences(old, new)
    assert (moved.kind, moved.path, moved.old, moved.new) == ("moved", "$.gates[0]", "rated", None)
    assert moved.text() == "Gate “watched”: now stands first"
    assert (changed.kind, changed.path, changed.member) == ("changed", "$.gates[1].tier", "tier")
    assert differences(new, old)[1].text() == "Gate “watched”: now stands after “rated”"


def test_a_removed_entry_is_named_where_it_was():
    old = by_score()
    new = copy.deepcopy(old)
    gone = new["overlays"].pop(1)
    (difference,) = differences(old, new)
    assert (difference.kind, difference.path, difference.old, difference.new) == (
        "removed",
        "$.overlays[1]",
        gone,
        None,
    )
    assert difference.text() == "Overlay “downturn”: removed"


def test_what_is_added_in_parts_is_told_in_parts():
    old = by_score()
    del old["policy"]["migration"]
    texts = [difference.text() for difference in differences(old, by_score())]
    assert texts == [
        "Policy › Migration policy › Moves up: buffer in points added: 2",
        "Policy › Migration policy › Moves up: days a tier is held added: 90",
        "Policy › Migration policy › Moves up: tiers at once added: 1",
        "Policy › Migration policy › Moves down: days a tier is held added: 30",
        "Policy › Migration policy: red flags added: Days overdue is above 30",
    ]


def test_words_and_labels_follow_the_reader():
    old = by_score()
    new = copy.deepcopy(old)
    old["gates"][0]["label"]["zh"] = new["gates"][0]["label"]["zh"] = "逾期"
    new["gates"][0]["tier"] = "D"
    (difference,) = differences(old, new)
    chinese = {
        "Gate “%(name)s”": "闸口“%(name)s”",
        "tier": "层级",
        "%(place)s: %(member)s %(old)s → %(new)s": "%(place)s：%(member)s由 %(old)s 改为 %(new)s",
    }
    assert difference.text(lambda text: chinese[text], "zh") == "闸口“逾期”：层级由 C 改为 D"


def test_how_a_document_is_written_makes_no_difference():
    data = by_score()
    assert (
        differences(data, json.loads(json.dumps(data, sort_keys=True).replace('"min": 80', '"min": 80.0')))
        == ()
    )


def test_names_that_are_used_twice_leave_the_list_undivided():
    old = by_score()
    new = copy.deepcopy(old)
    new["gates"][1]["key"] = "overdue"
    (difference,) = differences(old, new)
    assert (difference.path, difference.member) == ("$.gates", "gates")
    assert difference.text().startswith("Document: gates overdue, rated")


@thorough
@given(old=sensible_documents(), new=sensible_documents())
def test_there_are_differences_exactly_where_the_content_differs(old, new):
    found = differences(old, new)
    assert bool(found) == (content_hash(old) != content_hash(new))
    for difference in found:
        assert difference.text()
        at(
            old if difference.kind == "removed" else new, difference.path
        )  # raises when there is no such place
    mirrored = {"added": "removed", "removed": "added", "changed": "changed"}
    back = [
        (item.kind, item.member, item.old, item.new)
        for item in differences(new, old)
        if item.kind in mirrored
    ]
    for item in found:
        if item.kind in mirrored:
            assert (mirrored[item.kind], item.member, item.new, item.old) in back


@thorough
@given(data=sensible_documents(), choice=st.integers(0, 10**6))
def test_one_change_anywhere_is_found_there(data, choice):
    values = [place for place in places(data) if isinstance(at(data, place), int | float)]
    place = values[choice % len(values)]
    new = copy.deepcopy(data)
    value = at(data, place)
    put(new, place, not value if isinstance(value, bool) else 0.5 if value != 0.5 else 0.25)
    (difference,) = differences(data, new)
    assert (place + ".").startswith((difference.path + ".", difference.path + "["))
    assert difference.kind == "changed"
    assert str(steps(difference.path)[-1]) == difference.member


def test_every_member_of_a_document_has_a_name():
    told_elsewhere = {
        "key",
        "en",
        "zh",
        "lo",
        "hi",
        "share",
        "by",
        "tiers",
        "scorecards",
        "gates",
        "indicators",
        "axes",
        "levels",
    }
    shape = {key: part for key, part in SCHEMA.items() if key != "$defs"}
    assert members(shape) - told_elsewhere <= named_members()
    assert named_members() >= GROUPS
    assert IDENTITY.keys() <= members(shape)


def members(schema: Any) -> set[str]:
    if isinstance(schema, list):
        return set().union(*map(members, schema))
    if not isinstance(schema, dict):
        return set()
    named = schema.get("properties", {})
    inner = [part for key, part in schema.items() if key not in ("properties", "const", "enum")]
    return set(named).union(*map(members, [*inner, *named.values()]))
