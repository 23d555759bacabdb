"""Books to preview on: clients of several managers, sectors and sizes, with facilities, tiers and what is not known."""

from random import Random
from typing import Any

from crm.models import Client, Role
from tests.factories import (
    make_client,
    make_facility,
    make_industry,
    make_observation,
    make_project,
    make_region,
    make_revenue,
    make_user,
)
from tests.tiering.helpers import a_document, days_ago, label, publish, run_now
from tests.tiering.placing import join, publish_within
from tiering.models import CriteriaVersion
from tiering.services.criteria import load_criteria
from tiering.services.runs import start_run, work_through

LAST_MONTH = days_ago(45).date().replace(day=1)


def make_book(count: int = 24, seed: int = 7, document: dict[str, Any] | None = None) -> list[Client]:
    """Clients that a run has tiered by the published criteria; some lack a score, some a sector or a manager."""
    random = Random(seed)
    publish(document or published())
    managers = [make_user(Role.RM) for _ in range(3)]
    industries, regions = [make_industry() for _ in range(3)], [make_region() for _ in range(2)]
    clients = []
    for _ in range(count):
        manager = random.choice([*managers, None])
        client = make_client(
            rm=manager,
            team=manager.team if manager else None,
            industry=random.choice([*industries, None]),
            region=random.choice(regions),
            life_cycle=random.choice(["", "growth", "mature"]),
        )
        if random.random() < 0.9:
            score = random.choice([480, 599, 600, 640, 699, 700, 705, 780])
            make_observation(client, "credit_score", float(score), observed_on=days_ago(30).date())
        for _facility in range(random.choice([0, 1, 1, 2])):
            drawn = random.randrange(1, 50) * 100_000
            make_facility(client, limit=2 * drawn, drawn=drawn)
        if random.random() < 0.7:
            make_revenue(client, LAST_MONTH, random.randrange(1, 90) * 1_000, received_on=days_ago(5).date())
        clients.append(client)
    run_now(as_of=days_ago(1))
    return clients


def published() -> dict[str, Any]:
    """Like the small document, but rising to High needs no review while falling does."""
    return a_document()


def stricter(**changes: Any) -> CriteriaVersion:
    """A draft by which many move, some need data that nobody gathered, and growing clients are placed by themselves."""
    return drafted(a_draft(**changes))


def a_draft(**changes: Any) -> dict[str, Any]:
    document = a_document()
    (dimension,) = document["scorecards"][0]["dimensions"]
    (indicator,) = dimension["indicators"]
    pd = {
        "metric": "leverage",
        "weight": 10_000,
        "missing": {"policy": "neutral", "points": 40},
        "bands": [
            {"lo": None, "hi": 0.6, "points": 100},
            {"lo": 0.6, "hi": None, "points": 0},
        ],
    }
    steeper = [
        {**band, "points": points} for band, points in zip(indicator["bands"], (0, 40, 100), strict=True)
    ]
    scored = {**dimension, "weight": 9_000, "indicators": [{**indicator, "bands": steeper}]}
    debt = {"key": "debt", "label": label("Debt"), "weight": 1_000, "indicators": [pd]}
    growing = {
        "key": "growing",
        "label": label("Growing"),
        "when": {"metric": "life_cycle", "op": "==", "value": "growth"},
        "dimensions": [{**dimension, "indicators": [{**indicator, "missing": {"policy": "worst"}}]}],
    }
    everybody = {"key": "all", "label": label("All"), "dimensions": [scored, debt]}
    document["scorecards"] = [growing, everybody]
    document["gates"] = [
        {
            "key": "large",
            "label": label("Large"),
            "when": {"metric": "exposure", "op": ">", "value": 4_000_000},
            "effect": "cap",
            "tier": "Middle",
            "hard": False,
        }
    ]
    document["policy"] = {
        "review_when": {
            "any": [
                {"metric": "notches", "op": "<", "value": -1},
                {"metric": "exposure", "op": ">", "value": 1_000_000},
            ]
        }
    }
    return {**document, **changes}


def drafted(document: dict[str, Any]) -> CriteriaVersion:
    return load_criteria(document=document, author=make_user(Role.CRITERIA_ADMIN))


def simulated(version: CriteriaVersion, basis: str = "facts"):
    return work_through(start_run(requested_by=None, kind="simulation", version=version, basis=basis))


def make_projects(count: int = 8) -> CriteriaVersion:
    """Clients in several projects each, tiered within them."""
    random = Random(3)
    version = publish_within()
    projects = [make_project() for _ in range(3)]
    for _ in range(count):
        client = make_client(rm=make_user(Role.RM))
        for project in random.sample(projects, random.choice([1, 2, 3])):
            join(client, project, revenue_share=random.choice([0.1, 0.3, 0.6]))
            make_facility(client, project=project, limit=9_000_000, drawn=random.randrange(1, 80) * 100_000)
            make_revenue(client, LAST_MONTH, random.randrange(1, 50) * 1_000, project=project,
                         received_on=days_ago(5).date())  # fmt: skip
    work_through(start_run(requested_by=None, scheme=version.criteria.scheme, as_of=days_ago(1)))
    return version
