"""The nights of challengers: noted once, kept for good; results for each subject kept for some of them."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from crm.models import Client, Role
from tests.factories import make_client, make_facility, make_observation, make_payment, make_user
from tests.tiering.helpers import days_ago, publish, run_now
from tests.tiering.test_challengers import a_night, approved, challenge
from tiering.models import ChallengeNight, Challenger, TieringRun, TrialResult
from tiering.selectors.challengers import outcome_since
from tiering.services.challengers import end_challenge
from tiering.services.nights import KEPT_NIGHTS, let_results_go, note_nights

pytestmark = pytest.mark.django_db


def client_of(score: float) -> Client:
    client = make_client()
    make_observation(client, "credit_score", score, observed_on=days_ago(300).date())
    return client


def challenged() -> Challenger:
    """The small scheme in effect, beside it one whose Middle begins at 70 instead of 50."""
    publish()
    return challenge(approved())


def a_night_of(challenger: Challenger, day: date, *clients: Client) -> TieringRun:
    """A night that is through, with the same result for each client."""
    run = TieringRun.objects.create(
        kind="shadow", trigger="schedule", slot=day.isoformat(), version=challenger.version, as_of=timezone.now(),
        status="done", finished_at=timezone.now(),
    )  # fmt: skip
    for client in clients:
        TrialResult.objects.create(
            run=run, client=client, scorecard="all", score=0, held_rank=1, model_rank=1, base_rank=1, overlay_rank=1,
            rank=2, provisional=False, gates=[],
        )  # fmt: skip
    return run


def test_night_is_noted_once_with_how_it_agreed():
    middle, low = client_of(650.0), client_of(500.0)
    challenger = challenged()
    a_night()
    assert note_nights() == 1
    assert note_nights() == 0
    night = ChallengeNight.objects.get()
    assert (night.challenger, night.subjects, night.same, night.higher, night.lower) == (
        challenger,
        2,
        1,
        0,
        1,
    )
    assert night.agreement == 0.5
    assert {middle, low} == {result.client for result in night.run.results.all()}


def test_night_belongs_to_the_challenge_that_it_was_run_for():
    client_of(650.0)
    first = challenged()
    a_night()
    note_nights()
    end_challenge(challenger=first, ended_by=make_user(Role.CRITERIA_ADMIN))
    again = challenge(first.version)
    assert note_nights() == 0
    assert again.nights.count() == 0


def test_first_latest_and_last_nights_of_months_keep_their_results():
    client = client_of(650.0)
    challenger = challenged()
    begin = date(2026, 3, 28)
    nights = [begin + timedelta(days=back) for back in range(40)]
    for day in nights:
        a_night_of(challenger, day, client)
    note_nights()
    while let_results_go():
        pass
    kept = set(ChallengeNight.objects.filter(is_kept=True).values_list("day", flat=True))
    assert kept == {begin, date(2026, 3, 31), date(2026, 4, 30), *nights[-KEPT_NIGHTS:]}
    assert set(TrialResult.objects.values_list("run__night__day", flat=True)) == kept
    assert ChallengeNight.objects.filter(same=0, lower=1).count() == 40


def test_results_go_one_night_at_a_time_the_oldest_first():
    client = client_of(650.0)
    challenger = challenged()
    for back in range(KEPT_NIGHTS + 3):
        a_night_of(challenger, date(2026, 5, 1) + timedelta(days=back), client)
    note_nights()
    assert let_results_go() == 1
    assert [night.day for night in ChallengeNight.objects.filter(is_kept=False)] == [date(2026, 5, 2)]
    assert let_results_go() == 1
    assert let_results_go() == 0


def test_results_of_other_trials_stay():
    client = client_of(650.0)
    challenger = challenged()
    other = a_night_of(challenger, date(2026, 1, 1), client)
    TieringRun.objects.filter(pk=other.pk).update(created_at=days_ago(400))
    for back in range(KEPT_NIGHTS + 2):
        a_night_of(challenger, date(2026, 5, 1) + timedelta(days=back), client)
    note_nights()
    while let_results_go():
        pass
    assert other.results.count() == 1


def test_clients_of_the_first_night_are_followed():
    run_on = days_ago(200)
    fell, paid = client_of(650.0), client_of(650.0)
    challenger = challenged()
    run_now(as_of=run_on)
    for client, paid_on in ((fell, None), (paid, run_on.date() + timedelta(days=40))):
        facility = make_facility(client, opened_on=run_on.date() - timedelta(days=300))
        make_payment(facility, run_on.date() + timedelta(days=30), paid_on=paid_on)
    a_night_of(challenger, run_on.date(), fell, paid, client_of(650.0))
    note_nights()
    since = {
        one.way: (one.subjects, one.bad)
        for one in outcome_since(ChallengeNight.objects.get(), timezone.localdate())
    }
    assert since == {"lower": (2, 1), "higher": (0, 0), "same": (0, 0)}
