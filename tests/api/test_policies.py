"""Policies by API: drafts saved whole, and the way that two people take them."""

import pytest

from crm.models import Role
from tests.api.asking import Asker
from tests.factories import make_user
from tests.tiering.policies_made import published, stricter
from tiering.core.authority_document import example

pytestmark = pytest.mark.django_db


@pytest.fixture
def author() -> Asker:
    return Asker(make_user(Role.CRITERIA_ADMIN))


@pytest.fixture
def checker() -> Asker:
    return Asker(make_user(Role.CRITERIA_ADMIN))


def draft(author: Asker) -> str:
    """The path of a new draft."""
    made = author.post("policies/", {"kind": "authority", "document": example()})
    assert made.status_code == 201
    return f"policies/{made.data['id']}/"


def test_two_people_take_a_draft_to_what_is_in_effect(author, checker):
    path = draft(author)
    assert author.post(f"{path}submit/", {"purpose": "Two eyes more."}).data["status"] == "submitted"
    shown = {"content_hash": author.get(path).data["content_hash"], "replaces": 0}
    assert author.post(f"{path}publish/", shown).data["code"] == "own_policy"
    assert (
        checker.post(f"{path}publish/", {**shown, "content_hash": "0" * 64}).data["code"] == "other_content"
    )
    assert checker.post(f"{path}publish/", {**shown, "replaces": 1}).data["code"] == "other_basis"
    assert checker.post(f"{path}publish/", shown).data["status"] == "published"
    acts = [step["act"] for step in author.get(f"{path}steps/").data["steps"]]
    assert acts == ["begun", "submitted", "published"]


def test_saving_asks_for_the_revision_that_was_seen(author, checker):
    path = draft(author)
    given = {"document": stricter(), "revision": 0}
    assert author.send("PUT", path, given).data["revision"] == 1
    assert checker.send("PUT", path, given).data["code"] == "conflict"
    assert author.get(path).data["document"] == stricter()


def test_refusals_name_the_place_in_the_document(author):
    path = draft(author)
    answer = author.send("PUT", path, {"document": {**example(), "decisions": []}, "revision": 0})
    assert (answer.status_code, answer.data["code"]) == (400, "policy_refused")
    assert list(answer.data["fields"]) == ["$.decisions"]


def test_draft_is_based_on_another_version_and_made_once_for_a_key(author):
    origin = published()
    made = [author.post("policies/", {"based_on": origin.pk}, key="k").data["id"] for _ in range(2)]
    assert made[0] == made[1]
    assert author.get(f"policies/{made[0]}/").data["based_on"] == origin.pk
    both = author.post("policies/", {"based_on": origin.pk, "kind": "authority"})
    assert both.status_code == 400
    assert list(author.post("policies/", {"based_on": 987654}).data["fields"]) == ["based_on"]


def test_sent_back_draft_is_discarded(author, checker):
    path = draft(author)
    author.post(f"{path}submit/", {"purpose": "Why."})
    assert checker.post(f"{path}reject/", {"reason": ""}).status_code == 400
    assert checker.post(f"{path}reject/", {"reason": "Too lax."}).data["status"] == "draft"
    assert author.send("DELETE", path).status_code == 204
    assert author.get(path).status_code == 404


def test_list_is_narrowed_by_kind_and_state_and_hides_drafts_from_others(author):
    draft(author), published()
    rm = Asker(make_user(Role.RM))
    assert [row["status"] for row in rm.get("policies/").data["results"]] == ["published"]
    assert len(author.get("policies/", kind="authority", status="draft").data["results"]) == 1
    assert author.get("policies/", kind="nothing").status_code == 400
