"""The meaning of a document: exact scores, missing data, gates; and that not knowing never pays."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.tiering.core.generators import EDGES, Json, facts, label, valid_documents
from tests.tiering.core.worked import dimension, gate, method, tens
from tiering.core.catalogue import METRICS
from tiering.core.check import load
from tiering.core.document import MAX_SCORE, SCORE_UNIT, Document, points
from tiering.core.evaluate import best_allowed, evaluate, needs_review
from tiering.core.terms import Setting

WORST, REWEIGHT, BLOCK = {"policy": "worst"}, {"policy": "reweight"}, {"policy": "block"}


def document(
    leverage_missing: Json = WORST, roe_missing: Json = WORST, gates: list[Json] | None = None
) -> Json:
    """Leverage counts one third (to the basis point), return on equity the rest."""

    def indicator(metric: str, weight: int, missing: Json, low: int, high: int) -> Json:
        bands = [{"lo": None, "hi": 0.5, "points": low}, {"lo": 0.5, "hi": None, "points": high}]
        return {"metric": metric, "weight": weight, "missing": missing, "bands": bands}

    indicators = [
        indicator("leverage", 3333, leverage_missing, 100, 10), indicator("roe", 6667, roe_missing, 20, 100),
    ]  # fmt: skip
    dimension = {"key": "all", "label": label("all"), "weight": 10_000, "indicators": indicators}
    return {
        "format": 1,
        "scheme": "three",
        "label": label("three"),
        "tiers": [{"key": key, "label": label(key)} for key in ("T0", "T1", "T2")],
        "scorecards": [{"key": "all", "label": label("all"), "dimensions": [dimension]}],
        "cutoffs": [{"tier": "T0", "min": 73.33}, {"tier": "T1", "min": 40}, {"tier": "T2", "min": 0}],
        "gates": gates or [],
        "policy": {"review_when": {"any": [
            {"metric": "notches", "op": "<=", "value": -2}, {"metric": "exposure", "op": ">", "value": 100},
        ]}},
    }  # fmt: skip


def test_the_score_is_exact_and_traced():
    result = evaluate(load(document()), {"leverage": 0.5, "roe": 0.7})
    assert result.score == 3333 * 10_000 * 10 + 6667 * 10_000 * 100
    assert str(points(result.score)) == "70.003"
    assert (result.model_tier, result.tier, result.provisional) == (1, 1, False)
    leverage, roe = result.dimensions[0].indicators
    assert (leverage.value, leverage.position, leverage.points, leverage.missing) == (0.5, 1, 10, None)
    assert leverage.contribution + roe.contribution == result.score == result.dimensions[0].contribution


def test_a_score_at_the_cutoff_reaches_the_tier():
    data = document()
    data["cutoffs"][0]["min"] = 70.003
    assert evaluate(load(data), {"leverage": 0.5, "roe": 0.7}).tier == 0
    data["cutoffs"][0]["min"] = 70.00300001
    assert evaluate(load(data), {"leverage": 0.5, "roe": 0.7}).tier == 1


@pytest.mark.parametrize(
    ("policy", "score", "provisional"),
    [
        (WORST, 3333 * 10**6 + 6667 * 20 * 10**4, False),
        ({"policy": "neutral", "points": 50}, 3333 * 10**6 + 6667 * 50 * 10**4, False),
        (REWEIGHT, MAX_SCORE, False),
        (BLOCK, 3333 * 10**6 + 6667 * 20 * 10**4, True),
    ],
)
def test_a_missing_value_is_treated_by_the_policy_of_its_indicator(policy, score, provisional):
    result = evaluate(load(document(roe_missing=policy)), {"leverage": 0.1, "roe": None})
    assert (result.score, result.provisional) == (score, provisional)
    assert result.dimensions[0].indicators[1].missing == policy["policy"]


@pytest.mark.parametrize("policy", [WORST, REWEIGHT, {"policy": "neutral", "points": 50}, BLOCK])
def test_a_client_of_whom_nothing_is_known_stays_provisional(policy):
    result = evaluate(load(document(policy, policy)), {})
    assert result.provisional
    assert result.tier > 0


def with_kinds(missing: Json = WORST, **points: int | None) -> Document:
    """Return on equity counts a quarter, its kind the rest: a corporate one earns 100 points."""
    kinds = dict.fromkeys(METRICS["client_kind"].categories, 0) | {"corporate": 100} | points
    kind = {"metric": "client_kind", "weight": 7_500, "missing": missing, "categories": kinds}
    return method(dimension("all", 10_000, tens("roe", 2_500), kind))


def test_what_does_not_apply_is_left_out_and_the_rest_counts_for_the_whole():
    loaded = with_kinds(individual=None)
    result = evaluate(loaded, {"roe": 40.0, "client_kind": "individual"})
    left_out = result.dimensions[0].indicators[1]
    assert (left_out.value, left_out.missing, left_out.weight, left_out.contribution) == (
        "individual",
        None,
        0,
        0,
    )
    assert (result.score, result.provisional) == (40 * SCORE_UNIT, False)


@pytest.mark.parametrize("roe", [0.0, 40.0, 100.0])
def test_what_does_not_apply_never_scores_better_than_the_best(roe):
    scores = [
        evaluate(with_kinds(individual=None), {"roe": roe, "client_kind": kind}).score
        for kind in ("individual", "corporate")
    ]
    assert scores[0] <= scores[1]


@pytest.mark.parametrize(("roe", "provisional"), [(40.0, False), (None, True)])
def test_what_does_not_apply_does_not_block_but_is_not_knowledge_either(roe, provisional):
    result = evaluate(with_kinds(BLOCK, individual=None), {"roe": roe, "client_kind": "individual"})
    assert result.provisional == provisional


def test_where_nothing_applies_the_score_is_nothing():
    kinds = dict.fromkeys(METRICS["client_kind"].categories, 0) | {"corporate": 100, "individual": None}
    kind = {"metric": "client_kind", "weight": 10_000, "missing": WORST, "categories": kinds}
    result = evaluate(method(dimension("all", 10_000, kind)), {"client_kind": "individual"})
    assert (result.score, result.tier, result.provisional) == (0, 4, True)


@pytest.mark.parametrize(("age", "fresh"), [(0, True), (365, True), (366, False), (None, False)])
@pytest.mark.parametrize(
    ("missing", "score"),
    [(WORST, 45), ({"policy": "neutral", "points": 50}, 57.5), (REWEIGHT, 60), (BLOCK, 45)],
)
def test_a_value_too_old_or_of_unknown_age_counts_as_missing(age, fresh, missing, score):
    aged = tens("roe", 2_500, max_age_days=365) | {"missing": missing}
    loaded = method(dimension("all", 10_000, tens("credit_score", 7_500), aged))
    ages = {"credit_score": 9_999} if age is None else {"roe": age}
    result = evaluate(loaded, {"credit_score": 60.0, "roe": 100.0}, Setting(ages=ages))
    assert result.score == (70 if fresh else score) * SCORE_UNIT
    assert result.provisional == (not fresh and missing == BLOCK)
    assert result.dimensions[0].indicators[1].value == (100.0 if fresh else None)


def test_a_gate_reads_a_value_of_any_age():
    aged = tens("exposure", max_age_days=30)
    loaded = method(dimension("all", 10_000, aged), gates=[gate("floor", "floor", "T1")])
    result = evaluate(loaded, {"exposure": 90.0}, Setting(ages={"exposure": 31}))
    assert (result.score, result.tier) == (0, 1)


@pytest.mark.parametrize(
    ("gates", "tier"),
    [
        ([gate("cap", "cap", "T2")], 2),
        ([gate("floor", "floor", "T0")], 0),
        ([gate("fixed", "fixed", "T0")], 0),
        ([gate("cap", "cap", "T1"), gate("floor", "floor", "T0")], 1),
        ([gate("mild", "fixed", "T0"), gate("strict", "fixed", "T2")], 2),
        ([gate("fixed", "fixed", "T0"), gate("cap", "cap", "T2")], 2),
    ],
)
def test_gates_lift_then_fix_then_cap_in_whatever_order_they_are_written(gates, tier):
    subject = {"leverage": 0.5, "roe": 0.7, "exposure": 1.0}
    for order in (gates, gates[::-1]):
        result = evaluate(load(document(gates=order)), subject)
        assert (result.model_tier, result.tier) == (1, tier)
        assert result.gates == tuple(item["key"] for item in order)


def test_only_hard_gates_bind_a_reviewer():
    loaded = load(document(gates=[gate("soft", "cap", "T2"), gate("hard", "cap", "T1", hard=True)]))
    assert best_allowed(loaded, ["soft"]) == 0
    assert best_allowed(loaded, ["soft", "hard"]) == 1


def test_the_policy_says_which_moves_a_person_decides():
    loaded = load(document())
    assert not needs_review(loaded, {}, 1, 2)
    assert needs_review(loaded, {}, 0, 2)
    assert not needs_review(loaded, {}, 2, 0)
    assert needs_review(loaded, {"exposure": 101.0}, 1, 2)
    assert not needs_review(loaded, {"exposure": 101.0}, None, 2)
    assert not needs_review(loaded, {"exposure": 101.0}, 2, 2)


@settings(max_examples=60, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
@given(data=valid_documents(), subject=facts(), choice=st.integers(0, 100))
def test_not_knowing_never_scores_better_than_the_best_value(data, subject, choice):
    loaded = replace(load(data), gates=())
    card = evaluate(loaded, subject).scorecard
    traced = [trace.metric for part in evaluate(loaded, subject).dimensions for trace in part.indicators]
    metric = traced[choice % len(traced)]
    assume(metric != "client_kind")  # it also selects the scorecard
    values = [*EDGES, -2e308, 1.5e308] if METRICS[metric].is_number else list(METRICS[metric].categories)
    known = [evaluate(loaded, {**subject, metric: value}) for value in values]
    unknown = evaluate(loaded, {**subject, metric: None})
    assert {result.scorecard for result in known} == {unknown.scorecard} == {card}
    assert unknown.score <= max(result.score for result in known)
    assert 0 <= unknown.score <= 100 * SCORE_UNIT
