"""What follows from tiers over the API: the same services, rules and messages as the pages."""

import pytest

from crm.models import Role
from tests.api.asking import Asker
from tests.factories import make_user
from tests.tiering.follows.making import fallen, lead_of
from tiering.models import FacilityChange, PeriodicReview

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    return fallen()


def test_client_tells_what_follows_and_what_to_offer(client):
    asker = Asker(client.rm)
    told = asker.get(f"clients/{client.pk}/follows/").data
    assert told["tier"]["key"] == "Low"
    assert told["ceiling"] == {"amount": 1_000_000, "bound_by": "revenue", "unknown": []}
    assert (told["add_on"], told["review_months"], told["products"]) == (200, 3, ["factoring"])
    assert (told["base_rate"], told["ticket"], told["documents"]) == (None, None, [])
    assert told["review_due_on"] == str(PeriodicReview.objects.get(client=client).due_on)
    assert [offer["product"] for offer in asker.get(f"clients/{client.pk}/offers/").data] == ["factoring"]
    assert [one["id"] for one in asker.get("offers/", product="factoring").data["results"]] == [client.pk]
    assert "Known values" in asker.get("offers/", product="gold").data["fields"]["product"][0]
    assert Asker(make_user(Role.RM)).get(f"clients/{client.pk}/follows/").status_code == 404


def test_facility_changes_are_decided_each_for_itself(client):
    lead = Asker(lead_of(client))
    listed = lead.get("facility-changes/", status="proposed").data["results"]
    assert {change["term"] for change in listed} == {"limit", "rate"}
    body = {"changes": [change["id"] for change in listed] + [987_654], "verdict": "decline", "reason": "No"}
    told = lead.post("facility-changes/decide/", body).data
    assert (told["decided"], told["refused"]) == (2, 1)
    assert told["results"][-1]["error"]["code"] == "not_found"
    assert set(FacilityChange.objects.values_list("status", flat=True)) == {"declined"}
    assert lead.post("facility-changes/decide/", {**body, "reason": ""}).status_code == 400


def test_review_is_prepared_sent_back_and_signed(client):
    review, officer = PeriodicReview.objects.get(client=client), Asker(make_user(Role.RISK_OFFICER))
    path, findings = f"periodic-reviews/{review.pk}", {"conclusion": "keep", "findings": "Sound."}
    assert officer.post(f"{path}/sign/").data["code"] == "review_not_prepared"
    assert Asker(client.rm).post(f"{path}/prepare/", findings).data["status"] == "prepared"
    assert officer.post(f"{path}/return/").data["code"] == "remark_required"
    assert officer.post(f"{path}/return/", {"remark": "Why?"}).data["status"] == "open"
    Asker(client.rm).post(f"{path}/prepare/", findings)
    done = officer.post(f"{path}/sign/", {"remark": "Agreed"}).data
    assert (done["status"], done["evidence"]["exposure"]) == ("done", 2_000_000)
    assert officer.get("periodic-reviews/", status="open").data["results"][0]["client"]["id"] == client.pk
