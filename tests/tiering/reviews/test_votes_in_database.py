"""What the database holds of votes, whoever goes past the services."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from crm.models import Interest, Role, User
from tests.factories import make_client, make_user
from tests.tiering.helpers import publish
from tests.tiering.reviews.deciding import away, everything_asks, officer, one_waiting
from tiering.models import Committee, Proposal
from tiering.services.proposals import approve

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture(autouse=True)
def criteria():
    return publish()


def refusal(sql: str, **values: int | str | None) -> str:
    """What the database says against a statement; empty where it does it."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
    except DatabaseError as error:
        return str(error)
    return ""


def vote(proposal: Proposal, voter: User, verdict: str = "approve", acting_for: User | None = None) -> str:
    return refusal(
        "INSERT INTO tiering_vote (proposal_id, client_id, voter_id, acting_for_id, verdict, comment, at)"
        " VALUES (%(id)s, %(client)s, %(voter)s, %(principal)s, %(verdict)s, %(comment)s, now())",
        id=proposal.pk,
        client=proposal.client_id,
        voter=voter.pk,
        principal=acting_for.pk if acting_for else None,
        verdict=verdict,
        comment="no" if verdict == "reject" else "",
    )


def decide(proposal: Proposal, by: User, status: str = "approved") -> str:
    return refusal(
        "UPDATE tiering_proposal SET status = %(status)s, decided_by_id = %(by)s, decided_at = now(),"
        " client_rm_id = %(rm)s, comment = 'said' WHERE id = %(id)s",
        status=status,
        by=by.pk,
        rm=proposal.client.rm_id,
        id=proposal.pk,
    )


def of_three(proposal: Proposal) -> Committee:
    """Two of three have to approve."""
    return Committee.objects.create(proposal=proposal, client_id=proposal.client_id, members=3, needs=2)


def test_vote_of_an_officer_decides_and_nothing_without_one():
    proposal, voter = one_waiting(), officer()
    assert "votes do not decide" in decide(proposal, voter)
    assert vote(proposal, voter) == ""
    assert "votes do not decide" in decide(proposal, officer())
    assert "votes do not decide" in decide(proposal, voter, "rejected")
    assert decide(proposal, voter) == ""


@pytest.mark.parametrize("who", ["rm", "maker", "interested", "another role", "inactive"])
def test_vote_of_somebody_who_is_barred_is_refused(who):
    maker, rm, interested = officer(), officer(), officer()
    proposal = one_waiting(make_client(rm=rm, team=make_user().team), requested_by=maker)
    Interest.objects.create(user=interested, client=proposal.client, reason="shares")
    voters = {
        "rm": rm,
        "maker": maker,
        "interested": interested,
        "another role": make_user(Role.AUDITOR),
        "inactive": officer(is_active=False),
    }
    said = vote(proposal, voters[who])
    assert ("only a risk officer" if who in ("another role", "inactive") else "its maker, the RM") in said


def test_nobody_acts_for_somebody_who_is_there():
    proposal, chief, deputy = one_waiting(), officer(), officer()
    assert "acts for nobody" in vote(proposal, deputy, acting_for=chief)
    away(chief, deputy, TODAY - timedelta(days=30), TODAY - timedelta(days=3))
    assert "acts for nobody" in vote(proposal, deputy, acting_for=chief)
    away(chief, deputy, TODAY, TODAY)
    assert vote(proposal, deputy, acting_for=chief) == ""


def test_nobody_acts_for_somebody_who_is_barred():
    chief, deputy = officer(), officer()
    proposal = one_waiting(requested_by=chief)
    away(chief, deputy, TODAY, TODAY)
    assert "its maker, the RM" in vote(proposal, deputy, acting_for=chief)


def test_one_vote_for_each_person_whoever_casts_it():
    proposal, chief, deputy = one_waiting(), officer(), officer()
    of_three(proposal)
    away(chief, deputy, TODAY, TODAY)
    assert vote(proposal, chief) == ""
    assert "one vote for each" in vote(proposal, chief)
    assert "one vote for each" in vote(proposal, deputy, acting_for=chief)
    assert vote(proposal, deputy) == ""


def test_vote_of_too_low_a_grade_is_refused():
    proposal, low, high = one_waiting(), officer(), officer(grade=2)
    Committee.objects.create(proposal=proposal, client_id=proposal.client_id, members=2, needs=1, grade=2)
    assert "a higher grade is asked for" in vote(proposal, low)
    away(high, low, TODAY, TODAY)
    assert vote(proposal, low, acting_for=high) == ""


def test_grade_that_was_asked_for_stands_with_the_vote():
    everything_asks({"grade": 2})
    proposal, high = one_waiting(), officer(grade=2)
    approve(proposal=proposal, decided_by=high)
    assert proposal.votes.get().grade == 2
    other = one_waiting()
    asked = "INSERT INTO tiering_vote (proposal_id, client_id, voter_id, grade, verdict, comment, at)"
    said = refusal(f"{asked} VALUES ({other.pk}, {other.client_id}, {high.pk}, 3, 'approve', '', now())")
    assert "a higher grade is asked for" in said


def test_committee_decides_with_as_many_votes_as_it_asks_for():
    proposal, first, second = one_waiting(), officer(), officer()
    of_three(proposal)
    vote(proposal, first)
    assert "votes do not decide" in decide(proposal, first)
    vote(proposal, second)
    Interest.objects.create(user=first, client=proposal.client, reason="shares")
    assert "votes do not decide" in decide(proposal, second)
    third = officer()
    vote(proposal, third)
    assert decide(proposal, third) == ""


def test_committee_rejects_only_when_it_can_no_longer_agree():
    proposal, first, second = one_waiting(), officer(), officer()
    of_three(proposal)
    vote(proposal, first, "reject")
    assert "votes do not decide" in decide(proposal, first, "rejected")
    vote(proposal, second, "reject")
    assert decide(proposal, second, "rejected") == ""


def test_committee_is_not_called_off_or_called_too_late():
    proposal, voter = one_waiting(), officer()
    committee = of_three(proposal)
    vote(proposal, voter)
    for sql in ("UPDATE tiering_committee SET needs = 1, members = 2", "DELETE FROM tiering_committee"):
        assert "Cannot" in refusal(f"{sql} WHERE id = %(id)s", id=committee.pk)
    other = one_waiting()
    approve(proposal=other, decided_by=voter)
    late = "INSERT INTO tiering_committee (proposal_id, client_id, members, needs, grade, reason)"
    said = refusal(f"{late} VALUES (%(id)s, %(client)s, 2, 2, 1, '')", id=other.pk, client=other.client_id)
    assert "votes were cast" in said


@pytest.mark.parametrize("change", ["verdict = 'reject'", "voter_id = voter_id + 1", "comment = 'x'"])
def test_vote_stays_as_cast(change):
    proposal = one_waiting()
    approve(proposal=proposal, decided_by=officer())
    assert "Cannot update or delete" in refusal(f"UPDATE tiering_vote SET {change}")
    assert "Cannot update or delete" in refusal("DELETE FROM tiering_vote")


def test_decided_proposal_takes_no_further_vote():
    proposal = one_waiting()
    approve(proposal=proposal, decided_by=officer())
    assert "does not wait for votes" in vote(proposal, officer())
