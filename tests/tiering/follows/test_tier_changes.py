"""A tier that changes: the queue, what it proposes for facilities, tasks and the notice; once, whatever happens."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.utils import timezone

from crm.errors import NotPermitted
from crm.models import Notice, Role, Task
from crm.services.absences import declare_interest
from tests.factories import make_client, make_user
from tests.tiering.follows.making import known, lead_of, lends, move, policies, score
from tests.tiering.helpers import a_document, days_ago, publish, run_now
from tiering.errors_follows import (
    ChangeDecided,
    ChangeReasonRequired,
    FacilityMoved,
    RMDoesNotDecide,
)
from tiering.errors_reviews import HasInterest
from tiering.models import FacilityChange, TierChange
from tiering.services import follow_up, tier_changes
from tiering.services.facility_changes import decide_change, decide_changes
from tiering.services.tier_changes import any_waiting, work_changes

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    return make_client(rm=make_user(Role.RM))


def proposed(client) -> dict[str, FacilityChange]:
    found = FacilityChange.objects.filter(client=client, status="proposed")
    return {change.term: change for change in found}


def test_first_tier_and_scheme_without_policy_leave_nothing_to_do(client):
    publish(a_document(policy={}))
    score(client, 720, 30)
    run_now(as_of=days_ago(20))
    score(client, 500, 15)
    run_now(as_of=days_ago(10))
    assert not TierChange.objects.exists()
    assert not any_waiting()


def test_change_is_queued_by_the_database_and_worked_off_once(client):
    policies()
    known(client)
    lends(client)
    change = move(client, 720, 500)
    assert (change.from_tier.key, change.to_tier.key) == ("High", "Low")
    assert any_waiting()
    assert work_changes() == 1
    assert work_changes() == 0
    change.refresh_from_db()
    assert change.worked_at is not None
    with pytest.raises(InternalError, match="worked_off_once"), transaction.atomic():
        TierChange.objects.update(attempts=2)


def test_fall_proposes_lower_limits_in_proportion_and_the_new_price(client):
    policies()
    known(client)  # Low: 1 % of 100 million
    large, small = lends(client, limit=9_000_000, drawn=0), lends(client, limit=3_000_000, drawn=100_000)
    move(client, 720, 500)
    work_changes()
    limits = {
        change.facility_id: change
        for change in FacilityChange.objects.filter(term="limit", status="proposed")
    }
    assert (limits[large.pk].after, limits[small.pk].after) == (750_000, 250_000)
    assert limits[large.pk].ceiling == 1_000_000
    rate = FacilityChange.objects.get(facility=large, term="rate")
    assert (rate.before, rate.after) == (Decimal("0.040000"), Decimal("0.060000"))
    large.refresh_from_db()
    assert large.limit == 9_000_000


def test_limit_below_what_is_drawn_stops_drawing(client):
    policies()
    known(client)
    facility = lends(client, limit=10_000_000, drawn=8_000_000)
    move(client, 720, 500)
    work_changes()
    change = proposed(client)["limit"]
    assert (change.after, change.stops_drawing) == (8_000_000, True)
    decide_change(change=change, verdict="accept", by=lead_of(client), reason="Agreed")
    facility.refresh_from_db()
    assert facility.limit == facility.drawn == 8_000_000


def test_rise_raises_what_revolves_by_a_part_and_only_where_all_is_known(client):
    policies()
    known(client, revenue=400e6)  # High: 10 % of revenue, half of 60 million of capital: 30 million
    line, loan = lends(client), lends(client, product="term_loan")
    unsure = make_client(rm=client.rm)
    lends(unsure)
    for one in (client, unsure):
        score(one, 500, 30)
    run_now(as_of=days_ago(20))
    for one in (client, unsure):
        score(one, 720, 15)
    run_now(as_of=days_ago(10))
    assert work_changes() == 2
    (change,) = FacilityChange.objects.filter(term="limit")
    assert (change.facility, change.after) == (line, 12_500_000)
    assert set(FacilityChange.objects.filter(term="rate").values_list("facility", flat=True)) > {
        line.pk,
        loan.pk,
    }


def test_return_to_the_old_tier_takes_back_what_was_proposed(client):
    policies()
    known(client)
    lends(client)
    move(client, 720, 620)
    work_changes()
    assert proposed(client)["rate"].after == Decimal("0.045000")
    score(client, 720, 5)
    run_now(as_of=days_ago(1))
    work_changes()
    assert proposed(client) == {}
    assert set(FacilityChange.objects.values_list("status", flat=True)) == {"superseded"}


def test_two_changes_waiting_together_come_to_one_proposal(client):
    policies()
    known(client)
    lends(client)
    score(client, 720, 40)
    for points, days in ((620, 15), (500, 5)):
        run_now(as_of=days_ago(days + 5))
        score(client, points, days)
    run_now(as_of=days_ago(1))
    assert TierChange.objects.count() == 2
    work_changes()
    rate = FacilityChange.objects.get(term="rate")
    assert (rate.from_tier.key, rate.to_tier.key, rate.after) == ("High", "Low", Decimal("0.060000"))
    assert Notice.objects.filter(kind="tier-changed").count() == 1


def test_rm_is_told_and_given_tasks(client):
    policies()
    known(client)
    lends(client, drawn=4_000_000)
    change = move(client, 720, 620)
    work_changes(day=timezone.localdate())
    notice = Notice.objects.get(recipient=client.rm)
    assert (notice.event, notice.params["facility_changes"]) == (f"tier-change:{change.pk}", 2)
    tasks = {task.kind: task for task in Task.objects.filter(assignee=client.rm)}
    assert tasks[follow_up.CONTACT].due_on == timezone.localdate() + timedelta(days=14)
    assert tasks[follow_up.COLLATERAL].params["amount"] == 2_000_000
    score(client, 500, 5)
    run_now(as_of=days_ago(1))
    work_changes()
    assert Task.objects.filter(kind=follow_up.CONTACT, status="open").count() == 1
    assert Task.objects.get(kind=follow_up.CONTACT, status="open").params["to"] == "Low"


def test_rise_brings_the_service_of_the_tier(client):
    policies()
    move(client, 500, 720)
    work_changes()
    assert Task.objects.get(kind=follow_up.EVENT).params["event"]["en"] == "Visit by the management"


def test_failure_pauses_the_change_alone_and_nothing_of_it_stays(client, monkeypatch):
    policies()
    other = make_client(rm=make_user(Role.RM))
    for one in (client, other):
        known(one)
        lends(one)
        score(one, 720, 30)
    run_now(as_of=days_ago(20))
    for one in (client, other):
        score(one, 500, 15)
    run_now(as_of=days_ago(10))

    def tell(*, scheme, policy, changes):
        if any(change.client_id == client.pk for change in changes):
            raise RuntimeError("the ink is out")

    monkeypatch.setattr(tier_changes, "tell", tell)
    assert work_changes() == 1
    assert not FacilityChange.objects.filter(client=client).exists()
    assert FacilityChange.objects.filter(client=other).exists()
    left = TierChange.objects.get(client=client)
    assert (left.attempts, left.failure, left.worked_at) == (1, "RuntimeError: the ink is out", None)
    assert not any_waiting()


def test_decision_needs_a_reason_and_somebody_other_than_the_rm(client):
    policies()
    known(client)
    lends(client)
    move(client, 720, 500)
    work_changes()
    change = proposed(client)["limit"]

    def decide(by, reason="Agreed", verdict="accept"):
        return decide_change(change=change, verdict=verdict, by=by, reason=reason)

    with pytest.raises(RMDoesNotDecide):
        decide(client.rm)
    with pytest.raises(NotPermitted):
        decide(make_user(Role.TEAM_LEAD))
    with pytest.raises(NotPermitted):
        decide(make_user(Role.RM, team=client.team))
    interested = make_user(Role.RISK_OFFICER)
    declare_interest(by=interested, client=client, reason="A brother works there.")
    with pytest.raises(HasInterest):
        decide(interested)
    lead = lead_of(client)
    with pytest.raises(ChangeReasonRequired):
        decide(lead, " ")
    decide(lead, verdict="decline")
    with pytest.raises(ChangeDecided):
        decide(make_user(Role.RISK_OFFICER))
    assert change.facility.limit == 10_000_000


def test_accepting_sets_limit_and_rate_and_facility_that_moved_is_left(client):
    policies()
    known(client)
    facility = lends(client)
    move(client, 720, 500)
    work_changes()
    found, officer = proposed(client), make_user(Role.RISK_OFFICER)
    facility.limit = 11_000_000
    facility.save()
    with pytest.raises(FacilityMoved):
        decide_change(change=found["limit"], verdict="accept", by=officer, reason="Agreed")
    outcome = decide_changes(
        ids=[found["rate"].pk, found["limit"].pk, 987_654], verdict="accept", by=officer, reason="Agreed"
    )
    assert [(one.ok, getattr(one.error, "code", "")) for one in outcome] == [
        (True, ""),
        (False, "facility_moved"),
        (False, "not_found"),
    ]
    facility.refresh_from_db()
    assert (facility.limit, facility.rate) == (11_000_000, 0.06)


@pytest.mark.parametrize("role", [Role.RM, Role.TEAM_LEAD, Role.AUDITOR])
def test_database_holds_who_decides(client, role):
    policies()
    known(client)
    lends(client)
    move(client, 720, 500)
    work_changes()
    decided = {
        "status": "accepted", "decided_at": timezone.now(), "reason": "Because", "client_rm": client.rm,
    }  # fmt: skip
    by = client.rm if role == Role.RM else make_user(role)
    with pytest.raises(IntegrityError), transaction.atomic():
        FacilityChange.objects.filter(client=client, term="limit").update(**decided, decided_by=by)
