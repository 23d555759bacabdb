"""What becomes of files of stage events."""

from datetime import datetime
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from crm.models import Client, ImportJob, KeptRecord, Project, Role
from crm.services import imports
from funnel.models import Case, ClosingReason, Pipeline, StageMove
from tests.crm.imports.making import as_csv, explained, issues, staged
from tests.factories import make_client, make_user
from tests.funnel.imports.making import HEAD, LONG, WIDE, WIDE_HEAD, a_past, events
from tests.funnel.making import make_case, put_in_tier

pytestmark = pytest.mark.django_db


def at(text: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(text))


def walk(code: str) -> list[tuple[str | None, str, datetime]]:
    moves = StageMove.objects.filter(case__code=code).select_related("from_stage", "to_stage")
    return [(m.from_stage.key if m.from_stage else None, m.to_stage.key, m.moved_at) for m in moves]


def test_events_become_cases_with_their_moves_in_a_pipeline_of_their_stages():
    job = a_past()
    assert job.counts == {"create": 6}
    assert [job.records[name] for name in ("cases", "moves", "new_clients", "new_pipelines")] == [3, 6, 2, 1]
    pipeline = Pipeline.objects.get(key="past")
    stages = [(stage.key, stage.outcome) for stage in pipeline.stages.order_by("position")]
    assert stages == [("seen", "open"), ("signed", "open"), ("won", "won"), ("lost", "lost")]
    assert walk("D1") == [
        (None, "seen", at("2025-01-01")),
        ("seen", "signed", at("2025-01-11")),
        ("signed", "won", at("2025-02-01")),
    ]
    case = Case.objects.get(code="D1")
    assert (case.stage.key, case.entered_stage_at, case.created_at) == (
        "won",
        at("2025-02-01"),
        at("2025-01-01"),
    )
    assert (case.amount, case.version, case.client.name_en) == (Decimal(1100), 3, "Acme")


def test_events_that_are_imported_again_are_the_same():
    by = make_user(Role.SYSTEM_ADMIN)
    a_past(by)
    assert a_past(by).counts == {"same": 6}
    assert StageMove.objects.count() == 6


def test_case_goes_on_with_later_events_and_refuses_earlier_ones():
    by = make_user(Role.SYSTEM_ADMIN)
    a_past(by)
    job = events(
        [["D3", "Acme", "Signed", "2025-03-01", ""], ["D1", "Acme", "Seen", "2024-12-01", ""]], by=by
    )
    assert job.counts == {"update": 1, "refuse": 1}
    assert issues(job) == {(3, "entered_at", "before_what_is_known")}
    assert walk("D3")[-1] == ("seen", "signed", at("2025-03-01"))
    case = Case.objects.get(code="D3")
    assert (case.stage.key, case.version, case.amount) == ("signed", 2, Decimal(800))


def test_columns_of_dates_follow_the_stages_even_where_they_run_backwards():
    job = events(
        [["W1", "Acme", "2025-03-01", "2025-02-01", "2025-04-01"], ["W2", "Acme", "2025-01-01", "", ""]],
        head=WIDE_HEAD, mapping=WIDE,
    )  # fmt: skip
    assert (job.counts, job.records["backwards"]) == ({"create": 2}, 1)
    assert [step[1] for step in walk("W1")] == ["seen", "signed", "won"]
    assert Case.objects.get(code="W1").stage.outcome == "won"
    assert Case.objects.get(code="W2").stage.key == "seen"


def test_dry_run_counts_and_writes_nothing():
    job = events([["D1", "Acme", "Seen", "2025-01-01", ""]], dry_run=True)
    assert (job.status, job.counts) == ("checked", {"create": 1})
    assert not Case.objects.exists() | Client.objects.exists() | Pipeline.objects.filter(key="past").exists()


def test_case_with_a_refused_row_is_refused_whole():
    job = events(
        [
            ["D1", "Acme", "Seen", "2025-01-01", ""],
            ["D1", "Acme", "Signed", "some day", ""],
            ["D2", "Acme", "Seen", "2025-01-01", ""],
        ]
    )
    assert job.counts == {"refuse": 2, "create": 1}
    assert issues(job) == {(2, "code", "case_incomplete"), (3, "entered_at", "not_a_date")}
    assert [case.code for case in Case.objects.all()] == ["D2"]


