"""Files of who takes part in cases."""

from decimal import Decimal

import pytest

from crm.models import ImportJob, Role
from crm.services import imports
from funnel.models import Case, CaseParty
from tests.crm.imports.making import explained, imported, issues
from tests.factories import make_client, make_team, make_user
from tests.funnel.imports.making import a_past
from tests.funnel.making import make_case, stage_of

pytestmark = pytest.mark.django_db
HEAD = ["案件编号", "client", "role", "share", "note"]


def rows_of(case: Case) -> list[tuple]:
    return list(case.parties.values_list("client__code", "part", "share", "note"))


def undone(job: ImportJob) -> ImportJob:
    imports.start_undo(by=job.uploaded_by, job=job, ring=False)
    imports.run_import(job.pk)
    job.refresh_from_db()
    return job


def test_parties_come_in_are_found_again_change_and_are_taken_back():
    rm = make_user()
    case = make_case(rm)
    make_client(code="G1", rm=rm)
    make_client(code="G2", rm=make_user(team=rm.team))
    file = [HEAD, [case.code, "G1", "担保人", "40%", "joint"], [case.code, "G2", "offtaker", "", ""]]
    first = imported("case_parties", file, by=rm)
    assert (first.counts, first.records["case_parties"]) == ({"create": 2}, 2)
    was = rows_of(case)
    assert was == [("G1", "guarantor", Decimal(40), "joint"), ("G2", "offtaker", None, "")]
    assert imported("case_parties", file, by=rm).counts == {"same": 2}
    changed = imported("case_parties", [HEAD, [case.code, "G1", "", "55.5", ""]], by=rm)
    assert changed.counts == {"update": 1}
    assert case.parties.get(client__code="G1").version == 2
    undone(changed)
    assert rows_of(case) == was
    kept = make_case(rm)
    imported("case_parties", [HEAD, [kept.code, "G1", "sponsor", "", ""]], by=rm)
    type(case.client).objects.filter(pk=case.client_id).update(rm=None, team=make_team())
    assert undone(first).records["kept"] == 2
    assert CaseParty.objects.count() == 3


def test_rows_that_make_no_sense_are_refused_with_the_reason():
    rm = make_user()
    case, closed = make_case(rm), make_case(rm)
    Case.objects.filter(pk=closed.pk).update(stage=stage_of(closed.stage.pipeline, "declined"))
    for code in ("G1", "G2", "G3"):
        make_client(code=code, rm=rm)
    case.parties.create(client=make_client(rm=rm), part="offtaker", share=30)
    case.parties.create(client=make_client(rm=rm), part="guarantor", share=100)
    job = imported(
        "case_parties",
        [
            HEAD,
            [case.code, case.client.code, "sponsor", "", ""],
            [case.code, "G1", "offtaker", "50", ""],
            [case.code, "G2", "offtaker", "30", ""],
            [case.code, "G3", "sponsor", "130", ""],
            [closed.code, "G1", "sponsor", "", ""],
            [make_case().code, "G1", "sponsor", "", ""],
            [case.code, "G3", "", "", ""],
        ],
        by=rm,
    )
    assert issues(job) == {
        (2, "client", "party_leads_the_case"),
        (3, "share", "shares_beyond_the_whole"),
        (4, "share", "shares_beyond_the_whole"),
        (5, "share", "not_a_percentage"),
        (6, "code", "case_is_closed"),
        (7, "code", "unknown_case"),
        (8, "part", "required"),
    }
    assert "110%" in explained(job)[1].reason
    row = [case.code, "G1", "guarantor", "50", ""]
    assert issues(imported("case_parties", [HEAD, row], by=rm)) == set()


def test_the_past_of_a_case_has_its_parties_too():
    admin = make_user(Role.SYSTEM_ADMIN)
    a_past(admin)
    make_client(code="G1")
    imported("case_parties", [HEAD, ["D1", "G1", "guarantor", "", ""]], by=admin)
    assert rows_of(Case.objects.get(code="D1")) == [("G1", "guarantor", None, "")]
