import pytest

from crm.models import Role
from tests.api.asking import Asker, make_house
from tests.factories import make_user
from tests.tiering.helpers import publish
from tiering.models import TieringRun
from tiering.services.runs import work_through

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return Asker(make_house().officer)


def test_run_is_started_and_followed_to_its_end(officer):
    publish()
    answer = officer.post("runs/")
    assert (answer.status_code, answer.data["status"]) == (201, "pending")
    path = answer["Location"].split("/api/v1/")[1]
    assert officer.get(path).data["progress"]["percent"] == 0
    work_through(TieringRun.objects.get())
    told = officer.get(path).data
    assert (told["status"], told["progress"]["percent"], told["progress"]["assessed"]) == ("done", 100, 3)
    assert told["finished_at"] is not None


def test_same_key_starts_one_run(officer):
    publish()
    first, again = officer.post("runs/", key="k"), officer.post("runs/", key="k")
    assert first.data["id"] == again.data["id"]
    assert TieringRun.objects.count() == 1
    assert officer.post("runs/").data["id"] != first.data["id"]


def test_run_of_a_past_moment_keeps_it(officer):
    publish()
    answer = officer.post("runs/", {"as_of": "2026-03-31T12:00:00Z"})
    assert TieringRun.objects.get(pk=answer.data["id"]).as_of.isoformat() == "2026-03-31T12:00:00+00:00"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"as_of": "2999-01-01T00:00:00Z"}, 400, "as_of_in_the_future"),
        ({"as_of": "1999-01-01T00:00:00Z"}, 409, "no_criteria"),
        ({"as_of": "yesterday"}, 400, "invalid"),
        ({"kind": "rehearsal"}, 400, "invalid"),
    ],
)
def test_run_that_cannot_be_is_refused(officer, body, status, code):
    publish()
    answer = officer.post("runs/", body)
    assert (answer.status_code, answer.data["code"]) == (status, code)
    assert not TieringRun.objects.exists()


def test_list_narrows(officer):
    publish()
    officer.post("runs/")
    assert len(officer.get("runs/", status="pending", trigger="manual", kind="official").data["results"]) == 1
    assert officer.get("runs/", status="done").data["results"] == []
    assert officer.get("runs/", status="lost").status_code == 400


@pytest.mark.parametrize(
    ("role", "reads", "starts"),
    [
        (Role.RM, 403, 403),
        (Role.TEAM_LEAD, 200, 403),
        (Role.AUDITOR, 200, 403),
        (Role.CRITERIA_ADMIN, 200, 201),
        (Role.SYSTEM_ADMIN, 403, 403),
    ],
)
def test_roles_see_and_start_as_the_rules_say(role, reads, starts):
    publish()
    asker = Asker(make_user(role))
    assert (asker.get("runs/").status_code, asker.post("runs/").status_code) == (reads, starts)


def test_missing_run_is_not_found(officer):
    assert officer.get("runs/987654321/").status_code == 404
