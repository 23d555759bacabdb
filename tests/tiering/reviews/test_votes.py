"""Who may vote, and what votes come to."""

from datetime import timedelta

import pytest
from django.utils import timezone

from crm.models import Interest, Notice
from crm.selectors.audit import audit_of
from tests.factories import make_client, make_user
from tests.tiering.helpers import days_ago, pending_of, publish, run_now, tier_of
from tests.tiering.pages.making import observe
from tests.tiering.reviews.deciding import (
    TWO_OF_THREE,
    authority,
    away,
    everything_asks,
    officer,
    one_waiting,
)
from tiering.errors import AlreadyDecided, ClientsOwnRM
from tiering.errors_reviews import (
    AlreadyVoted,
    CommitteeAlready,
    CommitteeReasonRequired,
    CommitteeTooSmall,
    GradeTooLow,
    HasInterest,
    NobodyToDecide,
)
from tiering.models import Committee, Vote
from tiering.services.committees import request_committee
from tiering.services.proposals import approve, decide_many, reject
from tiering.services.remarks import comment

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture(autouse=True)
def criteria():
    return publish()


def votes_of(proposal) -> list[tuple]:
    return list(Vote.objects.filter(proposal=proposal).values_list("voter", "acting_for", "verdict"))


def test_without_an_authority_one_vote_decides():
    proposal, decider = one_waiting(), officer()
    approve(proposal=proposal, decided_by=decider, comment="agreed")
    assert (proposal.status, tier_of(proposal.client)) == ("approved", "Low")
    assert votes_of(proposal) == [(decider.pk, None, "approve")]


def test_votes_committees_and_talk_stand_in_the_clients_audit():
    proposal, asking = one_waiting(), officer()
    officer()
    request_committee(proposal=proposal, by=asking, members=2, needs=1, reason="A large client")
    comment(proposal=proposal, by=asking, text="Seen")
    approve(proposal=proposal, decided_by=asking)
    things = {entry.thing for entry in audit_of(proposal.client)}
    assert {"vote", "committee", "remark", "proposal"} <= {str(thing) for thing in things}
    assert proposal.assessment.facts.valid_to is None


def test_grade_of_the_authority_is_asked_for():
    everything_asks({"grade": 2})
    proposal = one_waiting()
    with pytest.raises(GradeTooLow, match="grade 2 here, and yours is 1"):
        approve(proposal=proposal, decided_by=officer(1))
    approve(proposal=proposal, decided_by=officer(2))
    assert tier_of(proposal.client) == "Low"


def test_authority_counts_that_is_in_effect_at_the_moment_of_the_vote():
    authority({"notches": {"min": 1, "max": 19}, "needs": {"grade": 3}}, effective_from=days_ago(3))
    proposal = one_waiting()
    approve(proposal=proposal, decided_by=officer(1), at=days_ago(5))
    assert tier_of(proposal.client) == "Low"


def test_committee_of_the_authority_decides_with_the_vote_that_makes_it():
    everything_asks(TWO_OF_THREE)
    proposal = one_waiting()
    assert approve(proposal=proposal, decided_by=officer()) is None
    assert (proposal.status, tier_of(proposal.client)) == ("pending", "High")
    assert not reject(proposal=proposal, decided_by=officer(), comment="no")
    assert approve(proposal=proposal, decided_by=officer()).tier.key == "Low"
    assert Committee.objects.get().asked_by is None
    with pytest.raises(AlreadyDecided):
        approve(proposal=proposal, decided_by=officer())


def test_committee_rejects_once_it_can_no_longer_agree():
    everything_asks(TWO_OF_THREE)
    proposal = one_waiting()
    for _ in range(2):
        reject(proposal=proposal, decided_by=officer(), comment="no")
    assert (proposal.status, tier_of(proposal.client)) == ("rejected", "High")


def test_nobody_votes_twice():
    everything_asks(TWO_OF_THREE)
    proposal, eager = one_waiting(), officer()
    approve(proposal=proposal, decided_by=eager)
    with pytest.raises(AlreadyVoted):
        approve(proposal=proposal, decided_by=eager)
    assert len(votes_of(proposal)) == 1


def test_deputy_votes_with_the_grade_of_whoever_is_away():
    everything_asks({"grade": 3})
    chief, deputy, proposal = officer(3), officer(1), one_waiting()
    away(chief, deputy, TODAY + timedelta(days=1), TODAY + timedelta(days=9))
    with pytest.raises(GradeTooLow):
        approve(proposal=proposal, decided_by=deputy)
    away(chief, deputy, TODAY, TODAY)
    approve(proposal=proposal, decided_by=deputy)
    assert votes_of(proposal) == [(deputy.pk, chief.pk, "approve")]


