"""Targets: set together or not at all, by whom they concern, and held against what came true."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.errors import Invalid, NotPermitted
from crm.models import Client, Role, Team
from funnel.errors import TargetSetMeanwhile
from funnel.forms_figures import DrillForm
from funnel.models import ExchangeRate, Pipeline, Target
from funnel.pages.figures import FIGURES
from funnel.selectors.figures.drill import cases_behind
from funnel.selectors.figures.progress import standing_of
from funnel.services.targets import Wanted, set_targets
from tests.factories import make_team, make_user
from tests.funnel.figures.making import a_past, asked, chosen, table

pytestmark = pytest.mark.django_db
MARCH = date(2025, 3, 1)


@pytest.fixture
def pipeline() -> Pipeline:
    return a_past()


def wanted(whose, amount: int | None = 600, *, of: str = "team", month: date = MARCH, count=None, version=0):
    return Wanted(of, whose, month, "USD", None if amount is None else Decimal(amount), count, version)


def held(pipeline: Pipeline, month: date = MARCH) -> Target:
    return Target.objects.get(pipeline=pipeline, month=month)


def test_a_lead_sets_those_of_the_own_team_alone_and_an_administrator_all(pipeline):
    team, other = make_team(), make_team()
    lead, admin = make_user(Role.TEAM_LEAD, team=team), make_user(Role.SYSTEM_ADMIN)
    stranger = make_user(team=other)
    set_targets(pipeline=pipeline, wanted=[wanted(team), wanted(make_user(team=team), of="rm")], by=lead)
    for one in (wanted(other), wanted(stranger, of="rm"), wanted("lease", of="product")):
        with pytest.raises(NotPermitted):
            set_targets(pipeline=pipeline, wanted=[wanted(team, version=1), one], by=lead)
        set_targets(pipeline=pipeline, wanted=[one], by=admin)
    assert Target.objects.count() == 5
    mine = Target.objects.visible_to(lead)
    assert {target.of for target in mine} == {"team", "rm", "product"}
    assert not mine.filter(team=other).exists()


def test_a_target_that_was_changed_meanwhile_stops_all_of_them(pipeline):
    team, by = make_team(), make_user(Role.SYSTEM_ADMIN)
    set_targets(pipeline=pipeline, wanted=[wanted(team, 600)], by=by)
    set_targets(pipeline=pipeline, wanted=[wanted(team, 700, version=1)], by=by)
    april = date(2025, 4, 1)
    with pytest.raises(TargetSetMeanwhile):
        set_targets(
            pipeline=pipeline, wanted=[wanted(team, 5, month=april), wanted(team, 800, version=1)], by=by
        )
    assert (held(pipeline).amount, held(pipeline).version) == (700, 2)
    assert not Target.objects.filter(month=april).exists()
    set_targets(pipeline=pipeline, wanted=[wanted(team, None, version=2)], by=by)
    assert not Target.objects.exists()


def test_what_makes_no_target_is_refused_by_its_place(pipeline):
    by, team = make_user(Role.SYSTEM_ADMIN), make_team()
    with pytest.raises(Invalid) as refused:
        set_targets(pipeline=pipeline, wanted=[wanted(team), wanted(team, -1, month=date(2025, 4, 1))], by=by)
    assert list(refused.value.fields) == ["targets.1.amount"]
    with pytest.raises(Invalid):
        set_targets(pipeline=pipeline, wanted=[wanted(team), wanted(team)], by=by)
    assert not Target.objects.exists()


def test_figures_hold_targets_against_the_forecast_and_what_came_true(pipeline):
    team, by = make_team(), make_user(Role.SYSTEM_ADMIN)
    rm = make_user(team=team)
    Client.objects.update(team=team, rm=rm)
    lines = [wanted(team, 600, count=2), wanted(rm, 200, of="rm"), wanted(team, 1400, month=date(2025, 2, 1))]
    set_targets(pipeline=pipeline, wanted=[*lines, wanted(team, 100, month=date(2025, 7, 1))], by=by)
    march = table(FIGURES["forecast"](chosen()))["2025-03-01"]
    # D3 is won in March for 300, half of what was set for the team
    assert (march[3], march[5], march[7], march[8]) == ("600.00", "300.00", 0.5, 2)
    theirs = chosen(None, rm=str(rm.pk))
    assert table(FIGURES["forecast"](theirs))["2025-03-01"][3] == "200.00"
    assert table(FIGURES["forecast"](chosen(None, source="none")))["2025-03-01"][3] is None
    rows = FIGURES["targets"](chosen()).rows
    told = {row[1].value: [cell.value for cell in row] for row in rows}
    # by the first of May 1,400 of 2,000 came true; both open cases are due in May: 0.4 · 50 + 0.7 · 800
    year, so_far, won, reached, forecast, heading = told[team.code][2:8]
    assert (year, so_far, won, reached, forecast) == (2100, 2000, 1400, 0.7, 580)
    assert heading == pytest.approx(1980 / 2100)
    assert told[rm.username][4] == 1400
    for won in (row[-1] for row in rows):
        said = {name: str(value) for name, value in (won.link or {}).items()}
        form = asked(None, **{name: value for name, value in said.items() if name in ("team", "rm")})
        selection = form.selection()
        drill = DrillForm(said).drill(form)
        assert selection
        assert drill
        assert sorted(case.code for case in cases_behind(selection, drill)) == ["D1", "D3"]


def test_today_tells_a_manager_and_a_lead_of_their_month(pipeline, client):
    team = make_team()
    rm, lead = make_user(team=team), make_user(Role.TEAM_LEAD, team=team)
    this = timezone.localdate().replace(day=1)
    client.force_login(rm)
    assert client.get(reverse("funnel:today-targets")).content == b""
    set_targets(
        pipeline=pipeline,
        wanted=[wanted(rm, 40_000_000, of="rm", month=this), wanted(team, 90_000_000, month=this)],
        by=lead,
    )
    assert [one.month.aim.amount for one in standing_of(rm, timezone.now())] == [40_000_000]
    assert [one.month.aim.amount for one in standing_of(lead, timezone.now())] == [90_000_000]
    assert standing_of(make_user(Role.AUDITOR), timezone.now()) == []
    assert "40.0 m" in client.get(reverse("funnel:today-targets")).content.decode()


def test_a_sheet_saves_what_was_changed_and_keeps_what_was_typed(pipeline, client):
    team, other = make_team(), make_team()
    lead = make_user(Role.TEAM_LEAD, team=team)
    ExchangeRate.objects.create(currency="USD", day=MARCH, rate=7)
    set_targets(pipeline=pipeline, wanted=[wanted(team, 600, count=3)], by=lead)
    client.force_login(lead)
    address = reverse("funnel:targets") + "?pipeline=past&year=2025&currency=USD"
    page = client.get(address).content.decode()
    assert f'name="seen-{team.pk}-3" value="1:600"' in page
    assert f'name="{other.pk}-3"' not in page
    typed = {
        f"{team.pk}-3": "1.2 m",
        f"seen-{team.pk}-3": "1:600",
        f"{team.pk}-4": "much",
        f"seen-{team.pk}-4": "0:",
    }
    refused = client.post(address, typed)
    assert (refused.status_code, held(pipeline).amount) == (400, 600)
    assert 'value="1.2 m"' in refused.content.decode()
    assert "This is no amount" in refused.content.decode()
    assert client.post(address, {**typed, f"{team.pk}-4": ""}).status_code == 302
    assert (held(pipeline).amount, held(pipeline).count, held(pipeline).version) == (1_200_000, 3, 2)
    overtaken = client.post(address, {f"{team.pk}-3": "5", f"seen-{team.pk}-3": "1:600"})
    assert overtaken.status_code == 409
    assert f'name="{team.pk}-3" value="1,200,000"' in overtaken.content.decode()
    assert held(pipeline).amount == 1_200_000


def test_the_api_sets_and_lists_targets(pipeline, client):
    team: Team = make_team()
    client.force_login(make_user(Role.TEAM_LEAD, team=team))
    line = {"of": "team", "whose": str(team.pk), "month": "2025-03-15", "currency": "USD", "amount": "600"}

    def put(**said):
        body = {"pipeline": "past", "targets": [{**line, **said}]}
        return client.put(reverse("api:targets"), body, content_type="application/json")

    assert put().json()[0]["version"] == 1
    assert put(amount="700").status_code == 409
    assert put(amount="700", version=1).json()[0]["month"] == "2025-03-01"
    wrong = put(whose=str(make_team().pk))
    assert (wrong.status_code, list(wrong.json()["fields"])) == (400, ["targets.0.whose"])
    (row,) = client.get(reverse("api:targets") + "?of=team&year=2025").json()["results"]
    for no_year in ("0.5", "0", "10000"):
        refused = client.get(reverse("api:targets") + f"?year={no_year}")
        assert (refused.status_code, list(refused.json()["fields"])) == (400, ["year"])
    assert (row["amount"], row["count"], row["name"]) == ("700.00", None, str(team))
