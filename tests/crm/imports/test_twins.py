"""Rows that look like a client that is there, or like an earlier row: asked about, and done with as was chosen."""

from typing import Any

import pytest
from django.urls import reverse

from crm.imports.errors import TwinsUndecided
from crm.models import Client, ContactPerson, ImportJob, ImportTwin, Role, User
from crm.services import imports
from crm.services.duplicates import refresh_keys
from tests.crm.imports.making import imported
from tests.factories import make_client, make_user

pytestmark = pytest.mark.django_db


def known(**fields: Any) -> Client:
    client = make_client(name_en="", **fields)
    refresh_keys([client.pk])
    return client


def checked(rows: list[list[str]], by: User) -> ImportJob:
    return imported("clients", [["code", "name", "employees"], *rows], by=by, dry_run=True)


def asked(job: ImportJob) -> list[tuple[Any, ...]]:
    return list(job.twins.values_list("line", "client", "like_line", "may_update", "choice"))


def test_rows_like_a_client_or_an_earlier_row_wait_until_somebody_says_what_becomes_of_them():
    rm = make_user()
    ours = known(rm=rm, name_zh="杭州宏信化工有限公司", sort_key="hang2 zhou1 hong2 xin4 hua4 gong1")
    foreign = known(rm=make_user(team=rm.team), name_zh="苏州恒达电力有限公司")
    known(rm=make_user(), name_zh="宁波天晟物流有限公司")  # of another team, of which nobody here is told
    rows = [
        ["X1", "杭州宏信化工集团", "7"],
        ["X2", "苏州恒达电力股份有限公司", ""],
        ["X3", "宁波天晟物流股份有限公司", ""],
        ["X4", "成都瑞丰贸易有限公司", ""],
        ["X5", "成都瑞丰贸易集团", ""],
    ]
    job = checked(rows, rm)
    assert asked(job) == [
        (2, ours.pk, None, True, ""),
        (3, foreign.pk, None, False, ""),
        (6, None, 5, False, ""),
    ]
    assert (job.counts, job.records["twins"]) == ({"create": 2, "alike": 3}, 3)
    first = job.twins.get(line=2)
    assert (first.score, first.evidence["name"]) == (100, "agrees")
    with pytest.raises(TwinsUndecided):
        imports.start_apply(by=rm, job=job, keep_good_rows=True)

    assert imports.choose_twins(by=rm, job=job, choice="update") == 1  # the others have nothing to update
    assert imports.choose_twins(by=rm, job=job, choice="skip", lines=[3]) == 1
    assert imports.choose_twins(by=rm, job=job, choice="new") == 1
    imports.check_again(by=rm, job=job, ring=False)
    imports.run_import(job.pk)
    job.refresh_from_db()
    assert [choice for *_, choice in asked(job)] == ["update", "skip", "new"]
    assert job.counts == {"create": 3, "update": 1, "skip": 1}

    imports.start_apply(by=rm, job=job, keep_good_rows=False, ring=False)
    imports.run_import(job.pk)
    job.refresh_from_db()
    ours.refresh_from_db()
    assert (job.status, job.counts) == ("applied", {"create": 3, "update": 1, "skip": 1})
    assert (ours.code, ours.name_zh, ours.employees) == (ours.code, "杭州宏信化工集团", 7)
    assert Client.objects.filter(code__in=["X3", "X4", "X5"]).count() == 3
    assert not Client.objects.filter(code__in=["X1", "X2"]).exists()


def test_two_rows_that_would_update_one_client_otherwise_contradict_each_other():
    rm = make_user()
    known(rm=rm, name_zh="杭州宏信化工有限公司")
    job = checked([["X1", "杭州宏信化工集团", "7"], ["X2", "杭州宏信化工股份有限公司", "8"]], rm)
    imports.choose_twins(by=rm, job=job, choice="update")
    imports.check_again(by=rm, job=job, ring=False)
    imports.run_import(job.pk)
    job.refresh_from_db()
    assert job.counts == {"update": 1, "refuse": 1}
    assert job.issues.get().code == "repeats_other_values"


