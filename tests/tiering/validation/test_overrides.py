"""Decisions of people beside what criteria proposed, and what became of the clients."""

import pytest

from crm.models import Client, Role
from tests.factories import make_observation, make_user
from tests.tiering.helpers import days_ago, pending_of, publish, run_now
from tests.tiering.validation.making import THEN, borrower
from tests.tiering.validation.test_validations import answered
from tiering.models import CriteriaVersion, Proposal
from tiering.services.proposals import approve, reject

pytestmark = pytest.mark.django_db
DAY = THEN - 20


def falling(*falls_behind: bool) -> tuple[CriteriaVersion, list[Proposal]]:
    """Clients in Middle whose fall to Low has been proposed; some of them fall behind later."""
    version = publish()
    clients = [borrower(620.0, bad) for bad in falls_behind]
    run_now(as_of=days_ago(THEN))
    for client in clients:
        drops(client)
    run_now(as_of=days_ago(THEN - 5))
    return version, [pending_of(client) for client in clients]


def drops(client: Client) -> None:
    make_observation(client, "credit_score", 500.0, observed_on=days_ago(THEN - 3).date())


def found(version: CriteriaVersion, *days: int) -> dict:
    return answered(version, days=[days_ago(day).date() for day in days or (DAY,)], months=5)["overrides"]


def way(found: dict, name: str, decision: str) -> tuple[int, int, int]:
    (one,) = (one for one in found["ways"] if (one["way"], one["decision"]) == (name, decision))
    return one["decided"], one["subjects"], one["bad"]


def test_rejections_are_told_by_way_and_officer_with_what_followed():
    version, (kept, kept_bad, followed) = falling(False, True, True)
    one, other = make_user(Role.RISK_OFFICER), make_user(Role.RISK_OFFICER)
    at = days_ago(THEN - 10)
    for proposal, officer in ((kept, one), (kept_bad, other)):
        reject(proposal=proposal, decided_by=officer, comment="One quarter", at=at)
    approve(proposal=followed, decided_by=one, comment="", at=at)
    told = found(version)
    assert (told["decided"], told["rejected"], told["assessed"]) == (3, 2, 3)
    assert told["rate"] == told["of_assessed"] == pytest.approx(2 / 3)
    assert way(told, "down", "rejected") == (2, 2, 1)
    assert way(told, "down", "approved") == (1, 1, 1)
    assert way(told, "up", "rejected") == (0, 0, 0)
    officers = {row["officer"]: row for row in told["officers"]}
    assert (officers[one.pk]["decided"], officers[one.pk]["rejected"], officers[one.pk]["down"]) == (2, 1, 1)
    assert officers[other.pk]["rejected_outcome"]["bad"] == 1


def test_only_what_was_decided_within_the_horizon_before_the_day_counts():
    version, (early, late, waits) = falling(False, False, False)
    officer = make_user(Role.RISK_OFFICER)
    reject(proposal=early, decided_by=officer, comment="No", at=days_ago(THEN - 10))
    reject(proposal=late, decided_by=officer, comment="No", at=days_ago(DAY - 10))
    assert waits.status == "pending"
    assert found(version)["decided"] == 1
    assert found(version, THEN - 1)["decided"] == 0


def test_decision_counts_once_for_the_first_day_after_it():
    version, (proposal,) = falling(False)
    reject(proposal=proposal, decided_by=make_user(Role.RISK_OFFICER), comment="No", at=days_ago(THEN - 10))
    told = found(version, THEN - 1, DAY + 5, DAY)
    assert (told["decided"], way(told, "down", "rejected")) == (1, (1, 1, 0))


def test_client_who_could_not_have_the_outcome_is_decided_on_but_not_told():
    version, (proposal,) = falling(False)
    reject(proposal=proposal, decided_by=make_user(Role.RISK_OFFICER), comment="No", at=days_ago(THEN - 10))
    proposal.client.facilities.update(closed_on=days_ago(THEN - 15).date())
    assert way(found(version), "down", "rejected") == (1, 0, 0)