def test_deputy_of_somebody_who_may_not_decide_may_not_either():
    everything_asks({"grade": 3})
    chief, deputy, proposal = officer(3), officer(1), one_waiting()
    away(chief, deputy, TODAY, TODAY)
    Interest.objects.create(user=chief, client=proposal.client, reason="shares")
    with pytest.raises(GradeTooLow):
        approve(proposal=proposal, decided_by=deputy)


def test_person_and_deputy_have_one_vote_together():
    everything_asks({"committee": {"of": 3, "needs": 2, "grade": 3}})
    chief, deputy, proposal = officer(3), officer(1), one_waiting()
    approve(proposal=proposal, decided_by=chief)
    away(chief, deputy, TODAY, TODAY, is_away=False)
    with pytest.raises(AlreadyVoted):
        approve(proposal=proposal, decided_by=deputy)


def test_whoever_has_an_interest_does_not_decide_until_it_ends():
    proposal, holder = one_waiting(), officer()
    interest = Interest.objects.create(user=holder, client=proposal.client, reason="shares")
    with pytest.raises(HasInterest):
        approve(proposal=proposal, decided_by=holder)
    interest.ended_at = timezone.now()
    interest.save()
    approve(proposal=proposal, decided_by=holder)
    assert tier_of(proposal.client) == "Low"


def test_vote_of_somebody_who_is_barred_since_does_not_count():
    everything_asks(TWO_OF_THREE)
    proposal, first = one_waiting(), officer()
    approve(proposal=proposal, decided_by=first)
    Interest.objects.create(user=first, client=proposal.client, reason="shares")
    assert approve(proposal=proposal, decided_by=officer()) is None
    assert approve(proposal=proposal, decided_by=officer()) is not None


def test_officer_asks_for_a_committee_and_its_members_are_told():
    proposal, asking, other, third = one_waiting(), officer(), officer(), officer()
    request_committee(proposal=proposal, by=asking, members=3, needs=2, reason="A large client")
    assert approve(proposal=proposal, decided_by=asking) is None
    assert approve(proposal=proposal, decided_by=other) is not None
    told = Notice.objects.filter(kind="review-committee").values_list("recipient", flat=True)
    assert set(told) == {other.pk, third.pk}


def test_committee_that_cannot_be_is_refused():
    proposal, asking = one_waiting(), officer()

    def ask(members=3, needs=2, reason="large", by=asking):
        return request_committee(proposal=proposal, by=by, members=members, needs=needs, reason=reason)

    with pytest.raises(NobodyToDecide, match="Only 1 officers"):
        ask()
    others = [officer(), officer()]
    for wrong in ({"members": 1, "needs": 1}, {"members": 3, "needs": 4}, {"members": 16}):
        with pytest.raises(CommitteeTooSmall):
            ask(**wrong)
    with pytest.raises(CommitteeReasonRequired):
        ask(reason=" ")
    rm = make_client(rm=others[0], team=make_user().team)
    with pytest.raises(ClientsOwnRM):
        request_committee(proposal=one_waiting(rm), by=others[0], members=2, needs=1, reason="?")
    ask()
    with pytest.raises(CommitteeAlready):
        ask()


def test_committee_after_the_first_vote_is_too_late():
    everything_asks(TWO_OF_THREE)
    proposal, first = one_waiting(), officer()
    approve(proposal=proposal, decided_by=first)
    with pytest.raises(CommitteeAlready):
        request_committee(proposal=proposal, by=officer(), members=2, needs=2, reason="?")


def test_committee_of_an_officer_stays_when_newer_facts_replace_the_proposal():
    proposal, asking = one_waiting(), officer()
    officer()
    request_committee(proposal=proposal, by=asking, members=2, needs=2, reason="A large client")
    observe(proposal.client, 480.0, 5)
    run_now()
    newer = pending_of(proposal.client)
    assert newer != proposal
    assert approve(proposal=newer, decided_by=asking) is None
    assert newer.committee.asked_by == asking


def test_deciding_on_many_says_which_wait_for_others():
    authority({"exposure": {"from": 1}, "needs": TWO_OF_THREE})
    from tests.tiering.pages.making import client_with, waiting

    large, small = waiting(client_with(5_000_000), make_client(rm=make_user()))
    outcomes = decide_many(ids=[large.pk, small.pk], verdict="approve", decided_by=officer())
    assert [outcome.status for outcome in outcomes] == ["pending", "approved"]
