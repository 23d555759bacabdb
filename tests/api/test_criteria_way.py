"""The way of a version and its test cases by API."""

import pytest

from crm.models import Role
from tests.api.asking import Asker
from tests.api.test_malformed import BODIES, refused
from tests.factories import make_user
from tests.tiering.helpers import a_document, publish
from tests.tiering.test_trials import STRICTER
from tiering.models import CriteriaVersion

pytestmark = pytest.mark.django_db
GOOD = {"name": "Good", "facts": {"credit_score": 720}, "tier": "High"}


@pytest.fixture
def author():
    return Asker(make_user(Role.CRITERIA_ADMIN))


@pytest.fixture
def checker():
    return Asker(make_user(Role.CRITERIA_ADMIN))


def draft(author: Asker, **changes) -> str:
    """The path of a new draft."""
    pk = author.post("criteria/", {"document": a_document(**changes)}).data["id"]
    return f"criteria/{pk}/"


def test_two_people_take_a_draft_to_what_is_in_effect(author, checker):
    first = publish()
    path = draft(author, cutoffs=STRICTER)
    assert author.post(f"{path}submit/", {"purpose": "Stricter."}).data["status"] == "submitted"
    shown = {"content_hash": author.get(path).data["content_hash"]}
    assert author.post(f"{path}approve/", shown).data["code"] == "own_criteria"
    assert checker.post(f"{path}approve/", {"content_hash": "0" * 64}).data["code"] == "other_content"
    assert checker.post(f"{path}approve/", {**shown, "replaces": 0}).data["code"] == "other_basis"
    assert list(checker.post(f"{path}publish/", shown).data["fields"]) == ["replaces"]
    compared = {**shown, "replaces": first.pk}
    assert checker.post(f"{path}publish/", compared).data["code"] == "not_approved"
    approved = checker.post(f"{path}approve/", {**compared, "comment": "Sound."})
    assert (approved.status_code, approved.data["status"]) == (200, "approved")
    assert author.post(f"{path}publish/", compared).data["code"] == "own_criteria"
    assert checker.post(f"{path}publish/", {**shown, "replaces": 0}).data["code"] == "other_basis"
    published = checker.post(f"{path}publish/", {**compared, "effective_from": "2031-01-01T00:00:00Z"})
    assert (published.data["status"], published.data["effective_from"][:4]) == ("published", "2031")
    assert checker.post(f"{path}publish/", compared).status_code == 409
    assert author.post(f"{path}call-off/", {"reason": "Later."}).data["code"] == "own_criteria"
    assert checker.post(f"{path}call-off/", {}).status_code == 400
    assert checker.post(f"{path}call-off/", {"reason": "Later."}).data["status"] == "draft"
    assert checker.post(f"{path}call-off/", {"reason": "Later."}).data["code"] == "nothing_to_call_off"
    steps = checker.get(f"{path}steps/").data["steps"]
    assert [(step["act"], step["comment"]) for step in steps] == [
        ("submitted", "Stricter."),
        ("approved", "Sound."),
        ("published", ""),
        ("called_off", "Later."),
    ]


def test_version_is_sent_back_and_withdrawn(author, checker):
    path = draft(author)
    assert author.post(f"{path}submit/", {}).status_code == 400
    author.post(f"{path}submit/", {"purpose": "Why."})
    assert checker.post(f"{path}reject/", {"reason": ""}).status_code == 400
    assert checker.post(f"{path}reject/", {"reason": "Too strict."}).data["status"] == "draft"
    assert author.post(f"{path}withdraw/").data["code"] == "not_submitted"
    author.post(f"{path}submit/", {"purpose": "Why."})
    assert author.post(f"{path}withdraw/").data["status"] == "draft"
    assert author.get(path).data["purpose"] == "Why."


def test_draft_is_discarded(author):
    path = draft(author)
    assert author.send("DELETE", path).status_code == 204
    assert author.get(path).status_code == 404
    assert author.send("DELETE", f"criteria/{publish().pk}/").data["code"] == "not_a_draft"


