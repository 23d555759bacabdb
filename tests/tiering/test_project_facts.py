"""Facts of clients within projects against values worked out by hand."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection

from crm.models import Client, Participation, Project, Role
from tests.factories import (
    make_client,
    make_industry,
    make_observation,
    make_project,
    make_region,
    make_revenue,
    make_user,
)
from tests.tiering.helpers import NOON_IN_SHANGHAI, facts_of
from tiering.core.catalogue import METRICS, PROJECT_METRICS
from tiering.facts import derive
from tiering.facts.projects import PROJECT_COLUMNS, derive_projects
from tiering.facts.reading import age_columns, values_of
from tiering.models import ProjectFacts, RetierRequest
from tiering.services.sources import set_order

pytestmark = pytest.mark.django_db


def join(client: Client, project: Project, **fields: Any) -> Participation:
    return Participation.objects.create(client=client, project=project, **fields)


def derived(
    *clients: Client, as_of: datetime = NOON_IN_SHANGHAI
) -> dict[tuple[Client, Project], dict[str, Any]]:
    """By client and project, the row that is derived."""
    with connection.cursor() as cursor:
        cursor.execute(*derive_projects([client.pk for client in clients], as_of))
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    # Through the model, so that its columns are read as the application reads them.
    projects = Project.objects.in_bulk()
    by_id = {client.pk: client for client in clients}
    return {(by_id[row["client_id"]], projects[row["project_id"]]): row for row in rows}


def within(client: Client, project: Project, as_of: datetime = NOON_IN_SHANGHAI) -> dict[str, Any]:
    return derived(client, as_of=as_of)[client, project]


@pytest.fixture
def project() -> Project:
    return make_project()


class TestWhoTakesPart:
    def test_several_parts_in_one_project_are_one_subject_with_the_closest_part(self, project):
        client = make_client()
        join(client, project, part="offtaker", revenue_share=0.3)
        join(client, project, part="sponsor", revenue_share=0.1)
        row = within(client, project)
        assert (row["project_part"], row["project_revenue_share"]) == ("sponsor", 0.3)
        assert len(derived(client)) == 1

    def test_part_counts_from_its_first_day_and_no_more_on_its_last(self, project):
        client = make_client()
        join(client, project, since=date(2026, 1, 10), until=date(2026, 6, 1))
        found = [
            bool(derived(client, as_of=datetime(*day, 4, tzinfo=UTC)))
            for day in ((2026, 1, 9), (2026, 1, 10), (2026, 5, 31), (2026, 6, 1))
        ]
        assert found == [False, True, True, False]

    def test_part_in_a_cancelled_project_counts_for_nothing_and_in_a_completed_one_it_does(self):
        client = make_client()
        join(client, make_project(status="cancelled"))
        completed = make_project(status="completed")
        join(client, completed)
        assert list(derived(client)) == [(client, completed)]

    def test_nobody_else_gets_a_row(self, project):
        client, other = make_client(), make_client()
        join(client, project)
        join(other, project)
        join(other, make_project())
        assert list(derived(client)) == [(client, project)]

    def test_client_without_a_project_has_none(self):
        assert derived(make_client()) == {}


class TestRevenue:
    def test_shares_ranks_and_what_is_ahead_follow_from_twelve_full_months(self, project):
        first, second, third = make_client(), make_client(), make_client()
        for client in (first, second, third):
            join(client, project)
        # On 30 June 2026 the twelve full months are June 2025 to May 2026.
        make_revenue(first, date(2025, 6, 1), 400, project=project)
        make_revenue(first, date(2026, 5, 1), 200, project=project)
        make_revenue(first, date(2025, 5, 1), 10_000, project=project)
        make_revenue(first, date(2026, 6, 1), 10_000, project=project, received_on=date(2026, 6, 2))
        make_revenue(second, date(2026, 1, 1), 300, project=project)
        make_revenue(third, date(2026, 1, 1), 100, project=project)
        make_revenue(third, date(2026, 1, 1), 9_999)
        figures = {
            client: tuple(row[f"project_revenue_{key}"] for key in ("12m", "share", "cumulative", "rank"))
            for (client, _), row in derived(first, second, third).items()
        }
        assert figures == {
            first: (600, 0.6, 0, 1),
            second: (300, 0.3, 0.6, 2),
            third: (100, 0.1, 0.9, 3),
        }

    def test_equal_shares_are_at_one_rank_with_the_same_ahead_of_them(self, project):
        clients = [make_client() for _ in range(4)]
        for client, share in zip(clients, (0.4, 0.25, 0.25, 0.1), strict=True):
            join(client, project, revenue_share=share)
        rows = derived(*clients)
        figures = [rows[client, project] for client in clients]
        assert [row["project_revenue_rank"] for row in figures] == [1, 2, 2, 4]
        assert [row["project_revenue_cumulative"] for row in figures] == [0, 0.4, 0.4, 0.9]

    def test_recorded_share_goes_before_what_revenue_says(self, project):
        client, other = make_client(), make_client()
        join(client, project, revenue_share=0.7)
        join(other, project)
        make_revenue(client, date(2026, 1, 1), 100, project=project)
        make_revenue(other, date(2026, 1, 1), 300, project=project)
        rows = derived(client, other)
        assert rows[client, project]["project_revenue_share"] == 0.7
        assert rows[other, project]["project_revenue_share"] == 0.75

    def test_revenue_of_who_left_counts_in_the_whole_but_not_ahead(self, project):
        client, left = make_client(), make_client()
        join(client, project)
        join(left, project, until=date(2026, 2, 1))
        make_revenue(client, date(2026, 1, 1), 100, project=project)
        make_revenue(left, date(2026, 1, 1), 300, project=project)
        row = within(client, project)
        assert (row["project_revenue_share"], row["project_revenue_cumulative"]) == (0.25, 0)

    def test_negative_revenue_is_a_contribution_and_no_share(self, project):
        client, other = make_client(), make_client()
        join(client, project)
        join(other, project)
        make_revenue(client, date(2026, 1, 1), -50, project=project)
        make_revenue(other, date(2026, 1, 1), 50, project=project)
        row = within(client, project)
        assert (row["project_revenue_12m"], row["project_revenue_share"]) == (-50, 0)
        assert within(other, project)["project_revenue_share"] == 1

    def test_restatement_counts_from_its_receipt(self, project):
        client = make_client()
        join(client, project)
        make_revenue(client, date(2026, 1, 1), 100, project=project, received_on=date(2026, 2, 1))
        make_revenue(client, date(2026, 1, 1), 80, project=project, received_on=date(2026, 4, 1))
        make_revenue(client, date(2026, 1, 1), 7, project=project, source="agent")
        before = within(client, project, datetime(2026, 3, 31, 4, tzinfo=UTC))
        assert (before["project_revenue_12m"], within(client, project)["project_revenue_12m"]) == (107, 87)

    def test_without_any_month_on_record_nothing_is_known_and_after_a_quiet_year_it_is_nothing(self, project):
        client, quiet = make_client(), make_client()
        join(client, project)
        join(quiet, project)
        make_revenue(quiet, date(2024, 1, 1), 100, project=project)
        rows = derived(client, quiet)
        assert rows[client, project]["project_revenue_12m"] is None
        assert rows[quiet, project]["project_revenue_12m"] == 0
        assert rows[quiet, project]["project_revenue_share"] is None


class TestObserved:
    def test_judgement_counts_within_its_project_alone(self, project):
        client, other = make_client(), make_project()
        join(client, project)
        join(client, other)
        make_observation(client, "project_risk_capacity", 4, project=project)
        make_observation(client, "market_influence", 5)
        rows = derived(client)
        assert rows[client, project]["project_risk_capacity"] == 4
        assert rows[client, other]["project_risk_capacity"] is None
        assert rows[client, project]["project_market_influence"] is None

    def test_judgement_within_a_project_says_nothing_of_the_client_as_a_whole(self, project):
        client = make_client()
        join(client, project)
        make_observation(client, "management_quality", 2, project=project)
        assert facts_of(client)["management_quality"] is None

    def test_cover_of_the_project_counts_for_everyone_who_takes_part(self, project):
        client, other = make_client(), make_client()
        join(client, project)
        join(other, project)
        make_observation(client, "project_dscr", 1.2, project=project, observed_on=date(2026, 3, 1))
        make_observation(other, "project_dscr", 1.4, project=project, observed_on=date(2026, 5, 1))
        rows = derived(client, other)
        assert [row["project_dscr"] for row in rows.values()] == [1.4, 1.4]

    def test_declared_order_of_sources_holds_within_projects(self, project):
        client, other = make_client(), make_client()
        join(client, project)
        join(other, project)
        old = {"source": "Adviser", "observed_on": date(2026, 3, 1)}
        make_observation(client, "project_dscr", 1.2, project=project, **old)
        make_observation(
            client, "project_dscr", 1.4, project=project, source="Client", observed_on=date(2026, 5, 1)
        )
        assert within(client, project)["project_dscr"] == 1.4
        RetierRequest.objects.all().delete()
        by = make_user(Role.CRITERIA_ADMIN)
        set_order(by=by, metric="project_dscr", sources=["Adviser"])
        assert within(client, project)["project_dscr"] == 1.2
        assert set(RetierRequest.objects.values_list("client", flat=True)) == {client.pk, other.pk}
        years_later = datetime(2035, 1, 1, tzinfo=UTC)
        assert within(client, project, years_later)["project_dscr"] is None

    def test_observation_counts_from_its_receipt_until_it_is_too_old(self, project):
        client = make_client()
        join(client, project)
        make_observation(
            client,
            "project_market_influence",
            3,
            project=project,
            observed_on=date(2025, 6, 30),
            received_on=date(2025, 7, 5),
        )
        known = [
            within(client, project, datetime(*day, 4, tzinfo=UTC))["project_market_influence"]
            for day in ((2025, 7, 4), (2025, 7, 5), (2026, 6, 30), (2026, 7, 1))
        ]
        assert known == [None, 3, 3, None]

    def test_what_was_observed_is_named_with_its_day(self, project):
        client = make_client()
        join(client, project)
        seen = make_observation(client, "project_risk_capacity", 4, project=project)
        cover = make_observation(client, "project_llcr", 1.6, project=project, observed_on=date(2026, 5, 1))
        stored = store(client, project)
        assert stored.sources == {"observation": {"project_risk_capacity": seen.pk, "project_llcr": cover.pk}}
        assert stored.dates == {"project_risk_capacity": "2026-06-30", "project_llcr": "2026-05-01"}


def store(client: Client, project: Project) -> ProjectFacts:
    """The derived facts as the ledger holds them."""
    statement, params = derive_projects([client.pk], NOON_IN_SHANGHAI)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO tiering_projectfacts
                    (client_id, project_id, valid_from, "values", sources, dates, content_hash)
                SELECT client_id, project_id, %(as_of)s, "values", sources, dates, content_hash
                FROM ({statement}) AS d""",
            {**params, "as_of": NOON_IN_SHANGHAI},
        )
    return ProjectFacts.objects.get(client=client, project=project)


