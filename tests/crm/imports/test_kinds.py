"""Every kind of record comes in, is found again, changes, is refused with a reason, and is taken back."""

from datetime import date
from decimal import Decimal

import pghistory
import pytest

from crm.imports import passes
from crm.imports.kinds import KINDS
from crm.models import (
    Client,
    ClientTag,
    ContactPerson,
    CreditReport,
    Facility,
    IdentityNumber,
    ImportJob,
    ImportRow,
    Interaction,
    KeptRecord,
    Payment,
    Relation,
    Role,
    Tag,
    Task,
)
from crm.sealing import unseal
from crm.services import imports
from crm.services.people import change_person
from crm.undoing.words import explained
from tests.crm.imports.making import Rows, imported, issues, staged
from tests.crm.imports.making import explained as in_words
from tests.factories import make_client, make_facility, make_statement, make_user

pytestmark = pytest.mark.django_db

# For each kind: its header, two rows of clients K1 and K2, and what a third file says otherwise of the first.
FILES: dict[str, tuple[list[str], Rows, list[str]]] = {
    "people": (
        ["client", "姓名", "roles", "电话", "邮箱", "consent", "consent date"],
        [
            ["K1", "王伟", "finance; 法务", "+86 571 8888 0000", "w@example.com", "given", "2026-01-01"],
            ["K2", "Li Na", "owner", "", "", "", ""],
        ],
        ["K1", "王伟", "finance", "+86 571 8888 0001", "", "", ""],
    ),
    "addresses": (
        ["客户编号", "kind", "address", "邮编"],
        [["K1", "注册地址", "1 Main Street", "310000"], ["K2", "", "2 Side Street", ""]],
        ["K1", "registered", "9 High Street", ""],
    ),
    "relations": (
        ["client", "other client", "kind", "share"],
        [["K1", "K3", "parent", "60%"], ["K2", "K3", "shareholder", "0.2"]],
        ["K1", "K3", "parent", "70%"],
    ),
    "tags": (["客户", "标签"], [["K1", "VIP; green"], ["K2", "vip"]], ["K1", "VIP; new"]),
    "credit_reports": (
        ["client", "bureau", "reported on", "received on", "评级", "pd", "报告编号", "不良记录"],
        [
            ["K1", "PBOC", "2026-01-01", "2026-02-01", "AA", "1%", "R-7", "2"],
            ["K2", "PBOC", "2026-01-01", "", "bbb", "", "", ""],
        ],
        ["K1", "PBOC", "2026-01-01", "2026-02-01", "A", "", "", "3"],
    ),
    "facilities": (
        ["编号", "client", "product", "limit", "drawn", "opened on", "matures on"],
        [
            ["L1", "K1", "贷款", "500万", "100万", "2026-01-01", "2028-01-01"],
            ["L2", "K2", "term_loan", "7", "", "2026-01-01", "2028-01-01"],
        ],
        ["L1", "K1", "", "600万", "", "", ""],
    ),
    "payments": (
        ["facility", "due date", "本金", "paid on", "已还金额"],
        [["F1", "2026-03-31", "10", "", "4"], ["F1", "2026-06-30", "10", "", ""]],
        ["F1", "2026-03-31", "", "2026-04-01", "10"],
    ),
    "statements": (
        ["客户编号", "报告期", "received on", "期间类型", "总资产", "总负债", "所有者权益"],
        [
            ["K1", "2025-12-31", "2026-03-01", "", "100", "60", "40"],
            ["K1", "2025-12-31", "2026-03-01", "季报", "101", "61", "40"],
        ],
        ["K1", "2025-12-31", "2026-03-01", "quarter", "102", "", ""],
    ),
    "collateral": (
        ["借据号", "押品名称", "类型", "评估价值", "评估日期"],
        [["F1", "Plant 1", "机器设备", "500万", "2026-01-01"], ["F1", "Land", "land", "7", "2026-01-01"]],
        ["F1", "plant 1", "", "600万", "2026-02-01"],
    ),
    "numbers": (
        ["client", "证件类型", "证件号码", "country", "有效期至"],
        [["K1", "统一社会信用代码", "91330100MA27XF6A17", "cn", ""], ["K2", "tax", "DE 123 456 789", "", ""]],
        ["K1", "uscc", "91330100ma27xf6a17", "", "2030-01-01"],
    ),
    "notes": (
        ["client", "备注", "置顶"],
        [["K1", "Sells the plant", ""], ["K2", "=Ask the lawyer", "是"]],
        ["K1", "Sells the plant", "yes"],
    ),
    "interactions": (
        ["client", "方式", "date", "subject", "notes"],
        [["K1", "拜访", "2026-01-05 10:00", "Site", "ok"], ["K2", "call", "2026-01-06", "Rates", ""]],
        ["K1", "site_visit", "2026-01-05 10:00", "Site", "better"],
    ),
    "tasks": (
        ["client", "task", "due date"],
        [["K1", "Ask for the report", "2027-01-31"], ["K2", "Call back", "2027-02-01"]],
        ["K1", "Ask for the report", "2027-03-31"],
    ),
}  # fmt: skip


