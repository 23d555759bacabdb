"""Drafts of criteria through the API: begun, edited by several people, taken back, done again, taken over, discarded."""

import zipfile
from io import BytesIO
from typing import Any

import pytest

from crm.models import Role
from tests.api.asking import ROOT, Asker
from tests.factories import make_user
from tests.tiering.helpers import a_document, publish
from tiering.models import CriteriaEdit, CriteriaVersion
from tiering.services.criteria import load_criteria
from tiering.workbooks import MEDIA_TYPE

pytestmark = pytest.mark.django_db

MIDDLE = "cutoffs/1/min"
WEIGHT = "scorecards/all/dimensions/credit/weight"


@pytest.fixture
def author():
    return Asker(make_user(Role.CRITERIA_ADMIN, name="Author"))


@pytest.fixture
def helper():
    return Asker(make_user(Role.CRITERIA_ADMIN, name="Helper"))


@pytest.fixture
def draft():
    return load_criteria(document=a_document(), author=make_user(Role.CRITERIA_ADMIN))


def edit(asker: Asker, draft: CriteriaVersion, path: str, was: Any, value: Any, **more: Any) -> Any:
    edits = [{"op": "set", "path": path, "was": was, "value": value}]
    return asker.post(f"criteria/{draft.pk}/edits/", {"edits": edits, **more})


def test_draft_is_begun_from_a_version(author):
    published = publish()
    answer = author.post(f"criteria/{published.pk}/draft/")
    assert answer.status_code == 201
    assert (answer.data["number"], answer.data["status"], answer.data["based_on"]) == (
        2,
        "draft",
        published.pk,
    )
    assert answer["Location"].endswith(f"{ROOT}criteria/{answer.data['id']}/")


def test_edit_answers_how_the_draft_stands(author, helper, draft):
    edit(helper, draft, MIDDLE, 50, 55)
    answer = edit(author, draft, WEIGHT, 10000, 9000, revision=0)
    assert answer.status_code == 200
    assert answer.data["version"]["revision"] == 2
    (refusal,) = answer.data["refusals"]
    assert (refusal["code"], refusal["address"]) == ("weights_not_whole", "scorecards/all/dimensions")
    assert refusal["message"].startswith("The weights add up to 9000")
    (other,) = answer.data["since"]
    assert (other["revision"], other["author"]["name"]) == (1, "Helper")
    assert other["edits"] == [{"op": "set", "path": MIDDLE, "was": 50, "value": 55}]
    assert (answer.data["may_undo"], answer.data["may_redo"]) == (True, False)


def test_conflict_is_answered_with_its_place_and_both_values(author, helper, draft):
    edit(helper, draft, MIDDLE, 50, 55)
    answer = edit(author, draft, MIDDLE, 50, 60)
    assert (answer.status_code, answer.data["code"]) == (409, "field_conflict")
    assert answer.data["fields"] == {MIDDLE: [answer.data["message"]]}
    assert answer.data["message"].startswith(
        "Placement › 2 › minimum: Helper wrote 55 there, and you would have written 60"
    )


def test_edit_that_breaks_the_shape_is_refused_at_its_address(author, draft):
    answer = edit(author, draft, WEIGHT, 10000, "much")
    assert (answer.status_code, answer.data["code"]) == (400, "criteria_refused")
    assert list(answer.data["fields"]) == [WEIGHT]


@pytest.mark.parametrize(
    "edits", [None, {}, [], ["x"], [{"op": "set"}], [{"op": "set", "path": "", "value": 1}]]
)
def test_what_is_no_edit_is_refused(author, draft, edits):
    answer = author.post(f"criteria/{draft.pk}/edits/", {"edits": edits})
    assert answer.status_code == 400
    assert answer.data["fields"]
    assert not CriteriaEdit.objects.exists()


def test_own_edits_are_taken_back_and_done_again(author, draft):
    edit(author, draft, MIDDLE, 50, 55)
    answer = author.post(f"criteria/{draft.pk}/undo/", {"revision": 1})
    assert (answer.status_code, answer.data["may_undo"], answer.data["may_redo"]) == (200, False, True)
    again = author.post(f"criteria/{draft.pk}/undo/")
    assert (again.status_code, again.data["code"]) == (409, "nothing_to_undo")
    answer = author.post(f"criteria/{draft.pk}/redo/")
    assert (answer.data["may_undo"], answer.data["may_redo"]) == (True, False)
    assert author.post(f"criteria/{draft.pk}/redo/").data["code"] == "nothing_to_redo"


def test_log_tells_who_changed_what_and_what_was_taken_back(author, helper, draft):
    edit(author, draft, MIDDLE, 50, 55)
    author.post(f"criteria/{draft.pk}/undo/")
    rows = helper.get(f"criteria/{draft.pk}/edits/").data["results"]
    assert [(row["revision"], row["undoes"], row["author"]["name"]) for row in rows] == [
        (2, 1, "Author"),
        (1, None, "Author"),
    ]
    assert rows[0]["edits"] == [{"op": "set", "path": MIDDLE, "was": 55, "value": 50}]
    assert helper.get("criteria/987654321/edits/").status_code == 404


def test_document_is_taken_over_as_one_edit(author, helper, draft):
    answer = author.send(
        "PUT", f"criteria/{draft.pk}/document/", {"document": a_document(gates=[]), "revision": 0}
    )
    assert (answer.status_code, answer.data["version"]["revision"]) == (200, 1)
    again = helper.send("PUT", f"criteria/{draft.pk}/document/", {"document": a_document(), "revision": 0})
    assert (again.status_code, again.data["code"]) == (409, "conflict")
    other = helper.send("PUT", f"criteria/{draft.pk}/document/", {"document": a_document(scheme="other")})
    assert (other.status_code, list(other.data["fields"])) == (400, ["scheme"])


def test_published_version_is_not_edited(author):
    answer = edit(author, publish(), MIDDLE, 50, 55)
    assert (answer.status_code, answer.data["code"]) == (409, "not_a_draft")


def test_drafts_are_not_there_for_those_who_do_not_work_on_criteria(draft):
    rm = Asker(make_user(Role.RM))
    assert rm.get(f"criteria/{draft.pk}/edits/").status_code == 403
    assert rm.get(f"criteria/{draft.pk}/tables/").status_code == 404


@pytest.mark.parametrize("accept", ["*/*", MEDIA_TYPE])
def test_tables_are_a_workbook(author, draft, accept):
    answer = author.browser.get(
        f"{ROOT}criteria/{draft.pk}/tables/", headers={**author.headers, "Accept": accept}
    )
    assert (answer.status_code, answer["Content-Type"]) == (200, MEDIA_TYPE)
    assert "xl/workbook.xml" in zipfile.ZipFile(BytesIO(answer.content)).namelist()
    lost = author.browser.get(
        f"{ROOT}criteria/987654321/tables/", headers={**author.headers, "Accept": accept}
    )
    assert (lost.status_code, lost.json()["code"]) == (404, "not_found")
