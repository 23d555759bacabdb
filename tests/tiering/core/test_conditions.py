"""Reading conditions, their two-valued meaning, which can hold, and their words."""

import math

import pytest
from hypothesis import given, settings

from tests.tiering.core.generators import conditions
from tiering.core.catalogue import METRICS
from tiering.core.check import check_condition
from tiering.core.conditions import holds, metrics_of, parse
from tiering.core.metric import Fact
from tiering.core.reach import always_holds, can_hold, cases_of, helped_by_missing, met_together, shadowed
from tiering.core.refusals import CriteriaError
from tiering.core.units import converted
from tiering.core.words import render, words

LOW = {"metric": "leverage", "op": "<", "value": 0.6}
GOOD = {"metric": "rating", "op": "in", "values": ["AAA", "AA"]}


@pytest.mark.parametrize("unknown", [{}, {"leverage": None}, {"leverage": math.nan}, {"leverage": math.inf}])
def test_comparing_with_a_missing_value_is_false_and_its_negation_true(unknown):
    assert not holds(parse(LOW), unknown)
    assert holds(parse({"not": LOW}), unknown)
    assert holds(parse({"metric": "leverage", "op": "is_missing"}), unknown)
    assert not holds(parse({"metric": "leverage", "op": "!=", "value": 3}), unknown)


def test_an_edge_belongs_to_the_side_the_operator_names():
    at_the_edge = {"leverage": 0.6}
    outcomes = {op: holds(parse({**LOW, "op": op}), at_the_edge) for op in ("<", "<=", ">", ">=", "==", "!=")}
    assert outcomes == {"<": False, "<=": True, ">": False, ">=": True, "==": True, "!=": False}


def test_groups_combine_their_parts():
    facts: dict[str, Fact] = {"leverage": 0.5, "rating": "BBB"}
    assert holds(parse({"any": [LOW, GOOD]}), facts)
    assert not holds(parse({"all": [LOW, GOOD]}), facts)
    assert metrics_of(parse({"all": [LOW, {"not": GOOD}]})) == {"leverage", "rating"}


@pytest.mark.parametrize(
    ("data", "code", "path"),
    [
        ({"all": [LOW, {"any": [{}]}]}, "condition_shape", "$.all[1].any[0]"),
        ({"all": [LOW], "any": [GOOD]}, "condition_shape", "$"),
        ({"not": 3}, "condition_shape", "$.not"),
        ({**LOW, "op": "like"}, "condition_shape", "$"),
        ({**LOW, "value": True}, "condition_value", "$.value"),
        ({**LOW, "value": math.nan}, "condition_value", "$.value"),
        ({**LOW, "value": 10**400}, "condition_value", "$.value"),
        ({**GOOD, "values": ["AAA", ""]}, "condition_value", "$.values[1]"),
        ({"metric": "rating", "op": "<", "value": "AA"}, "condition_order", "$.op"),
    ],
)
def test_reading_what_is_no_condition_is_refused_at_its_place(data, code, path):
    with pytest.raises(CriteriaError) as caught:
        parse(data)
    (refusal,) = caught.value.refusals
    assert (refusal.code, refusal.path) == (code, path)
    assert refusal.text()


def test_nesting_without_end_is_refused():
    data: dict[str, object] = LOW
    for _ in range(500):
        data = {"not": data}
    with pytest.raises(CriteriaError, match="nested"):
        parse(data)


def test_a_contradiction_cannot_hold_but_a_touching_pair_can():
    touching = {"all": [{**LOW, "op": "<="}, {**LOW, "op": ">="}]}
    apart = {"all": [LOW, {**LOW, "op": ">"}]}
    between = {"all": [{**LOW, "op": ">"}, {**LOW, "value": 0.61}]}
    assert [can_hold(parse(data), METRICS) for data in (touching, apart, between)] == [True, False, True]


def test_a_condition_inside_an_earlier_one_is_shadowed():
    wide, narrow = parse({**LOW, "value": 0.9}), parse({"all": [LOW, GOOD]})
    assert shadowed([wide, narrow], METRICS) == (1,)
    assert shadowed([narrow, wide], METRICS) == ()


def test_with_too_many_cases_only_plain_repetition_is_called_shadowed():
    numbers = [metric for metric in METRICS.values() if metric.is_number][:8]
    broad = parse({"all": [{"metric": metric.key, "op": ">", "value": 1} for metric in numbers]})
    assert shadowed([broad, parse(LOW), broad], METRICS) == (2,)


def test_a_condition_reads_as_a_sentence():
    data = {"any": [{"all": [LOW, GOOD]}, {"not": {"metric": "days_overdue", "op": ">", "value": 90}}]}
    assert render(words(parse(data))) == (
        "(Leverage is below 60% and Credit rating is one of AAA, AA) or not (Days overdue is above 90 days)"
    )


