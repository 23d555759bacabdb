"""Figures by page, by API, as files and by command."""

import csv
import io
from datetime import date

import pytest
from django.core.management import call_command
from django.urls import reverse
from python_calamine import CalamineWorkbook

from crm.models import Role
from funnel.models import Stage
from funnel.pages.figures import FIGURES, TABS
from tests.factories import make_user
from tests.funnel.figures.making import a_past

pytestmark = pytest.mark.django_db
QUERY = "?pipeline=past&as_of=2025-05-01"


@pytest.fixture
def reader(client):
    a_past()
    client.force_login(make_user(Role.AUDITOR))
    return client


def test_pages_offer_the_filter_and_load_each_figure(reader):
    for tab, (_label, keys) in TABS.items():
        text = reader.get(reverse("funnel:figures", args=[tab]) + QUERY).content.decode()
        for key in keys:
            assert reverse("funnel:figure", args=[key]) in text
    assert reader.get(reverse("funnel:figures", args=["nothing"])).status_code == 404


def test_each_figure_stands_beside_its_definition(reader):
    for key in (*FIGURES, "criteria"):
        text = reader.get(reverse("funnel:figure", args=[key]) + QUERY).content.decode()
        assert "What is counted" in text
        assert f'id="figure-{key}"' in text


def test_figure_leads_to_its_cases(reader):
    signed = Stage.objects.get(pipeline__key="past", key="signed")
    page = reader.get(reverse("funnel:figure", args=["steps"]) + QUERY).content.decode()
    assert f"kind=waiting_from&amp;stage={signed.pk}" in page
    address = reverse("funnel:figure-cases") + f"{QUERY}&kind=waiting_from&stage={signed.pk}"
    text = reader.get(address).content.decode()
    assert ">D4<" in text
    assert ">D5<" in text
    assert ">D1<" not in text
    assert reader.get(reverse("funnel:figure-cases") + f"{QUERY}&kind=nothing").status_code == 404


def test_figure_is_a_file(reader):
    answer = reader.get(reverse("funnel:figure", args=["steps"]) + QUERY + "&format=csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["entered"] for row in rows] == ["5", "3", "2"]


def test_figures_are_a_workbook_with_a_sheet_each_and_what_is_counted(reader):
    answer = reader.get(reverse("funnel:figures", args=["conversion"]) + QUERY + "&format=xlsx")
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    assert book.sheet_names[1:] == [
        "Conversion by step",
        "Flow",
        "Conversion by cohort",
        "Conversion by window",
        "What is counted",
    ]
    steps = book.get_sheet_by_name("Conversion by step").to_python()
    assert steps[0][-1] == "Amount, USD"
    assert [row[1] for row in steps[1:]] == [5, 3, 2]
    assert steps[1][4] == pytest.approx(0.8)
    cohorts = book.get_sheet_by_name("Conversion by cohort").to_python()
    assert [row[0] for row in cohorts[1:]] == [date(2025, 1, 1), date(2025, 4, 1)]
    one = reader.get(reverse("funnel:figure", args=["summary"]) + QUERY + "&format=xlsx")
    assert CalamineWorkbook.from_filelike(io.BytesIO(one.content)).sheet_names == [
        "In short",
        "What is counted",
    ]


def test_filters_that_are_in_use_are_not_folded_away(reader):
    address = reverse("funnel:figures", args=["conversion"])
    assert '<details class="figures-more">' in reader.get(address + QUERY.split("&")[0]).content.decode()
    assert '<details class="figures-more" open>' in reader.get(address + QUERY).content.decode()


def test_api_tells_figures_with_what_stands_behind(reader):
    answer = reader.get(reverse("api:funnel-figure", args=["summary"]) + QUERY).json()
    (row,) = answer["rows"]
    assert (row["won"], row["lost"], row["win_rate"], row["won_amount"]) == (
        2,
        1,
        pytest.approx(2 / 3),
        "1400.00",
    )
    behind = "&".join(f"{name}={value}" for name, value in row["behind"]["lost"].items())
    cases = reader.get(reverse("api:funnel-figure-cases") + f"{QUERY}&{behind}").json()["results"]
    assert [case["code"] for case in cases] == ["D2"]
    wrong = reader.get(reverse("api:funnel-figure", args=["summary"]) + "?since=yesterday")
    assert (wrong.status_code, list(wrong.json()["fields"])) == (400, ["since"])


def test_command_prints_figures(reader, capsys):
    user = make_user(Role.AUDITOR, username="eye")
    call_command(
        "funnel",
        "figures",
        "--pipeline=past",
        f"--user={user.username}",
        "--only",
        "steps",
        "--with=as_of=2025-05-01",
    )
    assert "Seen,5,5,4" in capsys.readouterr().out
