"""Revenue by client, project and month."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from crm.imports.values import BadCell, month
from crm.models import Participation, Revenue
from tests.crm.imports.making import explained, imported, issues
from tests.factories import make_client, make_project

HEADER = ["client", "project", "month", "amount", "unit"]


@pytest.mark.parametrize("text", ["2025-03", "2025/3", "202503", "2025年3月", "2025.03", "2025-03-31"])
def test_a_month_is_read_as_its_first_day(text):
    assert month(text) == date(2025, 3, 1)


@pytest.mark.parametrize("text", ["20253", "2025-13", "2025", "March"])
def test_what_is_no_month_is_refused(text):
    with pytest.raises(BadCell):
        month(text)


@pytest.mark.django_db
def test_revenue_within_a_project_and_beside_any_comes_in_by_month():
    client, project = make_client(code="S1"), make_project(code="P1")
    Participation.objects.create(client=client, project=project)
    job = imported(
        "revenue", [HEADER, ["S1", "P1", "2025-03", "5", "万元"], ["S1", "", "2025年3月", "7", ""]]
    )
    assert job.counts == {"create": 2}
    assert set(Revenue.objects.values_list("project__code", "month", "amount")) == {
        ("P1", date(2025, 3, 1), Decimal(50_000)),
        (None, date(2025, 3, 1), Decimal(7)),
    }


@pytest.mark.django_db
def test_revenue_again_changes_nothing_and_another_amount_makes_a_restatement():
    client = make_client(code="S1")
    rows = [HEADER, ["S1", "", "2025-03", "5", ""]]
    imported("revenue", rows)
    Revenue.objects.update(received_on=date(2025, 4, 2))
    assert imported("revenue", rows).counts == {"same": 1}
    assert imported("revenue", [HEADER, ["S1", "", "2025-03", "6", ""]]).counts == {"create": 1}
    latest = client.revenues.latest("received_on")
    assert (latest.received_on, latest.amount) == (timezone.localdate(), 6)
    assert imported("revenue", [HEADER, ["S1", "", "2025-03", "8", ""]]).counts == {"update": 1}
    assert client.revenues.count() == 2


@pytest.mark.django_db
def test_revenue_refuses_what_cannot_be():
    make_client(code="S1")
    make_project(code="P1")
    coming = (timezone.localdate() + timedelta(days=40)).strftime("%Y-%m")
    job = imported(
        "revenue",
        [
            HEADER,
            ["S1", "P1", "2025-03", "5", ""],
            ["S1", "P9", "2025-03", "5", ""],
            ["S1", "", coming, "5", ""],
            ["S1", "", "2025-03", "", ""],
            ["S1", "", "2025-04", "1", ""],
            ["S1", "", "2025-04", "2", ""],
        ],
    )
    assert issues(job) == {
        (2, "project", "not_the_clients_project"),
        (3, "project", "not_the_clients_project"),
        (4, "month", "date_in_future"),
        (5, "amount", "required"),
        (7, "", "repeats_other_values"),
    }
    assert job.counts == {"refuse": 5, "create": 1}
    assert not any("%(" in each.reason + each.fix for each in explained(job))
