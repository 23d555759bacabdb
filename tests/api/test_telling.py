"""Notices, tasks, absences, interests and evidence over the API."""

import pytest
from django.core.files.base import ContentFile
from django.test import Client as Browser
from rest_framework.authtoken.models import Token

from crm.models import Absence, Attachment, Role, Task
from crm.models.conduct import today
from crm.services.notices import notify
from tests.api.asking import ROOT, Asker, make_house
from tests.crm.telling import kind_of_notice, known, make_task
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kinds():
    with known(kind_of_notice(), kind_of_notice("broke", "bad")):
        yield


@pytest.fixture
def house():
    return make_house()


@pytest.fixture
def rm(house):
    return Asker(house.rm)


def test_notices_are_read_and_marked(house, rm):
    for event, kind in (("A", "fell"), ("B", "broke")):
        about = house.own.pk
        notify(kind=kind, event=event, recipients=[house.rm], params={"what": event}, client=about)
    first, second = rm.get("notices/").data["results"]
    assert (first["text"], first["severity"], first["path"]) == ("B fell", "bad", "/fell/B/")
    assert rm.post("notices/read/", {"notices": [first["id"]]}).data == {"read": 1, "unread": 1}
    assert [row["id"] for row in rm.get("notices/", unread="true").data["results"]] == [second["id"]]
    assert rm.post("notices/read/", {"until": first["id"]}).data == {"read": 1, "unread": 0}
    assert rm.get("notices/", kind="fell", unread="false").data["results"][0]["id"] == second["id"]


@pytest.mark.parametrize("body", [{}, {"notices": [1], "until": 1}, {"notices": "all"}, {"until": 0}])
def test_reading_nothing_in_particular_is_refused(rm, body):
    assert rm.post("notices/read/", body).status_code == 400


def test_choice_of_how_to_be_told_is_kept(rm):
    told = rm.get("notices/settings/").data
    assert (told["rhythm"], told["hour"]) == ("daily", 8)
    wish = {"rhythm": "at_once", "hour": 9, "weekday": 1, "quiet_from": "22:00", "quiet_until": "07:00"}
    choices = [{"kind": "broke", "in_app": False, "mail": False}]
    kept = rm.send("PUT", "notices/settings/", {**wish, "choices": choices}).data
    assert kept["rhythm"] == "at_once"
    assert {"kind": "broke", "in_app": True, "mail": False} in kept["choices"]
    unknown = [{"kind": "nothing", "in_app": True, "mail": True}]
    for wrong in ({"choices": unknown}, {"hour": 24}, {"quiet_until": None}, {"volume": 11}):
        assert rm.send("PUT", "notices/settings/", {**wish, **wrong}).status_code == 400


def test_task_is_given_moved_done_and_opened_again(house, rm):
    asked = {"title": "Call", "due_on": "2026-12-01", "client": house.own.pk}
    made, again = (rm.post("tasks/", asked, key="k") for _ in range(2))
    assert (made.status_code, made.data["id"]) == (201, again.data["id"])
    path = f"tasks/{made.data['id']}/"
    assert rm.get(path).data["text"] == "Call"
    assert rm.patch(path, {"due_on": "2026-12-05"}).data["due_on"] == "2026-12-05"
    done = rm.post(f"{path}finish/", {"outcome": "Reached", "next_due": "2027-01-05"}).data
    assert (done["task"]["status"], done["following"]["due_on"]) == ("done", "2027-01-05")
    assert rm.post(f"{path}finish/").data["code"] == "task_closed"
    assert rm.post(f"{path}reopen/").data["status"] == "open"
    assert rm.post("tasks/finish/", {"tasks": [made.data["id"], 10**9]}).data == {"finished": 1}
    assert [row["id"] for row in rm.get("tasks/", status="open", due_from="2027-01-01").data["results"]] == [
        done["following"]["id"]
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"due_on": "soon"},
        {"client": 10**9},
        {"assignee": 10**9},
        {"client": "foreign"},
        {"kind": "visit"},
    ],
)
def test_task_that_cannot_be_is_refused(house, rm, wrong):
    if wrong.get("client") == "foreign":
        wrong = {"client": house.foreign.pk}
    answer = rm.post("tasks/", {"title": "Call", "due_on": "2026-12-01", **wrong})
    assert (answer.status_code, set(answer.data["fields"])) == (400, set(wrong))
    assert not Task.objects.exists()


