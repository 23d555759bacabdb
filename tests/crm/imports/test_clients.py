from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from crm.imports.kinds import KINDS
from crm.imports.messages import explain
from crm.models import Client, Industry, Region, Role
from tests.crm.imports.making import events, explained, imported, issues
from tests.factories import make_client, make_industry, make_region, make_team, make_user

pytestmark = pytest.mark.django_db

ROWS = [
    ["code", "name", "industry", "region", "registered capital", "unit", "client since", "kind"],
    ["K1", "华信能源", "Energy", "深圳", "1.2", "亿元", "2020年3月1日", "公司"],
    ["K2", "Smith &amp; Sons", "energy", "Shenzhen", "500", "", "", ""],
]


@pytest.fixture
def reference():
    make_industry(code="energy", name="Energy", name_zh="能源")
    make_region(code="shenzhen", name="Shenzhen", name_zh="深圳")


def test_import_creates_clients_with_what_the_row_says(reference):
    job = imported("clients", ROWS)
    assert (job.status, job.counts, job.records["clients"]) == ("applied", {"create": 2}, 2)
    first, second = Client.objects.order_by("code")
    assert (first.name_zh, first.name_en, first.registered_capital) == ("华信能源", "", Decimal(120_000_000))
    assert (first.client_since, str(first.region), str(first.industry)) == (
        date(2020, 3, 1),
        "Shenzhen",
        "Energy",
    )
    assert first.sort_key.startswith("hua")
    assert (second.name_en, second.registered_capital, second.status) == (
        "Smith & Sons",
        Decimal(500),
        "potential",
    )


def test_second_import_of_the_same_file_changes_nothing(reference):
    imported("clients", ROWS)
    before = events(Client)
    job = imported("clients", ROWS)
    assert (job.counts, events(Client)) == ({"same": 2}, before)


def test_import_changes_only_what_a_row_gives(reference):
    imported("clients", ROWS)
    job = imported(
        "clients", [["code", "name", "client since"], ["K1", "", "2021-01-01"], ["K2", "Smith & Sons", ""]]
    )
    assert job.counts == {"update": 1, "same": 1}
    client = Client.objects.get(code="K1")
    assert (client.name_zh, client.client_since, client.version) == ("华信能源", date(2021, 1, 1), 2)


def test_dry_run_counts_and_writes_nothing(reference):
    job = imported("clients", ROWS, dry_run=True)
    assert (job.status, job.counts, Client.objects.count()) == ("checked", {"create": 2}, 0)


def test_clients_without_codes_are_found_again_by_number_then_name_and_region(reference):
    rows = [
        ["name", "registration number", "region"],
        ["Huaxin", "", "Shenzhen"],
        ["Huaxin", "", ""],
        ["Dongfang", "9144", ""],
        ["  Huaxin ", "", "深圳"],
    ]
    assert imported("clients", rows).counts == {"create": 3, "repeat": 1}
    Client.objects.filter(registration_number="9144").update(name_en="Dongfang Group")
    again = imported("clients", [rows[0], rows[1], ["Dongfang Group", "9144", ""]])
    assert again.counts == {"same": 2}


def test_unknown_reference_data_is_refused_with_the_nearest_or_added_when_chosen(reference):
    rows = [["code", "name", "industry", "region"], ["K1", "A", "Enrgy", "Atlantis"]]
    refused = imported("clients", rows)
    assert issues(refused) == {(2, "industry", "unknown_industry_near"), (2, "region", "unknown_region")}
    assert "“Energy”" in explained(refused)[0].fix
    added = imported("clients", rows, add=True)
    assert (added.counts, added.records["industry"], added.records["region"]) == ({"create": 1}, 1, 1)
    assert Region.objects.get(name="Atlantis").code == "atlantis"
    assert imported("clients", rows, add=True).counts == {"same": 1}


def test_adding_reference_data_is_for_administrators_only(reference):
    rows = [["code", "name", "industry"], ["K1", "A", "Mining"]]
    assert imported("clients", rows, by=make_user(), add=True).counts == {"refuse": 1}
    assert imported("clients", rows, by=make_user(Role.SYSTEM_ADMIN), add=True).counts == {"create": 1}
    assert Industry.objects.filter(code="mining").exists()