def test_project_is_described_by_its_records():
    project = make_project(
        amount=5_000_000,
        status="active",
        es_category="B",
        industry=make_industry(risk_coefficient=1.3),
        region=make_region(factor=0.8),
    )
    client = make_client(industry=make_industry(risk_coefficient=9), region=make_region(factor=9))
    join(client, project, part="guarantor")
    assert store(client, project).values == {
        "project_part": "guarantor",
        "project_amount": 5_000_000,
        "project_status": "active",
        "project_es_category": "B",
        "project_industry_risk": 1.3,
        "project_region_factor": 0.8,
    }


def test_amount_in_another_currency_is_not_known():
    client, project = make_client(), make_project(currency="USD")
    join(client, project)
    assert within(client, project)["project_amount"] is None


def test_hash_changes_with_a_value_and_with_nothing_else(project):
    client = make_client()
    part = join(client, project, revenue_share=0.5)
    first = within(client, project)["content_hash"]
    assert within(client, project, datetime(2026, 7, 1, 4, tzinfo=UTC))["content_hash"] == first
    Participation.objects.filter(pk=part.pk).update(revenue_share=0.5000000000000001)
    assert within(client, project)["content_hash"] != first


def test_every_metric_of_a_project_has_its_column():
    assert {key for key in PROJECT_COLUMNS if key.startswith("project_")} == set(PROJECT_METRICS)
    assert all(key.startswith("project_") for key in PROJECT_METRICS)


