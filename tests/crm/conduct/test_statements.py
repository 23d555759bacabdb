"""Statements by hand: checked against themselves, doubts accepted with a reason, restated as a new version."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.errors import Conflict, Invalid, NotPermitted
from crm.method_readings import Reading, Step
from crm.models import Client, CreditReport, FinancialStatement, Role
from crm.selectors.statements import lines_of, ratio_lines, statements_of
from crm.services.credit_reports import record_credit_report
from crm.services.statements import StatementDoubtful, enter_statement
from tests.api.asking import Asker
from tests.factories import make_client, make_statement, make_user
from tiering.facts.derivation import derive
from tiering.models import RetierRequest

pytestmark = pytest.mark.django_db
SOUND: dict[str, Any] = {
    "revenue": Decimal(1000),
    "total_assets": Decimal(900),
    "total_liabilities": Decimal(400),
    "equity": Decimal(500),
}
DOUBT = "profit_above_revenue:net_profit"


@pytest.fixture
def held() -> Client:
    return make_client(rm=make_user(Role.RM))


def enter(client: Client, figures: dict[str, Any] | None = None, **changes) -> FinancialStatement:
    given = {"span": "year", "period_end": date(2025, 12, 31), "figures": {**SOUND, **(figures or {})}}
    return enter_statement(**{"by": client.rm, "client": client, **given, **changes})


def test_figures_are_kept_in_the_book_by_unit_and_currency(held):
    RetierRequest.objects.all().delete()
    made = enter(held, unit=10_000, currency="USD", exchange_rate=Decimal(7))
    assert (made.revenue, made.in_own(made.revenue)) == (70_000_000, 10_000_000)
    assert (made.received_on, made.entered_by) == (timezone.localdate(), held.rm)
    assert RetierRequest.objects.filter(client=held).exists()


@pytest.mark.parametrize(
    ("figures", "changes", "field", "said"),
    [
        ({"equity": Decimal(450)}, {}, "total_assets", "by 50. "),
        ({"revenue": Decimal(-1)}, {}, "revenue", "never negative"),
        ({"inventory": Decimal(9), "current_assets": Decimal(5)}, {}, "inventory", "exceeds it by 4"),
        ({}, {"period_end": date(2999, 1, 1)}, "period_end", "not come"),
        ({}, {"unit": 7}, "unit", "Choose"),
        ({}, {"currency": "USD"}, "exchange_rate", "worth"),
        ({"mood": Decimal(1)}, {}, "mood", "cannot be set"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(held, figures, changes, field, said):
    with pytest.raises(Invalid) as refused:
        enter(held, figures, **changes)
    assert said in refused.value.fields[field][0]
    assert not FinancialStatement.objects.exists()


def test_doubts_are_accepted_as_shown_with_a_reason(held):
    figures = {"net_profit": Decimal(1200)}
    with pytest.raises(StatementDoubtful) as doubted:
        enter(held, figures)
    assert [one.key for one in doubted.value.findings] == [DOUBT]
    with pytest.raises(StatementDoubtful):
        enter(held, figures, accepted=["cash_moves:cash"], acceptance="Seen")
    with pytest.raises(Invalid, match="Say why"):
        enter(held, figures, accepted=[DOUBT])
    made = enter(held, figures, accepted=[DOUBT], acceptance="Sold a subsidiary")
    assert (made.accepted, made.acceptance) == ([DOUBT], "Sold a subsidiary")


def test_restatement_is_a_new_version_and_the_old_one_stays(held):
    old = make_statement(held, revenue=100)
    with pytest.raises(Conflict):
        enter(held)
    with pytest.raises(Invalid, match="restated"):
        enter(held, replaces=old.pk)
    new = enter(held, replaces=old.pk, note="Auditor")
    assert set(held.statements.values_list("pk", "revenue")) == {(old.pk, 100), (new.pk, 1000)}
    same_day = enter(held, {"revenue": Decimal(900)}, replaces=new.pk, note="Typing error")
    assert (same_day.pk, held.statements.count()) == (new.pk, 2)
    assert [one.revenue for one in statements_of(held, held.rm)] == [900]


def test_interim_statements_stand_apart_and_facts_rest_on_years(held):
    enter(held)
    enter(held, {"revenue": Decimal(300)}, span="quarter", period_end=date(2026, 3, 31))
    enter(held, {"revenue": Decimal(400)}, span="half", period_end=date(2025, 12, 31))
    assert [one.revenue for one in statements_of(held, held.rm)] == [1000]
    assert [one.revenue for one in statements_of(held, held.rm, "quarter")] == [300]
    statement, params = derive([held.pk], timezone.now())
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT revenue FROM ({statement}) derived", params)
        assert cursor.fetchall() == [(1000.0,)]


def test_only_the_holder_enters(held):
    with pytest.raises(NotPermitted):
        enter(held, by=make_user(Role.RM, team=held.team))
    with pytest.raises(NotPermitted):
        record_credit_report(
            by=make_user(), client=held, bureau="PBoC", reported_on=date(2026, 1, 1), score=1.0
        )


def test_changes_and_thresholds_stand_beside_the_figures(held):
    make_statement(held, period_end=date(2024, 12, 31), revenue=80)
    make_statement(held, revenue=100)
    periods = statements_of(held, held.rm)
    revenue = lines_of(periods)[0]
    assert [(cell.value, cell.change) for cell in revenue.cells] == [(100, 0.25), (80, None)]
    steps = (Step(0, 0.4, "below 40%", 100), Step(0.4, 9, "40% and more", 20))
    (leverage, *_others) = ratio_lines(periods, [Reading("leverage", "Six tiers", steps)])
    (threshold,) = leverage.thresholds
    assert (leverage.values[0], threshold.here, threshold.best) == ("50.0%", steps[1], steps[0])


def test_page_keeps_what_was_typed_shows_doubts_and_takes_them(client, held):
    client.force_login(held.rm)
    url = reverse("crm:statement-new", args=[held.pk])
    said = {
        "span": "year", "period_end": "2025-12-31", "currency": "CNY", "unit": "10000", "revenue": "1,000",
        "net_profit": "1,200", "total_assets": "900", "total_liabilities": "400", "equity": "450",
    }  # fmt: skip
    wrong = client.post(url, said)
    assert (wrong.status_code, "by 50." in wrong.content.decode()) == (422, True)
    doubtful = client.post(url, {**said, "equity": "500"})
    assert "exceeds revenue by 200" in doubtful.content.decode()
    assert f'value="{DOUBT}"' in doubtful.content.decode()
    accepting = {**said, "equity": "500", "shown": DOUBT, "accept": "on", "acceptance": "Sold a subsidiary"}
    assert client.post(url, accepting).status_code == 302
    made = FinancialStatement.objects.get()
    assert (made.net_profit, made.acceptance) == (12_000_000, "Sold a subsidiary")
    tab = client.get(reverse("crm:client-tab", args=[held.pk, "statements"])).content.decode()
    assert "Interest cover" in tab
    restate = client.get(url, {"of": made.pk}).content.decode()
    assert 'value="12,000,000"' in restate
    page = client.get(reverse("crm:statement", args=[made.pk])).content.decode()
    assert "Sold a subsidiary" in page


def test_api_refuses_doubts_with_their_keys(held):
    asker = Asker(held.rm)
    figures = {name: str(value) for name, value in SOUND.items()} | {"net_profit": "1200"}
    body = {"client": held.pk, "period_end": "2025-12-31", "figures": figures}
    doubted = asker.post("statements/", body)
    assert (doubted.status_code, doubted.data["code"]) == (409, "statement_doubtful")
    assert DOUBT in doubted.data["fields"]["net_profit"][0]
    made = asker.post("statements/", {**body, "accepted": [DOUBT], "acceptance": "Sold"}, key="k")
    assert (made.status_code, made.data["net_profit"]) == (201, "1200.00")
    assert asker.post("statements/", body).status_code == 409


def test_report_is_recorded_with_its_negative_items_and_corrected(client, held):
    client.force_login(held.rm)
    url = reverse("crm:report-new", args=[held.pk])
    day = (timezone.localdate() - timedelta(days=3)).isoformat()
    said = {"bureau": "PBoC", "reported_on": day, "score": "640", "pd": "2.5", "negative_items": "2"}
    assert "Say what the negative items are." in client.post(url, said).content.decode()
    client.post(url, {**said, "negative_note": "Two late payments"})
    made = CreditReport.objects.get()
    assert (made.pd, made.negative_items, made.entered_by) == (0.025, 2, held.rm)
    tab = client.get(reverse("crm:client-tab", args=[held.pk, "statements"])).content.decode()
    assert "Two late payments" in tab
    asker = Asker(held.rm)
    body = {"client": held.pk, "bureau": "PBoC", "reported_on": day, "rating": "BB"}
    assert asker.post("credit-reports/", body).data["id"] == made.pk
    empty = asker.post("credit-reports/", {**body, "bureau": "Other", "rating": ""})
    assert "score" in empty.data["fields"]
