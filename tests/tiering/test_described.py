"""How many subjects conditions describe, how segments share the book out, and how scores lie."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.models import Role, User
from tests.factories import make_client, make_observation, make_project, make_user
from tests.tiering.helpers import NOON_IN_SHANGHAI, a_document, days_ago, label, publish, run_now
from tiering.core.conditions import Condition, holds, parse
from tiering.core.reading import read
from tiering.models import Facts, ProjectFacts, TierScheme
from tiering.selectors.catalogue import catalogue
from tiering.selectors.described import described, scores_in_force, segments

pytestmark = pytest.mark.django_db

OVERDUE = {"metric": "days_overdue", "op": ">", "value": 30}
RATED = {"metric": "rating", "op": "in", "values": ["AAA", "AA"]}
CONDITIONS = (
    OVERDUE,
    RATED,
    {"not": OVERDUE},
    {"all": [{"not": RATED}, {"any": [OVERDUE, {"metric": "leverage", "op": "is_missing"}]}]},
    {"metric": "leverage", "op": "<", "value": 0.6},
)
BOOK: tuple[dict[str, Any], ...] = (
    {"days_overdue": 90.0, "rating": "AAA", "leverage": 0.5},
    {"days_overdue": 31.0, "rating": "B"},
    {"days_overdue": 0.0, "leverage": 0.8},
    {},
)


@pytest.fixture
def reader() -> User:
    cache.clear()
    return make_user(Role.CRITERIA_ADMIN)


def book() -> list[Facts]:
    return [
        Facts.objects.create(client=make_client(rm=make_user(Role.RM)), valid_from=NOON_IN_SHANGHAI, **known)
        for known in BOOK
    ]


def asked(*found: dict) -> list[Condition]:
    return [parse(one) for one in found]


def test_each_condition_counts_whom_it_holds_of_in_one_statement(reader):
    rows = book()
    with CaptureQueriesContext(connection) as queries:
        found = described(reader, "client", asked(*CONDITIONS), catalogue())
    assert found.subjects == len(rows)
    assert found.counts == tuple(
        sum(holds(condition, row.values()) for row in rows) for condition in asked(*CONDITIONS)
    )
    assert len([query for query in queries if "tiering_facts" in query["sql"]]) == 1


def test_facts_that_are_over_and_clients_of_others_are_not_counted(reader):
    first, second, *_ = book()
    Facts.objects.filter(pk=second.pk).update(valid_to=NOON_IN_SHANGHAI + timedelta(days=1))
    found = described(reader, "client", asked(OVERDUE), catalogue())
    assert (found.counts, found.subjects) == ((1,), 3)
    of_team = described(first.client.rm, "client", asked(OVERDUE, {"not": OVERDUE}), catalogue())
    assert (of_team.counts, of_team.subjects) == ((1, 0), 1)


def test_condition_about_what_there_is_not_has_no_count(reader):
    book()
    unknown = {"metric": "no_such_metric", "op": "is_missing"}
    move = {"metric": "notches", "op": "<", "value": 0}
    found = described(reader, "client", asked(unknown, OVERDUE, move), catalogue())
    assert found.counts == (None, 2, None)


def test_clients_within_projects_are_counted_by_both_kinds_of_facts(reader):
    late, *_, quiet = book()
    for row, values in (
        (late, {"project_revenue_12m": 40.0}),
        (quiet, {"project_revenue_12m": 10.0}),
        (quiet, {}),
    ):
        ProjectFacts.objects.create(
            client=row.client, project=make_project(), valid_from=NOON_IN_SHANGHAI, values=values
        )
    part = {"metric": "project_revenue_12m", "op": ">", "value": 5}
    found = described(reader, "project", asked(part, OVERDUE, {"all": [part, OVERDUE]}), catalogue())
    assert (found.counts, found.subjects) == ((2, 1, 1), 3)


def test_segments_take_each_client_once_the_first_that_fits(reader):
    book()
    card = a_document()["scorecards"][0]
    cards = [
        {**card, "key": "everybody"},
        {**card, "key": "late", "when": OVERDUE},
        {**card, "key": "rated", "when": RATED},
    ]
    document = read(a_document(scorecards=cards))
    assert segments(reader, document, catalogue()) == {"late": 2, "rated": 0, "everybody": 2}
    unsound = read(
        a_document(scorecards=[*cards[:2], {**cards[2], "when": {"metric": "nothing", "op": "is_missing"}}])
    )
    assert segments(reader, unsound, catalogue()) is None


def test_scores_in_force_are_counted_by_tenths_and_scorecard(reader):
    card = a_document()["scorecards"][0]
    late = {
        **card,
        "key": "late",
        "label": label("Late"),
        "when": {"metric": "credit_score", "op": "<", "value": 650},
    }
    publish(a_document(scorecards=[late, card]))
    for score in (720.0, 710.0, 630.0):
        client = make_client(rm=make_user(Role.RM))
        make_observation(client, "credit_score", score, observed_on=days_ago(30).date())
    run_now(as_of=days_ago(1))
    scheme = TierScheme.objects.get()
    scores = scores_in_force(reader, scheme)
    assert scores.tenths == {1000: 2, 600: 1}
    assert (scores.subjects, scores.at_least(601), scores.at_least(600)) == (3, 2, 3)
    assert scores_in_force(reader, scheme, ["late"]).tenths == {600: 1}
    assert scores_in_force(make_user(Role.RM), scheme).tenths == {}
