"""Reviews by the cycle of the tier: the calendar, two people, what was missed."""

from datetime import timedelta
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from django.core.management import CommandError, call_command
from django.db import IntegrityError, InternalError, transaction
from django.utils import timezone

from crm.errors import NotPermitted
from crm.models import Client, Notice, Role, Task
from crm.services.absences import declare_interest
from tests.factories import make_client, make_user
from tests.tiering.follows.making import lead_of, lends, policies, score, small_scheme
from tests.tiering.helpers import days_ago, run_now
from tiering.errors_follows import FindingsRequired, OwnReview, ReviewNotOpen, ReviewNotPrepared
from tiering.errors_reviews import HasInterest
from tiering.models import PeriodicReview, ReviewDay
from tiering.selectors.due import beyond_a_year, months_of_reviews, overdue, reviews_to_do
from tiering.selectors.tier_policies import tier_policy
from tiering.services.periodic_reviews import prepare_review, return_review, sign_review
from tiering.services.review_calendar import keep_calendar
from tiering.services.review_nights import ensure_review_days
from tiering.services.tier_changes import work_changes

pytestmark = pytest.mark.django_db
FINDINGS: dict[str, Any] = {"conclusion": "keep", "findings": "Orders cover five months."}


@pytest.fixture
def client():
    return make_client(rm=make_user(Role.RM))


def tiered(client: Client, points: float, days: int) -> None:
    """Placed so many days ago for the first time."""
    score(client, points, days)
    run_now(as_of=days_ago(days))


def kept(client: Client) -> PeriodicReview:
    scheme = small_scheme()
    keep_calendar(scheme=scheme, policy=tier_policy(scheme))
    return PeriodicReview.objects.exclude(status="done").get(client=client)


def day_ago(days: int):
    return timezone.localtime(days_ago(days)).date()


def test_first_tier_counts_as_assessment_and_the_tier_sets_the_cycle(client):
    policies()
    tiered(client, 620, 100)  # Middle: every six months
    make_client(rm=client.rm, status="potential")
    review = kept(client)
    assert review.last_on == day_ago(100)
    assert review.due_on == day_ago(100) + relativedelta(months=6)
    scheme = small_scheme()
    assert keep_calendar(scheme=scheme, policy=tier_policy(scheme)) == 0


def test_worse_tier_brings_the_review_forward(client):
    policies()
    tiered(client, 720, 100)
    assert kept(client).due_on == day_ago(100) + relativedelta(months=12)
    score(client, 500, 15)
    run_now(as_of=days_ago(10))
    work_changes()
    assert PeriodicReview.objects.get(client=client).due_on == day_ago(100) + relativedelta(months=3)


def test_review_takes_the_rm_and_a_risk_officer_and_pins_its_evidence(client):
    policies()
    lends(client)
    tiered(client, 620, 100)
    review, officer = kept(client), make_user(Role.RISK_OFFICER)
    with pytest.raises(NotPermitted):
        prepare_review(review=review, by=make_user(Role.RM, team=client.team), **FINDINGS)
    with pytest.raises(FindingsRequired):
        prepare_review(review=review, by=client.rm, conclusion="keep", findings=" ")
    with pytest.raises(ReviewNotPrepared):
        sign_review(review=review, by=officer)
    prepare_review(review=review, by=client.rm, **FINDINGS)
    with pytest.raises(ReviewNotOpen):
        prepare_review(review=review, by=lead_of(client), **FINDINGS)
    with pytest.raises(NotPermitted):
        sign_review(review=review, by=lead_of(client))
    done = sign_review(review=review, by=officer, remark="Agreed")
    assert done.assessment.tier.key == done.assignment.tier.key == "Middle"
    assert done.evidence["exposure"] == 2_000_000
    following = PeriodicReview.objects.exclude(status="done").get(client=client)
    assert following.due_on == timezone.localdate() + relativedelta(months=6)
    with pytest.raises(InternalError, match="done_is_final"), transaction.atomic():
        PeriodicReview.objects.filter(pk=done.pk).update(findings="Other")


