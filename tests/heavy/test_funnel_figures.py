"""Two public books whole: page, API and file tell what is known of them (`pytest -s tests/heavy/…`)."""

import csv
import io

import pytest
from django.urls import reverse

from crm.models import Role
from tests.factories import make_user
from tests.funnel.figures.public import IFC, OPPORTUNITIES, take_in_ifc, take_in_opportunities

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not IFC.exists(), reason=f"the shared data is not at {IFC}"),
]


class Reader:
    """An auditor who asks for figures each way."""

    def __init__(self, client, pipeline: str):
        self.client, self.query = client, f"?pipeline={pipeline}"
        client.force_login(make_user(Role.AUDITOR))

    def api(self, key: str) -> list[dict]:
        return self.client.get(reverse("api:funnel-figure", args=[key]) + self.query).json()["rows"]

    def page(self, key: str) -> str:
        return self.client.get(reverse("funnel:figure", args=[key]) + self.query).content.decode()

    def file(self, key: str) -> list[dict]:
        answer = self.client.get(reverse("funnel:figure", args=[key]) + self.query + "&format=csv")
        return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_disclosed_projects(client):
    make_user(Role.SYSTEM_ADMIN, username="root")
    take_in_ifc(IFC, "root")
    reader = Reader(client, "ifc")
    entered = {row["stage"]: (row["entered"], row["amount"]) for row in reader.api("steps")}
    assert entered == {
        "disclosed": (6_777, "364353050000.00"),
        "approved": (6_529, "360553350000.00"),
        "signed": (6_289, "340440790000.00"),
        "invested": (6_022, "283838080000.00"),
    }
    assert [row["entered"] for row in reader.file("steps")] == ["6777", "6529", "6289", "6022"]
    page = reader.page("steps")
    for shown in ("6,529", "6,289", "6,022", "364,353,050,000.00"):
        assert shown in page
    for row in reader.api("durations"):
        print(
            row["stage"],
            "median",
            row["median_days"],
            "P90",
            row["p90_days"],
            "of",
            row["ended"],
            "+",
            row["open"],
        )


def test_opportunities(client):
    make_user(Role.SYSTEM_ADMIN, username="root")
    take_in_opportunities(OPPORTUNITIES, "root")
    reader = Reader(client, "deals")
    (told,) = reader.api("summary")
    assert (told["cases"], told["won"], told["lost"], told["won_amount"]) == (
        8_800,
        4_238,
        2_473,
        "10005534.00",
    )
    assert round(100 * told["win_rate"], 2) == 63.15
    assert round(told["days_to_winning"], 1) == 51.8
    steps = {row["stage"]: row["open"] for row in reader.api("steps")}
    assert (steps["prospecting"], steps["engaging"]) == (500, 1_589)
    page = reader.page("summary")
    for shown in ("4,238", "2,473", "63.15%", "10,005,534.00", "51.8"):
        assert shown in page
    assert [row["won_amount"] for row in reader.file("summary")] == ["10005534.00"]
