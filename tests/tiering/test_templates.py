"""The documents that ship: what their sources say, and that both engines give them one meaning."""

from fractions import Fraction
from itertools import product

import pytest

from tests.tiering.evaluating import both, tiers
from tests.tiering.populations import indicators_of, population
from tiering.core.check import check_data, load
from tiering.core.document import SCORE_UNIT
from tiering.core.placement import ScoreCutoffs
from tiering.core.rollup import InProject, deciding
from tiering.core.size_classes import size_class
from tiering.core.writing import text_of
from tiering.criteria_files import TEMPLATES, template, template_keys

pytestmark = pytest.mark.django_db
KEYS = template_keys()
GRADES = ("strong", "good", "satisfactory", "weak")
FACTORS = {
    "financial_strength": 30,
    "political_legal": 15,
    "transaction_characteristics": 25,
    "sponsor_strength": 20,
    "security_package": 10,
}


def test_every_template_that_was_asked_for_ships():
    assert set(KEYS) >= {
        "aa_a_b", "by_stage", "contribution", "individuals", "life_cycle", "prc_size", "revenue_abc", "rfm",
        "risk_return", "screening", "six_tier", "slotting", "within_project",
    }  # fmt: skip


@pytest.mark.parametrize("key", KEYS)
def test_nothing_stands_against_publishing_it(key):
    assert check_data(template(key)) == ()
    assert template(key)["scheme"] == key


@pytest.mark.parametrize("key", KEYS)
def test_it_names_its_source_and_says_what_is_an_example(key):
    note = template(key)["note"]
    assert note["en"].startswith("Source: ")
    assert note["zh"].startswith("来源：")
    numbers_are_from_the_source = key == "prc_size"
    assert ("example, calibrate" in note["en"]) != numbers_are_from_the_source
    assert ("示例，需校准" in note["zh"]) != numbers_are_from_the_source


@pytest.mark.parametrize("key", KEYS)
def test_it_is_written_as_an_export_writes_it(key):
    assert (TEMPLATES / f"{key}.json").read_text("utf-8") == text_of(template(key))


@pytest.mark.parametrize("key", KEYS)
def test_both_engines_give_it_one_meaning(tmp_path, key):
    document = load(template(key))
    header, rows = population(document, 400)
    overlays = [overlay.key for overlay in document.overlays]
    found = both(tmp_path, template(key), header, rows, overlays=overlays)
    assert len(found) == 400
    assert len({row["tier"] for row in found}) > 1


# --- AA/A/B, six tiers ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "minimums"),
    [
        ("aa_a_b", {"AA": 75, "A": 55, "B": 0}),
        ("six_tier", {"T1": 85, "T2": 75, "T3": 65, "T4": 55, "T5": 45, "T6": 0}),
    ],
)
def test_cutoffs_are_those_of_the_public_scorecard(key, minimums):
    placement = load(template(key)).placement
    assert isinstance(placement, ScoreCutoffs)
    assert {step.tier: step.minimum / SCORE_UNIT for step in placement.steps} == minimums


@pytest.mark.parametrize(
    ("metric", "whole", "by_value"),
    [
        ("debt_to_equity", 15, {0.2: 15, 0.3: 14, 0.4: 13, 0.6: 12, 1: 11, 1.5: 10, 2.25: 8, 2.6: 7, 3: 0}),
        ("current_ratio", 15, {2.8: 15, 2.6: 14, 2.2: 13, 1.7: 12, 1.2: 11, 1: 10, 0.85: 8, 0.75: 7, 0.6: 0}),
        ("operating_margin", 15, {0.3: 15, 0.22: 14, 0.17: 13, 0.12: 12, 0.08: 10, 0.05: 9, 0.02: 7, 0: 0}),
        ("interest_cover", 5, {2.5: 5, 1.7: 4, 1.3: 3, 1.1: 2, 0.9: 0}),
    ],
)  # fmt: skip
def test_six_tiers_give_the_points_of_the_public_scorecard(metric, whole, by_value):
    (indicator,) = indicators_of(load(template("six_tier")))[metric]
    earned = {
        value: next(band.points for band in indicator.bands if band.covers(value)) for value in by_value
    }
    assert earned == {value: round(100 * points / whole) for value, points in by_value.items()}


SOUND = {
    "debt_to_equity": 0.2, "current_ratio": 3, "operating_margin": 0.3, "interest_cover": 3, "revenue": 1e9,
    "revenue_growth": 0.3, "industry_risk": 0.7, "market_influence": 5, "management_quality": 5,
    "security_package": "strong", "utilisation": 0.4, "days_overdue_12m": 0, "products_held": 4,
    "days_overdue": 0, "leverage": 0.2,
}  # fmt: skip


def six_tier(tmp_path, *changes, **options):
    header = [*SOUND, "held", "held_days"]
    rows = [[{**SOUND, **change}.get(name) for name in header] for change in changes]
    return tiers(tmp_path, template("six_tier"), header, rows, **options)


