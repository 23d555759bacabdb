"""How metrics lie over the book: shares, categories, segments, samples."""

import pytest
from django.core.cache import cache
from django.db import connection

from crm.models import Role, Team, User
from tests.factories import make_client, make_project, make_user
from tests.tiering.helpers import a_document, days_ago, label, publish, run_now
from tests.tiering.pages.making import observe
from tests.tiering.placing import join, publish_within
from tiering.core.catalogue import METRICS
from tiering.core.document import Document
from tiering.core.reading import read
from tiering.selectors import distribution
from tiering.selectors.distribution import Distribution, audience, distributions
from tiering.services.runs import start_run, work_through

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def forgotten() -> None:
    cache.clear()


def clients(*scores: float | None, **fields) -> None:
    """Clients with these credit scores, None for one of whom it is not known."""
    for score in scores:
        client = make_client(**{"rm": make_user(Role.RM), **fields})
        if score is not None:
            observe(client, score, 30)


def book(*scores: float | None) -> None:
    """Clients with these credit scores, and their facts."""
    clients(*scores)
    publish()
    run_now(as_of=days_ago(1))


def of(key: str, user: User | None = None, among=None) -> Distribution:
    user = user or make_user(Role.CRITERIA_ADMIN)
    return distributions(user, "client", [METRICS[key]], among, METRICS)[key]


def test_shares_between_edges_add_up_to_what_is_known():
    book(500, 500, 600, 700, None)
    found = of("credit_score")
    assert found.known == pytest.approx(0.8)
    assert found.share(None, 600) == pytest.approx(0.5, abs=0.002)
    assert found.share(600, 700) == pytest.approx(0.25, abs=0.002)
    assert found.share(700, None) == pytest.approx(0.25, abs=0.002)


def test_categories_are_shares_of_those_known():
    book(500, 600)
    found = of("client_kind")
    assert found.categories is not None
    assert sum(found.categories.values()) == pytest.approx(1)


def test_nothing_known_has_no_share_anywhere():
    book(None)
    assert of("credit_score") == distribution.UNKNOWN
    assert of("credit_score").share(None, 700) == 0


def test_only_clients_that_the_user_sees_count():
    book(500, 600, 700)
    outsider = make_user(Role.RM, team=Team.objects.create(name="Elsewhere"))
    assert of("credit_score", outsider).known == 0


def segmented() -> Document:
    """Companies, then whoever scores above 600, then everybody else."""
    card = a_document()["scorecards"][0]
    company = {"metric": "client_kind", "op": "==", "value": "corporate"}
    above = {"metric": "credit_score", "op": ">", "value": 600}
    cards = [
        {**card, "key": "company", "label": label("Companies"), "when": company},
        {**card, "key": "above", "label": label("Above"), "when": above},
        card,
    ]
    return read(a_document(scorecards=cards))


def test_scorecard_is_looked_at_over_those_whom_it_is_for():
    clients(500, 650, kind="individual")
    clients(550, 700, kind="corporate")
    book()
    cards = segmented().scorecards
    seen = [of("credit_score", among=audience(cards, card, METRICS)).values[::1000] for card in cards]
    assert seen == [(550, 700), (650, 650), (500, 500)]


def test_large_book_is_read_by_a_sample(monkeypatch):
    book(*range(400, 800, 4))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE tiering_facts")
    monkeypatch.setattr(distribution, "LOOKED_AT", 10)
    asked: list[str] = []

    def listen(execute, sql, params, many, context):
        asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        of("credit_score")
    assert any("TABLESAMPLE SYSTEM" in sql for sql in asked)


def test_clients_within_projects_are_read_with_what_is_known_of_the_whole_client():
    publish()
    client = make_client(rm=make_user(Role.RM))
    observe(client, 640, 30)
    for share in (0.2, 0.6):
        join(client, make_project(), revenue_share=share)
    scheme = publish_within().criteria.scheme
    run_now(as_of=days_ago(2))
    work_through(start_run(requested_by=None, scheme=scheme, as_of=days_ago(1)))
    metrics = [METRICS["project_revenue_share"], METRICS["credit_score"]]
    found = distributions(make_user(Role.CRITERIA_ADMIN), "project", metrics, None, METRICS)
    assert found["project_revenue_share"].values[::1000] == (0.2, 0.6)
    assert found["credit_score"].values[0] == 640