def test_what_was_to_update_a_client_that_was_lost_meanwhile_is_left_out():
    rm = make_user()
    ours = known(rm=rm, name_zh="杭州宏信化工有限公司")
    job = checked([["X1", "杭州宏信化工集团", "7"], ["X2", "广州安泰", ""]], rm)
    imports.choose_twins(by=rm, job=job, choice="update")
    Client.objects.filter(pk=ours.pk).update(rm=make_user(team=rm.team))
    imports.start_apply(by=rm, job=job, keep_good_rows=True, ring=False)
    imports.run_import(job.pk)
    job.refresh_from_db()
    assert job.counts == {"create": 1, "alike": 1}


def test_one_choice_for_all_is_said_with_what_the_columns_mean():
    rm = make_user()
    known(rm=rm, name_zh="杭州宏信化工有限公司")
    rows = [["code", "name"], ["X1", "杭州宏信化工集团"]]
    said = {
        choice: imported("clients", rows, by=rm, constants={"alike": choice})
        for choice in ("skip", "update", "new")
    }
    assert {choice: job.counts for choice, job in said.items()} == {
        "skip": {"skip": 1},
        "update": {"update": 1},
        "new": {"create": 1},
    }


def test_page_and_api_show_whom_rows_look_like_and_take_the_choice(client, django_assert_max_num_queries):
    rm = make_user()
    ours = known(rm=rm, name_zh="杭州宏信化工有限公司")
    job = checked(
        [["X1", "杭州宏信化工集团", "7"], ["X2", "成都瑞丰贸易", ""], ["X3", "成都瑞丰贸易集团", ""]], rm
    )
    page, api = reverse("crm:import-twins", args=[job.pk]), reverse("api:import-twins", args=[job.pk])
    client.force_login(rm)
    assert "2 rows look like records" in client.get(reverse("crm:import", args=[job.pk])).content.decode()
    with django_assert_max_num_queries(20):
        shown = client.get(page).content.decode()
    for said in ("杭州宏信化工有限公司", "Line 3 of this file", "100%"):
        assert said in shown
    answer = client.post(
        page, {"line": 2, "choice": "update"}, headers={"HX-Request": "true"}
    ).content.decode()
    assert 'value="update" aria-pressed="true"' in answer
    assert "1 row waits" in answer

    found = client.get(api).json()["results"]
    assert [(row["line"], row["client"], row["like_line"], row["choice"]) for row in found] == [
        (4, None, 3, ""),
        (2, ours.pk, None, "update"),
    ]
    told = client.post(api, {"choice": "new", "lines": [4]}, content_type="application/json").json()
    assert told == {"chosen": 1, "undecided": 0}
    assert client.post(api, {"choice": "maybe"}, content_type="application/json").status_code == 400
    client.post(page, {"choice": "skip"})  # for all that are left, which is none
    assert set(ImportTwin.objects.values_list("line", "choice")) == {(2, "update"), (4, "new")}

    client.force_login(make_user(Role.AUDITOR))
    assert "杭州宏信化工有限公司" in client.get(page).content.decode()


def test_contacts_are_known_again_by_sound_by_mail_and_by_telephone_with_their_family_name():
    rm = make_user()
    make_client(rm=rm, code="K1")
    header = ["client", "name", "email", "phone", "position"]
    imported("people", [header, ["K1", "王伟", "w@example.com", "+86 571 8888 0000", ""]], by=rm)
    rows = [
        header,
        ["K1", "王炜", "", "", "CFO"],
        ["K1", "Wang Wei", "W@example.com", "", ""],
        ["K1", "王卫东", "", "+86 571 8888 0000", ""],
        ["K1", "李娜", "", "+86 571 8888 0000", ""],  # the switchboard's
    ]
    job = imported("people", rows, by=rm, dry_run=True)
    assert list(job.twins.values_list("line", "score")) == [(2, 85), (3, 95), (4, 95)]
    assert job.counts == {"alike": 3, "create": 1}
    imports.choose_twins(by=rm, job=job, choice="update", lines=[2])
    imports.choose_twins(by=rm, job=job, choice="skip")
    imports.start_apply(by=rm, job=job, keep_good_rows=True, ring=False)
    imports.run_import(job.pk)
    job.refresh_from_db()
    assert job.counts == {"update": 1, "skip": 2, "create": 1}
    assert set(ContactPerson.objects.values_list("name", "position")) == {("王伟", "CFO"), ("李娜", "")}
