from datetime import timedelta

import pytest
from django.utils import timezone

from crm.models import Client, Role
from tests.factories import make_client, make_observation, make_user
from tests.tiering.helpers import days_ago, pending_of, publish, run_now
from tiering.models import TieringRun, TierScheme
from tiering.selectors.book import pending, tier_distribution
from tiering.selectors.history import score_series, tier_history
from tiering.selectors.runs import progress
from tiering.selectors.standing import standings
from tiering.services.proposals import approve
from tiering.services.requests import drain_requests

pytestmark = pytest.mark.django_db


def observe(client, score, days):
    make_observation(client, "credit_score", score, observed_on=days_ago(days).date())


@pytest.fixture
def scheme() -> TierScheme:
    return publish().criteria.scheme


@pytest.fixture
def falling(scheme) -> Client:
    """In High for 75 days; proposed for Low ten days ago."""
    client = make_client(rm=make_user(Role.RM))
    observe(client, 720.0, 90)
    run_now(as_of=days_ago(75))
    observe(client, 500.0, 15)
    run_now(as_of=days_ago(10))
    return client


def test_standing_tells_tier_score_and_what_waits(falling):
    newcomer = make_client()
    standing = standings([falling.pk, newcomer.pk])[falling.pk]
    assert (standing.tier.key, standing.score, standing.provisional) == ("High", 20 * 10**8, False)
    assert standing.pending.to_tier.key == "Low"
    assert newcomer.pk not in standings([newcomer.pk])


def test_standings_of_many_cost_what_those_of_one_cost(falling, django_assert_num_queries):
    clients = [make_client().pk for _ in range(20)]
    run_now()
    with django_assert_num_queries(4):
        found = standings(clients)
        assert [standing.tier.key for standing in found.values()] == ["Low"] * 20
        assert all(standing.provisional and standing.pending is None for standing in found.values())


def test_history_is_newest_first_with_its_decision(falling, scheme):
    officer = make_user(Role.RISK_OFFICER)
    approve(proposal=pending_of(falling), decided_by=officer)
    history = list(tier_history(falling, scheme))
    assert [row.tier.key for row in history] == ["Low", "High"]
    assert history[0].proposal.decided_by == officer
    assert history[1].proposal is None


def test_series_gives_the_score_in_force_at_each_month(falling, django_assert_num_queries):
    other = make_client()
    with django_assert_num_queries(2):
        series = score_series([falling.pk, other.pk], months=4, until=days_ago(1))
    assert series == {falling.pk: [None, 100.0, 100.0, 20.0], other.pk: [None] * 4}


def test_distribution_and_counts_cover_what_the_user_may_see(falling, scheme):
    stranger = make_user(Role.RM)
    make_client()
    officer = make_user(Role.RISK_OFFICER)
    for user, clients in ((officer, 1), (falling.rm, 1), (stranger, 0)):
        shares = {share.tier.key: share.clients for share in tier_distribution(user, scheme)}
        assert shares == {"High": clients, "Middle": 0, "Low": 0}
        assert pending(user).count() == clients


def test_progress_of_a_change_run_counts_what_came_of_it(scheme):
    client = make_client()
    drain_requests()
    make_observation(client, "credit_score", 720.0, observed_on=timezone.localdate() - timedelta(days=1))
    drain_requests()
    done = progress(TieringRun.objects.get(trigger="change"))
    assert (done.chunks, done.clients, done.assessed, done.assigned, done.percent) == (0, 1, 2, 2, 100)