def test_statement_reads_stored_facts_as_python_does(project):
    """Both ways in which an assessment comes by its facts, with a judgement that the project replaces."""
    client = make_client(industry=make_industry(risk_coefficient=1.1))
    join(client, project, revenue_share=1 / 3)
    make_observation(client, "management_quality", 4, observed_on=date(2026, 6, 1))
    make_observation(client, "market_influence", 3, observed_on=date(2026, 6, 2))
    make_observation(client, "management_quality", 2, project=project, observed_on=date(2026, 6, 20))
    stored = store(client, project)
    keys = [
        "management_quality",
        "market_influence",
        "project_revenue_share",
        "project_part",
        "industry_risk",
    ]
    whole, params = derive([client.pk], NOON_IN_SHANGHAI)
    aged = a_document_that_limits(keys[:3])
    columns = values_of(keys, "d", METRICS, "p") | age_columns(aged, "d", "date '2026-06-30'", METRICS, "p")
    listed = ", ".join(f'{expression} AS "{key}"' for key, expression in columns.items())
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {listed} FROM ({whole}) d JOIN tiering_projectfacts p USING (client_id)",
            params,
        )
        names = [column.name for column in cursor.description]
        row = dict(zip(names, cursor.fetchone(), strict=True))
    facts = {**facts_of(client), **stored.values}
    assert {key: row[key] for key in keys} == {key: facts[key] for key in keys}
    assert row["management_quality"] == 2
    assert row["project_revenue_share"] == 1 / 3
    ages = {"market_influence": 28} | stored.ages(date(2026, 6, 30))
    assert {key: row[f"{key}@days"] for key in keys[:3]} == {key: ages[key] for key in keys[:3]}
    assert ages["management_quality"] == 10


