from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.formats import day
from crm.models import Role
from tests.factories import make_client, make_observation, make_user
from tests.tiering.helpers import days_ago, publish, run_now
from tests.tiering.pages.making import observe, visitor_of, waiting
from tests.tiering.pages.methods import by_matrix, by_rank, switch_on
from tiering.pages.client import days_of_scores
from tiering.services.proposals import approve

pytestmark = pytest.mark.django_db
PANELS = ["client-badge", "client-figures", "client-why", "client-score-line", "client-history"]


@pytest.fixture
def rm():
    return make_user(Role.RM)


def panel(user, client, name="client-why", **query):
    return visitor_of(user).get(reverse(f"tiering:{name}", args=[client.pk]), query)


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("name", PANELS)
def test_panels_of_foreign_clients_are_not_found(name):
    assert panel(make_user(Role.RM), make_client(rm=make_user(Role.RM)), name).status_code == 404


@pytest.mark.parametrize("name", PANELS)
def test_panels_stand_before_any_criteria(name, rm):
    assert panel(rm, make_client(rm=rm), name).status_code == 200


def test_why_tells_score_distance_and_what_would_lift(rm):
    publish()
    client = make_client(rm=rm)
    observe(client, 650.0, 30)
    run_now(as_of=days_ago(20))
    text = text_of(panel(rm, client))
    assert "Why tier Middle" in text
    assert "60.0 points" in text
    assert "20.0 short of High" in text
    assert "Credit score: at least 700 (now 650)" in text
    assert "all gates passed" in text
    assert "Observation · 10 days old" in text


def test_why_compares_with_the_quarter_before(rm):
    publish()
    client = make_client(rm=rm)
    observe(client, 720.0, 200)
    run_now(as_of=days_ago(190))
    observe(client, 620.0, 20)
    run_now(as_of=days_ago(10))
    (row,) = panel(rm, client).context["account"].dimensions
    assert (row.share, row.share_before, row.change) == (60, 100, -40)
    assert [(line.before, line.value, line.moved) for line in row.indicators] == [("720", "620", True)]


def test_why_names_what_is_missing_and_says_provisional(rm):
    publish()
    client = make_client(rm=rm)
    run_now(as_of=days_ago(5))
    text = text_of(panel(rm, client))
    assert "The tier is provisional" in text
    assert "Credit score · needed before the tier is final" in text


def test_why_before_the_first_run_says_when_a_tier_comes(rm):
    publish()
    assert "has not been assessed yet" in text_of(panel(rm, make_client(rm=rm)))


def test_pending_change_links_to_its_review(rm):
    publish()
    (proposal,) = waiting(make_client(rm=rm))
    html = panel(rm, proposal.client).content.decode()
    assert reverse("tiering:review", args=[proposal.pk]) in html
    assert "Why tier Low is proposed" in html


def test_replay_explains_the_tier_of_a_past_date(rm):
    publish()
    client = make_client(rm=rm)
    observe(client, 720.0, 60)
    run_now(as_of=days_ago(50))
    observe(client, 500.0, 20)
    run_now(as_of=days_ago(10))
    then = timezone.localdate() - timedelta(days=30)
    response = panel(rm, client, as_of=then.isoformat())
    assert response.context["account"].tier.key == "High"
    assert "replayed from the facts known then and criteria version 1" in text_of(response)
    before = timezone.localdate() - timedelta(days=300)
    assert "had not been assessed by then" in text_of(panel(rm, client, as_of=before.isoformat()))


@pytest.mark.parametrize("given", ["2999-01-01", "yesterday"])
def test_replay_refuses_what_is_not_a_past_date(given, rm):
    publish()
    client = make_client(rm=rm)
    response = panel(rm, client, as_of=given)
    assert response.context["form"].errors["as_of"]


def test_history_tells_what_brought_each_tier_about(rm):
    publish()
    (proposal,) = waiting(make_client(rm=rm))
    approve(proposal=proposal, decided_by=make_user(Role.RISK_OFFICER, name="Mei Lin"), comment="Agreed")
    rows = panel(rm, proposal.client, "client-history").context["rows"]
    assert [(row.before.key if row.before else None, row.assignment.tier.key) for row in rows] == [
        ("High", "Low"),
        (None, "High"),
    ]
    assert (rows[0].why, rows[0].comment) == ("Proposed by a run, approved by Mei Lin", "Agreed")
    assert rows[1].why == "First assessment"


def test_score_line_draws_each_month_over_the_tiers(rm):
    publish()
    client = make_client(rm=rm)
    observe(client, 720.0, 100)
    run_now(as_of=days_ago(95))
    html = panel(rm, client, "client-score-line").content.decode()
    assert html.count("chart-point") >= 3
    assert "tier-step-1" in html