def test_gates_of_six_tiers_bind(tmp_path):
    late, very_late, insolvent = {"days_overdue": 90}, {"days_overdue": 91}, {"leverage": 1.01}
    assert six_tier(tmp_path, {}, late, very_late, insolvent) == ["T1", "T4", "T6", "T5"]


def test_overlays_of_six_tiers_are_off_until_switched_on(tmp_path):
    leveraged = {"leverage": 0.8}
    assert six_tier(tmp_path, leveraged) == ["T1"]
    assert six_tier(tmp_path, leveraged, overlays=["downturn", "downturn_leverage"]) == ["T4"]


def test_six_tiers_move_up_slowly_and_fall_at_once_on_a_red_flag(tmp_path):
    held = {"held": "T4", "held_days": 89}
    assert six_tier(tmp_path, held, {**held, "held_days": 90}) == ["T4", "T3"]
    weak = {"debt_to_equity": 9, "current_ratio": 0, "operating_margin": -1, "held": "T1", "held_days": 0}
    assert six_tier(tmp_path, weak, {**weak, "days_overdue": 91}) == ["T3", "T6"]


# --- Revenue -------------------------------------------------------------------------------------------


def test_contribution_leaves_no_share_without_a_tier(tmp_path):
    shares = {0.6: "core", 0.5: "core", 0.4999: "main", 0.495: "main", 0.3: "main", 0.2999: "secondary",
              0.1: "secondary", 0.0999: "ordinary", 0: "ordinary"}  # fmt: skip
    found = both(
        tmp_path, template("contribution"), ["project_revenue_share"], [[share] for share in [*shares, None]]
    )
    assert [row["tier"] for row in found] == [*shares.values(), "ordinary"]
    assert [row["provisional"] for row in found] == ["0"] * len(shares) + ["1"]


def test_contribution_takes_the_best_project():
    results = [InProject(1, 3, 10), InProject(2, 1, 70), InProject(3, 2, 40)]
    assert deciding(load(template("contribution")).roll_up, results).project == 2


def test_abc_ends_where_the_share_ahead_reaches_the_limit(tmp_path):
    revenues = {500: "A", 299: "A", 101: "A", 50: "B", 49: "C", 1: "C"}
    found = tiers(tmp_path, template("revenue_abc"), ["revenue_12m"], [[amount] for amount in revenues])
    assert found == ["A", "A", "A", "B", "C", "C"]
    found = tiers(tmp_path, template("revenue_abc"), ["revenue_12m"], [[500], [300], [100], [50], [50]])
    assert found == ["A", "A", "B", "B", "B"]


# --- Slotting ------------------------------------------------------------------------------------------


def slot_by_the_rule(grades) -> str:
    """The average of the categories by weight, to the nearest; a half is the worse one."""
    counted = [
        (weight, GRADES.index(grade) + 1)
        for grade, weight in zip(grades, FACTORS.values(), strict=True)
        if grade != "not_applicable"
    ]
    average = Fraction(sum(w * c for w, c in counted), sum(w for w, _ in counted))
    return GRADES[int(average + Fraction(1, 2)) - 1]


def test_slotting_rounds_every_combination_of_factors_as_its_rule_says(tmp_path):
    rows = list(product((*GRADES, "not_applicable"), repeat=5))
    rows.remove(("not_applicable",) * 5)
    assert tiers(tmp_path, template("slotting"), list(FACTORS), rows) == list(map(slot_by_the_rule, rows))


def test_slotting_of_exactly_one_and_a_half_is_the_worse_category(tmp_path):
    half = ("strong", "good", "good", "strong", "good")
    better = ("strong", "good", "good", "strong", "strong")
    assert tiers(tmp_path, template("slotting"), list(FACTORS), [half, better]) == ["good", "strong"]


def test_slotting_is_default_after_90_days_and_provisional_without_a_judgement(tmp_path):
    rows = [("strong",) * 5 + (91,), ("strong",) * 5 + (90,), (None,) + ("strong",) * 4 + (0,)]
    found = both(tmp_path, template("slotting"), [*FACTORS, "days_overdue"], rows)
    assert [row["tier"] for row in found] == ["default", "strong", "good"]
    assert [row["provisional"] for row in found] == ["0", "0", "1"]


def test_slotting_refuses_weights_outside_5_to_60_percent():
    document = template("slotting")
    for dimension, weight in zip(
        document["scorecards"][0]["dimensions"], (6100, 400, 1500, 1500, 500), strict=True
    ):
        dimension["weight"] = weight
    places = {refusal.path for refusal in check_data(document)}
    assert places == {f"$.scorecards[0].dimensions[{number}].weight" for number in (0, 1)}


# --- RFM and life-cycle --------------------------------------------------------------------------------

