"""How a tier in force gives way to another: buffer, dwell and step in each direction, red flags, and hard limits."""

import pytest

from tests.tiering.core.worked import WHENEVER, gate, method, overlay, placed
from tiering.core.terms import Terms

FLAG = {"metric": "days_overdue", "op": ">", "value": 90}


@pytest.mark.parametrize(
    ("score", "held", "tier"),
    [
        (60, 2, 2),  # 60 less 10 does not reach 60
        (70, 2, 1),
        (80, 2, 1),  # 70 reaches T1, not T0
        (90, 2, 0),
        (90, 0, 0),
        (60, None, 1),
    ],
)
def test_a_rise_waits_until_the_score_passes_the_cutoff_by_the_buffer(score, held, tier):
    result = placed(method(migration={"up": {"buffer": 10}}), score, held=held)
    assert (result.tier, result.overlay_tier) == (tier, placed(method(), score).tier)


@pytest.mark.parametrize(
    ("score", "held", "tier"),
    [
        (50, 1, 1),  # 50 and 10 reach 60
        (40, 1, 2),
        (30, 1, 2),  # 40 reaches T2, so no further
        (10, 1, 3),
        (0, 1, 4),
        (30, None, 3),
    ],
)
def test_a_fall_waits_until_the_score_misses_the_cutoff_by_the_buffer(score, held, tier):
    assert placed(method(migration={"down": {"buffer": 10}}), score, held=held).tier == tier


def test_a_buffer_counts_from_the_shifted_score():
    document = method(migration={"up": {"buffer": 10}}, overlays=[overlay("on", effect="bonus", points=10)])
    assert placed(document, 60, held=2).tier == 2
    assert placed(document, 60, held=2, terms=Terms(frozenset({"on"}))).tier == 1


@pytest.mark.parametrize(("held_days", "tier"), [(0, 3), (29, 3), (30, 0), (31, 0)])
def test_a_tier_is_held_for_its_dwell(held_days, tier):
    document = method(migration={"up": {"dwell_days": 30}})
    assert placed(document, 90, held=3, held_days=held_days).tier == tier


@pytest.mark.parametrize(
    ("score", "held", "tier"), [(90, 4, 2), (90, 1, 0), (0, 0, 1), (0, 3, 4), (40, 2, 2)]
)
def test_a_tier_moves_so_many_steps_at_most_each_way_its_own(score, held, tier):
    document = method(migration={"up": {"max_step": 2}, "down": {"max_step": 1}})
    assert placed(document, score, held=held).tier == tier


def test_each_direction_has_its_own_rules():
    document = method(migration={"up": {"dwell_days": 365, "buffer": 20}, "down": {}})
    assert placed(document, 90, held=2, held_days=364).tier == 2
    assert placed(document, 90, held=2, held_days=365).tier == 1
    assert placed(document, 0, held=2, held_days=0).tier == 4


def test_where_a_red_flag_shows_the_tier_falls_at_once_and_all_the_way():
    damped = {"buffer": 40, "dwell_days": 365, "max_step": 1}
    document = method(migration={"up": damped, "down": damped, "red_flags": FLAG})
    assert placed(document, 0, held=0, days_overdue=90).tier == 0
    assert placed(document, 0, held=0, days_overdue=91).tier == 4
    assert placed(document, 90, held=4, days_overdue=91).tier == 4


@pytest.mark.parametrize(("hard", "tier"), [(True, 3), (False, 0)])
@pytest.mark.parametrize("effect", ["cap", "fixed"])
def test_only_a_hard_limit_binds_the_policy(effect, hard, tier):
    document = method(gates=[gate("limit", effect, "T3", hard=hard)], migration={"down": {"dwell_days": 30}})
    assert placed(document, 90, held=0).tier == tier


@pytest.mark.parametrize(("hard", "tier"), [(True, 3), (False, 0)])
def test_a_hard_limit_of_an_overlay_binds_the_policy(hard, tier):
    document = method(
        overlays=[overlay("on", effect="cap", tier="T3", hard=hard, when=WHENEVER)],
        migration={"down": {"max_step": 3, "dwell_days": 30}},
    )
    assert placed(document, 90, held=0, terms=Terms(frozenset({"on"}))).tier == tier


def test_a_hard_limit_does_not_make_a_tier_fall_below_it():
    document = method(gates=[gate("limit", "cap", "T1", hard=True)], migration={"down": {"max_step": 1}})
    assert placed(document, 0, held=1).tier == 2
