"""Committees that officers call to decide on overrides: who calls one, what it takes then, and what SQL cannot undo."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from crm.errors import DomainError, NotPermitted
from crm.models import Notice, Role, User
from crm.selectors.audit import audit_of
from crm.services.absences import declare_interest
from tests.api.asking import Asker
from tests.factories import make_observation, make_user
from tests.tiering.helpers import days_ago, publish
from tests.tiering.overriding.making import approve, ask, hold, officer, tiered
from tests.tiering.pages.making import visitor_of
from tiering.core.authority import OverrideLimits
from tiering.errors_overrides import OverrideDecided, OwnOverride
from tiering.errors_reviews import (
    CommitteeAlready,
    CommitteeReasonRequired,
    CommitteeTooSmall,
    HasInterest,
    NobodyToDecide,
)
from tiering.models import Committee, Override
from tiering.selectors import override_authority
from tiering.services.override_committees import request_override_committee
from tiering.services.override_decisions import decide_override
from tiering.services.requests import drain_requests

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def criteria(monkeypatch):
    monkeypatch.setattr(override_authority, "DEFAULT_LIMITS", OverrideLimits())
    return publish()


@pytest.fixture
def officers() -> list[User]:
    return [officer() for _ in range(4)]


def call(
    override: Override, by: User, members: int = 3, needs: int = 2, reason: str = "A large one"
) -> Committee:
    return request_override_committee(override=override, by=by, members=members, needs=needs, reason=reason)


def reject(override: Override, by: User) -> Override:
    return decide_override(override=override, verdict="reject", by=by, comment="Not shown")


def test_committee_decides_with_as_many_votes_as_it_asks_for(officers):
    asked = ask(tiered(500.0))
    call(asked, officers[0])
    assert approve(asked, officers[0]).status == "requested"
    held = approve(asked, officers[1])
    assert (held.status, held.members, held.needs, held.decided_by) == ("in_force", 3, 2, officers[1])


def test_committee_rejects_once_it_cannot_agree_any_more(officers):
    asked = ask(tiered(500.0))
    call(asked, officers[0])
    assert reject(asked, officers[0]).status == "requested"
    assert reject(asked, officers[1]).status == "rejected"


def test_those_who_may_vote_are_told_and_the_clients_audit_keeps_it(officers):
    asked = ask(tiered(500.0))
    declare_interest(by=officers[3], client=asked.client, reason="Shares")
    call(asked, officers[0])
    told = Notice.objects.filter(kind="override-committee")
    assert set(told.values_list("recipient", flat=True)) == {officers[1].pk, officers[2].pk}
    assert "committee" in {str(entry.thing) for entry in audit_of(asked.client)}


def test_what_calling_one_is_refused_for(officers):
    asked = ask(tiered(500.0), by=officers[3])
    refused: list[tuple[type[DomainError], dict[str, Any]]] = [
        (CommitteeTooSmall, {"members": 1, "needs": 1}),
        (CommitteeTooSmall, {"members": 2, "needs": 3}),
        (CommitteeReasonRequired, {"reason": " "}),
        (NobodyToDecide, {"members": 4}),
    ]
    for error, terms in refused:
        with pytest.raises(error):
            call(asked, officers[0], **terms)
    with pytest.raises(OwnOverride):
        call(asked, officers[3])
    with pytest.raises(NotPermitted):
        call(asked, make_user(Role.AUDITOR))
    declare_interest(by=officers[2], client=asked.client, reason="Shares")
    with pytest.raises(HasInterest):
        call(asked, officers[2])
    call(asked, officers[0], members=2)
    with pytest.raises(CommitteeAlready):
        call(asked, officers[1], members=2)
    with pytest.raises(OverrideDecided):
        call(hold(tiered(500.0), by=officers[3]), officers[0])


def test_facts_that_ask_for_more_are_answered_too(officers):
    asked = ask(tiered(650.0), "High")
    call(asked, officers[0], members=4, needs=1)
    make_observation(asked.client, "days_overdue", 120.0, observed_on=days_ago(1).date())
    drain_requests()
    waiting = approve(asked, officers[0])
    assert (waiting.status, waiting.above_hard_gate) == ("requested", True)
    assert (waiting.members, waiting.needs) == (4, 2)
    assert approve(asked, officers[1]).status == "in_force"


def test_sql_calls_no_committee_too_late_and_undoes_none(officers):
    asked, decided = ask(tiered(500.0)), hold(tiered(500.0), by=officers[3])
    committee = call(asked, officers[0])
    for sql in (
        f"UPDATE tiering_committee SET needs = 1 WHERE id = {committee.pk}",
        "DELETE FROM tiering_committee",
    ):
        assert "Cannot" in refusal(sql)
    late = (
        "INSERT INTO tiering_committee (override_id, client_id, members, needs, grade, asked_by_id, reason)"
        f" VALUES ({decided.pk}, {decided.client_id}, 2, 2, 1, {officers[0].pk}, 'late')"
    )
    assert "does not wait" in refusal(late)
    assert "asks_for_no_less" in refusal(f"UPDATE tiering_override SET needs = 1 WHERE id = {asked.pk}")
    vote = "INSERT INTO tiering_overridevote (override_id, voter_id, verdict, comment)"
    with connection.cursor() as cursor:
        for voter in officers[:2]:
            cursor.execute(f"{vote} VALUES ({asked.pk}, {voter.pk}, 'approve', '')")
    fewer = (
        f"UPDATE tiering_override SET members = 2, status = 'in_force', starts = now(), decided_at = now(),"
        f" decided_by_id = {officers[0].pk}, client_rm_id = {asked.client.rm_id} WHERE id = {asked.pk}"
    )
    assert "a committee that was asked for decides" in refusal(fewer)


def test_sql_takes_no_vote_of_too_low_a_grade(officers):
    asked = ask(tiered(500.0))
    Override.objects.filter(pk=asked.pk).update(grade=2)
    vote = "INSERT INTO tiering_overridevote (override_id, voter_id, verdict, comment)"
    said = refusal(f"{vote} VALUES ({asked.pk}, {officers[0].pk}, 'approve', '')")
    assert "a higher grade is asked for" in said


def refusal(sql: str) -> str:
    with pytest.raises(DatabaseError) as raised, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    return str(raised.value)


def test_officer_calls_one_from_the_page(officers):
    asked, visitor = ask(tiered(500.0)), visitor_of(officers[0])
    address = reverse("tiering:override", args=[asked.pk])
    calling = reverse("tiering:override-committee", args=[asked.pk])
    assert calling in visitor.get(address).content.decode()
    refused = visitor.post(calling, {"members": 5, "needs": 2, "reason": "A large one"})
    assert refused.status_code == 409
    assert "Only 4 officers may vote" in refused.content.decode()
    visitor.post(calling, {"members": 3, "needs": 2, "reason": "A large one"})
    page = visitor.get(address).content.decode()
    assert "2 of 3 risk officers of grade 1 or more have to approve." in page
    assert "asked for a committee" in page
    assert calling not in page


def test_officer_calls_one_by_the_api(officers):
    asked = ask(tiered(500.0))
    told = Asker(officers[0]).post(
        f"overrides/{asked.pk}/committee/", {"members": 3, "needs": 2, "reason": "A large one"}
    )
    assert told.status_code == 200, told.data
    assert (told.data["members"], told.data["needs"], told.data["committee"]["reason"]) == (
        3,
        2,
        "A large one",
    )
    assert told.data["committee"]["asked_by"]["id"] == officers[0].pk