SEGMENTS = {
    "champions": ((4, 5), (4, 5), (4, 5)), "loyal": ((2, 5), (3, 5), (3, 5)), "potential": ((3, 5), (1, 3), (1, 3)),
    "new": ((4, 5), (1, 1), (1, 1)), "promising": ((3, 4), (1, 1), (1, 1)), "attention": ((2, 3), (2, 3), (2, 3)),
    "sleepy": ((2, 3), (1, 2), (1, 2)), "at_risk": ((1, 2), (2, 5), (2, 5)), "cannot_lose": ((1, 1), (4, 5), (4, 5)),
    "lost": ((1, 2), (1, 2), (1, 2)),
}  # fmt: skip
"""In the order of the source."""
SHADOWED = ("new", "promising", "cannot_lose")
QUINTILES = ("recency_quintile", "frequency_quintile", "monetary_quintile")


def fitting(scores) -> set[str]:
    return {
        key
        for key, box in SEGMENTS.items()
        if all(low <= score <= high for score, (low, high) in zip(scores, box, strict=True))
    }


def test_rfm_places_every_combination_in_a_segment_that_fits(tmp_path):
    rows = list(product(range(1, 6), repeat=3))
    found = tiers(tmp_path, template("rfm"), QUINTILES, rows)
    assert all(tier in (fitting(row) or {"other"}) for row, tier in zip(rows, found, strict=True))
    assert set(found) == {*SEGMENTS, "other"}


def test_the_order_of_the_source_would_leave_three_segments_out_of_reach():
    document = template("rfm")
    cards = {card["key"]: card for card in document["scorecards"]}
    document["scorecards"] = [cards[key] for key in (*SEGMENTS, "other")]
    refused = [refusal for refusal in check_data(document) if refusal.code == "shadowed_scorecard"]
    assert sorted(str(refusal.params["key"]) for refusal in refused) == sorted(SHADOWED)


def test_life_cycle_turns_dormant_after_180_days(tmp_path):
    rows = [(0,), (179,), (180,), (2000,), (None,)]
    found = tiers(tmp_path, template("life_cycle"), ["recency_days"], rows)
    assert found == ["active", "active", "dormant", "dormant", "potential"]


# --- The others ----------------------------------------------------------------------------------------


def test_software_company_of_103_people_is_medium(tmp_path):
    found = size_class("software", 103, 15_735.28 * 10_000, None)
    rows = [(found,), ("large",), ("small",), ("micro",)]
    assert tiers(tmp_path, template("prc_size"), ["size_class"], rows) == [
        "medium",
        "large",
        "small",
        "micro",
    ]


@pytest.mark.parametrize(
    ("risk", "gain", "tier"),
    [
        ("low", "high", "priority"),
        ("low", "low", "maintain"),
        ("high", "high", "selective"),
        ("high", "low", "reduce"),
    ],
)
def test_risk_and_return_meet_in_the_matrix(tmp_path, risk, gain, tier):
    risks = {"low": ("AAA", 0.001, 0.7, 0, 0.2), "high": ("CCC", 0.2, 1.6, 80, 0.9)}
    gains = {"high": (5e6, 5, 5, 1e8), "low": (0, 0, 1, 0)}
    header = ["rating", "pd", "industry_risk", "days_overdue_12m", "leverage",
              "revenue_12m", "products_held", "cooperation_potential", "pipeline_amount"]  # fmt: skip
    assert tiers(tmp_path, template("risk_return"), header, [(*risks[risk], *gains[gain])]) == [tier]


def test_each_stage_of_a_firm_is_read_by_its_own_scorecard(tmp_path):
    header = [
        "life_cycle", "founding_team", "management_quality", "cooperation_potential", "revenue_growth",
        "market_influence", "credit_score", "current_ratio", "leverage", "receivable_days", "cash_flow_margin",
    ]  # fmt: skip
    promising = (5, 5, 5, 0.6, 4, 760, 3, 0.9, 300, -0.5)
    rows = [(stage, *promising) for stage in ("start_up", "growth", "mature", "decline")]
    found = both(tmp_path, template("by_stage"), header, rows)
    assert [row["scorecard"] for row in found] == ["start_up", "growth", "mature", "mature"]
    assert [row["tier"] for row in found] == ["A", "D", "D", "D"]


def test_individuals_qualify_by_wealth_or_by_income(tmp_path):
    rows = {
        ("individual", 6e6, None): "hnw",
        ("individual", 5.9e6, 0): "mid",
        ("individual", None, 1e6): "hnw",
        ("individual", 1e5, 2e5): "mid",
        ("individual", 1e5, 1e5): "ordinary",
        ("corporate", 1e9, 1e9): "not_a_person",
    }
    header = ["client_kind", "net_worth", "annual_income"]
    assert tiers(tmp_path, template("individuals"), header, rows) == list(rows.values())


def test_partners_within_a_project_are_told_by_four_indicators(tmp_path):
    header = [
        "project_revenue_share",
        "project_revenue_12m",
        "project_risk_capacity",
        "project_market_influence",
    ]
    rows = [(0.6, 5e6, 5, 5), (0.6, 5e6, 1, 1), (0.05, 2e5, 4, 4), (0.01, 0, 1, 1)]
    assert tiers(tmp_path, template("within_project"), header, rows) == [
        "lead",
        "key",
        "supporting",
        "marginal",
    ]
