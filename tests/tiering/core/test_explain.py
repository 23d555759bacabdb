"""What the account of an assessment tells: distance, changes, and which gate, overlay or rule did what."""

import pytest

from tests.tiering.core.generators import Json, label
from tests.tiering.core.test_evaluate import document, gate
from tiering.core.changes import changes
from tiering.core.check import load
from tiering.core.document import SCORE_UNIT, points
from tiering.core.evaluate import evaluate
from tiering.core.explain import explain
from tiering.core.ladder import Grid, Scale
from tiering.core.reading import read
from tiering.core.terms import Setting, Terms

BEST, MIDDLE, WORST = (
    {"leverage": 0.1, "roe": 0.7},  # 100 points: T0
    {"leverage": 0.5, "roe": 0.7},  # 70.003 points: T1
    {"leverage": 0.6, "roe": 0.1},  # 16.667 points: T2
)
ROSY = {"key": "rosy", "label": label("Rosy"), "effect": "bonus", "points": 5}


def moving(**migration: Json) -> Json:
    data = document()
    data["policy"]["migration"] = migration
    return data


def test_the_distance_to_the_next_tier_is_the_missing_score():
    account = explain(load(document()), MIDDLE)
    assert account.next_tier == 0
    assert str(points(account.shortfall)) == "3.327"
    assert account.held_by is None


def test_at_the_top_there_is_nothing_to_reach():
    account = explain(load(document()), BEST)
    assert (account.next_tier, account.shortfall) == (None, None)


def test_a_tier_held_down_by_a_gate_lacks_no_score():
    loaded = load(document(gates=[gate("cap", "cap", "T2"), gate("idle", "cap", "T1")]))
    account = explain(loaded, {**BEST, "exposure": 5.0})
    assert (account.next_tier, account.shortfall, account.held_by) == (1, 0, "gates")
    assert [(row.fired, row.decisive, row.values) for row in account.gates] == [
        (True, True, {"exposure": 5.0}),
        (True, False, {"exposure": 5.0}),
    ]


def test_a_gate_of_notches_tells_by_how_many_and_names_no_tier():
    data = document()
    notches = {"key": "n", "label": label("n"), "effect": "notches", "by": -1, "hard": False}
    data["gates"] = [{**notches, "when": {"metric": "exposure", "op": ">", "value": 0}}]
    (row,) = explain(load(data), {**BEST, "exposure": 5.0}).gates
    assert (row.tier, row.notches, row.fired, row.decisive) == (None, -1, True, True)


def test_each_dimension_and_indicator_tells_its_change():
    loaded = load(document())
    before = evaluate(loaded, {"leverage": 0.6, "roe": 0.7})
    account = explain(loaded, {"leverage": 0.1, "roe": 0.1}, previous=before)
    (row,) = account.dimensions
    changed = [indicator.change for indicator in row.indicators]
    assert changed == [3333 * 90 * 10_000, -6667 * 80 * 10_000]
    assert row.change == account.score_change == sum(changed)
    assert row.most == 100 * 10**8


@pytest.mark.parametrize(("age", "too_old"), [(90, False), (91, True), (None, True)])
def test_a_value_that_is_too_old_is_told_with_its_age_and_does_not_count(age, too_old):
    data = document()
    data["scorecards"][0]["dimensions"][0]["indicators"][0]["max_age_days"] = 90
    ages = {} if age is None else {"leverage": age}
    row = explain(load(data), BEST, Setting(ages=ages)).dimensions[0].indicators[0]
    assert (row.known, row.age, row.max_age, row.too_old) == (0.1, age, 90, too_old)
    assert row.trace.value == (None if too_old else 0.1)


def test_a_category_without_points_is_told_as_not_applicable():
    data = document()
    kinds = {"corporate": 100, "institution": 0, "individual": None}
    indicators = data["scorecards"][0]["dimensions"][0]["indicators"]
    indicators[1] = {**indicators[1], "metric": "client_kind", "categories": kinds}
    del indicators[1]["bands"]
    told = explain(read(data), {"leverage": 0.1, "client_kind": "individual"}).dimensions[0].indicators
    assert [row.not_applicable for row in told] == [False, True]
    assert (told[1].trace.weight, told[1].known, told[1].too_old) == (0, "individual", False)


