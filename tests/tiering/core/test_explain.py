"""What the account of an assessment tells: distance, changes, decisive gates, and lifts that do lift."""

from hypothesis import HealthCheck, given, settings

from tests.tiering.core.generators import facts, valid_documents
from tests.tiering.core.test_evaluate import BLOCK, document, gate
from tiering.core.check import load
from tiering.core.document import points
from tiering.core.evaluate import evaluate
from tiering.core.explain import explain


def test_the_distance_to_the_next_tier_is_the_missing_score():
    account = explain(load(document()), {"leverage": 0.5, "roe": 0.7})
    assert account.next_tier == 0
    assert str(points(account.shortfall)) == "3.327"


def test_at_the_top_there_is_nothing_to_reach():
    account = explain(load(document()), {"leverage": 0.1, "roe": 0.7})
    assert (account.next_tier, account.shortfall, account.lifts) == (None, None, ())


def test_a_tier_held_down_by_a_gate_lacks_no_score():
    loaded = load(document(gates=[gate("cap", "cap", "T2"), gate("idle", "cap", "T1")]))
    account = explain(loaded, {"leverage": 0.1, "roe": 0.7, "exposure": 5.0})
    assert (account.next_tier, account.shortfall, account.lifts) == (1, 0, ())
    assert [(row.fired, row.decisive, row.values) for row in account.gates] == [
        (True, True, {"exposure": 5.0}),
        (True, False, {"exposure": 5.0}),
    ]


def test_the_smallest_improvement_that_lifts_is_named():
    (lift,) = explain(load(document()), {"leverage": 0.6, "roe": 0.7}).lifts
    (step,) = lift.steps
    assert (step.metric, step.value, step.band.hi, step.gain, lift.tier) == ("leverage", 0.6, 0.5, 90, 0)
    assert 0.4999 < float(step.target) < 0.5


def test_two_improvements_are_named_when_one_is_not_enough():
    data = document()
    data["cutoffs"][1]["min"] = 73.32
    (lift,) = explain(load(data), {"leverage": 0.6, "roe": 0.1}).lifts
    assert {step.metric for step in lift.steps} == {"leverage", "roe"}


def test_supplying_a_blocking_value_is_the_lift_of_a_provisional_tier():
    account = explain(load(document(roe_missing=BLOCK)), {"leverage": 0.1})
    assert [[(step.metric, step.value) for step in lift.steps] for lift in account.lifts] == [[("roe", None)]]


def test_each_dimension_and_indicator_tells_its_change():
    loaded = load(document())
    before = evaluate(loaded, {"leverage": 0.6, "roe": 0.7})
    account = explain(loaded, {"leverage": 0.1, "roe": 0.1}, before)
    (row,) = account.dimensions
    changes = [indicator.change for indicator in row.indicators]
    assert changes == [3333 * 90 * 10_000, -6667 * 80 * 10_000]
    assert row.change == account.score_change == sum(changes)
    assert row.most == 100 * 10**8


@settings(max_examples=40, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
@given(data=valid_documents(), subject=facts())
def test_taking_the_steps_of_a_lift_reaches_its_tier(data, subject):
    loaded = load(data)
    account = explain(loaded, subject)
    for lift in account.lifts:
        reached = evaluate(loaded, {**subject, **{step.metric: step.target for step in lift.steps}})
        assert (reached.tier, reached.score) == (lift.tier, lift.score)
        assert reached.tier < account.assessment.tier
