"""Overrides through the API: the same acts, rules and figures as on the pages."""

import pytest

from crm.models import Role
from tests.api.asking import Asker
from tests.factories import make_user
from tests.tiering.helpers import publish, tier_of
from tests.tiering.overriding.making import ask, hold, in_days, officer, tiered

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    publish()
    return tiered(500.0)


def asked_for(client, **changes):
    body = {
        "client": client.pk,
        "tier": "Middle",
        "reason": "group_support",
        "grounds": "The parent guarantees the loans",
        "last_day": in_days(60).isoformat(),
    }
    return {**body, **changes}


def test_override_is_asked_for_approved_and_ended(client):
    made = Asker(client.rm).post("overrides/", asked_for(client))
    assert (made.status_code, made.data["status"], made.data["direction"]) == (201, "requested", "up")
    path, by = f"overrides/{made.data['id']}/", Asker(officer())
    approved = by.post(f"{path}decide/", {"decision": "approve", "assessment": made.data["assessment"]})
    assert (approved.data["status"], approved.data["votes"][0]["verdict"]) == ("in_force", "approve")
    assert tier_of(client) == "Middle"
    ended = by.post(f"{path}end/", {"reason": "Over"})
    assert (ended.data["status"], tier_of(client)) == ("ended", "Low")


def test_value_is_asked_for_by_metric(client):
    body = asked_for(client, tier="", metric="credit_score", value=650)
    made = Asker(client.rm).post("overrides/", body)
    assert (made.data["kind"], made.data["value"], made.data["criteria_say"]["key"]) == (
        "input",
        650.0,
        "Low",
    )


WRONG = (
    ({"tier": "Top"}, "tier"),
    ({"tier": "Low"}, "tier"),
    ({"last_day": "2020-01-01"}, "last_day"),
    ({"grounds": ""}, "grounds"),
    ({"project": 987_654}, "project"),
    ({"evidence": 987_654}, "evidence"),
)


def test_what_is_wrong_is_told_by_field(client):
    asker = Asker(client.rm)
    for changes, field in WRONG:
        refused = asker.post("overrides/", asked_for(client, **changes))
        assert (refused.status_code, list(refused.data["fields"])) == (400, [field])


def test_strangers_client_is_not_there(client):
    refused = Asker(make_user(Role.RM)).post("overrides/", asked_for(client))
    assert refused.data["fields"] == {"client": ["There is no such client."]}


def test_own_request_is_withdrawn_and_not_decided(client):
    by = officer()
    asked = ask(client, by=by)
    refused = Asker(by).post(f"overrides/{asked.pk}/decide/", {"decision": "approve"})
    assert (refused.status_code, refused.data["code"]) == (403, "own_override")
    assert Asker(by).post(f"overrides/{asked.pk}/withdraw/", {}).data["status"] == "withdrawn"


def test_list_narrows_and_rates_count(client):
    held = hold(client)
    auditor = Asker(make_user(Role.AUDITOR))
    found = [
        row["id"] for row in auditor.get("overrides/", status="in_force", expiring="false").data["results"]
    ]
    assert found == [held.pk]
    assert auditor.get("overrides/", direction="down").data["results"] == []
    rates = auditor.get("overrides/rates/").data
    assert (rates["whole"]["up"], rates["whole"]["rate"]) == (1, 1.0)
    assert rates["officers"][0]["key"] == str(held.decided_by_id)


def test_tier_of_a_client_names_the_override_that_holds_it(client):
    held = hold(client)
    told = Asker(client.rm).get(f"clients/{client.pk}/tier/").data
    assert (told["tier"]["key"], told["override"]["id"]) == ("Middle", held.pk)
    assert told["override"]["criteria_say"]["key"] == "Low"
    assert told["history"][0]["override"] == held.pk
