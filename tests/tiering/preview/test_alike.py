"""The same figures from columns and from a stored simulation of the same book."""

from dataclasses import asdict, replace
from typing import Any

import pytest

from crm.models import Client, Role, User
from tests.factories import make_facility, make_user
from tests.tiering.helpers import label
from tests.tiering.preview.making import a_draft, drafted, make_book, make_projects, simulated, stricter
from tiering.models import CriteriaVersion
from tiering.preview.amounts import Impact
from tiering.preview.figures import impact_of
from tiering.preview.live import preview_of
from tiering.preview.stored import Found

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> User:
    return make_user(Role.RISK_OFFICER)


def live(version: CriteriaVersion, user: User, **terms: Any) -> Impact:
    return impact_of(preview_of(version, user, wait=True, **terms))


def rounded(value: Any) -> Any:
    """Sums in another order differ in their last digits."""
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {key: rounded(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(part) for part in value]
    return value


def assert_alike(version: CriteriaVersion, user: User, within: bool = False) -> Impact:
    preview, stored = live(version, user), Found.of(simulated(version), user, within=within).impact()
    assert rounded(asdict(preview)) == rounded(asdict(stored))
    return preview


def test_figures_of_columns_are_those_of_a_stored_simulation(officer):
    make_book(40)
    impact = assert_alike(stricter(), officer)
    assert impact.way("down").subjects > 3
    assert impact.way("down").exposure > 0
    assert 0 < impact.reviews.subjects < impact.way("up").subjects + impact.way("down").subjects
    assert impact.limits.facilities > impact.limits.subjects > 0
    assert [one.metric for one in impact.missing] == ["leverage", "credit_score"]
    assert impact.missing[0].newly > impact.missing[1].newly == 0
    assert {key: len(groups) for key, groups in impact.groups.items()} == {
        "segment": 2, "sector": 4, "rm": 4, "team": 4, "region": 2,
    }  # fmt: skip
    assert len(impact.movers) == 8
    assert [mover.exposure for mover in impact.movers] == sorted(
        (mover.exposure for mover in impact.movers), reverse=True
    )


STEPS = [
    {"tier": key, "share": share} for key, share in (("High", 2_000), ("Middle", 6_000), ("Low", 10_000))
]


@pytest.mark.parametrize(
    "changes",
    [
        {"cutoffs": {"by": "top", "steps": STEPS}},
        {"cutoffs": {"by": "cumulative", "metric": "revenue_12m", "steps": STEPS}},
        {"policy": {"migration": {"up": {"max_step": 1, "dwell_days": 30}, "down": {"max_step": 1}}}},
        {"scheme": "drafted"},
        {"tiers": [{"key": key, "label": label(key)} for key in ("Top", "Middle", "Low")],
         "cutoffs": [{"tier": key, "min": least} for key, least in (("Top", 80), ("Middle", 50), ("Low", 0))]},
    ],
    ids=["by rank", "by revenue", "damped", "a scheme of its own", "other tiers"],
)  # fmt: skip
def test_every_way_of_placing_gives_the_same_figures(officer, changes):
    make_book()
    assert_alike(stricter(**changes), officer)


def test_clients_within_projects_give_the_same_figures(officer):
    published = make_projects()
    document = published.document
    bands = document["scorecards"][0]["dimensions"][0]["indicators"][0]["bands"]
    bands[0]["hi"] = bands[1]["lo"] = 0.05
    bands[1]["hi"] = bands[2]["lo"] = 0.25
    impact = assert_alike(drafted(document), officer, within=True)
    assert impact.way("up").subjects > 3
    assert impact.way("up").exposure > 0
    assert impact.way("up").revenue > 0
    assert impact.limits.amount > 0


def test_a_lead_sees_the_figures_of_the_team_alone(officer):
    make_book(40)
    lead = make_user(Role.TEAM_LEAD, team=Client.objects.exclude(team=None).first().team)
    version = stricter()
    impact = assert_alike(version, lead)
    own = Client.objects.filter(team=lead.team)
    assert impact.whole.subjects == own.count() < live(version, officer).whole.subjects
    assert {mover.client for mover in impact.movers} <= set(own.values_list("pk", flat=True))


def test_a_system_administrator_sees_nobody():
    make_book(6)
    impact = assert_alike(stricter(), make_user(Role.SYSTEM_ADMIN))
    assert impact.whole.subjects == 0


def test_the_model_of_the_criteria_in_effect_moves_nobody_but_by_the_draft(officer):
    clients = make_book()
    make_facility(clients[0], limit=10**10, drawn=10**9)
    same = live(drafted(a_draft()), officer, against="model")
    assert same.way("first").subjects == 0
    unchanged = CriteriaVersion.objects.exclude(status="draft").get()
    copy = drafted({**unchanged.document, "note": label("Nothing changes")})
    impact = live(copy, officer, against="model")
    assert impact.whole.subjects == impact.way("same").subjects == len(clients)
    assert impact.reviews.subjects == 0
    assert [one.newly for one in impact.missing] == [0]
    assert replace(impact, movers=()) == replace(live(copy, officer, against="model"), movers=())
