import pytest

from crm.models import Revenue
from tests.api.asking import Asker, make_house
from tests.factories import make_project, make_revenue

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return make_house()


def body(client, **changes) -> dict:
    return {"client": client.pk, "month": "2026-03-17", "amount": "100.50", "source": "ledger", **changes}


def test_amount_is_recorded_once_for_a_key_and_listed(house):
    asker = Asker(house.rm)
    first, again = (asker.post("revenue/", body(house.own), key="k") for _ in range(2))
    assert (first.status_code, first.data["month"], first.data["amount"]) == (201, "2026-03-01", "100.50")
    assert first.data == again.data
    make_revenue(house.foreign, Revenue.objects.get().month)
    (row,) = asker.get("revenue/").data["results"]
    assert row["client"] == house.own.pk
    assert asker.get("revenue/", month_from="2026-04-01").data["results"] == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"month": "2999-01-01"}, "month"),
        ({"amount": "1e40"}, "amount"),
        ({"project": 987654321}, "project"),
        ({"received_on": "2026-01-01"}, "received_on"),
    ],
)
def test_what_cannot_be_is_refused_by_field(house, changes, field):
    answer = Asker(house.rm).post("revenue/", body(house.own, **changes))
    assert (answer.status_code, field in answer.data["fields"]) == (400, True)


def test_others_clients_and_projects_are_not_there(house):
    asker = Asker(house.rm)
    for client in (house.team, house.foreign):
        assert "client" in asker.post("revenue/", body(client)).data["fields"]
    hidden = make_project()
    assert "project" in asker.post("revenue/", body(house.own, project=hidden.pk)).data["fields"]
    assert Asker(house.officer).post("revenue/", body(house.own)).status_code == 403
    assert not Revenue.objects.exists()