@pytest.mark.parametrize(
    ("row", "found"),
    [
        (["D1", "Acme", "Seen", "2999-01-01", ""], ("entered_at", "date_in_future")),
        (["D1", "Acme", "Seen", "", ""], ("entered_at", "stage_without_date")),
        (["D1", "Acme", "", "", ""], ("", "no_event")),
        (["FC000001", "Acme", "Seen", "2025-01-01", ""], ("code", "case_code_reserved")),
        (["D1", "Acme", "Seen", "2025-01-01", "-5"], ("amount", "negative_amount")),
    ],
)
def test_row_that_cannot_be_is_refused(row, found):
    job = events([row])
    assert issues(job) == {(2, *found)}
    assert all(each.reason and each.fix for each in explained(job))


def test_unknown_stage_is_refused_until_it_is_said_what_it_means():
    by = make_user(Role.SYSTEM_ADMIN)
    a_past(by)
    rows = [["D9", "Acme", "Prospect", "2025-01-01", ""]]
    assert issues(events(rows, by=by)) == {(2, "stage", "unknown_stage")}
    job = staged("stage_events", [HEAD, *rows], by=by)
    setup = imports.Setup(
        mapping=LONG, constants={"pipeline": "past"}, translations={"stage": {"Prospect": "seen"}}
    )
    imports.start_import(by=by, job=job, setup=setup, keep_good_rows=True, ring=False)
    imports.run_import(job.pk)
    assert walk("D9") == [(None, "seen", at("2025-01-01"))]


def test_manager_imports_into_the_own_book_and_makes_no_pipeline():
    rm = make_user()
    a_past()
    assert issues(
        events([["D7", "New", "Seen", "2025-01-01", ""]], by=rm, constants={"pipeline": "Other"})
    ) == {(2, "pipeline", "unknown_pipeline")}
    foreign = events([["D1", "Acme", "Signed", "2026-01-01", ""]], by=rm)
    assert issues(foreign) == {(2, "code", "code_unavailable"), (2, "client", "code_unavailable")}
    events([["D7", "New", "Seen", "2025-01-01", ""]], by=rm)
    made = Case.objects.get(code="D7")
    assert (made.client.rm, made.opened_by) == (rm, rm)


def test_events_keep_mover_reason_project_and_tier_of_their_time():
    rm, by = make_user(username="lin"), make_user(Role.SYSTEM_ADMIN)
    client = make_client(code="K1", rm=rm)
    since = put_in_tier(client, "AA").valid_from
    head = [*HEAD, "who", "why", "what"]
    rows = [
        ["D1", "K1", "Seen", "2026-01-01", "", "lin", "", "Dam"],
        ["D1", "K1", "Lost", f"{since:%Y-%m-%dT%H:%M:%S}Z", "", "", "Too dear", "Dam"],
    ]
    mapping = {**LONG, "by": "who", "reason": "why", "project": "what"}
    job = events([*rows], head=head, mapping=mapping, by=by)
    assert job.counts == {"create": 2}, explained(job)
    seen, lost = StageMove.objects.order_by("id")
    assert (seen.moved_by, lost.moved_by) == (rm, by)
    assert (seen.tier, lost.tier.key) == (None, "AA")
    assert Case.objects.get().project == Project.objects.get(name_en="Dam")
    assert ClosingReason.objects.get(key=lost.reason).name_en == "Too dear"
    assert Case.objects.get().reason == lost.reason


def undone(job, by):
    imports.start_undo(by=by, job=job, ring=False)
    imports.run_import(job.pk)
    job.refresh_from_db()
    assert job.status == ImportJob.Status.UNDONE
    return job


def test_undo_takes_away_what_the_import_made_and_nothing_else():
    kept = make_case()
    by = make_user(Role.SYSTEM_ADMIN)
    job = a_past(by)
    more = events([["D3", "Acme", "Signed", "2025-03-01", ""]], by=by)
    assert undone(more, by).records["restored"] == 1
    assert Case.objects.get(code="D3").stage.key == "seen"
    assert Case.objects.get(code="D3").version == 1
    undone(job, by)
    assert list(Case.objects.all()) == [kept]
    assert list(Client.objects.all()) == [kept.client]
    assert not Pipeline.objects.filter(key="past").exists()


def test_undo_keeps_cases_that_somebody_went_on_with():
    by = make_user(Role.SYSTEM_ADMIN)
    job = a_past(by)
    events([["D3", "Acme", "Signed", "2025-03-01", ""]], by=by)
    cases = Case.objects.count()
    assert undone(job, by).records["kept"] == 1
    assert [case.code for case in Case.objects.all()] == ["D3"]
    assert cases > 1
    assert KeptRecord.objects.get().name == "D3"
    assert Pipeline.objects.filter(key="past").exists()


