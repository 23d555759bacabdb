"""What runs and changed records do while an override holds a tier."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.tiering.helpers import a_document, days_ago, publish, run_now, tier_of
from tests.tiering.overriding.making import approve, ask, hold, officer, scored, tiered
from tiering.models import Assessment, Assignment, Proposal
from tiering.selectors.replay import Choice, replay
from tiering.selectors.replay_sql import replay_by_sql
from tiering.services.overrides import end_override
from tiering.services.requests import drain_requests

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def criteria():
    return publish()


def test_approval_holds_the_tier_and_points_to_the_override():
    client = tiered(500.0)
    override = hold(client, "Middle")
    held = Assignment.objects.get(client=client, valid_to=None)
    assert (held.tier.key, held.override, held.valid_from) == ("Middle", override, override.starts)
    assert held.assessment.overlay_tier.key == "Low"
    former = Assignment.objects.get(client=client, valid_to=override.starts)
    assert (former.tier.key, former.override) == ("Low", None)


def test_run_assesses_the_client_and_leaves_its_tier_alone():
    client = tiered(500.0)
    hold(client, "Middle")
    scored(720.0, days=1, client=client)
    run = run_now()
    now = Assessment.objects.get(client=client, valid_to=None)
    assert (now.tier.key, tier_of(client)) == ("High", "Middle")
    assert (run.chunks.get().assessed, run.chunks.get().assigned) == (1, 0)
    before = Assignment.objects.count()
    run_now()
    assert (Assignment.objects.count(), tier_of(client)) == (before, "Middle")


def test_fall_is_not_proposed_while_an_override_holds():
    client = tiered(720.0)
    hold(client, "Middle")
    scored(500.0, days=1, client=client)
    drain_requests()
    run_now()
    assert Assessment.objects.get(client=client, valid_to=None).tier.key == "Low"
    assert not Proposal.objects.filter(status="pending").exists()


def test_others_move_as_ever_beside_an_override():
    held, other = scored(500.0), scored(620.0)
    run_now(as_of=days_ago(10))
    hold(held, "Middle")
    for client in (held, other):
        scored(720.0, days=1, client=client)
    drain_requests()
    assert (tier_of(held), tier_of(other)) == ("Middle", "High")


def test_approval_supersedes_what_was_proposed():
    client = tiered(720.0)
    scored(500.0, days=1, client=client)
    run_now()
    proposal = Proposal.objects.get(client=client, status="pending")
    hold(client, "High")
    proposal.refresh_from_db()
    assert (proposal.status, tier_of(client)) == ("superseded", "High")


def test_first_tier_of_another_scheme_comes_as_ever():
    client = tiered(500.0)
    hold(client, "Middle")
    publish(a_document(scheme="other", policy={}))
    scored(510.0, days=1, client=client)
    drain_requests()
    assert set(client.assignments.filter(valid_to=None).values_list("tier__key", flat=True)) == {
        "Middle",
        "Low",
    }


@pytest.mark.parametrize("evaluate", [replay, replay_by_sql])
def test_replay_finds_no_difference_before_while_and_after_an_override(evaluate):
    client = tiered(500.0)
    override = hold(client, "Middle")
    scored(620.0, days=2, client=client)
    run_now()
    end_override(override=override, by=officer(), reason="The guarantee ended")
    scored(720.0, days=1, client=client)
    drain_requests()
    batches = list(evaluate(Choice()))
    assert sum(batch.assessments for batch in batches) >= 3
    assert [found for batch in batches for found in batch.differences] == []


def test_replay_holds_where_the_tier_in_force_decides():
    """A migration policy reads the tier in force: the one that the override holds, and no other."""
    migration = {"up": {"max_step": 1}, "down": {"max_step": 1}}
    publish(a_document(policy={"migration": migration}), effective_from=None)
    client = tiered(500.0)
    run_now()
    override = hold(client, "Middle")
    scored(720.0, days=1, client=client)
    run_now()
    assert Assessment.objects.get(client=client, valid_to=None).tier.key == "High"
    end_override(override=override, by=officer(), reason="Over")
    run_now(as_of=timezone.now() + timedelta(0))
    for evaluate in (replay, replay_by_sql):
        assert [found for batch in evaluate(Choice()) for found in batch.differences] == []


def test_end_gives_the_tier_back_to_the_criteria_at_once():
    client = tiered(720.0)
    override = hold(client, "Middle")
    scored(500.0, days=1, client=client)
    ended = end_override(override=override, by=officer(), reason="Sold")
    now = Assignment.objects.get(client=client, valid_to=None)
    assert (now.tier.key, now.proposal, now.override) == ("Low", None, override)
    assert (ended.status, now.valid_from) == ("ended", ended.ended_at)
    assert now.assessment.overlay_tier.key == "Low"
    drain_requests()
    run_now()
    assert tier_of(client) == "Low"
    assert not Proposal.objects.filter(status="pending").exists()


def test_input_override_is_an_observation_that_the_criteria_go_by():
    client = tiered(500.0)
    override = approve(ask(client, None, metric="credit_score", value=650.0))
    assert drain_requests()
    assert (override.observation.source, override.observation.value) == ("override", 650.0)
    assert tier_of(client) == "Middle"
    end_override(override=override, by=officer(), reason="The bureau has corrected it")
    drain_requests()
    assert Assessment.objects.get(client=client, valid_to=None).tier.key == "Low"
    assert not client.observations.filter(source="override").exists()
