"""Statements, observations and projects."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from crm.models import CustomMetric, FinancialStatement, Observation, Participation, Project, Role
from tests.crm.imports.making import events, explained, imported, issues
from tests.factories import make_client, make_project, make_user

pytestmark = pytest.mark.django_db

STATEMENT = ["client", "period end", "revenue", "total assets", "unit", "audited"]
READING = ["client", "metric", "value", "date", "source"]


def test_statements_find_clients_by_code_number_or_exact_name_in_either_language():
    make_client(code="S1", name_zh="华信能源", name_en="Huaxin Energy", registration_number="91")
    rows = [
        STATEMENT,
        *(
            [name, f"202{n}-12-31", "5", "", "万元", "是"]
            for n, name in enumerate(["S1", "91", "华信能源", "Huaxin Energy"])
        ),
    ]
    job = imported("statements", rows)
    assert job.counts == {"create": 4}
    assert set(FinancialStatement.objects.values_list("revenue", "audited")) == {(Decimal(50_000), True)}


def test_statements_again_change_nothing_and_other_figures_make_a_restatement():
    client = make_client(code="S1")
    rows = [STATEMENT, ["S1", "2024-12-31", "100", "200", "", ""]]
    imported("statements", rows)
    FinancialStatement.objects.update(received_on=date(2025, 3, 1))
    before = events(FinancialStatement)
    assert imported("statements", rows).counts == {"same": 1}
    assert events(FinancialStatement) == before
    restated = [STATEMENT, ["S1", "2024-12-31", "90", "", "", ""]]
    assert imported("statements", restated).counts == {"create": 1}
    latest = client.statements.latest("received_on")
    assert (latest.received_on, latest.revenue, latest.total_assets) == (timezone.localdate(), 90, 200)
    assert imported("statements", [STATEMENT, ["S1", "2024-12-31", "80", "", "", ""]]).counts == {"update": 1}
    assert client.statements.count() == 2


def test_statements_refuse_what_cannot_be():
    make_client(code="S1")
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    header = ["client", "period end", "received on", "revenue", "audited"]
    job = imported(
        "statements",
        [
            header,
            ["S9", "2024-12-31", "", "1", ""],
            ["S1", tomorrow, "", "1", ""],
            ["S1", "2024-12-31", "2024-06-30", "5%", "perhaps"],
            ["", "", "", "", ""],
            ["S1", "", tomorrow, "1", ""],
        ],
    )
    assert issues(job) == {
        (2, "client", "unknown_client"),
        (3, "period_end", "date_in_future"),
        (4, "received_on", "received_before"),
        (4, "revenue", "not_a_number"),
        (4, "audited", "not_a_choice"),
        (6, "period_end", "required"),
        (6, "received_on", "date_in_future"),
    }
    assert job.counts == {"refuse": 4}
    assert not any("%(" in each.reason + each.fix for each in explained(job))


def test_foreign_clients_are_refused_in_the_words_for_unknown_ones():
    rm = make_user()
    make_client(code="F1", rm=make_user())
    make_client(code="MINE", rm=rm)
    job = imported(
        "statements",
        [STATEMENT, *([code, "2024-12-31", "1", "", "", ""] for code in ("F1", "X1", "MINE"))],
        by=rm,
    )
    foreign, unknown = explained(job)
    assert job.counts == {"refuse": 2, "create": 1}
    assert foreign.reason.replace("F1", "X1") == unknown.reason
    assert foreign.fix == unknown.fix


def test_observations_come_long_with_keys_or_labels_and_categories():
    client = make_client(code="O1")
    job = imported(
        "observations",
        [
            READING,
            ["O1", "leverage", "62%", "2025-06-30", "bureau"],
            ["O1", "Credit rating", "bbb", "2025-06-30", "bureau"],
            ["O1", "leverage", "0.62", "2025-06-30", "bureau"],
        ],
    )
    assert job.counts == {"create": 2, "repeat": 1}
    assert set(client.observations.values_list("metric", "value", "text")) == {
        ("leverage", 0.62, ""),
        ("rating", None, "BBB"),
    }


def test_observations_come_wide_and_leave_out_what_is_missing():
    make_client(code="O1"), make_client(code="O2")
    rows = [
        ["client", "date", "source", "Leverage", "current_ratio"],
        ["O1", "2025-06-30", "audit", "0.5", "n/a"],
        ["O2", "2025-06-30", "audit", "0.7", "1.5"],
    ]
    job = imported("observations", rows)
    assert (job.counts, job.records["observations"], job.records["missing"]) == ({"create": 2}, 3, 1)
    before = events(Observation)
    assert imported("observations", rows).counts == {"same": 2}
    assert events(Observation) == before
    rows[1][3] = "0.55"
    assert imported("observations", rows).counts == {"update": 1, "same": 1}


def test_another_value_on_a_later_day_is_a_further_observation():
    client = make_client(code="O1")
    imported("observations", [READING, ["O1", "leverage", "0.5", "2025-06-30", "audit"]])
    Observation.objects.update(received_on=date(2025, 7, 1))
    assert imported("observations", [READING, ["O1", "leverage", "0.6", "2025-06-30", "audit"]]).counts == {
        "create": 1
    }
    assert client.observations.count() == 2


def test_observations_refuse_what_a_metric_cannot_be():
    make_client(code="O1")
    job = imported(
        "observations",
        [
            READING,
            ["O1", "leverge", "1", "2025-06-30", "audit"],
            ["O1", "zzzzzz", "1", "2025-06-30", "audit"],
            ["O1", "pd", "85", "2025-06-30", "audit"],
            ["O1", "rating", "Z", "2025-06-30", "audit"],
            ["O1", "leverage", "", "2025-06-30", ""],
            ["O1", "leverage", "0.5", "2025-06-30", "audit"],
            ["O1", "leverage", "0.6", "2025-06-30", "audit"],
            ["O1", "management_quality", "6", "2025-06-30", "audit"],
        ],
    )
    assert issues(job) == {
        (2, "metric", "unknown_metric_near"),
        (3, "metric", "unknown_metric"),
        (4, "value", "out_of_range"),
        (5, "value", "not_a_choice"),
        (6, "value", "required"),
        (6, "source", "required"),
        (8, "", "repeats_other_values"),
        (9, "value", "out_of_range"),
    }
    texts = explained(job)
    assert "“leverage”" in texts[0].fix
    assert "0 to 1" in next(each.reason for each in texts if each.line == 4)


def test_a_wide_row_without_any_value_is_refused():
    make_client(code="O1")
    job = imported(
        "observations", [["client", "date", "source", "leverage"], ["O1", "2025-06-30", "audit", "-"]]
    )
    assert issues(job) == {(2, "", "no_values")}


def test_metrics_of_ones_own_are_added_when_chosen():
    make_client(code="O1")
    rows = [["client", "date", "source", "Brand value"], ["O1", "2025-06-30", "audit", "7"]]
    mapping = {"client": "client", "observed_on": "date", "source": "source", "brand_value": "Brand value"}
    job = imported("observations", rows, mapping=mapping, add=True)
    assert (job.counts, job.records["metrics"]) == ({"create": 1}, 1)
    assert CustomMetric.objects.get(key="brand_value").label_en == "Brand value"
    assert imported("observations", rows, mapping=mapping).counts == {"same": 1}
    long = imported("observations", [READING, ["O1", "Footfall", "9", "2025-06-30", "audit"]], add=True)
    assert (long.counts, CustomMetric.objects.filter(key="footfall").count()) == ({"create": 1}, 1)


PROJECT = ["project code", "project name", "client", "part", "amount", "unit", "currency", "revenue share"]


def test_projects_bring_the_part_a_client_takes():
    make_client(code="P1"), make_client(code="P2")
    rows = [
        PROJECT,
        ["X1", "水电站", "P1", "借款人", "2", "亿元", "CNY", "40%"],
        ["X1", "水电站", "P2", "sponsor", "2", "亿元", "CNY", ""],
        ["X2", "Nobody's", "", "", "", "", "", ""],
    ]
    job = imported("projects", rows)
    assert (job.counts, job.records["projects"], job.records["participations"]) == ({"create": 3}, 2, 2)
    project = Project.objects.get(code="X1")
    assert (project.name_zh, project.amount) == ("水电站", 200_000_000)
    assert set(project.participations.values_list("part", "revenue_share")) == {
        ("borrower", 0.4),
        ("sponsor", None),
    }
    assert imported("projects", rows).counts == {"same": 3}
    rows[1][7] = "50%"
    assert imported("projects", rows).counts == {"update": 1, "same": 2}
    assert Participation.objects.get(part="borrower").revenue_share == 0.5


def test_part_in_a_project_ends_after_it_begins():
    make_client(code="P1")
    header = ["project code", "project name", "client", "taking part since", "taking part until"]
    row = ["X1", "水电站", "P1", "2025-03-01", ""]
    imported("projects", [header, row])
    refused = imported("projects", [header, [*row[:3], "", "2025-03-01"]])
    assert issues(refused) == {(2, "until", "until_before_since")}
    assert imported("projects", [header, [*row[:3], "", "2026-03-01"]]).counts == {"update": 1}
    assert Participation.objects.get().until == date(2026, 3, 1)


def test_projects_refuse_contradictions_and_what_others_hold():
    rm = make_user()
    make_client(code="P1", rm=rm)
    make_project(code="FOREIGN")
    job = imported(
        "projects",
        [
            PROJECT,
            ["X1", "A", "P1", "", "1", "", "", ""],
            ["X1", "B", "P1", "sponsor", "1", "", "", ""],
            ["FOREIGN", "A", "P1", "", "", "", "", ""],
            ["X3", "A", "", "", "", "", "", "2"],
            ["X4", "", "P9", "boss", "", "", "", ""],
        ],
        by=rm,
    )
    assert issues(job) == {
        (3, "", "repeats_other_values"),
        (4, "code", "code_unavailable"),
        (5, "client", "client_required"),
        (5, "revenue_share", "out_of_range"),
        (6, "client", "unknown_client"),
        (6, "part", "not_a_choice"),
        (6, "name", "no_name"),
    }
    assert job.counts == {"create": 1, "refuse": 4}
    assert explained(job)[0].reason == "Line 2 is about the same record, with other values (English name)."


def test_system_administrators_import_for_everyone():
    make_client(code="P1", rm=make_user())
    job = imported(
        "statements", [STATEMENT, ["P1", "2024-12-31", "1", "", "", ""]], by=make_user(Role.SYSTEM_ADMIN)
    )
    assert job.counts == {"create": 1}


def test_judgements_come_with_their_evidence():
    make_client(code="S1")
    header = ["client", "metric", "value", "date", "source", "依据"]
    row = ["S1", "management_quality", "4", "2026-01-31", "visit", "Two audits without a finding"]
    assert imported("observations", [header, row]).counts == {"create": 1}
    judged = Observation.objects.get()
    assert (judged.value, judged.evidence) == (4.0, row[-1])
    assert imported("observations", [header, row]).counts == {"same": 1}
    other = imported("observations", [header, [*row[:-1], "Three audits"]])
    assert (other.counts, other.staged.get().changes["evidence"]) == (
        {"update": 1},
        [row[-1], "Three audits"],
    )
    judged.refresh_from_db()
    assert judged.evidence == "Three audits"


def test_values_within_a_project_stand_beside_those_of_the_client():
    client = make_client(code="S1")
    project = make_project(code="P1")
    Participation.objects.create(client=client, project=project, part="borrower")
    make_project(code="P2")
    rows = [
        ["client", "project", "metric", "value", "date", "source"],
        ["S1", "P1", "project_dscr", "1.4", "2026-01-31", "model"],
        ["S1", "P2", "project_dscr", "1.4", "2026-01-31", "model"],
        ["S1", "", "leverage", "0.5", "2026-01-31", "model"],
        ["S1", "P1", "leverage", "0.5", "2026-01-31", "model"],
        ["S1", "", "project_llcr", "1.5", "2026-01-31", "model"],
    ]
    job = imported("observations", rows)
    assert (job.counts, issues(job)) == (
        {"create": 2, "refuse": 3},
        {
            (3, "project", "not_the_clients_project"),
            (5, "metric", "metric_of_clients"),
            (6, "metric", "metric_needs_a_project"),
        },
    )
    assert Observation.objects.get(metric="project_dscr").project == project
    assert imported("observations", rows[:2]).counts == {"same": 1}