def test_task_of_a_colleague_is_read_and_left_alone(house, rm):
    path = f"tasks/{make_task(house.team.rm, client=house.team).pk}/"
    assert rm.get(path).status_code == 200
    assert rm.patch(path, {"due_on": "2026-12-05"}).data["code"] == "not_permitted"
    assert rm.get(f"tasks/{make_task(house.foreign.rm, client=house.foreign).pk}/").status_code == 404


def test_absence_is_entered_and_ended():
    officer, deputy = make_user(Role.RISK_OFFICER), make_user(Role.RISK_OFFICER)
    asker = Asker(officer)
    days = {"starts_on": "2099-01-01", "ends_on": "2099-01-05", "deputy": deputy.pk}
    made = asker.post("absences/", days)
    assert (made.status_code, made.data["deputy"]["id"], made.data["is_away"]) == (201, deputy.pk, True)
    assert asker.post("absences/", days).data["code"] == "invalid"
    assert asker.post("absences/", {**days, "user": deputy.pk}).data["code"] == "not_permitted"
    assert len(asker.get("absences/", on="2099-01-05").data["results"]) == 1
    assert not asker.get("absences/", on=str(today())).data["results"]
    assert asker.send("DELETE", f"absences/{made.data['id']}/").status_code == 204
    assert not Absence.objects.exists()


def test_interest_is_declared_and_ended(house):
    asker = Asker(house.officer)
    made = asker.post("interests/", {"client": house.own.pk, "reason": "Shares"})
    assert (made.status_code, made.data["ended_at"]) == (201, None)
    assert asker.post("interests/", {"client": house.own.pk, "reason": "Shares"}).status_code == 400
    assert len(Asker(make_user(Role.AUDITOR)).get("interests/").data["results"]) == 1
    assert asker.post(f"interests/{made.data['id']}/end/").data["ended_at"]
    assert asker.post(f"interests/{made.data['id']}/end/").data["code"] == "interest_ended"


def hand_in(by, **fields):
    headers = {"Authorization": f"Token {Token.objects.get_or_create(user=by)[0].key}"}
    browser = Browser(raise_request_exception=False)
    return browser.post(f"{ROOT}attachments/", fields, headers=headers)


def test_evidence_is_handed_in_listed_and_handed_out(house, rm):
    answer = hand_in(house.rm, file=ContentFile(b"text", "note.txt"), client=house.own.pk)
    assert (answer.status_code, answer.json()["content_type"]) == (201, "text/plain")
    (row,) = rm.get("attachments/", client=house.own.pk).data["results"]
    file = rm.browser.get(answer["Location"], headers=rm.headers)
    assert (file.content, file["Content-Disposition"]) == (b"text", 'attachment; filename="note.txt"')
    assert Asker(house.foreign.rm).get(f"attachments/{row['id']}/file/").status_code == 404


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"file": ("x.pdf", b"text")}, "wrong_content"),
        ({"file": ("x.exe", b"text")}, "unknown_file_kind"),
        ({"file": ("x.txt", b"")}, "invalid"),
        ({}, "invalid"),
        ({"file": ("x.txt", b"text"), "client": "10000000"}, "invalid"),
        ({"file": ("x.txt", b"text"), "owner": "1"}, "invalid"),
    ],
)
def test_what_is_no_evidence_is_refused(house, fields, code):
    if "file" in fields:
        name, data = fields["file"]
        fields = {**fields, "file": ContentFile(data, name)}
    answer = hand_in(house.rm, **fields)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert not Attachment.objects.exists()


@pytest.mark.parametrize("path", ["notices/", "tasks/", "absences/", "attachments/"])
def test_list_of_many_costs_as_many_queries_as_a_list_of_one(house, rm, path):
    def grow(n: int) -> None:
        notify(kind="fell", event=str(n), recipients=[house.rm], params={"what": n}, client=house.own.pk)
        make_task(house.rm, client=house.own)
        days = {"starts_on": f"20{n:02}-01-01", "ends_on": f"20{n:02}-01-02"}
        Absence.objects.create(user=house.rm, entered_by=house.rm, **days)
        hand_in(house.rm, file=ContentFile(b"text", "note.txt"), client=house.own.pk)

    grow(1)
    one = rm.queries(path)
    for n in range(2, 8):
        grow(n)
    assert rm.queries(path) == one