@pytest.fixture
def rm():
    rm = make_user(username="lin")
    clients = [make_client(code=f"K{n}", rm=rm, name_en=f"Client {n}", name_zh="") for n in (1, 2, 3)]
    make_facility(clients[0], number="F1")
    return rm


def undone(job: ImportJob) -> ImportJob:
    imports.start_undo(by=job.uploaded_by, job=job, ring=False)
    imports.run_import(job.pk)
    job.refresh_from_db()
    assert job.status == ImportJob.Status.UNDONE
    return job


def records(kind: str) -> list[tuple]:
    """All that the table of a kind holds, but for versions."""
    model = ClientTag if kind == "tags" else passes.WAYS[kind].model  # type: ignore[attr-defined]
    fields = [each.name for each in model._meta.concrete_fields if each.name != "version"]
    return list(model._base_manager.order_by("pk").values_list(*fields))


@pytest.mark.parametrize("kind", FILES)
def test_kind_comes_in_is_found_again_changes_and_is_taken_back(kind, rm):
    head, rows, other = FILES[kind]
    before = records(kind)
    first = imported(kind, [head, *rows], by=rm)
    assert (first.counts, issues(first)) == ({"create": 2}, set())
    was = records(kind)
    assert imported(kind, [head, *rows], by=rm).counts == {"same": 2}
    changed = imported(kind, [head, other], by=rm)
    assert sum(changed.counts.get(outcome, 0) for outcome in ("create", "update")) == 1, changed.counts
    if kind != "tags":
        assert ImportRow.objects.get(job=changed).changes
    assert records(kind) != was
    assert undone(changed).records["kept"] == 0
    assert records(kind) == was
    undone(first)
    assert records(kind) == before


