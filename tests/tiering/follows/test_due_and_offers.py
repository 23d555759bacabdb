"""Contacts by tier, and what to offer next: one client and many alike."""

from datetime import timedelta

import pytest
from django.utils import timezone

from crm.models import Client, Interaction, Role
from tests.factories import make_client, make_facility, make_observation, make_user
from tests.tiering.follows.making import known, lends, policies, score, small_scheme
from tests.tiering.helpers import days_ago, run_now
from tiering.models import Proposal
from tiering.pages.consequences import consequence_lines
from tiering.selectors.consequences import consequences_of, consequences_of_proposal
from tiering.selectors.due import contact_days_due, contacts_due
from tiering.selectors.offers import eligible_for, offered_products, offers_of
from tiering.selectors.tier_policies import tier_policy

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    return make_client(rm=make_user(Role.RM))


def spoke(client: Client, days: int) -> None:
    Interaction.objects.create(
        client=client, kind="call", at=days_ago(days), subject="Call", author=client.rm
    )


def test_contact_is_due_by_the_frequency_of_the_tier(client):
    policies()
    clients = {
        "silent": client,
        "recent": make_client(rm=client.rm),
        "never": make_client(rm=client.rm),
        "new": make_client(rm=client.rm, status="potential"),
    }
    for one in clients.values():
        score(one, 620, 100)  # Middle: every 60 days
    spoke(client, 61)
    spoke(clients["recent"], 59)
    spoke(clients["recent"], 300)
    run_now(as_of=days_ago(70))
    scheme = small_scheme()
    policy = tier_policy(scheme)
    due = contacts_due(Client.objects.all(), scheme, policy, timezone.now())
    assert set(due) == {client, clients["never"]}
    days = contact_days_due([one.pk for one in clients.values()], scheme, policy)
    assert days[client.pk] == timezone.localtime(days_ago(61)).date() + timedelta(days=60)
    assert days[clients["never"].pk] == timezone.localtime(days_ago(70)).date() + timedelta(days=60)
    assert clients["new"].pk not in days


def test_offers_follow_facts_sector_tier_and_what_is_held(client):
    policies()
    make_observation(client, "life_cycle", "start_up", observed_on=days_ago(60).date())
    known(client)
    score(client, 720, 60)
    holder = make_client(rm=client.rm)
    known(holder)
    score(holder, 500, 60)
    make_facility(holder, product="supply_chain")
    run_now(as_of=days_ago(30))
    today = timezone.localdate()
    found = offers_of(client, today)
    assert [product.key for product in found.best] == ["ip_loan", "factoring"]
    assert [product.key for product in offers_of(holder, today).held] == ["factoring"]
    for product in offered_products().products:
        listed = set(eligible_for(Client.objects.all(), [product], today))
        one_by_one = {one for one in (client, holder) if product in offers_of(one, today).best}
        assert listed == one_by_one, product.key
    every = offered_products().products
    assert set(eligible_for(Client.objects.all(), every, today)) == {client}


def test_consequences_are_told_in_money_before_and_after(client):
    policies()
    known(client)
    lends(client, limit=12_000_000, drawn=4_000_000)
    score(client, 720, 60)
    run_now(as_of=days_ago(30))
    scheme = small_scheme()
    now = consequences_of(client, scheme)
    assert (now.tier.key, now.before, now.after.ceiling.amount) == ("High", None, 10_000_000)
    tiers = {tier.key: tier for tier in scheme.tiers.all()}
    rests_on = client.assessments.get(valid_to=None)
    move = Proposal(scheme=scheme, from_tier=tiers["High"], to_tier=tiers["Middle"], assessment=rests_on)
    moved = consequences_of_proposal(move)
    lines = {line.key: line for line in consequence_lines(moved)}
    assert (lines["limit"].before, lines["limit"].after) == ("10.0 m", "5.0 m")
    assert lines["limit"].note == "by Revenue · limits exceed it by 7.0 m"
    assert (lines["add_on"].before, lines["add_on"].after) == ("none", "+50 basis points")
    assert lines["collateral"].after == "2.0 m (50% of exposure)"
    assert lines["review"].after == "every 6 months"
    assert lines["contact"].moved
    assert not lines["products"].moved


def test_nothing_follows_without_a_tier_or_a_policy(client):
    policies()
    assert consequences_of(client, small_scheme()) is None
    assert offers_of(client, timezone.localdate()).best == ()