def test_client_page_shows_badge_score_and_why(rm):
    publish()
    (proposal,) = waiting(make_client(rm=rm))
    text = text_of(visitor_of(rm).get(reverse("crm:client", args=[proposal.client_id])))
    assert "Why tier Low is proposed" in text
    assert "tier-large" in text


def test_scores_are_dated_by_the_days_where_the_institution_is():
    early_on_july_first_in_shanghai = datetime(2026, 6, 30, 18, tzinfo=UTC)
    days = days_of_scores(early_on_july_first_in_shanghai)
    assert (days[0], days[-1]) == (date(2025, 7, 31), date(2026, 7, 1))


@pytest.fixture
def dampened(rm):
    """Middle for 50 days; since 10 days the matrix says High, an overlay caps it and the policy would hold it."""
    publish(by_matrix())
    switch_on("downturn")
    client = make_client(rm=rm, demand_level="premium")
    observe(client, 500.0, 60)
    run_now(as_of=days_ago(50))
    observe(client, 720.0, 20)
    run_now(as_of=days_ago(10))
    return client


def test_why_marks_the_cell_of_the_matrix(rm, dampened):
    response = panel(rm, dampened)
    grid = response.context["account"].grid
    assert [(axis.label, axis.score, axis.level) for axis in grid.axes] == [
        ("Safety", "100.0", "strong"),
        ("Appetite", "100.0", "strong"),
    ]
    assert [[(cell.tier.key, cell.taken) for cell in row.cells] for row in grid.rows] == [
        [("High", True), ("Middle", False)],
        [("Middle", False), ("Low", False)],
    ]
    assert response.content.decode().count('aria-current="true"') == 1


def test_why_tells_what_overlays_changed(rm, dampened):
    response = panel(rm, dampened)
    told = [(line.label, line.applies, line.consequence) for line in response.context["account"].overlays]
    assert told == [
        ("Downturn", True, "applies; without it the tier would be High"),
        ("Green loans", False, "switched off"),
    ]
    assert "by placement alone" in text_of(response)
    assert [stage.tier.key for stage in response.context["account"].path] == [
        "High",
        "High",
        "Middle",
        "Middle",
    ]


def test_why_tells_which_rule_holds_the_tier_and_until_when(rm):
    publish(by_matrix(gates=[]))
    client = make_client(rm=rm, demand_level="premium")
    observe(client, 500.0, 60)
    run_now(as_of=days_ago(50))
    observe(client, 720.0, 20)
    run_now(as_of=days_ago(10))
    told = panel(rm, client).context["account"].migration
    assert told.moved
    assert told.summary == "Middle instead of High: Middle has been in force for 40 days."
    dwell = next(rule for rule in told.rules if rule.until)
    assert dwell.text == "after the tier in force has been held for 90 days"
    assert dwell.until == day(timezone.localdate(days_ago(50)) + timedelta(days=90))
    assert dwell.consequence == "not met; without it the tier would be High"
    assert [rule.consequence for rule in told.rules if rule is not dwell] == ["met"]


def test_why_tells_what_changed_since_the_assessment_before(rm, dampened):
    response = panel(rm, dampened)
    (line,) = response.context["changes"].facts
    assert (line.label, line.before, line.after, line.points) == ("Credit score", "500", "720", "20 → 100")
    assert "What changed since" in text_of(response)


def test_why_tells_what_is_too_old_and_what_does_not_apply(rm):
    publish(by_matrix())
    client = make_client(rm=rm, demand_level="basic")
    observe(client, 720.0, 200)
    run_now(as_of=days_ago(1))
    text = text_of(panel(rm, client))
    assert "too old: 199 days old, accepted up to 180 days" in text
    assert "not applicable" in text


def test_why_tells_the_rank_and_where_the_steps_begin(rm):
    publish(by_rank())
    clients = [make_client(rm=rm) for _ in range(3)]
    for client, revenue in zip(clients, (700, 200, 100), strict=True):
        make_observation(client, "revenue", float(revenue) * 1_000_000, observed_on=days_ago(9).date())
    run_now(as_of=days_ago(1))
    ranking = panel(rm, clients[1]).context["account"].ranking
    assert ranking.value == "Revenue 200 m"
    assert [(step.tier.key, step.share, step.begins, step.taken) for step in ranking.steps] == [
        ("High", "the first 50%", "700 m", False),
        ("Middle", "the first 80%", "200 m", True),
        ("Low", "", "everyone else", False),
    ]
    assert "Revenue: at least 700 m (now 200 m)" in text_of(panel(rm, clients[1]))