def test_import_is_taken_back_by_page(client):
    by = make_user(Role.SYSTEM_ADMIN)
    job = a_past(by)
    client.force_login(by)
    page = reverse("crm:import", args=[job.pk])
    assert "Take the import back" in client.get(page).content.decode()
    assert client.post(reverse("crm:import-undo", args=[job.pk])).url == page
    imports.run_import(job.pk)
    assert "This import was taken back" in client.get(page).content.decode()
    assert not Case.objects.exists()


def test_page_asks_what_the_names_of_stages_mean(client):
    by = make_user(Role.SYSTEM_ADMIN)
    a_past(by)
    client.force_login(by)
    job = staged("stage_events", [HEAD, ["D8", "Acme", "Prospect", "2025-01-01", ""]], by=by)
    page = reverse("crm:import", args=[job.pk])
    assert "Prospect" in client.get(page).content.decode()
    columns = {f"column_{place}": field for place, field in enumerate(LONG)}
    sent = {**columns, "said_0": "signed", "set_pipeline": "past", "date_order": "auto"}
    assert client.post(page, sent).status_code == 302
    imports.run_import(job.pk)
    job.refresh_from_db()
    assert (job.translations, job.counts) == ({"stage": {"Prospect": "signed"}}, {"create": 1})


def test_page_fills_gaps_of_a_file_and_asks_what_its_words_stand_for(client):
    by = make_user(Role.SYSTEM_ADMIN)
    client.force_login(by)
    header = ["deal", "account", "product", "deal_stage", "engage_date", "close_date"]
    rows = [
        ["O1", "Acme", "Equity", "Won", "2017-01-01", "2017-02-01"],
        ["O2", "", "Loan", "Engaging", "2017-01-05", ""],
        ["O3", "Cora", "Loan", "Prospecting", "", ""],
    ]
    job = staged("stage_events", [header, *rows], by=by)
    page = reverse("crm:import", args=[job.pk])
    fields = ["code", "client", "product", "stage", "stage:engage_date", "entered_at"]
    sent = {
        **{f"column_{place}": field for place, field in enumerate(fields)},
        "set_pipeline": "Deals", "set_stages": "Prospecting|Engaging|Won|Lost", "set_client": "Not named",
        "set_entered_at": "2016-10-20", "date_order": "auto", "add_reference_data": "on",
    }  # fmt: skip
    client.post(page, sent)
    imports.run_import(job.pk)
    assert {("product", "not_a_choice"), ("stage", "unknown_stage")} <= {
        (field, code) for _line, field, code in issues(job)
    }
    client.post(reverse("crm:import-reopen", args=[job.pk]))
    asked = client.get(page).context["form"].meanings
    assert [field.label for field in asked] == [
        "Stage: engage_date", "Stage: Engaging", "Stage: Prospecting", "Stage: Won", "Product: Equity",
    ]  # fmt: skip
    client.post(page, {**sent, asked[0].html_name: "Engaging", asked[-1].html_name: "-"})
    imports.run_import(job.pk)
    client.post(reverse("crm:import-apply", args=[job.pk]), {"keep": "good"})
    imports.run_import(job.pk)
    assert walk("O1") == [(None, "engaging", at("2017-01-01")), ("engaging", "won", at("2017-02-01"))]
    assert walk("O2") == [(None, "engaging", at("2017-01-05"))]
    assert walk("O3") == [(None, "prospecting", at("2016-10-20"))]
    assert list(Case.objects.order_by("code").values_list("product", "client__name_en")) == [
        ("", "Acme"), ("term_loan", "Not named"), ("term_loan", "Cora"),
    ]  # fmt: skip


def test_command_imports_and_takes_back(tmp_path, capsys):
    make_user(Role.SYSTEM_ADMIN, username="root")
    file = tmp_path / "past.csv"
    file.write_bytes(as_csv([WIDE_HEAD, ["W1", "", "2025-03-01", "2025-04-01", ""]]))
    call_command(
        "funnel", "import", str(file), "--pipeline=Past", "--user=root", "--add-reference",
        *[f"--map={field}={column}" for field, column in WIDE.items()], "--means=client:=Nobody",
    )  # fmt: skip
    assert "1 rows = 1 create" in capsys.readouterr().out
    assert Case.objects.get().client.name_en == "Nobody"
    call_command("funnel", "undo", str(ImportJob.objects.get().pk))
    assert not Case.objects.exists()
    with pytest.raises(CommandError):
        call_command("funnel", "undo", str(ImportJob.objects.get().pk))
