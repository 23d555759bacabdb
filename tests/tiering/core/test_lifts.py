"""The cheapest ways up a tier: that they lead there, and that none cheaper was overlooked."""

from itertools import combinations, product

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tiering.core.generators import facts, label, valid_documents
from tests.tiering.core.methods import books
from tests.tiering.core.test_evaluate import BLOCK, document, gate
from tiering.core.catalogue import METRICS
from tiering.core.check import load
from tiering.core.evaluate import evaluate
from tiering.core.lifts import _Search, lifts, waited_out
from tiering.core.outlook import Outlook
from tiering.core.reading import read
from tiering.core.terms import Setting, Terms


def told(found):
    return [([(step.metric, step.gain) for step in lift.steps], lift.tier) for lift in found]


def test_nothing_lifts_from_the_top():
    assert lifts(load(document()), {"leverage": 0.1, "roe": 0.7}) == ()


def test_what_no_indicator_can_lift_has_no_way():
    loaded = load(document(gates=[gate("cap", "cap", "T2")]))
    assert lifts(loaded, {"leverage": 0.1, "roe": 0.7, "exposure": 5.0}) == ()


def test_the_smallest_improvement_that_lifts_is_named():
    (lift,) = lifts(load(document()), {"leverage": 0.6, "roe": 0.7})
    (step,) = lift.steps
    assert (step.metric, step.value, step.band.hi, step.gain, lift.tier) == ("leverage", 0.6, 0.5, 90, 0)
    assert 0.4999 < float(step.target) < 0.5


def test_two_improvements_are_named_when_one_is_not_enough():
    data = document()
    data["cutoffs"][1]["min"] = 73.32
    (lift,) = lifts(load(data), {"leverage": 0.6, "roe": 0.1})
    assert {step.metric for step in lift.steps} == {"leverage", "roe"}
    assert lift.cost == 170


def test_two_improvements_are_named_only_where_they_cost_less_than_either_alone():
    data = document()
    for indicator in data["scorecards"][0]["dimensions"][0]["indicators"]:
        indicator["weight"] = 5000
        indicator["bands"] = [
            {"lo": None, "hi": 1, "points": 0},
            {"lo": 1, "hi": 2, "points": 30},
            {"lo": 2, "hi": None, "points": 100},
        ]
    data["cutoffs"][1]["min"] = 30
    poor = {"leverage": 0.0, "roe": 0.0}
    assert told(lifts(read(data), poor)) == [
        ([("leverage", 30), ("roe", 30)], 1),
        ([("leverage", 100)], 1),
        ([("roe", 100)], 1),
    ]
    data["cutoffs"][1]["min"] = 51
    assert told(lifts(read(data), poor)) == [([("leverage", 30), ("roe", 100)], 1)]


def test_supplying_a_blocking_value_is_the_lift_of_a_provisional_tier():
    found = lifts(load(document(roe_missing=BLOCK)), {"leverage": 0.1})
    assert [[(step.metric, step.value) for step in lift.steps] for lift in found] == [[("roe", None)]]


def test_a_value_that_is_too_old_may_be_renewed_as_it_is():
    data = document()
    data["scorecards"][0]["dimensions"][0]["indicators"][0]["max_age_days"] = 90
    (lift,) = lifts(load(data), {"leverage": 0.1, "roe": 0.7}, Setting(ages={"leverage": 400}))
    assert [(step.value, step.target, step.too_old) for step in lift.steps] == [(0.1, 0.1, True)]


def test_what_does_not_apply_is_not_improved():
    data = document()
    kinds = {"basic": None, "comprehensive": 50, "premium": 100}
    indicators = data["scorecards"][0]["dimensions"][0]["indicators"]
    indicators[1] = {**indicators[1], "metric": "demand_level", "categories": kinds}
    del indicators[1]["bands"]
    found = lifts(read(data), {"leverage": 0.6, "demand_level": "basic"})
    assert [step.metric for lift in found for step in lift.steps] == ["leverage"]