REFUSED: dict[str, tuple[Rows, set[tuple[str, str]]]] = {
    "statements": (
        [
            ["client", "period end", "total assets", "total liabilities", "equity"],
            ["K1", "2025-12-31", "100", "60", "70"],
        ],
        {("equity", "unbalanced")},
    ),
    "payments": (
        [
            ["facility", "due date", "principal", "paid on", "amount paid"],
            ["F1", "2026-03-31", "10", "", "11"],
            ["F1", "2026-06-30", "10", "2026-07-01", "9"],
        ],
        {("paid_amount", "paid_above_due"), ("paid_on", "paid_in_part")},
    ),
    "collateral": (
        [
            ["facility", "name", "kind", "value", "valued on"],
            ["F1", "Land", "land", "-1", ""],
            ["F9", "Land", "land", "1", ""],
        ],
        {("value", "negative_amount"), ("valued_on", "required"), ("facility", "unknown_facility")},
    ),
    "numbers": (
        [
            ["client", "kind", "number", "country"],
            ["K1", "uscc", "91330100MA27XF6A1C", ""],
            ["K1", "lei", "123", "C1"],
            ["K1", "tax", "12", ""],
            ["K1", "passport", "E1234567", ""],
            ["K2", "tax", "778899", ""],
            ["K3", "tax", "77-88-99", ""],
        ],
        {
            *(("number", f"number_{fault}") for fault in ("check", "form", "length", "of_another_client")),
            ("kind", "number_of_another_kind"),
            ("country", "not_a_country"),
        },
    ),
    "notes": (
        [["client", "note", "date", "author"], ["K1", "x", "2999-01-01", ""], ["K1", "", "", "nobody"]],
        {("created_at", "date_in_future"), ("text", "required"), ("author", "unknown_user")},
    ),
    "credit_reports": (
        [["client", "bureau", "date", "negative items"], ["K1", "PBOC", "2026-01-01", "2.5"]],
        {("negative_items", "no_whole_number")},
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_kind_refuses_what_cannot_be_and_says_how_to_mend_it(kind, rm):
    rows, wanted = REFUSED[kind]
    job = imported(kind, rows, by=rm)
    assert {(field, code) for _line, field, code in issues(job)} == wanted
    assert all(each.fix and "%(" not in each.reason + each.fix for each in in_words(job))


def test_what_cannot_be_read_is_not_called_empty_as_well(rm):
    rows = [["facility", "name", "kind", "value", "valued on"], ["F1", "Land", "xx", "1", "2026-01-01"]]
    assert issues(imported("collateral", rows, by=rm)) == {(2, "kind", "not_a_choice")}


def test_what_records_keep_sealed_is_left_in_no_row_that_is_in_them(rm):
    rows = [["client", "kind", "number"], ["K1", "tax", "AB 778899"], ["K9", "tax", "CD 112233"]]
    job = imported("numbers", rows, by=rm)
    assert [row.cells[2] for row in ImportRow.objects.filter(job=job).order_by("line")] == [
        "••••",
        "CD 112233",
    ]
    assert unseal(IdentityNumber.objects.get().sealed) == "AB 778899"
    people = imported("people", [["client", "name", "phone"], ["K1", "Wang", "+86 138 0013 8000"]], by=rm)
    assert "8000" not in str(ImportRow.objects.get(job=people).cells)


def test_undo_keeps_what_somebody_changed_since_and_says_who(rm):
    job = imported("people", [["client", "name"], ["K1", "Wang"], ["K2", "Li"]], by=rm)
    wang = ContactPerson.objects.get(name="Wang")
    with pghistory.context(user=rm.pk):
        change_person(by=rm, person=wang, version=1, position="CFO")
    assert undone(job).records == {**job.records, "removed": 1, "kept": 1}
    assert list(ContactPerson.objects.all()) == [wang]
    (kept,) = explained(KeptRecord.objects.all())
    assert "Wang" in kept.name
    assert rm.name in kept.reason


def test_undo_of_clients_keeps_those_that_something_needs_and_brings_changed_ones_back():
    rm = make_user()
    known = make_client(code="K1", rm=rm, status="active")
    job = imported(
        "clients",
        [["code", "name", "status"], ["K1", "", "dormant"], ["N1", "A", ""], ["N2", "B", ""]],
        by=rm,
    )
    with pghistory.context(user=rm.pk):
        make_statement(Client.objects.get(code="N1"))
    assert (undone(job).records["removed"], job.records["restored"], job.records["kept"]) == (1, 1, 1)
    known.refresh_from_db()
    assert (known.status, known.version) == ("active", 3)
    assert set(Client.objects.values_list("code", flat=True)) == {"K1", "N1"}
    (kept,) = explained(KeptRecord.objects.all())
    assert "statement" in kept.reason.lower()


def test_undo_of_a_change_whose_place_was_taken_keeps_that_one_alone():
    rm = make_user()
    one, two = (make_client(code=code, rm=rm, registration_number=f"R-{code}") for code in ("K1", "K2"))
    head = ["code", "registration number"]
    job = imported("clients", [head, ["K1", "R-new"], ["K2", "R-other"]], by=rm)
    with pghistory.context(user=rm.pk):
        make_client(code="K3", rm=rm, registration_number="R-K1")
    undone(job)
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.registration_number, two.registration_number) == ("R-new", "R-K2")
    assert KeptRecord.objects.get().code == "conflict"


def test_an_undo_that_keeps_failing_leaves_the_import_as_it_was_applied(rm):
    job = imported("people", [["client", "name"], ["K1", "Wang"]], by=rm)
    imports.start_undo(by=rm, job=job, ring=False)
    ImportJob.objects.filter(pk=job.pk).update(attempts=imports.MAX_ATTEMPTS)
    imports.run_import(job.pk)
    job.refresh_from_db()
    assert (job.status, job.failure, ContactPerson.objects.count()) == ("applied", "undo_given_up", 1)


@pytest.mark.parametrize(
    ("kind", "row", "found"),
    [
        ("people", {"client": "K1", "name": "W", "consent": "given"}, ("consent_on", "consent_without_its_day")),
        ("people", {"client": "K1", "name": "W", "email": "nobody"}, ("email", "not_an_email")),
        ("people", {"client": "K1", "name": "W", "phone": "call me"}, ("phone", "not_a_phone")),
        ("people", {"client": "X9", "name": "W"}, ("client", "unknown_client")),
        ("relations", {"client": "K1", "party": "K1", "kind": "shareholder"}, ("party", "relation_with_itself")),
        ("relations", {"client": "K1", "party": "K2", "kind": "related"}, ("note", "relation_says_nothing")),
        ("relations", {"client": "K1", "party": "K2", "kind": "guarantor", "share": "0.5"},
         ("share", "relation_share_of_others")),
        ("relations", {"client": "K3", "party": "K1", "kind": "parent"}, ("party", "relation_in_a_circle")),
        ("relations", {"client": "K1", "party": "K2", "kind": "parent"}, ("since", "relation_overlaps")),
        ("facilities", {"number": "F1", "client": "K2", "limit": "1"}, ("number", "code_unavailable")),
        ("facilities", {"number": "L9", "client": "K1", "limit": "1", "drawn": "2"}, ("drawn", "drawn_above_limit")),
        ("payments", {"facility": "L0", "due_on": "2026-01-01"}, ("facility", "unknown_facility")),
        ("payments", {"facility": "F1", "due_on": "2026-01-01"}, ("principal", "required")),
        ("interactions", {"client": "K1", "kind": "call", "at": "2099-01-01", "subject": "x"}, ("at", "date_in_future")),
        ("tasks", {"client": "K1", "title": "x", "due_on": "2027-01-01", "assignee": "zhou"},
         ("assignee", "task_of_a_colleague")),
        ("tags", {"client": "K1", "tag": "x" * 41}, ("tag", "too_long")),
    ],
)  # fmt: skip
def test_row_that_cannot_be_is_refused_with_its_field(kind, row, found, rm):
    make_user(username="zhou", team=rm.team)
    k1, k3 = (Client.objects.get(code=code) for code in ("K1", "K3"))
    Relation.objects.create(client=k1, party=k3, kind="parent")
    job = imported(kind, [list(row), list(row.values())], by=rm)
    assert (2, *found) in issues(job)
    assert job.counts == {"refuse": 1}


def test_a_circle_within_one_file_is_refused_and_leaves_the_rest(rm):
    rows = [["K1", "K2", "parent"], ["K2", "K1", "parent"], ["K3", "K1", "guarantor"]]
    job = imported("relations", [["client", "party", "kind"], *rows], by=rm)
    assert job.counts == {"create": 1, "refuse": 2}


def test_records_are_written_as_the_pages_would(rm):
    for kind in FILES:
        imported(kind, [FILES[kind][0], *FILES[kind][1]], by=rm)
    wang = ContactPerson.objects.get(name="王伟")
    assert (wang.roles, wang.phone_hint, wang.version) == (["finance", "legal"], "0000", 1)
    assert wang.sort_key.startswith("wang")
    assert Facility.objects.get(number="L1").limit == Decimal(5_000_000)
    assert Payment.objects.filter(facility__number="F1").count() == 2
    assert CreditReport.objects.get(client__code="K2").rating == "BBB"
    assert Interaction.objects.get(subject="Site").author == rm
    assert Task.objects.get(title="Call back").assignee == rm
    assert Task.objects.get(title="Call back").due_on == date(2027, 2, 1)
    assert set(Tag.objects.filter(team=rm.team).values_list("name", flat=True)) == {"VIP", "green"}


def test_foreign_records_are_not_there(rm):
    foreign = make_client(code="Z1", rm=make_user())
    make_facility(foreign, number="FZ")
    assert issues(
        imported("payments", [["facility", "due date", "principal"], ["FZ", "2026-01-01", "1"]], by=rm)
    ) == {(2, "facility", "unknown_facility")}
    assert issues(imported("people", [["client", "name"], ["Z1", "Wang"]], by=rm)) == {
        (2, "client", "unknown_client")
    }
    assert imported(
        "people", [["client", "name"], ["Z1", "Wang"]], by=make_user(Role.SYSTEM_ADMIN)
    ).counts == {"create": 1}


def test_what_columns_meant_is_remembered_for_the_next_file_of_the_source(rm):
    head = ["Konto", "Wer", "Titel"]
    mapping = {"client": "Konto", "name": "Wer"}
    imported("people", [head, ["K1", "Wang", "CFO"]], by=rm, mapping=mapping)
    again = staged("people", [[*head, "E-mail"], ["K1", "Wang", "CFO", ""]], by=rm)
    assert again.mapping == {**mapping, "email": "E-mail"}
    colleague = make_user(team=rm.team)
    assert staged("people", [head, ["K1", "Wang", ""]], by=colleague).mapping == mapping
    assert staged("people", [head, ["K1", "Wang", ""]], by=make_user()).mapping == {}


def test_every_field_of_every_kind_is_guessed_by_its_label_in_both_languages():
    for kind in KINDS.values():
        for field in kind:
            assert field.headers[0]
            assert len(field.headers) >= 3
