import pytest

from crm.models import Role
from tests.api.asking import Asker
from tests.factories import make_user
from tests.tiering.helpers import publish
from tests.tiering.test_challengers import a_night, approved
from tests.tiering.test_nights import client_of
from tests.tiering.validation.making import a_past, a_validation
from tests.tiering.validation.test_pages import form_of
from tiering.models import Validation
from tiering.services.nights import note_nights
from tiering.services.validations import work_validation

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return make_user(Role.RISK_OFFICER)


def test_validation_is_asked_followed_and_read(officer):
    version = a_past(good=2, bad=1)
    asker, day = Asker(officer), form_of(officer, months=5).days_offered[0][0]
    body = {"version": version.pk, "days": [day], "outcome": "overdue", "months": 5}
    made, again = (asker.post("validations/", body, key="k") for _ in range(2))
    assert (made.status_code, made.data["status"], made.data["basis"]) == (201, "pending", "held")
    assert made.data["id"] == again.data["id"]
    path = f"validations/{made.data['id']}/"
    assert made["Location"].endswith(path)
    assert asker.get(path).data["findings"] == {}
    assert asker.get(f"{path}figures/").status_code == 404
    work_validation(made.data["id"])
    read = asker.get(path).data
    assert (read["status"], read["scheme"], read["findings"]["bad"]) == ("done", "small", 1)
    assert Asker(make_user(Role.RM)).get(path).status_code == 403


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"days": []}, "invalid"),
        ({"days": ["1990-01-01"]}, "nothing_known_then"),
        ({"days": ["2990-01-01"]}, "horizon_not_over"),
        ({"outcome": "luck"}, "invalid"),
        ({"months": 0}, "invalid"),
        ({"outcome": "lost", "months": 1}, "horizon_too_short"),
        ({"version": 987654321}, "invalid"),
        ({"findings": {}}, "invalid"),
    ],
)
def test_what_cannot_be_asked_is_refused(officer, changes, code):
    version = a_past(good=1)
    body = {"version": version.pk, "days": ["2026-01-31"], "outcome": "overdue", "months": 1, **changes}
    refused = Asker(officer).post("validations/", body)
    assert (refused.status_code, refused.data["code"]) == (400, code)
    assert not Validation.objects.exists()


def test_list_is_narrowed_by_scheme_and_status(officer):
    found = a_validation(publish(), officer)
    asker = Asker(officer)
    assert [
        row["id"] for row in asker.get("validations/", scheme="small", status="done").data["results"]
    ] == [found.pk]
    assert asker.get("validations/", status="failed").data["results"] == []
    assert asker.get("validations/", scheme="moon").status_code == 400


def test_paper_comes_by_the_api(officer):
    found = a_validation(publish(), officer)
    answer = Asker(officer).browser.get(
        f"/api/v1/validations/{found.pk}/paper/", headers=Asker(officer).headers
    )
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")


def test_challenger_is_begun_read_and_ended():
    publish()
    client_of(650.0)
    version, admin = approved(), Asker(make_user(Role.CRITERIA_ADMIN))
    made = admin.post("challengers/", {"version": version.pk, "reason": "Is it better?"})
    assert (made.status_code, made.data["nights"], made.data["ended_at"]) == (201, 0, None)
    path = f"challengers/{made.data['id']}/"
    assert admin.get(path).data["outcome"] == []
    a_night()
    note_nights()
    course = admin.get(path).data
    assert [(night["subjects"], night["lower"], night["results_kept"]) for night in course["nights"]] == [
        (1, 1, True)
    ]
    assert [one["way"] for one in course["outcome"]] == ["lower", "higher", "same"]
    assert [row["id"] for row in admin.get("challengers/", running="true").data["results"]] == [
        made.data["id"]
    ]
    assert admin.post(f"{path}end/").data["ended_at"]
    assert admin.post(f"{path}end/").data["code"] == "challenge_over"
    assert admin.get("challengers/", running="true").data["results"] == []
    refused = admin.post("challengers/", {"version": version.pk, "reason": ""})
    assert refused.status_code == 400
