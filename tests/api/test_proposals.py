import pytest

from crm.models import Role
from tests.api.asking import Asker, make_house
from tests.factories import make_client, make_observation, make_user
from tests.tiering.helpers import days_ago, pending_of, publish, run_now, tier_of
from tiering.models import Proposal

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    """Each of the three clients is High, and a run proposes Low."""
    house = make_house()
    publish()
    propose_for(house.own, house.team, house.foreign)
    return house


@pytest.fixture
def officer(house):
    return Asker(house.officer)


def propose_for(*clients):
    for client in clients:
        make_observation(client, "credit_score", 720, observed_on=days_ago(90).date())
    run_now(as_of=days_ago(60))
    for client in clients:
        make_observation(client, "credit_score", 500, observed_on=days_ago(2).date())
    run_now()


def decide(asker, client, decision="approve", **more):
    return asker.post(f"proposals/{pending_of(client).pk}/decide/", {"decision": decision, **more})


def test_list_shows_visible_proposals_with_their_reason(house, officer):
    rows = Asker(house.rm).get("proposals/").data["results"]
    assert {row["client"]["id"] for row in rows} == {house.own.pk, house.team.pk}
    assert (rows[0]["from_tier"]["key"], rows[0]["to_tier"]["key"]) == ("High", "Low")
    assert rows[0]["reason"] == {"name": "Credit", "points": -80.0}
    assert len(officer.get("proposals/").data["results"]) == 3


def test_filters_narrow(house, officer):
    decide(officer, house.own)
    assert len(officer.get("proposals/", status="pending").data["results"]) == 2
    assert len(officer.get("proposals/", direction="down").data["results"]) == 3
    assert officer.get("proposals/", direction="up").data["results"] == []
    assert len(officer.get("proposals/", client=house.own.pk).data["results"]) == 1
    assert officer.get("proposals/", tier="High").data["results"] == []


def test_approval_puts_the_tier_in_force(house, officer):
    answer = decide(officer, house.own, comment="Seen.")
    assert (answer.status_code, answer.data["status"], answer.data["comment"]) == (200, "approved", "Seen.")
    assert answer.data["decided_by"]["id"] == house.officer.pk
    assert tier_of(house.own) == "Low"


def test_rejection_takes_a_comment_and_keeps_the_tier(house, officer):
    assert decide(officer, house.own, "reject").data["code"] == "comment_required"
    assert decide(officer, house.own, "reject", comment="No.").data["status"] == "rejected"
    assert tier_of(house.own) == "High"


def test_second_decision_conflicts(house, officer):
    pk = pending_of(house.own).pk
    decide(officer, house.own)
    answer = officer.post(f"proposals/{pk}/decide/", {"decision": "approve"})
    assert (answer.status_code, answer.data["code"]) == (409, "already_decided")


def test_maker_cannot_approve_alone_or_in_bulk(house):
    maker = make_user(Role.RISK_OFFICER)
    client = make_client(rm=house.rm)
    make_observation(client, "credit_score", 720, observed_on=days_ago(90).date())
    run_now(as_of=days_ago(50))
    make_observation(client, "credit_score", 500, observed_on=days_ago(2).date())
    run_now(requested_by=maker)
    answer = decide(Asker(maker), client)
    assert (answer.status_code, answer.data["code"]) == (403, "own_proposal")
    pk = pending_of(client).pk
    bulk = Asker(maker).post("proposals/decide/", {"proposals": [pk], "decision": "approve"})
    assert bulk.data["results"][0]["error"]["code"] == "own_proposal"
    assert tier_of(client) == "High"


@pytest.mark.parametrize(
    "role", [Role.RM, Role.TEAM_LEAD, Role.CRITERIA_ADMIN, Role.AUDITOR, Role.SYSTEM_ADMIN]
)
def test_other_roles_do_not_decide(house, role):
    asker = Asker(make_user(role))
    assert decide(asker, house.own).status_code == 403
    body = {"proposals": [pending_of(house.own).pk], "decision": "approve"}
    assert asker.post("proposals/decide/", body).status_code == 403
    assert tier_of(house.own) == "High"


def test_many_are_decided_each_for_itself(house, officer):
    decided, waiting = pending_of(house.own).pk, pending_of(house.team).pk
    decide(officer, house.own)
    body = {"proposals": [decided, waiting, 987654321], "decision": "approve", "comment": "Together."}
    answer = officer.post("proposals/decide/", body)
    assert (answer.data["decided"], answer.data["refused"]) == (1, 2)
    errors = {row["proposal"]: row["error"] and row["error"]["code"] for row in answer.data["results"]}
    assert errors == {decided: "already_decided", waiting: None, 987654321: "not_found"}
    assert tier_of(house.team) == "Low"


def test_fields_that_decide_nothing_are_refused(house, officer):
    answer = decide(officer, house.own, decided_by=1, status="approved")
    assert set(answer.data["fields"]) == {"decided_by", "status"}
    assert Proposal.objects.filter(status="approved").count() == 0
