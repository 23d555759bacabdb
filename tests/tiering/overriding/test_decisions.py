"""Who decides on an override, on what grounds, and how many there may be."""

import threading

import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from crm.errors import NotPermitted
from crm.models import Interest, Role
from tests.factories import make_observation, make_user
from tests.tiering.helpers import a_document, days_ago, publish, run_now, tier_of
from tests.tiering.overriding.making import approve, ask, hold, in_days, officer, scored, tiered
from tiering.core.authority import OverrideLimits
from tiering.errors import ClientsOwnRM, CommentRequired, EvidenceOutdated
from tiering.errors_overrides import (
    AssessedSince,
    AssessedSinceVotes,
    CapReached,
    CriteriaAgree,
    OfficerCapReached,
    OtherInForce,
    OverrideDecided,
    OwnOverride,
)
from tiering.errors_reviews import AlreadyVoted, HasInterest
from tiering.models import Override, TierScheme
from tiering.selectors import override_authority
from tiering.services.override_decisions import decide_override
from tiering.services.requests import drain_requests

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def criteria():
    return publish()


@pytest.fixture
def no_limits(monkeypatch):
    monkeypatch.setattr(override_authority, "DEFAULT_LIMITS", OverrideLimits())


def limits(monkeypatch, **changes: int) -> None:
    monkeypatch.setattr(override_authority, "DEFAULT_LIMITS", OverrideLimits(**changes))


def reject(override: Override, by=None, comment: str = "No guarantee was shown") -> Override:
    return decide_override(override=override, verdict="reject", by=by or officer(), comment=comment)


def test_approval_is_signed_and_dated():
    asked, by = ask(tiered(500.0)), officer()
    held = approve(asked, by, comment="Seen the guarantee")
    assert (held.status, held.decided_by, held.comment) == ("in_force", by, "Seen the guarantee")
    assert (held.starts, held.client_rm) == (held.decided_at, held.client.rm)
    assert [(vote.voter, vote.verdict) for vote in held.votes.all()] == [(by, "approve")]


def test_rejection_says_why_and_changes_nothing():
    client = tiered(500.0)
    asked = ask(client)
    with pytest.raises(CommentRequired):
        reject(asked, comment=" ")
    assert (reject(asked).status, tier_of(client)) == ("rejected", "Low")
    with pytest.raises(OverrideDecided):
        approve(asked)


def test_asker_rm_and_whoever_has_an_interest_do_not_decide():
    client = tiered(500.0)
    asker = officer()
    asked = ask(client, by=asker)
    with pytest.raises(OwnOverride):
        approve(asked, asker)
    interested = officer()
    Interest.objects.create(user=interested, client=client, reason="Holds shares")
    with pytest.raises(HasInterest):
        approve(asked, interested)
    client.rm = officer()
    client.save()
    with pytest.raises(ClientsOwnRM):
        approve(asked, client.rm)
    with pytest.raises(NotPermitted):
        approve(asked, make_user(Role.AUDITOR))


def test_approval_looks_at_the_assessment_in_force():
    client = tiered(500.0)
    asked = ask(client)
    shown = asked.assessment_id
    make_observation(client, "credit_score", 510.0, observed_on=days_ago(1).date())
    with pytest.raises(EvidenceOutdated):
        approve(asked)
    drain_requests()
    with pytest.raises(AssessedSince):
        approve(asked, assessment=shown)
    held = approve(asked)
    assert held.assessment == client.assessments.get(valid_to=None) != shown


def test_what_the_criteria_say_themselves_by_now_is_not_approved():
    client = tiered(500.0)
    asked = ask(client)
    make_observation(client, "credit_score", 620.0, observed_on=days_ago(1).date())
    drain_requests()
    with pytest.raises(CriteriaAgree):
        approve(asked)
    assert reject(asked).status == "rejected"


def test_renewal_replaces_the_former_without_a_gap():
    client = tiered(500.0)
    former = hold(client, "Middle")
    renewed = approve(ask(client, "High", last_day=in_days(200)))
    former.refresh_from_db()
    assert (former.status, former.ended_at, renewed.renews) == ("replaced", renewed.starts, former)
    rows = list(client.assignments.filter(override__isnull=False).order_by("valid_from"))
    assert [(row.tier.key, row.override) for row in rows] == [("Middle", former), ("High", renewed)]
    assert rows[0].valid_to == rows[1].valid_from


def test_renewed_value_takes_the_place_of_the_former():
    client = tiered(500.0)
    former = approve(ask(client, None, metric="credit_score", value=650.0))
    drain_requests()
    assert tier_of(client) == "Middle"
    renewed = approve(ask(client, None, metric="credit_score", value=720.0))
    drain_requests()
    assert (renewed.renews, tier_of(client)) == (former, "High")
    assert client.observations.get(source="override").value == 720.0


def test_value_is_renewed_as_it_was_and_deviates_from_the_records_still():
    client = tiered(500.0)
    former = approve(ask(client, None, metric="credit_score", value=650.0))
    drain_requests()
    renewed = ask(client, None, metric="credit_score", value=650.0, last_day=in_days(200))
    assert (renewed.renews, renewed.direction, renewed.notches) == (former, "up", 1)
    assert approve(renewed).status == "in_force"


def test_approval_of_what_another_one_overtook_is_refused():
    client = tiered(500.0)
    asked = ask(client, None, metric="credit_score", value=650.0)
    publish(a_document(scheme="second", policy={}))
    make_observation(client, "credit_score", 505.0, observed_on=days_ago(2).date())
    drain_requests()
    second = TierScheme.objects.get(key="second")
    approve(ask(client, None, scheme=second, metric="credit_score", value=690.0))
    drain_requests()
    with pytest.raises(OtherInForce):
        approve(asked)