def test_cutoffs_are_told_with_the_step_that_the_score_takes():
    scale = explain(load(document()), MIDDLE).placement
    assert isinstance(scale, Scale)
    assert (scale.by, scale.metric, scale.value) == ("score", None, 7_000_300_000)
    assert [(row.tier, row.minimum, row.taken) for row in scale.rows] == [
        (0, 73.33 * SCORE_UNIT, False),
        (1, 40 * SCORE_UNIT, True),
        (2, 0, False),
    ]


def test_a_rank_is_told_with_the_thresholds_that_the_run_froze():
    data = document()
    shares = [{"tier": "T0", "share": 2000}, {"tier": "T1", "share": 8000}, {"tier": "T2", "share": 10_000}]
    data["cutoffs"] = {"by": "cumulative", "metric": "revenue", "steps": shares}
    terms = Terms(thresholds={"": (900.0, None)})
    account = explain(read(data), {**BEST, "revenue": 500.0}, Setting(terms))
    scale = account.placement
    assert isinstance(scale, Scale)
    assert (scale.by, scale.metric, scale.value) == ("cumulative", "revenue", 500.0)
    assert [(row.minimum, row.share, row.taken) for row in scale.rows] == [
        (900.0, 2000, False),
        (None, 8000, False),
        (None, 10_000, True),
    ]
    assert (account.next_tier, account.shortfall) == (1, None)


def test_a_matrix_is_told_with_both_scores_and_levels():
    data = document()
    leverage, roe = data["scorecards"][0]["dimensions"][0]["indicators"]
    parts = {"risk": [{**leverage, "weight": 10_000}], "gain": [{**roe, "weight": 10_000}]}
    data["scorecards"][0]["dimensions"] = [
        {"key": key, "label": label(key), "weight": 5000, "indicators": part} for key, part in parts.items()
    ]
    levels = [
        {"key": "high", "label": label("high"), "min": 50},
        {"key": "low", "label": label("low"), "min": 0},
    ]
    axes = [{"key": key, "label": label(key), "dimensions": [key], "levels": levels} for key in parts]
    data["cutoffs"] = {"by": "matrix", "axes": axes, "cells": [["T0", "T1"], ["T1", "T2"]]}
    account = explain(read(data), {"leverage": 0.1, "roe": 0.1})
    grid = account.placement
    assert isinstance(grid, Grid)
    assert [(row.score, row.level) for row in grid.axes] == [(100 * SCORE_UNIT, 0), (20 * SCORE_UNIT, 1)]
    assert grid.cells == ((0, 1), (1, 2))
    assert account.assessment.model_tier == grid.cells[0][1]


def test_an_overlay_tells_whether_it_is_on_applies_and_what_the_tier_would_be_without_it():
    data = document()
    elsewhere = {"metric": "exposure", "op": ">", "value": 0}
    data["overlays"] = [
        ROSY,
        {**ROSY, "key": "off"},
        {**ROSY, "key": "elsewhere", "when": elsewhere},
        {"key": "cap", "label": label("Cap"), "effect": "cap", "tier": "T0", "hard": False},
    ]
    setting = Setting(Terms(frozenset({"rosy", "elsewhere", "cap"})))
    account = explain(read(data), MIDDLE, setting)
    assert account.assessment.overlay_tier == 0
    told = [(row.key, row.is_on, row.applies, row.tier_without, row.decisive) for row in account.overlays]
    assert told == [
        ("rosy", True, True, 1, True),
        ("off", False, False, 0, False),
        ("elsewhere", True, False, 0, False),
        ("cap", True, True, 0, False),
    ]


