"""A slice of real opportunities: the figures are those that a plain count of the file gives."""

import csv
from datetime import date
from statistics import mean

import pytest
from django.urls import reverse

from crm.models import Role
from tests.factories import make_user
from tests.funnel.figures.public import OPPORTUNITIES, take_in_opportunities

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not OPPORTUNITIES.exists(), reason=f"the shared data is not at {OPPORTUNITIES}"),
]
ROWS = 300


def test_figures_of_imported_opportunities_are_those_of_the_file(client, tmp_path):
    lines = OPPORTUNITIES.read_text(encoding="utf-8").splitlines()
    file = tmp_path / "slice.csv"
    file.write_text("\n".join([lines[0], *lines[-ROWS:], *lines[1:ROWS]]), encoding="utf-8")
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    make_user(Role.SYSTEM_ADMIN, username="root")
    take_in_opportunities(file, "root")
    client.force_login(make_user(Role.AUDITOR))
    answer = client.get(reverse("api:funnel-figure", args=["summary"]) + "?pipeline=deals").json()
    (told,) = answer["rows"]
    won = [row for row in rows if row["deal_stage"] == "Won"]
    lost = [row for row in rows if row["deal_stage"] == "Lost"]
    assert (told["cases"], told["won"], told["lost"]) == (len(rows), len(won), len(lost))
    assert told["win_rate"] == pytest.approx(len(won) / (len(won) + len(lost)))
    assert float(told["won_amount"]) == sum(float(row["close_value"]) for row in won)
    days = [
        (date.fromisoformat(row["close_date"]) - date.fromisoformat(row["engage_date"])).days for row in won
    ]
    assert told["days_to_winning"] == pytest.approx(mean(days))
