"""Overrides whose last day is over, and those that end soon."""

import pytest

from crm.models import Notice
from tests.at_once import at_once
from tests.tiering.helpers import days_ago, publish, run_now, tier_of
from tests.tiering.overriding.making import approve, ask, due, hold, in_days, officer, scored, tiered
from tiering.models import Assignment, Override, Proposal
from tiering.services.override_lapse import lapse_overrides
from tiering.services.requests import drain_requests

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def criteria():
    return publish()


def told(kind: str) -> set[tuple[int, int]]:
    """Who was told of which override."""
    rows = Notice.objects.filter(kind=kind).values_list("recipient", "params__override")
    return {(recipient, override) for recipient, override in rows}


def test_due_override_lapses_once_and_the_criteria_tier_the_client_again():
    client = tiered(500.0)
    held = due(hold(client, "Middle", at=days_ago(5)))
    assert (lapse_overrides(), lapse_overrides()) == (1, 0)
    held.refresh_from_db()
    now = Assignment.objects.get(client=client, valid_to=None)
    assert (held.status, held.ended_by, now.valid_from) == ("lapsed", None, held.ended_at)
    assert (now.tier.key, now.override, now.proposal) == ("Low", held, None)


def test_what_lapses_is_assessed_afresh():
    client = tiered(720.0)
    held = due(hold(client, "Middle", at=days_ago(5)))
    scored(500.0, days=1, client=client)
    lapse_overrides()
    now = Assignment.objects.get(client=client, valid_to=None)
    assert (now.tier.key, now.assessment.facts.values()["credit_score"], now.override) == ("Low", 500.0, held)
    assert not Proposal.objects.filter(status="pending").exists()
    run_now()
    assert Assignment.objects.get(client=client, valid_to=None) == now


def test_many_lapse_together_and_each_for_itself():
    clients = [scored(500.0) for _ in range(3)]
    run_now(as_of=days_ago(10))
    held = [due(hold(client, "Middle", at=days_ago(5))) for client in clients[:1]]
    waiting = ask(clients[1])
    kept = clients[2]
    assert lapse_overrides() == 1
    assert [Override.objects.get(pk=one.pk).status for one in held] == ["lapsed"]
    assert (Override.objects.get(pk=waiting.pk).status, tier_of(kept)) == ("requested", "Low")


def test_request_that_nobody_decided_in_time_lapses_without_a_word():
    asked = due(ask(tiered(500.0)))
    assert lapse_overrides() == 1
    asked.refresh_from_db()
    assert (asked.status, asked.starts) == ("lapsed", None)
    assert told("override-over") == set()


def test_lapsed_value_is_taken_back_and_the_client_tiered_anew():
    client = tiered(500.0)
    held = approve(ask(client, None, metric="credit_score", value=650.0, at=days_ago(5)), at=days_ago(5))
    drain_requests()
    due(held)
    lapse_overrides()
    assert not client.observations.filter(source="override").exists()
    drain_requests()
    assert client.assessments.get(valid_to=None).tier.key == "Low"


def test_those_concerned_are_told_of_every_step_once():
    client, by = tiered(500.0), officer()
    asked = ask(client, last_day=in_days(10), at=days_ago(5))
    assert told("override-asked") == {(by.pk, asked.pk)}
    held = approve(asked, by, at=days_ago(5))
    assert told("override-decided") == {(client.rm_id, held.pk)}
    for _again in range(2):
        lapse_overrides()
    assert told("override-ending") == {(client.rm_id, held.pk), (by.pk, held.pk)}
    due(held)
    lapse_overrides()
    assert told("override-over") == {(client.rm_id, held.pk), (by.pk, held.pk)}


def test_what_ends_later_is_not_told_yet():
    hold(tiered(500.0), last_day=in_days(20))
    lapse_overrides()
    assert told("override-ending") == set()


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_lapse_each_override_once():
    clients = [scored(500.0) for _ in range(2)]
    run_now(as_of=days_ago(10))
    held = [due(hold(client, "Middle", at=days_ago(5))) for client in clients[:1]]
    assert sum(at_once(*[lapse_overrides] * 3)) == 1
    assert Assignment.objects.filter(override=held[0]).count() == 2
