"""A document that makes sense is accepted; each way of spoiling it is refused, with a code and a place."""

import copy
import math
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tiering.core.generators import Json, label, valid_documents
from tiering.core.check import check_condition, check_data, load
from tiering.core.conditions import parse
from tiering.core.refusals import CriteriaError

quick = settings(
    max_examples=40, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)


def numeric(data: Json) -> Json:
    """The first indicator of the first scorecard: at least three bands."""
    return data["scorecards"][0]["dimensions"][0]["indicators"][0]


def categorical(data: Json) -> Json:
    return data["scorecards"][0]["dimensions"][0]["indicators"][1]


def spoil_weight(data: Json) -> None:
    numeric(data)["weight"] += 1 if numeric(data)["weight"] < 10_000 else -1


def spoil_dimension_weight(data: Json) -> None:
    data["scorecards"][0]["dimensions"][0]["weight"] -= 1


def gap(data: Json) -> None:
    del numeric(data)["bands"][1]


def overlap(data: Json) -> None:
    bands = numeric(data)["bands"]
    bands[1]["lo"] = math.nextafter(bands[1]["lo"], -math.inf)


def unordered(data: Json) -> None:
    numeric(data)["bands"].reverse()


def closed_below(data: Json) -> None:
    bands = numeric(data)["bands"]
    bands[0]["lo"] = math.nextafter(bands[0]["hi"], -math.inf)


def closed_above(data: Json) -> None:
    bands = numeric(data)["bands"]
    bands[-1]["hi"] = math.nextafter(bands[-1]["lo"], math.inf)


def empty_band(data: Json) -> None:
    bands = numeric(data)["bands"]
    bands.insert(1, {"lo": bands[0]["hi"], "hi": bands[0]["hi"], "points": 1})


def flat_scale(data: Json) -> None:
    for band in numeric(data)["bands"]:
        band["points"] = 100


def unknown_metric(data: Json) -> None:
    numeric(data)["metric"] = "shoe_size"


def bands_for_categories(data: Json) -> None:
    categorical(data)["bands"] = numeric(data)["bands"]


def unknown_category(data: Json) -> None:
    categorical(data)["categories"]["elsewhere"] = 3


def uncovered_category(data: Json) -> None:
    categorical(data)["categories"].popitem()


def points_above_100(data: Json) -> None:
    numeric(data)["bands"][0]["points"] = 101


def fractional_points(data: Json) -> None:
    numeric(data)["bands"][0]["points"] = 0.5


def neutral_without_points(data: Json) -> None:
    numeric(data)["missing"] = {"policy": "neutral"}


def neutral_as_the_best(data: Json) -> None:
    numeric(data)["missing"] = {"policy": "neutral", "points": 100}


def block_with_points(data: Json) -> None:
    numeric(data)["missing"] = {"policy": "block", "points": 5}


def reweight_below_100(data: Json) -> None:
    numeric(data)["missing"] = {"policy": "reweight"}
    for number, band in enumerate(numeric(data)["bands"]):
        band["points"] = number


def metric_twice(data: Json) -> None:
    spare = copy.deepcopy(numeric(data))
    data["scorecards"][0]["dimensions"].append(
        {"key": "again", "label": label("again"), "weight": 0, "indicators": [{**spare, "weight": 10_000}]}
    )


def no_default(data: Json) -> None:
    data["scorecards"][-1]["when"] = {"metric": "revenue", "op": ">", "value": 1}


def two_defaults(data: Json) -> None:
    del data["scorecards"][0]["when"]


def shadowed(data: Json) -> None:
    again = copy.deepcopy(data["scorecards"][0])
    data["scorecards"].insert(1, {**again, "key": "again"})


def same_key(data: Json) -> None:
    data["gates"].append(copy.deepcopy(data["gates"][0]))


def cutoffs_turned(data: Json) -> None:
    data["cutoffs"].reverse()


def cutoffs_equal(data: Json) -> None:
    data["cutoffs"][0]["min"] = data["cutoffs"][1]["min"]


def cutoffs_above_zero(data: Json) -> None:
    data["cutoffs"][-1]["min"] = data["cutoffs"][-2]["min"] / 2


def cutoff_of_unknown_tier(data: Json) -> None:
    data["cutoffs"][0]["tier"] = "T99"


def tier_without_cutoff(data: Json) -> None:
    data["tiers"].insert(0, {"key": "T99", "label": label("T99")})


def gate_of_unknown_tier(data: Json) -> None:
    data["gates"][0]["tier"] = "T99"


def gate_without_effect(data: Json) -> None:
    data["gates"][0]["tier"] = data["tiers"][0]["key"]


def empty_condition(data: Json) -> None:
    data["gates"][0]["when"] = {"all": []}


def contradiction(data: Json) -> None:
    parts = [{"metric": "pd", "op": "<", "value": 0.1}, {"metric": "pd", "op": ">=", "value": 0.1}]
    data["gates"][0]["when"] = {"all": parts}


def floor_for_the_unknown(data: Json) -> None:
    data["gates"][1]["when"] = {"not": {"metric": "pd", "op": ">", "value": 0.1}}


def category_out_of_range(data: Json) -> None:
    data["gates"][1]["when"] = {"metric": "rating", "op": "==", "value": "AAAA"}


def text_for_a_number(data: Json) -> None:
    data["gates"][0]["when"] = {"metric": "pd", "op": "==", "value": "low"}


def not_a_condition(data: Json) -> None:
    data["gates"][0]["when"] = {"metric": "pd", "op": "~", "value": 1}


def notches_outside_the_policy(data: Json) -> None:
    data["gates"][0]["when"] = {"metric": "notches", "op": "<", "value": 0}


