"""From a score to a tier: cut-offs, cells of a matrix, and gates in their order."""

import itertools

import pytest

from tests.tiering.core.generators import label
from tests.tiering.core.worked import TIERS, dimension, gate, method, placed, scorecard, tens
from tiering.core.document import SCORE_UNIT
from tiering.core.terms import Terms

RISK_RETURN = [dimension("risk", 7_500, tens("credit_score")), dimension("return", 2_500, tens("roe"))]
MATRIX = {
    "by": "matrix",
    "axes": [
        {"key": "risk", "label": label("risk"), "dimensions": ["risk"], "levels": [
            {"key": "low", "label": label("low"), "min": 60}, {"key": "high", "label": label("high"), "min": 0}]},
        {"key": "return", "label": label("return"), "dimensions": ["return"], "levels": [
            {"key": "good", "label": label("good"), "min": 70}, {"key": "fair", "label": label("fair"), "min": 30},
            {"key": "poor", "label": label("poor"), "min": 0}]},
    ],
    "cells": [["T0", "T1", "T2"], ["T2", "T3", "T4"]],
}  # fmt: skip


@pytest.mark.parametrize(
    ("score", "tier"), [(100, 0), (80, 0), (79, 1), (60, 1), (20, 3), (19, 4), (None, 4)]
)
def test_the_best_tier_whose_cutoff_the_score_reaches(score, tier):
    result = placed(method(), score)
    assert (result.model_tier, result.base_tier, result.overlay_tier, result.tier) == (tier,) * 4


@pytest.mark.parametrize(
    ("risk", "gain", "tier"),
    [(60, 70, 0), (60, 69, 1), (60, 29, 2), (59, 70, 2), (59, 30, 3), (0, 0, 4), (None, 100, 2)],
)
def test_a_matrix_places_by_the_scores_of_its_axes(risk, gain, tier):
    assert placed(method(*RISK_RETURN, cutoffs=MATRIX), risk, roe=gain).tier == tier


def test_the_axes_of_a_matrix_count_on_their_own_and_the_score_over_all():
    result = placed(method(*RISK_RETURN, cutoffs=MATRIX), 60, roe=20)
    assert result.score == 50 * SCORE_UNIT  # 0.75 × 60 + 0.25 × 20
    assert [(axis.score, axis.level) for axis in result.axes] == [(60 * SCORE_UNIT, 0), (20 * SCORE_UNIT, 2)]


def test_a_scorecard_may_place_its_clients_its_own_way():
    all_indicators = dimension("all", 10_000, tens("credit_score"))
    young = scorecard(
        all_indicators,
        when={"metric": "relationship_years", "op": "<", "value": 2},
        cutoffs={"by": "top", "steps": [{"tier": "T1", "share": 5_000}, {"tier": "T3", "share": 10_000}]},
    ) | {"key": "young"}
    document = method(scorecards=[young, scorecard(all_indicators)])
    terms = Terms(thresholds={"young": (40.0 * SCORE_UNIT,)})
    assert [placed(document, score, terms=terms, relationship_years=1).tier for score in (90, 40, 30)] == [
        1,
        1,
        3,
    ]
    assert placed(document, 90, terms=terms, relationship_years=2).tier == 0


@pytest.mark.parametrize(
    ("gates", "tier"),
    [
        ([gate("up", "notches", by=1)], 1),
        ([gate("down", "notches", by=-2)], 4),
        ([gate("up", "notches", by=2), gate("down", "notches", by=-1)], 1),
        ([gate("far", "notches", by=4)], 0),
        ([gate("far", "notches", by=-4)], 4),
        ([gate("far", "notches", by=-4), gate("back", "notches", by=3)], 3),
        ([gate("down", "notches", by=-2), gate("floor", "floor", "T3")], 3),
        ([gate("up", "notches", by=2), gate("floor", "floor", "T1")], 0),
        ([gate("up", "notches", by=2), gate("fixed", "fixed", "T3")], 3),
        ([gate("up", "notches", by=2), gate("cap", "cap", "T1")], 1),
        ([gate("down", "notches", by=-1), gate("floor", "floor", "T0"), gate("fixed", "fixed", "T2"),
          gate("cap", "cap", "T3")], 3),
    ],
)  # fmt: skip
def test_notches_move_first_then_floors_lift_then_tiers_are_fixed_then_caps_hold(gates, tier):
    for order in itertools.permutations(gates):
        result = placed(method(gates=list(order)), 40)
        assert (result.model_tier, result.base_tier, result.tier) == (2, tier, tier)
        assert result.gates == tuple(item["key"] for item in order)


def test_a_gate_whose_condition_does_not_hold_changes_nothing():
    result = placed(method(gates=[gate("cap", "cap", TIERS[-1])]), 90, exposure=0.0)
    assert (result.tier, result.gates) == (0, ())
