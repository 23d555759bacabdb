"""The figures of a small past, counted by hand."""

from datetime import timedelta

import pgtrigger
import pytest
from django.db import connection

from crm.models import Client, Role
from funnel.forms_figures import DrillForm
from funnel.models import Case, StageMove
from funnel.pages.figures import FIGURES, as_csv
from funnel.pages.figures_ends import screening
from funnel.selectors.figures.conversion import conversion
from funnel.selectors.figures.drill import Drill, cases_behind
from funnel.selectors.figures.durations import estimate
from funnel.selectors.figures.selection import DIMENSIONS
from tests.factories import make_facility, make_payment, make_team, make_user
from tests.funnel.figures.making import a_past, asked, at, chosen, table
from tests.funnel.making import publish_criteria
from tiering.models import CriteriaVersion

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def past():
    return a_past()


TELLS_STAYS = ("flow", "durations", "windows", "durations_of")


def figure(key: str, **options: str) -> dict[str, list]:
    return table(FIGURES[key](chosen(None, **options)))


def test_steps_count_who_entered_reached_and_went_on():
    assert figure("steps") == {
        "seen": [5, 5, 4, 0.8, 4 / 5, 1, 0, "2650.00"],
        "signed": [3, 4, 2, 0.5, 1.0, 0, 2, "2050.00"],
        "won": [2, 2, None, None, None, 0, 0, "1400.00"],
    }


def test_conversion_is_what_a_plain_count_says():
    counted = {step.stage.pk: step.entered for step in conversion(chosen()).steps}
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_stage_id, count(DISTINCT case_id) FROM funnel_stagemove GROUP BY 1")
        direct = dict(cursor.fetchall())
    assert counted == {stage: direct[stage] for stage in counted}


def test_cohorts_and_windows_are_of_their_days():
    begun = figure("cohorts", unit="month")
    assert begun["2025-01-01"] == [2, 0.5, 0.5, 1, 0]
    assert begun["2025-04-01"] == [2, 1.0, 0.0, 0, 2]
    assert figure("steps", since="2025-02-01", until="2025-02-28")["seen"][:2] == [1, 1]
    assert figure("windows", since="2025-04-02")["seen"] == [1, 0, 0, 0, 1, None]
    assert figure("windows") == {"seen": [6, 4, 1, 0, 1, 0.8], "signed": [3, 1, 0, 1, 1, 0.5]}


def test_as_of_an_earlier_day_later_moves_are_not_known():
    assert figure("steps", as_of="2025-01-15") == {
        "seen": [2, 2, 1, 0.5, 1.0, 0, 1, "1500.00"],
        "signed": [1, 1, 0, 0.0, None, 0, 1, "1200.00"],
        "won": [0, 0, None, None, None, 0, 0, None],
    }


def test_durations_count_open_stays_as_longer_than_so_far():
    told = figure("durations")
    # seen: 10, 20, 40, 20, 1 ended; 27 and counting
    assert told["seen"] == [5, 1, 20.0, 40.0, 18.2, 0]
    # signed: 21 and 3 ended; 11 and counting
    assert told["signed"] == [2, 1, 21.0, 21.0, 12.0, 0]
    assert told["won"][4] == 35.5


def test_estimate_of_a_quantile_that_too_few_reached_is_not_told():
    few = estimate([(5, True, 1), (100, False, 9), (-3, True, 2)])
    assert (few.ended, few.open, few.backwards, few.median, few.p90) == (1, 9, 2, None, None)


def test_ages_are_of_open_cases_and_late_ones_beyond_the_limit():
    assert figure("ageing") == {
        "seen": [1, 0, 1, 0, 0, 0, 0, 1],
        "signed": [1, 1, 0, 0, 0, 0, 0, 0],
    }


def test_flows_are_every_move_with_beginnings_and_stays():
    rows = FIGURES["flow"](chosen()).rows
    told = {(row[0].value, row[1].value): row[2].value for row in rows}
    assert told == {
        (None, "seen"): 5,
        ("seen", "signed"): 3,
        ("seen", "won"): 1,
        ("seen", "lost"): 1,
        ("seen", None): 1,
        ("signed", "won"): 1,
        ("signed", "seen"): 1,
        ("signed", None): 1,
        ("won", None): 2,
        ("lost", None): 1,
    }
    assert "<svg" in str(FIGURES["flow"](chosen()).chart)


def test_outcomes_tell_win_rate_money_and_days():
    (row,) = FIGURES["summary"](chosen()).rows
    cases, won, lost, waiting, rate, won_amount, open_amount, days, velocity = (cell.value for cell in row)
    assert (cases, won, lost, waiting, rate, days) == (5, 2, 1, 2, 2 / 3, 35.5)
    assert (won_amount, open_amount) == (1400, 850)
    assert float(velocity) == pytest.approx(2 * (2 / 3) * 700 / 35.5, abs=0.005)
    assert figure("sector")[None][:3] == [5, 2, 1]
    assert figure("reasons") == {"": [1, 1.0, "500.00"]}


def test_probabilities_are_held_against_outcomes():
    told = figure("calibration")
    # of the closed cases that were seen two were won and one lost: (2·0.6² + 0.4²) / 3
    assert told["seen"] == [0.4, 2 / 3, 3, 2, 2, pytest.approx((2 * 0.36 + 0.16) / 3)]
    assert told["signed"] == [0.7, 1.0, 1, 1, 2, pytest.approx(0.09)]


