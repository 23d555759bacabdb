"""Why a subject moves: what differs from what its tier in force rests on, as far as it pulls where the tier goes."""

import pytest

from crm.models import Client, Role
from tests.factories import make_client, make_observation, make_user
from tests.tiering.helpers import a_document, days_ago, label, publish, run_now, tier_of
from tests.tiering.preview.making import drafted
from tiering.preview.figures import mover_of
from tiering.preview.live import judge_of, preview_of

pytestmark = pytest.mark.django_db
HIGH, MIDDLE = 720.0, 650.0


@pytest.fixture
def client() -> Client:
    publish()
    made = make_client()
    make_observation(made, "credit_score", MIDDLE, observed_on=days_ago(30).date())
    run_now(as_of=days_ago(2))
    assert tier_of(made) == "Middle"
    return made


def kinds(document: dict, **terms) -> list[str]:
    preview = preview_of(drafted(document), make_user(Role.AUDITOR), wait=True, **terms)
    (reasons,) = judge_of(preview).reasons([mover_of(preview, 0)])
    return [f"{reason.kind} {reason.metric}" if reason.metric else reason.kind for reason in reasons]


def scored(middle: int, **changes) -> dict:
    """The small document with other points for a middling score."""
    document = a_document(**changes)
    document["scorecards"][0]["dimensions"][0]["indicators"][0]["bands"][1]["points"] = middle
    return document


def gate(**changes) -> dict:
    when = {"metric": "credit_score", "op": "<", "value": 700}
    return {
        "key": "g",
        "label": label("Gate"),
        "when": when,
        "effect": "cap",
        "tier": "Low",
        "hard": False,
        **changes,
    }


def cutoffs(high: float, middle: float) -> list[dict]:
    return [{"tier": key, "min": least} for key, least in (("High", high), ("Middle", middle), ("Low", 0))]


@pytest.mark.parametrize("against", ["force", "model"])
@pytest.mark.parametrize(
    ("document", "expected"),
    [
        pytest.param(lambda: scored(30), ["metric credit_score"], id="fewer points"),
        pytest.param(lambda: scored(90), ["metric credit_score"], id="more points"),
        pytest.param(lambda: a_document(cutoffs=cutoffs(90, 70)), ["cutoffs"], id="cut-offs alone"),
        pytest.param(
            lambda: scored(65, cutoffs=cutoffs(90, 70)), ["cutoffs"], id="points that pull the other way"
        ),
        pytest.param(lambda: a_document(gates=[gate()]), ["gate_on"], id="a gate"),
        pytest.param(
            lambda: a_document(gates=[gate(when={"metric": "credit_score", "op": ">", "value": 900})]),
            [],
            id="a gate that does not fire",
        ),
        pytest.param(
            lambda: scored(0, policy={"migration": {"up": {}, "down": {"buffer": 60, "dwell_days": 0}}}),
            ["metric credit_score", "damped"],
            id="held back by a buffer",
        ),
    ],
)
def test_what_moves_a_tier_is_told(client, document, expected, against):
    assert kinds(document(), against=against) == expected


def test_facts_that_changed_since_are_told_beside_that_the_criteria_in_effect_would_do_the_same(client):
    publish(a_document(policy={"review_when": {"metric": "notches", "op": "!=", "value": 0}}), None)
    make_observation(client, "credit_score", HIGH, observed_on=days_ago(1).date())
    run_now()
    assert tier_of(client) == "Middle"  # it waits for a decision
    assert kinds(a_document(note=label("Same"))) == ["metric credit_score", "already"]
    assert kinds(a_document(note=label("Same")), against="model") == []


def test_gate_that_held_a_client_down_and_is_gone_is_told():
    publish(a_document(gates=[gate()]))
    made = make_client()
    make_observation(made, "credit_score", MIDDLE, observed_on=days_ago(30).date())
    run_now(as_of=days_ago(2))
    assert tier_of(made) == "Low"
    assert kinds(a_document(gates=[])) == ["gate_off"]


def test_scheme_without_tiers_tells_the_gates(client):
    assert kinds(a_document(scheme="fresh", gates=[gate()])) == ["gate_on"]
