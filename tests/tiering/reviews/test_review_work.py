"""Who works on what, and by when."""

from datetime import timedelta

import pytest
from django.utils import timezone

from crm.errors import NotPermitted
from crm.models import Interest, Notice
from tests.factories import make_client, make_industry, make_team, make_user
from tests.tiering.helpers import days_ago, pending_of, publish, run_now
from tests.tiering.pages.making import client_with, observe, waiting
from tests.tiering.reviews.deciding import TWO_OF_THREE, authority, away, officer, one_waiting
from tiering.core.working_time import due_after
from tiering.errors_reviews import AssignedMeanwhile, NoLongerWaits, NotEligible
from tiering.models import Committee, ReviewWork
from tiering.services.proposals import approve
from tiering.services.remarks import ask_rm
from tiering.services.review_work import assign_review, tend_reviews

pytestmark = pytest.mark.django_db
LAST_YEAR = days_ago(300)
HOURS = {"high": 24, "medium": 72, "low": 120}
TODAY = timezone.localdate()


@pytest.fixture(autouse=True)
def criteria():
    return publish()


def with_work(*rows, assignment=None, escalation=None, effective_from=LAST_YEAR):
    work = {"assignment": assignment or {"by": "round_robin"}, "hours": HOURS}
    if escalation:
        work["escalation"] = escalation
    return authority(*rows, work=work, effective_from=effective_from)


def tend() -> int:
    return tend_reviews(at=timezone.now())


def holder_of(proposal):
    return ReviewWork.objects.get(proposal=proposal).assignee


def test_without_an_authority_nobody_is_given_anything():
    one_waiting()
    officer()
    assert tend() == 0
    assert not ReviewWork.objects.exists()


def test_work_goes_round_and_a_second_time_finds_nothing():
    with_work()
    officers = {officer(), officer()}
    proposals = waiting(*[client_with(1_000_000 * n) for n in range(1, 5)])
    assert (tend(), tend()) == (4, 0)
    held = [holder_of(proposal) for proposal in proposals]
    assert sorted(held.count(one) for one in officers) == [2, 2]
    assert Notice.objects.filter(kind="review-assigned").count() == 2


def test_clock_begins_with_the_wait_by_severity():
    with_work()
    far, near = one_waiting(), one_waiting(score=650.0)
    tend()
    due = dict(ReviewWork.objects.values_list("proposal", "due_at"))
    assert due[far.pk] == working(far.waiting_since, hours=24)
    assert due[near.pk] == working(near.waiting_since, hours=72)


def test_nobody_is_late_under_a_rule_that_there_was_not():
    proposal = one_waiting()
    version = with_work(effective_from=None)
    tend()
    assert ReviewWork.objects.get(proposal=proposal).due_at == working(version.effective_from, hours=24)


def working(since, **hours):
    return due_after(timezone.localtime(since), timedelta(**hours))


def test_those_who_are_away_barred_or_of_too_low_a_grade_get_nothing():
    with_work({"notches": {"min": 1, "max": 19}, "needs": {"grade": 2}})
    absent, rm, maker, interested, junior, fit = (officer(n) for n in (2, 2, 2, 2, 1, 2))
    proposal = one_waiting(make_client(rm=rm, team=make_team()), requested_by=maker)
    away(absent, None, TODAY, TODAY)
    Interest.objects.create(user=interested, client=proposal.client, reason="shares")
    tend()
    assert holder_of(proposal) == fit
    assert junior != fit


def test_sector_and_team_lead_to_those_named_for_them():
    industry, team = make_industry(), make_team()
    officer()
    steel, north = officer(), officer()
    with_work(assignment={"by": "sector", "officers": {industry.code: [steel.username]}})
    of_steel = one_waiting(make_client(industry=industry))
    tend()
    assert holder_of(of_steel) == steel
    with_work(
        assignment={"by": "team", "officers": {team.code: [north.username]}}, effective_from=days_ago(1)
    )
    of_north = one_waiting(make_client(rm=make_user(team=team)))
    tend()
    assert holder_of(of_north) == north


def test_deputy_takes_over_from_whoever_is_away():
    with_work()
    first = officer()
    proposal = one_waiting()
    tend()
    _, deputy = officer(), officer()
    away(first, deputy, TODAY, TODAY)
    tend()
    assert holder_of(proposal) == deputy


def test_what_is_late_goes_to_a_higher_grade_once():
    with_work(escalation={"after_hours": 0, "grade": 2})
    junior = officer(1)
    proposal = one_waiting()
    tend()
    assert holder_of(proposal) == junior
    assert ReviewWork.objects.get().escalated_at is None
    senior = officer(2)
    assert (tend(), tend()) == (1, 0)
    assert holder_of(proposal) == senior
    assert Notice.objects.get(kind="review-escalated").recipient == senior


def test_what_waits_for_the_rm_is_not_late():
    with_work(escalation={"after_hours": 0, "grade": 2})
    junior = officer(1)
    proposal = one_waiting()
    tend()
    ask_rm(proposal=proposal, by=junior, text="?")
    officer(2)
    assert tend() == 0


def test_committees_of_the_authority_are_called_when_the_wait_begins():
    with_work({"notches": {"min": 1, "max": 19}, "needs": TWO_OF_THREE})
    members = {officer(), officer(), officer()}
    proposal = one_waiting()
    tend()
    assert (Committee.objects.get().proposal, Committee.objects.get().needs) == (proposal, 2)
    told = Notice.objects.filter(kind="review-committee").values_list("recipient", flat=True)
    assert set(told) == {member.pk for member in members}


def test_work_is_carried_over_when_newer_facts_replace_the_proposal():
    holder = officer()
    proposal = one_waiting()
    assign_review(proposal=proposal, to=holder, by=holder)
    observe(proposal.client, 480.0, 5)
    run_now()
    officer()
    tend()
    assert holder_of(pending_of(proposal.client)) == holder


def test_take_hand_over_and_give_back():
    first, second = officer(), officer()
    proposal = one_waiting()
    assign_review(proposal=proposal, to=first, by=first, was=None)
    with pytest.raises(AssignedMeanwhile):
        assign_review(proposal=proposal, to=second, by=second, was=None)
    assign_review(proposal=proposal, to=second, by=first, was=first.pk)
    assert Notice.objects.get(kind="review-assigned").recipient == second
    assign_review(proposal=proposal, to=None, by=second)
    with_work()
    tend()
    assert holder_of(proposal) == first


def test_nothing_is_handed_to_somebody_who_may_not_decide():
    giver, absent = officer(), officer()
    away(absent, None, TODAY, TODAY)
    proposal = one_waiting()
    for other in (absent, make_user(), officer(is_active=False)):
        with pytest.raises(NotEligible):
            assign_review(proposal=proposal, to=other, by=giver)
    with pytest.raises(NotPermitted):
        assign_review(proposal=proposal, to=giver, by=make_user())
    approve(proposal=proposal, decided_by=giver)
    with pytest.raises(NoLongerWaits):
        assign_review(proposal=proposal, to=giver, by=giver)