def test_forecast_of_a_past_month_knows_only_what_was_known_when_it_began():
    told = figure("forecast")
    # D1, signed on 11 January, was due on the 21st of the same month; D3, seen on 1 February, on 3 March
    assert told["2025-03-01"] == [1, "300.00", "120.00", None, 1, "300.00", 2.5, None, None]
    assert told["2025-02-01"][:2] == [0, "0.00"]
    assert told["2025-02-01"][4:6] == [1, "1100.00"]
    # both open cases are due in May: one as expected, one as overdue
    assert told["2025-05-01"][:7] == [2, "850.00", "580.00", None, 0, "0.00", 0.0]


def test_screening_is_compared_before_and_after_a_version():
    version = publish_criteria()
    with pgtrigger.ignore():
        CriteriaVersion.objects.filter(pk=version.pk).update(effective_from=at("2025-02-15"))
    version.refresh_from_db()
    client = Case.objects.get(code="D1").client
    facility = make_facility(client)
    for day, paid in (("2025-01-20", "2025-01-25"), ("2025-02-01", None)):
        make_payment(
            facility, due_on=at(day).date(), paid_on=at(paid).date() if paid else None, principal=100
        )
    selection = chosen(as_of="2025-09-01")
    told = table(screening(selection, version, 60))
    # signed is the last open stage: D2 was lost before it
    assert told["before"] == [3, 2, 1, 0, 2, 1.0, 0.5]
    assert told["after"][:5] == [2, 2, 0, 0, 0]
    drill = Drill("before_screened_out", version=version, days=60)
    assert [case.code for case in cases_behind(selection, drill)] == ["D2"]


def test_every_count_leads_to_as_many_cases():
    keys = (
        "steps",
        "flow",
        "durations",
        "ageing",
        "summary",
        "reasons",
        "windows",
        "cohorts",
        "forecast",
        "calibration",
        "conversion_of",
        "durations_of",
        "reasons_of",
    )
    form = asked()
    form.selection()
    for key in keys:
        figure = FIGURES[key](chosen())
        links = [cell for row in figure.rows for cell in row if cell.link and isinstance(cell.value, int)]
        counts = [
            cell for row in figure.rows for cell in row if isinstance(cell.value, int) and not cell.link
        ]
        assert not any(cell.value for cell in counts), (key, counts)
        assert any(cell.value for cell in links)
        for cell in links:
            said = {name: str(value) for name, value in cell.link.items()}
            days = {name: said[name] for name in ("since", "until") if name in said}
            drill = DrillForm(said).drill(form)
            assert drill
            kinds = {name: said[name] for name in DIMENSIONS if name in said}
            found = cases_behind(chosen(None, **days, **kinds), drill).count()
            again = 1 if key in TELLS_STAYS and cell.value else 0  # D5 was seen twice
            assert cell.value - again <= found <= cell.value, (key, cell)


def test_kinds_of_cases_are_held_against_each_other():
    Case.objects.filter(code__in=("D1", "D2")).update(source="referral")
    Case.objects.filter(code="D2").update(reason="price")
    assert figure("conversion_of", cut="source") == {
        None: [3, 1.0, 1 / 3, 0, 2],
        "referral": [2, 0.5, 0.5, 1, 0],
    }
    told = [[cell.value for cell in row] for row in FIGURES["durations_of"](chosen(None, cut="source")).rows]
    assert told == [
        ["seen", None, 3, 1, 20, 40],
        ["seen", "referral", 2, 0, 10, 20],
        ["signed", None, 1, 1, 3, None],
        ["signed", "referral", 1, 0, 21, 21],
    ]
    assert figure("reasons_of", cut="source") == {"referral": [1, 1]}
    (row,) = FIGURES["reasons_of"](chosen(None, cut="source")).rows
    assert row[-1].link == {
        "kind": "lost", "source": "referral", "stage": chosen().stages[-1].pk, "reason": "price",
    }  # fmt: skip
    assert list(figure("conversion_of")) == [None]


def test_money_leads_to_the_cases_that_it_adds_up():
    Case.objects.filter(code="D3").update(currency="EUR")
    (row,) = FIGURES["summary"](chosen(None, currency="USD")).rows
    (won_amount,) = (cell for cell in row if cell.value == 1100)
    form = asked(None, currency="USD")
    assert form.is_valid()
    drill = DrillForm({name: str(value) for name, value in won_amount.link.items()}).drill(form)
    assert [case.code for case in cases_behind(chosen(None, currency="USD"), drill)] == ["D1"]


def test_others_cases_are_neither_counted_nor_listed():
    stranger = make_user(Role.RM, team=make_team())
    selection = chosen(stranger)
    assert conversion(selection).cases == 0
    assert not cases_behind(selection, Drill()).exists()
    (row,) = FIGURES["summary"](selection).rows
    assert row[0].value == 0


def test_filters_narrow_every_figure():
    assert figure("steps", product="none")["seen"][0] == 5
    assert figure("steps", product="lease")["seen"][0] == 0
    assert figure("steps", tier="none")["seen"][0] == 5
    rm = make_user()
    Client.objects.filter(cases__code="D4").update(rm=rm, team=rm.team)
    assert figure("steps", rm=str(rm.pk))["seen"][0] == 2


def test_file_is_safe_from_formulas():
    Case.objects.filter(code="D2").update(reason="=1+1")
    assert "'=1+1" in as_csv(FIGURES["reasons"](chosen()))


def test_stay_is_counted_in_calendar_days_of_the_house():
    move = StageMove.objects.filter(case__code="D4").last()
    assert move.moved_at == at("2025-04-21")
    late = chosen(as_of=(move.moved_at + timedelta(days=1)).date().isoformat())
    assert table(FIGURES["ageing"](late))["signed"][0] == 1