def a_document_that_limits(metrics: list[str]) -> Any:
    class Document:
        aged_metrics = frozenset(metrics)

    return Document()


class TestRequests:
    def test_change_that_moves_everybodys_share_asks_for_everybody(self, project):
        client, partner, stranger = make_client(), make_client(), make_client()
        part = join(client, project, revenue_share=0.2)
        join(partner, project)
        join(stranger, make_project())
        changes = [
            lambda: make_revenue(client, date(2026, 1, 1), project=project),
            lambda: Participation.objects.filter(pk=part.pk).update(revenue_share=0.3),
            lambda: Participation.objects.filter(pk=part.pk).update(until=date(2030, 1, 1)),
            lambda: make_observation(client, "project_dscr", 1.2, project=project),
            lambda: Project.objects.filter(pk=project.pk).update(es_category="A"),
        ]
        for change in changes:
            RetierRequest.objects.all().delete()
            change()
            assert set(RetierRequest.objects.values_list("client", flat=True)) == {client.pk, partner.pk}

    def test_judgement_of_one_asks_for_that_one(self, project):
        client, partner = make_client(), make_client()
        join(client, project)
        join(partner, project)
        RetierRequest.objects.all().delete()
        make_observation(client, "project_risk_capacity", 3, project=project)
        assert list(RetierRequest.objects.values_list("client", flat=True)) == [client.pk]

    def test_reference_data_of_the_project_ask_for_who_takes_part(self):
        region, industry = make_region(factor=1.0), make_industry()
        client = make_client()
        join(client, make_project(region=region, industry=industry))
        RetierRequest.objects.all().delete()
        type(region).objects.filter(pk=region.pk).update(factor=0.7)
        assert RetierRequest.objects.filter(client=client).exists()
        RetierRequest.objects.all().delete()
        type(industry).objects.filter(pk=industry.pk).update(risk_coefficient=1.9)
        assert RetierRequest.objects.filter(client=client).exists()