def test_unfinished_draft_is_refused_by_place(author):
    document = a_document()
    document["scorecards"][0]["dimensions"][0]["weight"] = 9900
    pk = author.post("criteria/", {"document": document}).data["id"]
    refused = author.post(f"criteria/{pk}/submit/", {"purpose": "Why."})
    assert (refused.status_code, refused.data["code"]) == (400, "criteria_refused")
    assert "$.scorecards[0].dimensions" in refused.data["fields"]


def test_test_cases_are_kept_run_and_have_to_pass(author):
    path = draft(author)
    made = author.post(f"{path}tests/", {**GOOD, "gates": [], "score": "100.0"})
    assert (made.status_code, made.data["gates"], made.data["held_days"]) == (201, [], None)
    wrong = author.post(f"{path}tests/", {"name": "Bad", "facts": {}, "tier": "High"})
    run = author.get(f"{path}tests/run/").data
    assert (run["passing"], run["failing"]) == (1, 1)
    assert [result["faults"] for result in run["results"]] == [[], ["tier Low instead of High"]]
    assert {"kind": "band", "count": 1, "total": 3} in run["coverage"]
    refused = author.post(f"{path}submit/", {"purpose": "Why."})
    assert (refused.status_code, refused.data["code"]) == (409, "tests_fail")
    test = wrong["Location"].split("/api/v1/")[1]
    assert author.send("PUT", test, {"name": "Bad", "facts": {}, "tier": "Low"}).data["tier"] == "Low"
    assert author.post(f"{path}submit/", {"purpose": "Why."}).status_code == 200
    assert author.send("DELETE", test).status_code == 204
    assert author.get(path).data["status"] == "draft"
    assert [row["name"] for row in author.get(f"{path}tests/").data["tests"]] == ["Good"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({**GOOD, "tier": "Top"}, "tier"),
        ({**GOOD, "facts": {"wealth": 1}}, "facts.wealth"),
        ({**GOOD, "facts": {"credit_score": [1]}}, "facts.credit_score"),
        ({**GOOD, "facts": {"credit_score": {"a": 1}}}, "facts.credit_score"),
        ({**GOOD, "facts": {"rating": None}}, "facts.rating"),
        ({**GOOD, "facts": [1]}, "facts"),
        ({**GOOD, "score": "101"}, "score"),
        ({**GOOD, "score": "abc"}, "score"),
        ({**GOOD, "name": ""}, "name"),
        ({**GOOD, "owner": 1}, "owner"),
        ({**GOOD, "gates": ["flood"]}, "gates"),
    ],
)
def test_test_case_that_means_nothing_is_refused_by_field(author, body, field):
    refused = author.post(f"{draft(author)}tests/", body)
    assert refused.status_code == 400
    assert any(name == field or name.startswith(f"{field}.") for name in refused.data["fields"])


def test_cases_of_others_drafts_are_hidden_from_who_does_not_work_on_criteria(author):
    path = draft(author)
    pk = author.post(f"{path}tests/", GOOD).data["id"]
    rm = Asker(make_user(Role.RM))
    assert rm.get(f"{path}tests/").status_code == 403
    assert rm.get(f"criteria/tests/{pk}/").status_code == 403
    assert Asker(make_user(Role.AUDITOR)).get(f"criteria/tests/{pk}/").data["name"] == "Good"
    assert CriteriaVersion.objects.count() == 1


@pytest.mark.parametrize("name", BODIES)
def test_body_that_is_none_is_refused(author, checker, name):
    path = draft(author)
    pk = author.post(f"{path}tests/", GOOD).data["id"]
    sent = [
        author.send("POST", f"{path}tests/", raw=BODIES[name]),
        author.send("PUT", f"criteria/tests/{pk}/", raw=BODIES[name]),
        author.send("POST", f"{path}submit/", raw=BODIES[name]),
        checker.send("POST", f"{path}reject/", raw=BODIES[name]),
        checker.send("POST", f"{path}approve/", raw=BODIES[name]),
        checker.send("POST", f"{path}publish/", raw=BODIES[name]),
    ]
    assert all(map(refused, sent)), [answer.content for answer in sent]
