"""By API: who decides, remarks, questions, committees and work."""

import base64

import pytest

from crm.models import Role
from tests.api.asking import Asker, make_house
from tests.factories import make_user
from tests.tiering.helpers import pending_of, publish, tier_of
from tests.tiering.pages.making import waiting
from tests.tiering.reviews.deciding import TWO_OF_THREE, everything_asks, officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    house = make_house()
    publish()
    waiting(house.own, house.team, house.foreign)
    return house


def path(house, what=""):
    return f"proposals/{pending_of(house.own).pk}/{what}"


def test_detail_says_who_decides_and_who_voted(house):
    everything_asks(TWO_OF_THREE)
    asker, address = Asker(house.officer), path(house)
    answer = asker.post(f"{address}decide/", {"decision": "approve", "comment": "Seen."})
    assert (answer.status_code, answer.data["status"]) == (200, "pending")
    told = asker.get(address).data
    assert told["demand"] == {"grade": 1, "of": 3, "needs": 2}
    assert [(vote["voter"]["id"], vote["verdict"]) for vote in told["votes"]] == [
        (house.officer.pk, "approve")
    ]
    Asker(officer()).post(f"{address}decide/", {"decision": "approve"})
    assert tier_of(house.own) == "Low"


def test_question_is_answered_with_evidence(house):
    asker, rm, address = Asker(house.officer), Asker(house.rm), path(house)
    asked = asker.post(f"{address}remarks/", {"kind": "question", "text": "Is it so?"})
    question = asked.data["remarks"][0]
    assert question["is_open"]
    file = {"name": "bureau.txt", "content": base64.b64encode(b"It is.").decode()}
    answer = rm.post(f"proposals/questions/{question['id']}/answer/", {"text": "Yes.", "file": file})
    assert answer.status_code == 200
    first, second = answer.data["remarks"]
    assert (first["is_open"], second["kind"], second["question"]) == (False, "answer", question["id"])
    assert second["attachment"]


def test_file_that_is_no_base64_is_refused(house):
    file = {"name": "bureau.txt", "content": "!"}
    answer = Asker(house.rm).post(path(house, "remarks/"), {"kind": "comment", "text": "See.", "file": file})
    assert answer.status_code == 400
    assert "base64" in str(answer.data["fields"])


def test_committee_is_called_once(house):
    officer(), officer()
    asker, address = Asker(house.officer), path(house, "committee/")
    body = {"members": 3, "needs": 2, "reason": "Large."}
    assert asker.post(address, body).data["demand"]["of"] == 3
    assert asker.post(address, body).data["code"] == "committee_already"


def test_work_is_taken_handed_over_and_given_back(house):
    other, asker, address = officer(), Asker(house.officer), path(house, "assignment/")
    assert asker.post(address, {"to": house.officer.pk, "was": None}).data["work"]["assignee"]["id"]
    assert asker.post(address, {"to": other.pk, "was": None}).data["code"] == "assigned_meanwhile"
    assert asker.post(address, {"to": other.pk}).data["work"]["assignee"]["id"] == other.pk
    assert asker.post(address, {"to": make_user(Role.RM).pk}).data["code"] == "not_eligible"
    assert asker.post(address, {"to": None}).data["work"]["assignee"] is None
