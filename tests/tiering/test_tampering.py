"""What four eyes saw stays what they saw, even for somebody who writes SQL."""

import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from crm.models import Role
from tests.factories import make_client, make_observation, make_user
from tests.tiering.helpers import a_document, days_ago, pending_of, publish, run_now
from tests.tiering.test_trials import STRICTER
from tiering.models import CriteriaVersion, Proposal, TieringRun
from tiering.services.proposals import reject

pytestmark = pytest.mark.django_db
DECIDE = "status = 'approved', decided_by_id = %(by)s, decided_at = now(), client_rm_id = %(rm)s"
VOTE = """
INSERT INTO tiering_vote (proposal_id, client_id, voter_id, verdict, comment, at)
VALUES (%(id)s, %(client)s, %(by)s, 'approve', '', now())
"""
REFUSED = (IntegrityError, InternalError)


@pytest.fixture
def proposal() -> Proposal:
    publish()
    client = make_client(rm=make_user(Role.RM))
    make_observation(client, "credit_score", 720.0, observed_on=days_ago(30).date())
    run_now(as_of=days_ago(20))
    make_observation(client, "credit_score", 500.0, observed_on=days_ago(15).date())
    run_now(as_of=days_ago(10), requested_by=make_user(Role.RISK_OFFICER))
    return pending_of(client)


def write(sql: str, **values: int | None) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.rowcount


def decide(proposal: Proposal, by: int | None, rm: int | None, more: str = "", votes: bool = True) -> int:
    """The vote of one person, and the decision that it makes."""
    sql = f"UPDATE tiering_proposal SET {DECIDE}{more} WHERE id = %(id)s"
    with transaction.atomic(), connection.cursor() as cursor:
        if votes:
            cursor.execute(VOTE, {"id": proposal.pk, "by": by, "client": proposal.client_id})
        cursor.execute(sql, {"id": proposal.pk, "by": by, "rm": rm})
        return cursor.rowcount


def test_risk_officer_decides_by_sql_as_by_page(proposal):
    assert decide(proposal, make_user(Role.RISK_OFFICER).pk, proposal.client.rm_id) == 1


@pytest.mark.parametrize("role", [role for role in Role if role != Role.RISK_OFFICER])
def test_nobody_else_decides(proposal, role):
    with pytest.raises(IntegrityError, match="only a risk officer"):
        decide(proposal, make_user(role).pk, proposal.client.rm_id)


def test_disabled_officer_decides_nothing(proposal):
    with pytest.raises(IntegrityError, match="only a risk officer"):
        decide(proposal, make_user(Role.RISK_OFFICER, is_active=False).pk, proposal.client.rm_id)


@pytest.mark.parametrize("rm", ["nobody", "another"])
def test_rm_of_the_client_cannot_be_left_out_of_a_decision(proposal, rm):
    given = make_user(Role.RM).pk if rm == "another" else None
    with pytest.raises(IntegrityError, match="not the RM of the client"):
        decide(proposal, make_user(Role.RISK_OFFICER).pk, given)


def test_maker_cannot_decide_by_forgetting_who_asked(proposal):
    maker = proposal.requested_by_id
    with pytest.raises(IntegrityError, match="its maker"):
        decide(proposal, maker, proposal.client.rm_id)
    with pytest.raises(IntegrityError, match="votes do not decide"):
        decide(proposal, maker, proposal.client.rm_id, votes=False)
    with pytest.raises(InternalError, match="Cannot update"):
        decide(proposal, maker, proposal.client.rm_id, ", requested_by_id = NULL", votes=False)


@pytest.mark.parametrize(
    "change",
    [
        "comment = 'never said'",
        "status = 'pending', decided_by_id = NULL, decided_at = NULL",
        "status = 'approved'",
        "decided_at = now() - interval '1 year'",
        "to_tier_id = from_tier_id + 1",
    ],
)
def test_decided_proposal_stays_as_it_was_decided(proposal, change):
    reject(proposal=proposal, decided_by=make_user(Role.RISK_OFFICER), comment="no")
    with pytest.raises(InternalError):
        write(f"UPDATE tiering_proposal SET {change} WHERE id = %(id)s", id=proposal.pk)


def test_no_proposal_goes(proposal):
    with pytest.raises(InternalError):
        write("DELETE FROM tiering_proposal WHERE id = %(id)s", id=proposal.pk)


def test_no_proposal_begins_decided(proposal):
    proposal.pk, proposal.status = None, Proposal.Status.SUPERSEDED
    with pytest.raises(InternalError), transaction.atomic():
        proposal.save(force_insert=True)


@pytest.mark.parametrize(
    "change",
    [
        "document = '{}'",
        "criteria_id = criteria_id, id = 999999",
        "approver_id = NULL, status = 'draft'",
        "author_id = approver_id, approver_id = author_id",
        "effective_from = effective_from - interval '1 day'",
    ],
)
def test_published_criteria_stay_as_they_were_published(proposal, change):
    version = CriteriaVersion.objects.get()
    with pytest.raises(REFUSED):
        write(f"UPDATE tiering_criteriaversion SET {change} WHERE id = %(id)s", id=version.pk)


def test_superseded_criteria_do_not_come_back(proposal):
    version = CriteriaVersion.objects.get()
    later = publish(a_document(cutoffs=STRICTER), effective_from=days_ago(5))
    write("UPDATE tiering_criteriaversion SET status = 'superseded' WHERE id = %(id)s", id=later.pk)
    with pytest.raises(IntegrityError, match="another one followed it"):
        write("UPDATE tiering_criteriaversion SET status = 'published' WHERE id = %(id)s", id=version.pk)


@pytest.mark.parametrize("change", ["as_of = now()", "requested_by_id = NULL", "slot = 'another'"])
def test_run_keeps_the_terms_it_was_started_on(proposal, change):
    run = TieringRun.objects.get(pk=proposal.run_id)
    with pytest.raises(InternalError):
        write(f"UPDATE tiering_tieringrun SET {change} WHERE id = %(id)s", id=run.pk)
