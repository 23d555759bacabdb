"""A list of twenty costs as many queries as a list of one."""

import pytest

from tests.api.asking import Asker, make_house
from tests.factories import make_client, make_industry, make_observation, make_project, make_region
from tests.funnel.making import make_case
from tests.tiering.helpers import days_ago, publish, run_now

pytestmark = pytest.mark.django_db
MANY = 20


@pytest.fixture
def house():
    return make_house()


def client_of(house):
    return make_client(rm=house.rm, industry=make_industry(), region=make_region())


def grown(asker, path, grow) -> list[int]:
    """Queries for one row and for many."""
    counts = []
    for size in (1, MANY):
        while len(asker.get(path).data["results"]) < size:
            grow()
        counts.append(asker.queries(path))
        assert len(asker.get(path).data["results"]) == size
    return counts


def test_clients(house):
    house.team.delete()
    one, many = grown(Asker(house.rm), "clients/", lambda: client_of(house))
    assert one == many


def test_observations(house):
    one, many = grown(
        Asker(house.rm),
        "observations/",
        lambda: make_observation(client_of(house), "pd", 0.1, recorded_by=house.rm),
    )
    assert one == many


def test_cases(house):
    def grow():
        case = make_case(house.rm, client=client_of(house), tier="A")
        case.project = make_project()
        case.save()

    one, many = grown(Asker(house.rm), "cases/", grow)
    assert one == many


def test_tiers_proposals_and_runs(house):
    publish()
    first, others = house.own, [client_of(house) for _ in range(MANY - 1)]
    counts = []
    for clients in ([first], others):
        for client in clients:
            make_observation(client, "credit_score", 720, observed_on=days_ago(90).date())
        run_now(as_of=days_ago(60 - len(clients)))
        for client in clients:
            make_observation(client, "credit_score", 500, observed_on=days_ago(2).date())
        run_now()
        counts.append(
            [Asker(house.officer).queries(f"{path}/?page_size={MANY}") for path in ("proposals", "runs")]
        )
        counts[-1].append(Asker(house.rm).queries("tiers/?tier=High"))
    assert len(Asker(house.rm).get("tiers/", tier="High").data["results"]) == MANY
    assert len(Asker(house.rm).get("proposals/").data["results"]) == MANY
    assert counts[0] == counts[1]