def test_without_a_migration_policy_nothing_is_told_of_one():
    assert explain(load(document()), MIDDLE, Setting(held=2)).migration is None


def test_a_tier_that_nothing_moves_has_no_direction():
    told = explain(load(moving(up={"dwell_days": 90})), MIDDLE, Setting(held=1, held_days=5)).migration
    assert (told.direction, told.rules, told.days_left) == (None, (), 0)


@pytest.mark.parametrize(
    ("migration", "held_days", "tier", "rules"),
    [
        ({"dwell_days": 90}, 30, 2, [("dwell", 90, True, 0)]),
        ({"dwell_days": 90}, 90, 0, [("dwell", 90, False, 0)]),
        ({"max_step": 1}, 0, 1, [("step", 1, True, 0)]),
        ({"buffer": 30}, 0, 1, [("buffer", 30 * SCORE_UNIT, True, 0)]),
        # Two rules hold it: without either, the other still does.
        ({"dwell_days": 90, "max_step": 1}, 30, 2, [("dwell", 90, True, 1), ("step", 1, True, 2)]),
    ],
)
def test_each_rule_tells_whether_it_holds_the_tier_back_and_what_would_be_without_it(
    migration, held_days, tier, rules
):
    account = explain(load(moving(up=migration)), BEST, Setting(held=2, held_days=held_days))
    told = account.migration
    assert account.assessment.tier == tier
    assert (told.direction, told.wanted, told.held) == ("up", 0, 2)
    assert [(row.kind, row.limit, row.holds, row.tier_without) for row in told.rules] == rules
    assert told.days_left == max(0, migration.get("dwell_days", 0) - held_days)
    assert account.held_by == ("migration" if tier and "buffer" not in migration else None)


def test_the_buffer_counts_as_missing_score():
    account = explain(load(moving(up={"buffer": 30})), BEST, Setting(held=2))
    assert (account.assessment.tier, account.next_tier) == (1, 0)
    assert str(points(account.shortfall)) == "3.33"


def test_a_red_flag_lets_the_tier_fall_past_every_rule():
    flag = {"metric": "days_overdue", "op": ">", "value": 90}
    data = moving(down={"dwell_days": 365, "max_step": 1}, red_flags=flag)
    held = explain(load(data), WORST, Setting(held=0, held_days=1))
    flagged = explain(load(data), {**WORST, "days_overdue": 120.0}, Setting(held=0, held_days=1))
    assert (held.assessment.tier, held.migration.red_flag, held.migration.days_left) == (0, False, 364)
    assert (flagged.assessment.tier, flagged.migration.red_flag, flagged.migration.rules) == (2, True, ())


def test_a_hard_gate_is_told_where_it_binds_the_policy():
    data = document(gates=[gate("hard", "cap", "T1", hard=True)])
    data["policy"]["migration"] = {"down": {"dwell_days": 90}}
    told = explain(load(data), {**WORST, "exposure": 5.0}, Setting(held=0, held_days=1))
    assert (told.assessment.tier, told.migration.hard_limit) == (1, 1)
    assert explain(load(data), WORST, Setting(held=0, held_days=1)).migration.hard_limit is None


def test_changes_tell_the_facts_that_differ_and_what_they_earn_now():
    loaded = load(document(gates=[gate("cap", "cap", "T1")]))
    facts = {"leverage": 0.6, "roe": 0.7}, {"leverage": 0.1, "roe": 0.8, "exposure": 5.0}
    results = evaluate(loaded, facts[0]), evaluate(loaded, facts[1])
    told = changes((loaded, loaded), facts, results)
    assert [
        (row.metric, row.before, row.after, row.points_before, row.points_after) for row in told.facts
    ] == [
        ("leverage", 0.6, 0.1, 10, 100),
        ("exposure", None, 5.0, None, None),
        ("roe", 0.7, 0.8, 100, 100),
    ]
    assert told.facts[0].change == 3333 * 90 * 10_000
    assert (told.gates_fired, told.gates_cleared, told.other_criteria) == (("cap",), (), False)