def test_words_translate_whole_phrases_and_labels():
    chinese = {"%(metric)s is below %(value)s": "%(metric)s低于 %(value)s", "Leverage": "资产负债率"}
    assert render(words(parse(LOW)), lambda text: chinese.get(text, text)) == "资产负债率低于 60%"
    unknown = parse({"metric": "shoe_size", "op": "is_missing"})
    assert render(words(unknown)) == "shoe_size is not known"


def test_a_unit_is_read_and_changes_nothing():
    told = parse({**LOW, "unit": "fraction"})
    assert told == parse(LOW)
    assert check_condition(told) == ()
    (refusal,) = check_condition(parse({"all": [{**LOW, "value": 60, "unit": "percent"}]}))
    assert (refusal.code, refusal.path) == ("unit_mismatch", "$.all[0].unit")
    assert "0.6 for 60" in refusal.remedy()


@pytest.mark.parametrize(
    ("value", "written", "unit", "number"),
    [
        (60, "percent", "fraction", 0.6),
        (0.1, "percent", "fraction", 0.001),
        (250, "basis_points", "fraction", 0.025),
        (3, "ten_thousands", "money", 30_000),
        (18, "months", "years", 1.5),
        (2, "years", "days", 730),
        (2, "years", "money", None),
    ],
)
def test_numbers_are_converted_exactly(value, written, unit, number):
    assert converted(value, written, unit) == number


def test_a_tautology_always_holds_and_a_wide_condition_does_not():
    certain = {"any": [LOW, {"not": LOW}]}
    wide = {"any": [LOW, {**LOW, "op": ">="}]}
    assert [always_holds(parse(data), METRICS) for data in (certain, wide)] == [True, False]


@pytest.mark.parametrize(
    ("data", "helped"),
    [
        (LOW, False),
        ({"not": LOW}, True),
        ({"metric": "pd", "op": "is_missing"}, True),
        ({"not": {"metric": "pd", "op": "is_missing"}}, False),
        ({"all": [GOOD, {"not": LOW}]}, True),
        ({"any": [GOOD, LOW]}, False),
        ({"all": [{"not": {"metric": "leverage", "op": "is_missing"}}, {"not": LOW}]}, False),
        ({"any": [GOOD, {"not": GOOD}]}, False),
    ],
)
def test_not_knowing_helps_where_some_value_would_not(data, helped):
    assert helped_by_missing(parse(data), METRICS) is helped


def test_a_stretch_between_the_largest_numbers_is_tried():
    ends = {"all": [{**LOW, "op": ">", "value": -1.7e308}, {**LOW, "value": 1.7e308}]}
    assert can_hold(parse(ends), METRICS)


def test_conditions_met_together_are_told_by_their_first():
    small, large = parse({**LOW, "value": 0.3}), parse({**LOW, "value": 0.9})
    assert met_together(parse({**LOW, "value": 0.1}), [small, large], METRICS) == {0}
    assert met_together(parse({**LOW, "value": 0.5}), [small, large], METRICS) == {0, 1}
    assert met_together(parse({**LOW, "op": ">", "value": 0.95}), [small, large], METRICS) == {2}


def test_with_too_many_cases_in_all_a_pair_is_still_compared():
    numbers = [metric.key for metric in METRICS.values() if metric.is_number][:8]
    broad = parse({"all": [{"metric": key, "op": ">", "value": 1} for key in numbers]})
    assert shadowed([broad, parse({**LOW, "value": 0.9}), parse(LOW)], METRICS) == (2,)


def test_what_must_be_known_helps_nobody_however_much_is_asked():
    numbers = [metric.key for metric in METRICS.values() if metric.is_number][:8]
    high = [{"not": {"metric": key, "op": "<", "value": 1}} for key in numbers]
    known = [{"not": {"metric": key, "op": "is_missing"}} for key in numbers]
    assert helped_by_missing(parse({"all": high + known[1:]}), METRICS)
    assert not helped_by_missing(parse({"all": high + known}), METRICS)
    assert not helped_by_missing(parse({"not": {"any": [{"not": part} for part in high + known]}}), METRICS)


@settings(max_examples=300, deadline=None)
@given(data=conditions())
def test_what_seems_to_help_nobody_does_not(data):
    condition = parse(data)
    cases = list(cases_of([condition], METRICS) or ())
    if helped_by_missing(condition, METRICS):
        return
    for facts in cases:
        for key in [key for key, value in facts.items() if value is None and holds(condition, facts)]:
            assert all(holds(condition, {**facts, key: other[key]}) for other in cases)
