"""Warnings tried on the past: what they would have raised, what came of it, and what chance would have done."""

from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from django.core.management import call_command

from tests.factories import make_client, make_facility, make_observation, make_payment
from tests.tiering.helpers import publish, run_now
from tests.tiering.warnings.making import an_indicator, today
from tiering.core.catalogue import METRICS
from tiering.core.warnings import read
from tiering.validation.cohorts import end_of
from tiering.warnings.trial import try_on_history

pytestmark = pytest.mark.django_db
LOW = {"metric": "credit_score", "op": "<", "value": 600}


@pytest.fixture
def days() -> list[date]:
    """Three month ends with a run, eight to six months ago; of four borrowers two have a low score from the second on,
    and one of these defaults two months later."""
    publish()
    first = (today() - relativedelta(months=6)).replace(day=1)
    days = [first - relativedelta(months=back) - timedelta(days=1) for back in (2, 1, 0)]
    due = days[1] + timedelta(days=60 - 91)
    for place in range(4):
        client = make_client()
        facility = make_facility(client, opened_on=date(2020, 1, 1), matures_on=date(2099, 1, 1))
        make_payment(facility, due, paid_on=None if place == 0 else due)
        make_observation(client, "credit_score", 700.0, observed_on=days[0] - timedelta(days=5))
        if place < 2:
            make_observation(client, "credit_score", 550.0, observed_on=days[1] - timedelta(days=5))
    for day in days:
        run_now(as_of=end_of(day))
    return days


def tried(*indicators, **options):
    warnings = read({"format": 1, "indicators": list(indicators)})
    terms = {"outcome": "default", "today": today(), "months": 6, "count": 3, **options}
    return try_on_history(warnings, METRICS, **terms)


def test_alert_counts_once_and_is_right_when_the_default_follows(days):
    trial = tried(an_indicator("low", LOW))
    (line,) = trial.lines
    assert (list(trial.days), trial.clients, line.days) == (days, 4, 3)
    assert (line.score.alerts, line.score.right, line.score.outcomes, line.score.foretold) == (2, 1, 1, 1)
    assert (line.score.precision, line.score.recall, line.score.lead_days) == (0.5, 1.0, 60.0)
    assert trial.is_thin


def test_chance_has_as_many_alerts_and_does_worse(days):
    (line,) = tried(an_indicator("low", LOW)).lines
    assert line.chance.alerts == line.score.alerts
    assert line.chance.precision < line.score.precision
    assert line.chance.recall < line.score.recall


def test_change_that_the_ledger_cannot_tell_is_not_tried(days):
    year = {"change": "credit_score", "days": 365, "as": "difference", "op": "<", "value": -50}
    month = {**year, "days": 25}
    by_key = {
        line.key: line for line in tried(an_indicator("year", year), an_indicator("month", month)).lines
    }
    assert (by_key["year"].days, by_key["year"].score.alerts) == (0, 0)
    assert (by_key["month"].days, by_key["month"].score.alerts) == (2, 2)


def test_days_whose_horizon_is_not_over_are_not_asked(days):
    assert tried(an_indicator("low", LOW), months=12).days == ()


def test_command_prints_each_indicator_and_all_together(days, capsys):
    call_command("warnings", "try", "--days", "3")
    said = capsys.readouterr().out
    assert "More than 90 days overdue" in said
    assert "All together" in said
    assert "1 outcomes could be foretold." in said