def misspelled_field(data: Json) -> None:
    numeric(data)["weihgt"] = 3


def missing_field(data: Json) -> None:
    del numeric(data)["missing"]


def infinite_cutoff(data: Json) -> None:
    data["cutoffs"][0]["min"] = math.nan


INDICATOR = "$.scorecards[0].dimensions[0].indicators[0]"
SPOILS: list[tuple[Callable[[Json], None], str, str]] = [
    (spoil_weight, "weights_not_whole", "$.scorecards[0].dimensions[0].indicators"),
    (spoil_dimension_weight, "weights_not_whole", "$.scorecards[0].dimensions"),
    (gap, "bands_gap", f"{INDICATOR}.bands[1].lo"),
    (overlap, "bands_overlap", f"{INDICATOR}.bands[1].lo"),
    (unordered, "bands_unordered", f"{INDICATOR}.bands[1].lo"),
    (closed_below, "bands_not_covering", f"{INDICATOR}.bands[0].lo"),
    (closed_above, "bands_not_covering", f"{INDICATOR}.bands["),
    (empty_band, "band_empty", f"{INDICATOR}.bands[1]"),
    (flat_scale, "scale_flat", INDICATOR),
    (unknown_metric, "unknown_metric", f"{INDICATOR}.metric"),
    (bands_for_categories, "wrong_scale", "$.scorecards[0].dimensions[0].indicators[1]"),
    (unknown_category, "unknown_category", "$.scorecards[0].dimensions[0].indicators[1].categories"),
    (uncovered_category, "categories_uncovered", "$.scorecards[0].dimensions[0].indicators[1].categories"),
    (points_above_100, "shape_maximum", f"{INDICATOR}.bands[0].points"),
    (fractional_points, "shape_type", f"{INDICATOR}.bands[0].points"),
    (neutral_without_points, "neutral_without_points", f"{INDICATOR}.missing"),
    (neutral_as_the_best, "missing_scores_best", f"{INDICATOR}.missing.points"),
    (block_with_points, "points_not_used", f"{INDICATOR}.missing.points"),
    (reweight_below_100, "missing_scores_best", f"{INDICATOR}.missing"),
    (metric_twice, "metric_read_twice", f"{INDICATOR}.metric"),
    (no_default, "no_default_scorecard", "$.scorecards"),
    (two_defaults, "many_default_scorecards", "$.scorecards"),
    (shadowed, "shadowed_scorecard", "$.scorecards[1].when"),
    (same_key, "duplicate_key", "$.gates"),
    (cutoffs_turned, "cutoffs_out_of_order", "$.cutoffs[1]"),
    (cutoffs_equal, "cutoffs_out_of_order", "$.cutoffs[1]"),
    (cutoffs_above_zero, "cutoffs_leave_gap", "$.cutoffs["),
    (cutoff_of_unknown_tier, "unknown_tier", "$.cutoffs[0].tier"),
    (tier_without_cutoff, "tier_unreachable", "$.tiers[0]"),
    (gate_of_unknown_tier, "unknown_tier", "$.gates[0].tier"),
    (gate_without_effect, "gate_without_effect", "$.gates[0].tier"),
    (empty_condition, "condition_empty", "$.gates[0].when.all"),
    (contradiction, "condition_never_holds", "$.gates[0].when"),
    (floor_for_the_unknown, "missing_lifts", "$.gates[1].when"),
    (category_out_of_range, "unknown_category", "$.gates[1].when.value"),
    (text_for_a_number, "number_expected", "$.gates[0].when.value"),
    (not_a_condition, "condition_shape", "$.gates[0].when"),
    (notches_outside_the_policy, "unknown_metric", "$.gates[0].when.metric"),
    (misspelled_field, "shape_additionalProperties", INDICATOR),
    (missing_field, "shape_required", INDICATOR),
    (infinite_cutoff, "number_unusable", "$.cutoffs[0].min"),
]


@quick
@given(data=valid_documents())
def test_a_sensible_document_is_accepted(data):
    assert check_data(data) == ()


@pytest.mark.parametrize(
    ("spoil", "code", "path"), SPOILS, ids=lambda value: getattr(value, "__name__", None)
)
@settings(quick, max_examples=2)
@given(data=valid_documents())
def test_a_spoiled_document_is_refused_at_its_place(data, spoil, code, path):
    spoil(data)
    refusals = check_data(data)
    assert any(refusal.code == code and refusal.path.startswith(path) for refusal in refusals), refusals
    for refusal in refusals:
        assert "%(" not in refusal.text() + refusal.remedy()


@settings(quick, max_examples=5)
@given(data=valid_documents(), spoil=st.sampled_from([gap, no_default, misspelled_field]))
def test_loading_a_spoiled_document_raises_its_refusals(data, spoil):
    spoil(data)
    with pytest.raises(CriteriaError) as caught:
        load(data)
    assert caught.value.refusals == check_data(data)


def test_a_refusal_speaks_the_language_of_its_reader():
    (refusal,) = check_condition(parse({"metric": "shoe_size", "op": "is_missing"}))
    chinese = {refusal.message: "没有指标“%(metric)s”。", refusal.fix: "请从指标目录中选择。"}
    assert refusal.text(chinese.__getitem__) == "没有指标“shoe_size”。"
    assert refusal.remedy(chinese.__getitem__) == "请从指标目录中选择。"


def test_every_fault_of_shape_is_reported_at_once():
    refusals = check_data({"format": 2, "extra": 1})
    assert {"shape_const", "shape_additionalProperties", "shape_required"} == {item.code for item in refusals}
    missing = [item.params["expected"] for item in refusals if item.code == "shape_required"]
    assert sorted(missing) == ["cutoffs", "gates", "label", "policy", "scheme", "scorecards", "tiers"]
