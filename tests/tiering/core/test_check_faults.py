"""Each fault that a document can have is refused with its code at its place, and with a fix."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.tiering.core.generators import Json
from tests.tiering.core.places import at, put, take
from tests.tiering.core.sensible import (
    above,
    by_matrix,
    by_rank,
    by_score,
    entry,
    number,
    of_projects,
    one_of,
)
from tiering.core.check import check_condition, check_data
from tiering.core.conditions import parse
from tiering.core.refusals import Refusal

STRENGTH = "$.scorecards[0].dimensions[0]"
OTHER = "$.scorecards[1].dimensions[0]"
FIRST_AXIS = "$.cutoffs.axes[0]"
RANKED_BY = "$.scorecards[0].cutoffs.metric"
RED_FLAGS = "$.policy.migration.red_flags"
RATIO = f"{STRENGTH}.indicators[0]"
RATED = f"{STRENGTH}.indicators[1]"
NOWHERE = object()
UNKNOWN = {"metric": "pd", "op": "is_missing"}
IMPOSSIBLE = {"all": [above("pd", 0.2), {"metric": "pd", "op": "<=", "value": 0.2}]}
CERTAIN = {"any": [above("pd", 0.2), {"not": above("pd", 0.2)}]}
SLUMP = entry("slump", effect="bonus", points=-2)
BEYOND = {"any": [above("pd", 0.2), above("project_revenue_rank", 3)]}

# What is written where into which document, the code it is refused with, and the place that is named.
Fault = tuple[Callable[[], Json], str, Any, str, str]
FAULTS: list[Fault] = [
    # tiers
    (by_score, "$.tiers[1].key", "A", "duplicate_key", "$.tiers"),
    (by_score, f"{STRENGTH}.weight", 5999, "weights_not_whole", "$.scorecards[0].dimensions"),
    # scorecards
    (by_score, "$.scorecards[0].when", IMPOSSIBLE, "condition_never_holds", "$.scorecards[0].when"),
    (by_score, "$.scorecards[0].when", CERTAIN, "condition_always_holds", "$.scorecards[0].when"),
    (
        by_score,
        "$.scorecards[0].when",
        {"any": [{"metric": "client_kind", "op": "is_missing"}, {"not": {"metric": "client_kind", "op": "is_missing"}}]},
        "condition_always_holds",
        "$.scorecards[0].when",
    ),
    (by_score, "$.scorecards[1].key", "company", "duplicate_key", "$.scorecards"),
    # weights
    (by_score, f"{RATIO}.weight", 4999, "weights_not_whole", f"{STRENGTH}.indicators"),
    (by_score, "$.weight_limits.max", 5500, "weight_outside_limits", f"{STRENGTH}.weight"),
    (by_score, "$.weight_limits.min", 4500, "weight_outside_limits", "$.scorecards[0].dimensions[1].weight"),
    (by_score, "$.weight_limits.max", 4500, "weight_limits_unreachable", "$.scorecards[0].dimensions"),
    (by_score, "$.weight_limits.min", 7500, "weight_limits_crossed", "$.weight_limits"),
    # indicators
    (by_score, f"{RATIO}.unit", "percent", "unit_mismatch", f"{RATIO}.unit"),
    (by_score, f"{RATED}.unit", "fraction", "unit_mismatch", f"{RATED}.unit"),
    (by_score, f"{RATIO}.unit", "furlongs", "shape_enum", f"{RATIO}.unit"),
    (by_score, f"{RATIO}.max_age_days", 9_999, "age_beyond_metric", f"{RATIO}.max_age_days"),
    (
        by_score,
        "$.scorecards[1].dimensions[1].indicators[0].max_age_days",
        10,
        "age_not_known",
        "$.scorecards[1].dimensions[1].indicators[0].max_age_days",
    ),
    (by_score, f"{RATED}.categories", {"AAA": None}, "never_applicable", f"{RATED}.categories"),
    (by_score, f"{RATED}.categories", {"AAA": None, "D": 5}, "scale_flat", RATED),
    (by_score, f"{RATIO}.metric", "project_revenue_rank", "metric_out_of_scope", f"{RATIO}.metric"),
    # conditions
    (by_score, "$.gates[0].when.unit", "months", "unit_mismatch", "$.gates[0].when.unit"),
    (by_score, "$.gates[0].when.unit", "furlongs", "condition_unit", "$.gates[0].when.unit"),
    (by_score, "$.gates[0].when", {"any": []}, "condition_empty", "$.gates[0].when.any"),
    (by_score, "$.gates[0].when", one_of("rating"), "condition_empty", "$.gates[0].when.values"),
    (by_score, "$.gates[0].when", BEYOND, "metric_out_of_scope", "$.gates[0].when.any[1].metric"),
    # gates
    (by_score, "$.gates[0].when", CERTAIN, "condition_always_holds", "$.gates[0].when"),
    (by_score, "$.gates[0].tier", "A", "gate_without_effect", "$.gates[0].tier"),
    (by_score, "$.gates[1].tier", "D", "gate_without_effect", "$.gates[1].tier"),
    (by_score, "$.gates[2].tier", "Z", "unknown_tier", "$.gates[2].tier"),
    (by_score, "$.gates[3].by", 0, "shape_not", "$.gates[3].by"),
    (by_score, "$.gates[3].by", -4, "notches_beyond_scale", "$.gates[3].by"),
    (by_score, "$.gates[4].when", UNKNOWN, "missing_lifts", "$.gates[4].when"),
    (by_score, "$.gates[4].when", {"not": above("pd", 0.1)}, "missing_lifts", "$.gates[4].when"),
    (
        by_score,
        "$.gates[1].when",
        {"all": [one_of("rating", "AAA"), {"not": above("pd", 0.1)}]},
        "missing_lifts",
        "$.gates[1].when",
    ),
    # overlays
    (by_score, "$.overlays[1].key", "supported", "duplicate_key", "$.overlays"),
    (by_score, "$.overlays[1].key", "rated", "overlay_key_of_gate", "$.overlays[1].key"),
    (by_score, "$.overlays[1].shift", 0, "shape_not", "$.overlays[1].shift"),
    (by_score, "$.overlays[0].points", 0, "shape_not", "$.overlays[0].points"),
    (by_score, "$.overlays[0].when", UNKNOWN, "missing_lifts", "$.overlays[0].when"),
    (by_score, "$.overlays[0].when", CERTAIN, "condition_always_holds", "$.overlays[0].when"),
    (by_score, "$.overlays[2].tier", "Z", "unknown_tier", "$.overlays[2].tier"),
    (by_score, "$.overlays[2].tier", "A", "gate_without_effect", "$.overlays[2].tier"),
    (by_score, "$.overlays[2].when", {"all": []}, "condition_empty", "$.overlays[2].when.all"),
    (by_matrix, "$.overlays[1]", SLUMP, "overlay_without_effect", "$.overlays[1].effect"),
    (by_rank, "$.overlays[1]", SLUMP, "overlay_without_effect", "$.overlays[1].effect"),
    # cut-offs
    (by_score, "$.cutoffs[1].min", 85, "cutoffs_out_of_order", "$.cutoffs[1]"),
    (by_score, "$.cutoffs[1].tier", "A", "cutoffs_out_of_order", "$.cutoffs[1]"),
    (by_score, "$.cutoffs[3].min", 0.5, "cutoffs_leave_gap", "$.cutoffs[3].min"),
    (by_score, "$.cutoffs[2].tier", "Z", "unknown_tier", "$.cutoffs[2].tier"),
    # ranks
    (by_rank, "$.cutoffs.steps[1].share", 500, "steps_out_of_order", "$.cutoffs.steps[1]"),
    (by_rank, "$.cutoffs.steps[1].share", 1000, "steps_out_of_order", "$.cutoffs.steps[1]"),
    (by_rank, "$.cutoffs.steps[2].tier", "A", "steps_out_of_order", "$.cutoffs.steps[2]"),
    (by_rank, "$.cutoffs.steps[3].share", 9999, "steps_leave_rest", "$.cutoffs.steps[3].share"),
    (by_rank, "$.cutoffs.steps[3].tier", "Z", "unknown_tier", "$.cutoffs.steps[3].tier"),
    (by_rank, RANKED_BY, "rating", "metric_not_a_number", RANKED_BY),
    (by_rank, RANKED_BY, "shoe_size", "unknown_metric", RANKED_BY),
    (by_rank, RANKED_BY, "project_part", "metric_out_of_scope", RANKED_BY),
    # matrix
    (by_matrix, f"{FIRST_AXIS}.dimensions[0]", "relation", "dimension_on_axes_twice", f"{FIRST_AXIS}.dimensions[0]"),
    (by_matrix, f"{FIRST_AXIS}.dimensions[0]", "relation", "dimension_on_no_axis", f"{STRENGTH}.key"),
    (by_matrix, f"{FIRST_AXIS}.dimensions[1]", "luck", "axis_of_unknown_dimension", f"{FIRST_AXIS}.dimensions[1]"),
    (by_matrix, f"{OTHER}.key", "luck", "dimension_on_no_axis", f"{OTHER}.key"),
    (by_matrix, f"{OTHER}.key", "luck", "axis_of_unknown_dimension", f"{FIRST_AXIS}.dimensions[0]"),
    (by_matrix, f"{OTHER}.weight", 0, "axis_without_weight", f"{FIRST_AXIS}.dimensions"),
    (by_matrix, "$.cutoffs.axes[1].key", "strength", "duplicate_key", "$.cutoffs.axes"),
    (by_matrix, "$.cutoffs.axes[0].levels[0].key", "low", "duplicate_key", "$.cutoffs.axes[0].levels"),
    (by_matrix, "$.cutoffs.axes[0].levels[0].min", 0, "levels_out_of_order", "$.cutoffs.axes[0].levels[1].min"),
    (by_matrix, "$.cutoffs.axes[1].levels[1].min", 5, "levels_leave_gap", "$.cutoffs.axes[1].levels[1].min"),
    (by_matrix, "$.cutoffs.cells[2]", ["A", "B"], "cells_do_not_fit", "$.cutoffs.cells"),
    (by_matrix, "$.cutoffs.cells[1][2]", "D", "cells_do_not_fit", "$.cutoffs.cells"),
    (by_matrix, "$.cutoffs.cells[1][1]", "Z", "unknown_tier", "$.cutoffs.cells[1][1]"),
    (by_matrix, "$.cutoffs.cells[0][0]", "C", "cells_not_monotone", "$.cutoffs.cells[0][1]"),
    (by_matrix, "$.cutoffs.cells[1][1]", "A", "cells_not_monotone", "$.cutoffs.cells[1][1]"),
    # policy
    (by_score, "$.policy.review_when", above("new_size", 1), "unknown_metric", "$.policy.review_when.metric"),
    (by_score, RED_FLAGS, above("notches", 1), "unknown_metric", f"{RED_FLAGS}.metric"),
    (by_score, RED_FLAGS, CERTAIN, "condition_always_holds", RED_FLAGS),
    (by_score, "$.policy.migration.down", {}, "red_flags_without_effect", RED_FLAGS),
    (by_score, "$.policy.migration", {"up": {}}, "migration_without_effect", "$.policy.migration"),
    (by_score, "$.policy.migration.up.max_step", 4, "step_beyond_scale", "$.policy.migration.up.max_step"),
    (by_matrix, "$.policy.migration.up.buffer", 2, "buffer_without_effect", "$.policy.migration.up.buffer"),
    (by_rank, "$.policy.migration.down.buffer", 2, "buffer_without_effect", "$.policy.migration.down.buffer"),
    # subject
    (of_projects, "$.roll_up", NOWHERE, "roll_up_missing", "$"),
    (by_score, "$.roll_up", {"rule": "best"}, "roll_up_not_used", "$.roll_up"),
    (of_projects, "$.roll_up.by", NOWHERE, "roll_up_by_misplaced", "$.roll_up"),
    (of_projects, "$.roll_up.rule", "worst", "roll_up_by_misplaced", "$.roll_up"),
    (of_projects, "$.roll_up.by", "project_es_category", "metric_not_a_number", "$.roll_up.by"),
    (of_projects, "$.roll_up.by", "revenue", "roll_up_by_equal", "$.roll_up.by"),
    (of_projects, "$.roll_up.by", "shoe_size", "unknown_metric", "$.roll_up.by"),
    (of_projects, "$.subject", "client", "metric_out_of_scope", "$.gates[3].when.metric"),
    # what cannot be worked on
    (by_score, "$.label.en", "a\x00b", "text_unusable", "$.label.en"),
    (by_score, "$.label.zh", "\ud800", "text_unusable", "$.label.zh"),
    (by_score, "$.scheme", "letters\n", "shape_pattern", "$.scheme"),
    (by_score, "$.cutoffs[0].min", float("nan"), "number_unusable", "$.cutoffs[0].min"),
    (by_score, "$.cutoffs[0].min", 10**5000, "number_unusable", "$.cutoffs[0].min"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("make", "place", "value", "code", "path"),
    FAULTS,
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_fault_is_refused_at_its_place(make, place, value, code, path):
    data = make()
    assert check_data(data) == ()
    if value is NOWHERE:
        take(data, place)
    else:
        put(data, place, copy.deepcopy(value))
    refusals = check_data(data)
    assert any(refusal.code == code and refusal.path.startswith(path) for refusal in refusals), refusals
    for refusal in refusals:
        assert "%(" not in refusal.text() + refusal.remedy()


def only(data: Json) -> Refusal:
    (refusal,) = check_data(data)
    return refusal


def test_a_unit_is_converted_in_the_fix():
    data = by_score()
    data["gates"][3]["when"] |= {"value": 80, "unit": "percent"}
    assert only(data).text() == "“leverage” is in the unit “fraction” and not in “percent”."
    assert only(data).remedy().startswith("Write 0.8 for 80")
    data["gates"][3]["when"]["unit"] = "years"
    assert only(data).remedy() == "Write the numbers in the unit “fraction”, or choose another metric."


def test_a_scorecard_that_others_cover_together_is_shadowed():
    data = by_score()
    halves = [one_of("client_kind", "institution"), one_of("client_kind", "individual")]
    for half in halves:
        data["scorecards"].insert(
            0, {**copy.deepcopy(data["scorecards"][0]), "key": half["values"][0], "when": half}
        )
    data["scorecards"].insert(2, {**data["scorecards"][2], "key": "both", "when": {"any": halves}})
    refusal = only(data)
    assert (refusal.code, refusal.path) == ("shadowed_scorecard", "$.scorecards[2].when")


def test_a_default_that_nobody_is_left_for_is_shadowed():
    data = by_score()
    unknown = {"metric": "client_kind", "op": "is_missing"}
    data["scorecards"][0]["when"] = {
        "any": [unknown, one_of("client_kind", "corporate", "institution", "individual")]
    }
    assert "condition_always_holds" in {refusal.code for refusal in check_data(data)}
    data["scorecards"][0]["when"] = one_of("client_kind", "corporate", "institution", "individual")
    assert check_data(data) == ()
    data["scorecards"].insert(0, {**data["scorecards"][1], "key": "unknown", "when": unknown})
    refusal = only(data)
    assert (refusal.code, refusal.path) == ("shadowed_scorecard", "$.scorecards[2]")


def test_a_tier_beyond_every_score_is_unreachable():
    data = by_score()
    for card in data["scorecards"]:
        for dimension in card["dimensions"]:
            for indicator in dimension["indicators"]:
                indicator["missing"] = {"policy": "worst"}
                if "bands" in indicator:
                    indicator["bands"][-1]["points"] = 70
                else:
                    indicator["categories"] = {
                        key: min(points or 0, 70) for key, points in indicator["categories"].items()
                    }
    data["gates"] = [gate for gate in data["gates"] if gate["key"] != "trusted"]
    del data["overlays"][2]  # a cap at B means nothing where A cannot be reached
    assert [(refusal.code, refusal.path) for refusal in check_data(data)] == [
        ("tier_unreachable", "$.tiers[0]")
    ]
    data["overlays"][0]["points"] = 10
    assert check_data(data) == ()
    data["overlays"][0]["points"] = 9.99
    assert only(data).code == "tier_unreachable"
    data["gates"].append(
        entry("lucky", when=above("relationship_years", 10), effect="notches", by=1, hard=False)
    )
    assert check_data(data) == ()


def test_a_tier_that_nothing_leads_to_is_unreachable():
    data = by_rank()
    data["tiers"].append(entry("E"))
    assert check_data(data) == ()  # one notch below D
    data["gates"] = [gate for gate in data["gates"] if gate["effect"] != "notches"]
    assert (only(data).code, only(data).path) == ("tier_unreachable", "$.tiers[4]")


def test_a_tier_between_two_others_is_reached_by_moving_one_at_a_time():
    data = by_score()
    del data["cutoffs"][1], data["overlays"]
    data["gates"] = data["gates"][:1]
    assert check_data(data) == ()
    del data["policy"]["migration"]["up"]["max_step"]
    assert only(data).path == "$.tiers[1]"


def test_leaving_an_indicator_out_can_lift_the_greatest_score():
    data = by_score()
    card = data["scorecards"][1]
    for band, points in zip(card["dimensions"][0]["indicators"][0]["bands"], (0, 5, 10), strict=True):
        band["points"] = points
    data["scorecards"] = [card]
    data["gates"], data["overlays"], data["cutoffs"][0]["min"] = data["gates"][:1], [], 56
    data["cutoffs"][1]["min"] = 50
    assert only(data).path == "$.tiers[0]"
    worth = {"large": 100, "medium": 0, "small": 0, "micro": None}
    size = {"metric": "size_class", "weight": 10_000, "missing": {"policy": "worst"}, "categories": worth}
    card["dimensions"][0]["indicators"] = [size]
    assert check_data(data) == ()


def test_an_overlay_may_move_scores_where_its_condition_leaves_the_others_out():
    data = by_rank()
    data["overlays"].append(entry("slump", effect="bonus", points=-2))
    assert only(data).params["card"] == "company"
    data["overlays"][-1]["when"] = one_of("client_kind", "individual")
    assert check_data(data) == ()


def test_not_knowing_may_be_named_beside_what_decides():
    data = by_score()
    known = {"not": {"metric": "pd", "op": "is_missing"}}
    data["gates"][4]["when"] = {"all": [known, {"not": above("pd", 0.1)}]}
    assert check_data(data) == ()
    data["gates"][4]["when"] = {
        "all": [one_of("rating", "AAA"), {"any": [above("pd", 0), {"not": above("pd", 0)}]}]
    }
    assert check_data(data) == ()


def test_a_matrix_of_one_scorecard_is_held_against_that_one_only():
    data = by_matrix()
    data["scorecards"][0]["cutoffs"] = data["cutoffs"]
    data["cutoffs"] = by_score()["cutoffs"]
    data["scorecards"][1]["dimensions"][0]["key"] = "luck"
    assert check_data(data) == ()
    assert at(data, "$.scorecards[0].cutoffs.by") == "matrix"


def test_a_metric_of_the_project_may_be_read_where_the_subject_is_one():
    condition = parse(above("project_revenue_share", 0.5))
    assert [refusal.code for refusal in check_condition(condition)] == ["metric_out_of_scope"]
    assert check_condition(condition, subject="project") == ()


def test_bands_of_equal_points_may_stand_side_by_side():
    data = by_score()
    at(data, f"{RATIO}.bands")[1]["points"] = 0
    assert check_data(data) == ()


def test_an_example_of_a_band_is_the_first_number_that_is_not_zero():
    data = by_score()
    put(data, f"{STRENGTH}.indicators[0]", number("leverage", 5000, 0, 60, unit="percent"))
    assert only(data).remedy().startswith("Write 0.6 for 60")
