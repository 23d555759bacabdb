"""What a client brings in: the tab of its page, and amounts added from it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from crm.charts import monthly_columns
from crm.errors import Invalid, NotPermitted
from crm.models import Client, Revenue, Role
from crm.selectors.revenue import revenue_year
from crm.services.revenue import record_revenue
from tests.factories import make_client, make_project, make_revenue, make_user
from tiering.models import RetierRequest

pytestmark = pytest.mark.django_db
TODAY = date(2026, 7, 10)


@pytest.fixture
def held() -> Client:
    return make_client(rm=make_user(Role.RM))


def record(client: Client, **changes) -> Revenue:
    given = {"month": date(2026, 3, 1), "amount": Decimal(100), "source": "ledger", **changes}
    return record_revenue(**{"by": client.rm, "client": client, **given})


def tab(browser, client: Client):
    return browser.get(reverse("crm:client-tab", args=[client.pk, "revenue"]))


def send(browser, client: Client, **changes):
    given = {"month": "2026-03", "amount": "100", "project": "", "source": "ledger", **changes}
    return browser.post(reverse("crm:revenue-new", args=[client.pk]), given, follow=True)


def test_year_is_the_months_that_are_over_by_project_the_largest_first(held):
    small, large = make_project(), make_project()
    make_revenue(held, date(2026, 6, 1), 10, project=small)
    make_revenue(held, date(2025, 7, 1), 40, project=large)
    make_revenue(held, date(2026, 6, 1), 20)
    make_revenue(held, date(2025, 6, 1), 999)  # over a year ago
    make_revenue(held, date(2026, 7, 1), 7, received_on=TODAY)
    make_revenue(make_client(), date(2026, 6, 1), 999)
    year = revenue_year(held, held.rm, TODAY)
    assert (year.months[0], year.months[-1], len(year.months)) == (date(2025, 7, 1), date(2026, 6, 1), 12)
    assert [(line.project, line.total, year.share(line)) for line in year.lines] == [
        (large, 40, 40 / 70),
        (None, 20, 20 / 70),
        (small, 10, 10 / 70),
    ]
    assert (year.total, year.amounts[0], year.amounts[-1], year.so_far) == (70, 40, 30, 7)
    assert year.by_month[0] == (date(2026, 6, 1), [0, 20, 10], 30)


def test_month_counts_as_received_last_and_sources_add_up(held):
    june = date(2026, 6, 1)
    make_revenue(held, june, 10, source="ledger", received_on=date(2026, 7, 1))
    make_revenue(held, june, 15, source="ledger", received_on=date(2026, 7, 5))
    make_revenue(held, june, 99, source="ledger", received_on=date(2026, 7, 20))  # not known yet
    make_revenue(held, june, 5, source="cards")
    assert revenue_year(held, held.rm, TODAY).total == 20


def test_nothing_known_is_no_year(held):
    assert revenue_year(held, held.rm, TODAY) is None
    assert revenue_year(held, make_user(Role.RM), TODAY) is None


def test_recorded_amount_restates_the_month_and_asks_for_a_new_tier(held):
    RetierRequest.objects.all().delete()
    make_revenue(held, date(2026, 3, 1), 50, received_on=date(2026, 4, 1))
    first = record(held, month=date(2026, 3, 17))
    assert (first.month, first.received_on) == (date(2026, 3, 1), timezone.localdate())
    second = record(held, amount=Decimal(120))
    assert (second.pk, Revenue.objects.count()) == (first.pk, 2)
    assert Revenue.objects.get(pk=first.pk).amount == 120
    assert RetierRequest.objects.filter(client=held).exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"month": date(2999, 1, 1)}, "month"),
        ({"amount": Decimal("1e30")}, "amount"),
        ({"source": "x" * 81}, "source"),
    ],
)
def test_what_cannot_be_is_refused_by_field(held, changes, field):
    with pytest.raises(Invalid) as refused:
        record(held, **changes)
    assert field in refused.value.fields


def test_project_of_others_and_people_who_do_not_hold_the_client_are_refused(held):
    with pytest.raises(Invalid, match="takes no part"):
        record(held, project=make_project())
    with pytest.raises(NotPermitted):
        record(held, by=make_user(Role.RM))
    assert not Revenue.objects.exists()


def test_tab_shows_the_year_and_takes_an_amount(client, held):
    project = make_project(name_en="Harbour")
    held.participations.create(project=project)
    client.force_login(held.rm)
    assert "No revenue in 12 months" in tab(client, held).content.decode()
    last = timezone.localdate().replace(day=1) - timedelta(days=1)
    told = send(client, held, month=last.strftime("%Y-%m"), amount="2500000", project=project.pk)
    page = told.content.decode()
    assert "The amount is recorded." in page
    assert "Harbour" in page
    assert "2.5 m" in page
    assert "100.0%" in page
    assert 'class="chart-bar"' in page


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"month": "March"}, "Enter a valid date."),
        ({"month": "2999-01"}, "This month has not begun yet."),
        ({"amount": "lots"}, "Enter a number."),
        ({"source": ""}, "This field is required."),
        ({"project": "1"}, "Select a valid choice."),
    ],
)
def test_refused_amount_keeps_what_was_typed(client, held, changes, said):
    client.force_login(held.rm)
    response = send(client, held, **{"amount": "123456", **changes})
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not Revenue.objects.exists()


def test_form_sent_twice_records_once(client, held):
    client.force_login(held.rm)
    for _ in range(2):
        send(client, held, once="33aa")
    assert Revenue.objects.count() == 1


def test_those_who_only_read_see_no_form(client, held):
    client.force_login(make_user(Role.AUDITOR))
    assert "Add an amount" not in tab(client, held).content.decode()
    assert send(client, held).status_code == 403
    client.force_login(make_user(Role.RM, team=held.team))
    assert send(client, held).status_code == 403


def test_tab_costs_as_many_queries_for_many_projects_as_for_one(client, held):
    client.force_login(held.rm)
    counts = []
    for projects in (1, 9):
        while held.revenues.count() < projects:
            make_revenue(held, timezone.localdate().replace(day=1), project=make_project())
        tab(client, held)
        with CaptureQueriesContext(connection) as captured:
            tab(client, held)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_columns_stand_on_a_common_line_and_tell_their_values():
    drawn = monthly_columns(
        [(date(2026, 1, 1), 10.0), (date(2026, 2, 1), -10.0), (date(2026, 3, 1), 0.0)], "Revenue", str
    )
    heights = [
        part.split('"')[0] for part in drawn.split('chart-bar"')[1:] for part in [part.split('height="')[1]]
    ]
    assert heights[0] == heights[1] != "0.0"
    assert heights[2] == "0.0"
    assert "Jan: 10.0" in drawn
    assert monthly_columns([], "Revenue", str) == ""