def test_review_that_is_sent_back_says_why_and_begins_again(client):
    policies()
    tiered(client, 620, 100)
    review, officer = kept(client), make_user(Role.RISK_OFFICER)
    prepare_review(review=review, by=client.rm, **FINDINGS)
    return_review(review=review, by=officer, remark="No word on receivables")
    notice = Notice.objects.get(recipient=client.rm)
    assert notice.params["remark"] == "No word on receivables"
    prepare_review(review=review, by=client.rm, conclusion="keep", findings="Receivables are current.")
    assert sign_review(review=review, by=officer).status == "done"


def test_nobody_signs_for_a_client_of_their_own(client):
    policies()
    tiered(client, 620, 100)
    review, officer = kept(client), make_user(Role.RISK_OFFICER)
    prepare_review(review=review, by=client.rm, **FINDINGS)
    Client.objects.filter(pk=client.pk).update(rm=officer)
    with pytest.raises(OwnReview):
        sign_review(review=review, by=officer)
    signed = {"status": "done", "signed_by": officer, "signed_at": timezone.now(), "client_rm": officer}
    with pytest.raises(IntegrityError), transaction.atomic():
        PeriodicReview.objects.filter(pk=review.pk).update(**signed)
    other = make_user(Role.RISK_OFFICER)
    with pytest.raises(IntegrityError), transaction.atomic():
        PeriodicReview.objects.filter(pk=review.pk).update(**signed | {"signed_by": other, "client_rm": None})


def test_nobody_signs_for_a_client_that_they_have_an_interest_in(client):
    policies()
    tiered(client, 620, 100)
    review, officer = kept(client), make_user(Role.RISK_OFFICER)
    prepare_review(review=review, by=client.rm, **FINDINGS)
    declare_interest(by=officer, client=client, reason="A brother works there.")
    with pytest.raises(HasInterest):
        sign_review(review=review, by=officer)


def test_day_asks_once_for_what_falls_due_and_tells_what_was_missed(client):
    policies()
    lead = lead_of(client)
    tiered(client, 620, 400)  # due after six months, beyond a year by now
    other = make_client(rm=client.rm)
    tiered(other, 500, 80)  # Low: due after three months, within 30 days
    assert ensure_review_days() == 1
    assert ensure_review_days() == 0
    assert {task.client for task in Task.objects.filter(kind="review-due")} == {client, other}
    day = ReviewDay.objects.get()
    assert (day.overdue, day.beyond) == (1, 1)
    missed = Notice.objects.filter(kind="review-missed")
    assert set(missed.values_list("recipient", flat=True)) == {client.rm_id, lead.pk}
    today = timezone.localdate()
    waiting = reviews_to_do(make_user(Role.RISK_OFFICER), small_scheme())
    assert list(overdue(waiting, today)) == list(beyond_a_year(waiting, today))
    prepare_review(review=PeriodicReview.objects.get(client=client), by=client.rm, **FINDINGS)
    assert Task.objects.get(kind="review-due", client=client).status == "done"


def test_command_fails_while_anybody_was_missed_for_a_year(client, capsys):
    policies()
    tiered(client, 620, 400)
    review = kept(client)
    with pytest.raises(CommandError, match="1 client has not been reviewed for over twelve months"):
        call_command("reviews")
    assert "small: 1 overdue, 1 beyond twelve months" in capsys.readouterr().out
    prepare_review(review=review, by=client.rm, **FINDINGS)
    sign_review(review=review, by=make_user(Role.RISK_OFFICER))
    call_command("reviews")
    assert "small: 0 overdue" in capsys.readouterr().out


def test_calendar_counts_month_by_month(client):
    policies()
    tiered(client, 620, 100)
    due = kept(client).due_on
    rows = reviews_to_do(client.rm)
    months = months_of_reviews(rows, timezone.localdate().replace(day=1), 12)
    assert sum(month.due for month in months) == 1
    assert [month.first for month in months if month.due] == [due.replace(day=1)]
    assert months_of_reviews(reviews_to_do(make_user(Role.RM)), due.replace(day=1), 1)[0].due == 0


def test_review_is_never_due_later_than_in_a_year(client):
    policies()
    tiered(client, 720, 10)
    review = kept(client)
    with pytest.raises(IntegrityError), transaction.atomic():
        PeriodicReview.objects.filter(pk=review.pk).update(due_on=review.last_on + timedelta(days=400))
