"""What a regime adds while it is switched on: kept apart from the base result, and only for whom it describes."""

import pytest

from tests.tiering.core.worked import WHENEVER, method, overlay, placed
from tiering.core.document import SCORE_UNIT
from tiering.core.evaluate import best_allowed
from tiering.core.terms import Terms

ON = Terms(frozenset({"on"}))


@pytest.mark.parametrize(
    ("effect", "score", "tier"),
    [
        ({"effect": "bonus", "points": 10}, 50, 1),
        ({"effect": "bonus", "points": 9.99999999}, 50, 2),
        ({"effect": "bonus", "points": -0.00000001}, 60, 2),
        ({"effect": "bonus", "points": -100}, 90, 4),
        ({"effect": "bonus", "points": 100}, 0, 0),
        ({"effect": "cutoffs", "shift": 10}, 60, 2),
        ({"effect": "cutoffs", "shift": -10}, 50, 1),
        ({"effect": "cutoffs", "shift": -10}, 49, 2),
        ({"effect": "cap", "tier": "T3", "hard": True}, 90, 3),
        ({"effect": "floor", "tier": "T1", "hard": False}, 0, 1),
        ({"effect": "notches", "by": -1, "hard": False}, 90, 1),
    ],
)
def test_an_overlay_moves_the_overlay_tier_and_leaves_score_and_base_tier(effect, score, tier):
    document = method(overlays=[overlay("on", **effect)])
    off, on = placed(document, score), placed(document, score, terms=ON)
    assert (on.overlay_tier, on.tier, on.overlays) == (tier, tier, ("on",))
    assert (on.score, on.model_tier, on.base_tier) == (off.score, off.model_tier, off.base_tier)
    assert (off.overlay_tier, off.overlays) == (off.base_tier, ())


def test_an_overlay_is_for_those_whom_it_describes():
    document = method(overlays=[overlay("on", effect="bonus", points=20, when=WHENEVER)])
    assert placed(document, 60, terms=ON, exposure=1.0).tier == 0
    apart = placed(document, 60, terms=ON, exposure=0.0)
    assert (apart.tier, apart.overlays) == (1, ())


def test_shifts_add_up_and_never_leave_the_scale():
    both = [overlay("on", effect="bonus", points=30), overlay("too", effect="cutoffs", shift=10)]
    terms = Terms(frozenset({"on", "too"}))
    assert placed(method(overlays=both), 60, terms=terms).tier == 0
    assert placed(method(overlays=both), 50, terms=terms).tier == 1
    beyond = [overlay("on", effect="bonus", points=100), overlay("too", effect="bonus", points=-100)]
    assert placed(method(overlays=beyond), 50, terms=terms).tier == 2


def test_a_shift_moves_a_rank_by_score_against_frozen_thresholds():
    steps = [
        {"tier": f"T{rank}", "share": share} for rank, share in enumerate((1000, 2000, 3000, 4000, 10_000))
    ]
    document = method(
        cutoffs={"by": "top", "steps": steps}, overlays=[overlay("on", effect="bonus", points=10)]
    )
    terms = Terms(frozenset({"on"}), {"": (80.0 * SCORE_UNIT, 50.0 * SCORE_UNIT, None, None)})
    result = placed(document, 70, terms=terms)
    assert (result.model_tier, result.overlay_tier) == (1, 0)
    assert placed(document, 30, terms=terms).overlay_tier == 4


def test_a_hard_gate_of_an_overlay_binds_while_it_applies():
    document = method(overlays=[overlay("on", effect="cap", tier="T3", hard=True)])
    assert best_allowed(document, [], ["on"]) == 3
    assert best_allowed(document, []) == 0
