from collections import Counter
from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction

from crm.errors import NotPermitted
from crm.models import Role
from tests.at_once import at_once
from tests.factories import make_client, make_observation, make_user
from tests.tiering.helpers import a_document, days_ago, pending_of, publish, run_now, tier_of
from tiering.errors import (
    AlreadyDecided,
    ClientsOwnRM,
    CommentRequired,
    EvidenceOutdated,
    OwnProposal,
    StaleProposal,
)
from tiering.models import Assignment, Proposal
from tiering.services.proposals import approve, decide_many, reject
from tiering.services.requests import drain_requests

pytestmark = pytest.mark.django_db


def observe(client, score, days):
    make_observation(client, "credit_score", score, observed_on=days_ago(days).date())


def proposed(client=None, requested_by=None) -> Proposal:
    """A client in High whom new evidence would put into Low."""
    client = client or make_client(rm=make_user(Role.RM))
    observe(client, 720.0, 30)
    run_now(as_of=days_ago(20))
    observe(client, 500.0, 15)
    run_now(as_of=days_ago(10), requested_by=requested_by)
    return pending_of(client)


@pytest.fixture
def officer():
    return make_user(Role.RISK_OFFICER)


@pytest.fixture(autouse=True)
def criteria():
    return publish()


def test_approval_puts_the_tier_in_force_and_is_signed(officer):
    proposal = proposed()
    assignment = approve(proposal=proposal, decided_by=officer, comment="agreed")
    assert tier_of(proposal.client) == "Low"
    assert (assignment.proposal, assignment.assessment) == (proposal, proposal.assessment)
    assert (proposal.status, proposal.decided_by, proposal.client_rm) == (
        "approved",
        officer,
        proposal.client.rm,
    )
    former = Assignment.objects.exclude(pk=assignment.pk).get()
    assert former.valid_to == assignment.valid_from == proposal.decided_at


def test_rejection_keeps_the_tier_and_needs_a_reason(officer):
    proposal = proposed()
    with pytest.raises(CommentRequired):
        reject(proposal=proposal, decided_by=officer, comment="  ")
    reject(proposal=proposal, decided_by=officer, comment="The bureau is wrong")
    proposal.refresh_from_db()
    assert (proposal.status, tier_of(proposal.client)) == ("rejected", "High")


def test_decision_may_carry_a_past_moment(officer):
    proposal = proposed()
    at = days_ago(5)
    assert approve(proposal=proposal, decided_by=officer, at=at).valid_from == at
    assert proposal.decided_at == at


def test_decided_proposal_cannot_be_decided_again(officer):
    proposal = proposed()
    approve(proposal=proposal, decided_by=officer)
    with pytest.raises(AlreadyDecided):
        reject(proposal=proposal, decided_by=officer, comment="too late")


def test_proposal_whose_evidence_changed_cannot_be_approved(officer):
    proposal = proposed()
    observe(proposal.client, 480.0, 5)
    run_now()
    with pytest.raises(AlreadyDecided):
        approve(proposal=proposal, decided_by=officer)
    assert tier_of(proposal.client) == "High"


@pytest.mark.parametrize("table", ["assessment", "facts"])
def test_proposal_on_a_closed_assessment_or_facts_is_stale(officer, table):
    proposal = proposed()
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE tiering_{table} SET valid_to = now() WHERE client_id = %s AND valid_to IS NULL",
            [proposal.client_id],
        )
    with pytest.raises(StaleProposal):
        approve(proposal=proposal, decided_by=officer)


def test_proposal_by_criteria_that_are_not_in_effect_any_more_is_stale(officer):
    proposal = proposed()
    publish(a_document(note={"en": "2", "zh": "2"}), effective_from=days_ago(1))
    with pytest.raises(StaleProposal):
        approve(proposal=proposal, decided_by=officer)
    approve(proposal=proposal, decided_by=officer, at=days_ago(2))


def test_criteria_that_take_effect_later_leave_proposals_alone(officer):
    proposal = proposed()
    publish(a_document(note={"en": "2", "zh": "2"}), effective_from=days_ago(-1))
    approve(proposal=proposal, decided_by=officer)
    assert tier_of(proposal.client) == "Low"


def test_maker_cannot_decide():
    maker = make_user(Role.RISK_OFFICER)
    proposal = proposed(requested_by=maker)
    with pytest.raises(OwnProposal):
        approve(proposal=proposal, decided_by=maker)
    approve(proposal=proposal, decided_by=make_user(Role.RISK_OFFICER))


def test_clients_rm_cannot_decide(officer):
    proposal = proposed(make_client(rm=officer))
    with pytest.raises(ClientsOwnRM):
        approve(proposal=proposal, decided_by=officer)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.RISK_OFFICER])
def test_only_risk_officers_decide(role):
    with pytest.raises(NotPermitted):
        approve(proposal=proposed(), decided_by=make_user(role))


@pytest.mark.parametrize("column", ["requested_by_id", "client_rm_id"])
def test_database_refuses_a_checker_who_is_maker_or_rm(officer, column):
    proposal = proposed()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE tiering_proposal SET status = 'approved', decided_by_id = %(by)s, decided_at = now(),"
            f" {column} = %(by)s WHERE id = %(id)s",
            {"by": officer.pk, "id": proposal.pk},
        )


@pytest.mark.django_db(transaction=True)
def test_proposal_whose_clients_records_changed_waits_for_the_assessment_of_them(officer):
    proposal = proposed()
    observe(proposal.client, 710.0, 1)
    with pytest.raises(EvidenceOutdated):
        approve(proposal=proposal, decided_by=officer)
    with pytest.raises(EvidenceOutdated):
        reject(proposal=proposal, decided_by=officer, comment="no")
    assert pending_of(proposal.client) == proposal
    assert drain_requests()
    with pytest.raises(AlreadyDecided):
        approve(proposal=proposal, decided_by=officer)
    assert tier_of(proposal.client) == "High"


def test_deciding_on_many_tells_each_outcome(officer):
    fine, own = proposed(), proposed(make_client(rm=officer))
    decided = proposed()
    approve(proposal=decided, decided_by=officer)
    outcome = decide_many(ids=[fine.pk, own.pk, decided.pk, 10**9], verdict="approve", decided_by=officer)
    assert [item.error.code if item.error else "" for item in outcome] == [
        "",
        "clients_own_rm",
        "already_decided",
        "not_found",
    ]
    assert (tier_of(fine.client), tier_of(own.client)) == ("Low", "High")


@pytest.mark.django_db(transaction=True)
def test_of_twenty_simultaneous_approvals_one_wins():
    proposal = proposed()
    officers = [make_user(Role.RISK_OFFICER) for _ in range(20)]

    def decide(officer):
        return approve(proposal=Proposal.objects.get(pk=proposal.pk), decided_by=officer)

    outcomes = at_once(*(partial(decide, officer) for officer in officers))
    assert Counter(map(type, outcomes)) == {AlreadyDecided: 19, Assignment: 1}
    assert Assignment.objects.filter(client=proposal.client, valid_to=None).count() == 1