def test_who_is_ranked_by_a_metric_rises_by_reaching_what_the_run_froze():
    data = document()
    shares = [{"tier": "T0", "share": 2000}, {"tier": "T1", "share": 8000}, {"tier": "T2", "share": 10_000}]
    data["cutoffs"] = {"by": "cumulative", "metric": "revenue", "steps": shares}
    setting = Setting(Terms(thresholds={"": (900.0, 300.0)}))
    (lift,) = lifts(read(data), {"leverage": 0.6, "roe": 0.1, "revenue": 200.0}, setting)
    assert [(step.metric, step.target, step.band) for step in lift.steps] == [("revenue", 300.0, None)]
    assert lift.tier == 1


def test_waiting_out_the_dwell_costs_nothing_and_is_no_way():
    data = document()
    data["policy"]["migration"] = {"up": {"dwell_days": 90}}
    held = Setting(held=2, held_days=1)
    assert lifts(load(data), {"leverage": 0.1, "roe": 0.7}, held) == ()
    (lift,) = lifts(load(data), {"leverage": 0.6, "roe": 0.7}, held)
    assert ([step.metric for step in lift.steps], lift.tier) == (["leverage"], 0)


def test_an_overlay_and_a_buffer_count_on_the_way():
    data = document()
    data["overlays"] = [{"key": "rosy", "label": label("Rosy"), "effect": "bonus", "points": 1}]
    data["cutoffs"][0]["min"] = 100
    poor = {"leverage": 0.6, "roe": 0.1}
    terms = Terms(frozenset({"rosy"}))
    assert told(lifts(read(data), poor, Setting(terms))) == [
        ([("roe", 80)], 1),
        ([("leverage", 90)], 1),
    ]
    data["policy"]["migration"] = {"up": {"buffer": 10}}
    assert told(lifts(read(data), poor, Setting(terms, held=2))) == [([("roe", 80)], 1)]


@settings(max_examples=40, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
@given(data=valid_documents(), subject=facts())
def test_taking_the_steps_of_a_lift_reaches_its_tier(data, subject):
    loaded = load(data)
    now = evaluate(loaded, subject)
    for lift in lifts(loaded, subject):
        reached = evaluate(loaded, {**subject, **dict(step.move for step in lift.steps)})
        assert (reached.tier, reached.score) == (lift.tier, lift.score)
        assert reached.tier < now.tier


def by_trying_everything(search: _Search) -> dict[frozenset[str], int]:
    """By the metrics that move, what the cheapest way costs; each pair of steps is assessed."""
    ladders = search.ladders()

    def cheapest(*metrics: str) -> int | None:
        found = []
        for steps in product(*(ladders[metric] for metric in metrics)):
            result = search.outlook.assess([step.move for step in steps])
            if (
                result.tier < search.to_beat
                and result.scorecard == search.outlook.now.scorecard
                and not result.provisional
            ):
                found.append(sum(step.gain for step in steps))
        return min(found, default=None)

    ways = {frozenset([metric]): cheapest(metric) for metric in ladders}
    for pair in combinations(ladders, 2):
        alone = [cost for metric in pair if (cost := ways[frozenset([metric])]) is not None]
        cost = cheapest(*pair)
        ways[frozenset(pair)] = None if cost is None or cost >= min(alone, default=cost + 1) else cost
    return {metrics: cost for metrics, cost in ways.items() if cost is not None}


@settings(max_examples=60, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
@given(book=books(), member=st.integers(0, 9))
def test_no_cheaper_way_is_overlooked(book, member):
    loaded = read(book.data)
    subject = book.subjects[member]
    setting = subject.setting(book.terms(loaded))
    search = _Search(Outlook(loaded, subject.facts, waited_out(loaded, setting)), setting, METRICS)
    expected = by_trying_everything(search) if search.to_beat else {}
    found = lifts(loaded, subject.facts, setting)
    assert {frozenset(step.metric for step in lift.steps): lift.cost for lift in found} == expected
    assert [lift.cost for lift in found] == sorted(lift.cost for lift in found)