def test_share_of_the_book_caps_what_is_approved(monkeypatch):
    limits(monkeypatch, up_share=4_000)
    clients = [scored(500.0) for _ in range(5)]
    run_now(as_of=days_ago(10))
    for client in clients[:2]:
        hold(client)
    third = ask(clients[2])
    with pytest.raises(CapReached, match=r"3 of 5 would be overridden in this direction; 2 may be \(40.0%\)"):
        approve(third)
    approve(ask(clients[0], "High"))  # a renewal takes the place of one that counted


def test_down_has_a_cap_of_its_own(monkeypatch):
    limits(monkeypatch, up_share=0, down_share=10_000)
    low, high = scored(500.0), scored(720.0)
    run_now(as_of=days_ago(10))
    with pytest.raises(CapReached):
        hold(low)
    assert hold(high, "Middle").direction == "down"


def test_one_officer_does_not_use_the_cap_up(monkeypatch):
    limits(monkeypatch, up_share=10_000, up_officer_share=2_500)
    clients = [scored(500.0) for _ in range(4)]
    run_now(as_of=days_ago(10))
    by = officer()
    approve(ask(clients[0]), by)
    with pytest.raises(OfficerCapReached, match="colleague"):
        approve(ask(clients[1]), by)
    assert approve(Override.objects.get(client=clients[1])).status == "in_force"


def test_hard_gate_is_passed_by_a_committee_alone(no_limits):
    client = scored(720.0)
    make_observation(client, "days_overdue", 120.0, observed_on=days_ago(20).date())
    run_now(as_of=days_ago(10))
    asked = ask(client, "High")
    assert asked.above_hard_gate
    first = officer()
    waiting = approve(asked, first)
    assert (waiting.status, waiting.needs, waiting.members, tier_of(client)) == ("requested", 2, 3, "Low")
    with pytest.raises(AlreadyVoted):
        approve(asked, first)
    assert approve(asked).status == "in_force"
    assert tier_of(client) == "High"


def test_committee_rejects_once_it_can_no_longer_approve(no_limits):
    client = scored(720.0)
    make_observation(client, "days_overdue", 120.0, observed_on=days_ago(20).date())
    run_now(as_of=days_ago(10))
    asked = ask(client, "High")
    approve(asked)
    assert reject(asked).status == "requested"
    assert reject(asked).status == "rejected"


def test_committee_goes_by_the_facts_of_its_first_vote(no_limits):
    client = scored(720.0)
    make_observation(client, "days_overdue", 120.0, observed_on=days_ago(20).date())
    run_now(as_of=days_ago(10))
    asked = ask(client, "High")
    approve(asked)
    make_observation(client, "days_overdue", 125.0, observed_on=days_ago(1).date())
    drain_requests()
    with pytest.raises(AssessedSinceVotes):
        approve(asked)


def test_sql_puts_no_override_in_force_without_the_votes():
    asked, by = ask(tiered(500.0)), officer()
    for status in ("in_force", "rejected"):
        with pytest.raises(IntegrityError, match="votes do not decide"), transaction.atomic():
            Override.objects.filter(pk=asked.pk).update(
                status=status,
                decided_by=by,
                decided_at=days_ago(0),
                starts=days_ago(0) if status == "in_force" else None,
                ended_at=None if status == "in_force" else days_ago(0),
                comment="x",
                client_rm=asked.client.rm_id,
            )


def test_sql_takes_no_vote_of_who_is_barred():
    client, asker, rm, interested = tiered(500.0), officer(), officer(), officer()
    asked = ask(client, by=asker)
    client.rm = rm
    client.save()
    Interest.objects.create(user=interested, client=client, reason="Shares")
    for barred in (asker, rm, interested, make_user(Role.AUDITOR)):
        with pytest.raises(IntegrityError, match="decide"), transaction.atomic():
            asked.votes.create(voter=barred, verdict="approve")


CHANGES = (
    "tier_id = tier_id + 1",
    "grounds = 'else'",
    "ends = ends + interval '1 day'",
    "requested_by_id = decided_by_id",
    "decided_at = now()",
    "notches = 2",
    "status = 'requested'",
    "status = 'rejected'",
    "starts = starts - interval '1 day'",
)


def test_sql_changes_nothing_of_an_override_in_force():
    held = hold(tiered(500.0))
    for change in CHANGES:
        refused = pytest.raises((InternalError, IntegrityError))
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE tiering_override SET {change} WHERE id = {held.pk}")


def test_sql_removes_neither_override_nor_vote():
    held = hold(tiered(500.0))
    for table in ("tiering_overridevote", "tiering_override"):
        with pytest.raises(InternalError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"DELETE FROM {table} WHERE {'override_id' if 'vote' in table else 'id'} = {held.pk}"
            )


@pytest.mark.django_db(transaction=True)
def test_of_many_approvals_at_once_one_counts():
    asked, officers = ask(tiered(500.0)), [officer() for _ in range(6)]
    outcomes: list[str] = []
    barrier = threading.Barrier(len(officers))

    def decide(by) -> None:
        barrier.wait()
        try:
            outcomes.append(approve(asked, by).status)
        except OverrideDecided as error:
            outcomes.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=(by,)) for by in officers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["in_force", *["override_decided"] * 5]
    assert asked.client.assignments.filter(override=asked).count() == 1