def test_every_problem_of_a_row_is_listed(reference):
    make_client(code="OLD", registration_number="77")
    header = ["code", "name", "registration number", "kind", "registered capital", "client since", "rm"]
    job = imported(
        "clients",
        [
            header,
            ["K1", "", "", "alien", "many", "31/31/2025", "nobody"],
            ["K2", "李明", "88", "个人", "1e30", "03/04/2025", ""],
            ["K3", "x" * 301, "77", "", "", "", ""],
            ["K4", "A", "99", "", "", "", ""],
            ["K5", "B", "99", "", "", "", ""],
            ["K4", "C", "99", "", "", "", ""],
            ["K6", "D"],
            ["K7", "E", "", "", "", "", "", "extra"],
        ],
    )
    assert issues(job) == {
        (2, "kind", "not_a_choice"),
        (2, "registered_capital", "not_a_number"),
        (2, "client_since", "not_a_date"),
        (2, "rm", "unknown_rm"),
        (2, "name", "no_name"),
        (3, "registration_number", "individual_with_registration_number"),
        (3, "registered_capital", "too_large"),
        (3, "client_since", "ambiguous_date"),
        (4, "name", "too_long"),
        (4, "registration_number", "registration_number_taken"),
        (6, "registration_number", "registration_number_repeated"),
        (7, "", "repeats_other_values"),
        (8, "", "too_few_cells"),
        (9, "", "too_many_cells"),
    }
    assert job.counts == {"create": 1, "refuse": 7}
    assert not any("%(" in each.reason + each.fix for each in explained(job))


def test_all_or_nothing_writes_nothing_where_a_row_is_refused():
    rows = [["code", "name"], ["K1", "A"], ["K2", ""]]
    job = imported("clients", rows, keep=False)
    assert (job.status, Client.objects.count()) == ("refused", 0)
    assert imported("clients", rows[:2], keep=False).status == "applied"


def test_dates_with_slashes_are_read_as_the_column_shows():
    rows = [["code", "name", "client since"], ["K1", "A", "03/04/2025"], ["K2", "B", "03/25/2025"]]
    job = imported("clients", rows)
    assert (job.counts, job.records["date_order"]) == ({"create": 2}, "mdy")
    assert Client.objects.get(code="K1").client_since == date(2025, 3, 4)


def test_names_of_several_clients_are_ambiguous():
    for code in ("A1", "A2"):
        make_client(code=code, name_en="Twin Ltd", name_zh="")
    job = imported("clients", [["name", "size class"], ["Twin Ltd", "large"]])
    assert issues(job) == {(2, "name", "ambiguous_client")}


def test_rm_imports_into_the_own_book():
    rm = make_user()
    imported("clients", [["code", "name"], ["K1", "A"]], by=rm)
    client = Client.objects.get(code="K1")
    assert (client.rm, client.team) == (rm, rm.team)


def test_rm_neither_touches_nor_learns_of_clients_of_others():
    rm, other = make_user(), make_user()
    make_client(code="F1", rm=other, registration_number="55", name_en="Foreign Ltd", name_zh="")
    rows = [["code", "name", "registration number"], ["F1", "Mine", ""], ["", "Mine", "55"]]
    job = imported("clients", rows, by=rm)
    assert job.counts == {"refuse": 2}
    assert {code for _, field, code in issues(job) if field == "code"} == {"code_unavailable"}
    said = " ".join(each.reason + each.fix for each in explained(job))
    assert "Foreign" not in said
    assert Client.objects.get(code="F1").name_en == "Foreign Ltd"


def test_team_lead_imports_for_the_team_and_gives_clients_to_its_managers():
    team = make_team()
    lead = make_user(Role.TEAM_LEAD, team=team)
    rm, stranger = make_user(team=team, username="anna"), make_user(username="bert")
    make_client(code="T1", rm=rm)
    rows = [["code", "name", "rm"], ["K1", "A", "anna"], ["K2", "B", "bert"], ["T1", "Renamed", ""]]
    job = imported("clients", rows, by=lead)
    assert job.counts == {"create": 1, "refuse": 1, "update": 1}
    assert (Client.objects.get(code="K1").rm, stranger.book.count()) == (rm, 0)
    assert Client.objects.get(code="K1").team == team


def test_choices_are_offered_in_words_of_the_reader_that_a_cell_may_hold():
    job = imported("clients", [["客户编号", "客户类型", "中文名称"], ["K1", "外星", "甲"]])
    (issue,) = job.issues.filter(code="not_a_choice")
    assert explain(issue, job).fix == "Use one of: corporate, institution, individual."
    with translation.override("zh-hans"):
        offered = explain(issue, job).fix.removeprefix("请使用以下之一：").removesuffix("。").split("、")
    assert [KINDS["clients"].field("kind").parser()(word) for word in offered] == [
        "corporate",
        "institution",
        "individual",
    ]
