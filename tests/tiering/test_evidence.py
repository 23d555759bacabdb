from typing import Any

import pgtrigger
import pytest

from tests.factories import make_client
from tests.tiering.helpers import a_document, days_ago, label, publish, run_now
from tests.tiering.pages.making import observe
from tiering.core.document import Document
from tiering.core.evaluate import evaluate
from tiering.core.lifts import Lift, lifts
from tiering.core.reading import read
from tiering.core.terms import Setting, Terms
from tiering.models import Assessment
from tiering.pages.account import account_of
from tiering.selectors.criteria import tiers_by_rank
from tiering.selectors.evidence import evidence_at, main_reason, since_last
from tiering.selectors.recall import assessments, result_of, setting_of


def two_dimensions():
    """Credit counts 60 and people 40 of 100; more than 90 days overdue caps at Low."""
    document = a_document()
    (card,) = document["scorecards"]
    (credit,) = card["dimensions"]
    bands = [{"lo": None, "hi": 3, "points": 0}, {"lo": 3, "hi": None, "points": 100}]
    skill = {"metric": "management_quality", "weight": 10000, "missing": {"policy": "worst"}, "bands": bands}
    people = {"key": "people", "label": label("People"), "weight": 4000, "indicators": [skill]}
    card["dimensions"] = [{**credit, "weight": 6000}, people]
    return read(document)


def reason(now: dict, before: dict | None):
    document = two_dimensions()
    found = main_reason(document, evaluate(document, now), evaluate(document, before) if before else None)
    return (found.name["en"], found.points) if found else None


GOOD = {"credit_score": 720.0, "management_quality": 5.0, "days_overdue": 0.0}
POOR = {"credit_score": 500.0, "management_quality": 1.0, "days_overdue": 0.0}


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (GOOD, {**GOOD, "credit_score": 650.0}, ("Credit", -24.0)),
        (POOR, {**POOR, "management_quality": 4.0}, ("People", 40.0)),
        # Credit falls by 48 while people rise by 40: the score falls, so the fall is the reason.
        ({**GOOD, "management_quality": 1.0}, {**GOOD, "credit_score": 500.0}, ("Credit", -48.0)),
        # Credit falls by 24 while people rise by 40: the score rises.
        ({**GOOD, "management_quality": 1.0}, {**GOOD, "credit_score": 650.0}, ("People", 40.0)),
        (GOOD, {**GOOD, "days_overdue": 120.0}, ("Late", None)),
        (GOOD, GOOD, None),
        (None, GOOD, None),
    ],
)
def test_main_reason_is_a_new_gate_or_what_took_the_score_where_it_went(before, now, expected):
    assert reason(now, before) == expected


def test_gate_that_held_before_is_no_reason_again():
    before = {**GOOD, "days_overdue": 120.0}
    assert reason({**before, "credit_score": 650.0}, before) == ("Credit", -24.0)


def test_main_reason_is_an_overlay_that_began():
    document = read(
        a_document(overlays=[{"key": "rosy", "label": label("Rosy"), "effect": "bonus", "points": 25}])
    )
    before = evaluate(document, {"credit_score": 650.0})
    now = evaluate(document, {"credit_score": 650.0}, Setting(Terms(frozenset({"rosy"}))))
    assert main_reason(document, now, before).name["en"] == "Rosy"
    assert main_reason(document, now, now) is None


@pytest.fixture
def client(db):
    """Assessed 100, 40 and 10 days ago, each time with another score."""
    publish()
    client = make_client()
    for days, score in ((110, 720.0), (50, 620.0), (20, 500.0)):
        observe(client, score, days)
        run_now(as_of=days_ago(days - 10))
    return client


def scheme_of(client):
    return Assessment.objects.filter(client=client).first().scheme


def test_evidence_compares_with_the_quarter_before_and_changes_with_the_assessment_before(client):
    evidence = evidence_at(client, scheme_of(client), days_ago(0))
    assert (evidence.explanation.assessment.score, evidence.before.score) == (20 * 10**8, 100 * 10**8)
    (change,) = since_last(evidence).changes.facts
    assert (change.before, change.after) == (620.0, 500.0)


def test_the_first_assessment_changed_nothing(client):
    evidence = evidence_at(client, scheme_of(client), days_ago(90))
    assert (evidence.previous, since_last(evidence)) == (None, None)
    assert evidence_at(client, scheme_of(client), days_ago(101)) is None


def test_what_is_in_force_is_told_even_where_it_became_known_later(client):
    scheme, known = scheme_of(client), days_ago(30)
    rows = Assessment.objects.filter(client=client).order_by("valid_from")
    with pgtrigger.ignore():
        rows.filter(valid_from__lt=days_ago(30)).update(recorded_at=days_ago(35))
    now, then = (evidence_at(client, scheme, days_ago(0), known_at=known) for known in (None, known))
    assert now.assessment == rows[2]
    assert then.assessment == rows[1]
    assert evidence_at(client, scheme, days_ago(0), known_at=days_ago(36)) is None


def test_what_ended_for_good_is_no_longer_believed_in(client):
    scheme, last = scheme_of(client), Assessment.objects.filter(client=client).latest("valid_from")
    Assessment.objects.filter(pk=last.pk).update(valid_to=days_ago(2))
    assert evidence_at(client, scheme, days_ago(3), known_at=days_ago(0)).assessment == last
    assert evidence_at(client, scheme, days_ago(1), known_at=days_ago(0)) is None


def test_the_setting_holds_the_tier_before_its_days_and_the_ages(client):
    first, second, third = (
        setting_of(row) for row in assessments().filter(client=client).order_by("valid_from")
    )
    assert (first.held, first.held_days) == (None, 0)
    # The falls wait for a decision, so High is in force all the time.
    assert (second.held, third.held) == (0, 0)
    assert (second.held_days, third.held_days) == (60, 90)
    assert third.ages["credit_score"] == 10


def test_any_number_of_assessments_is_recalled_in_two_queries(client, django_assert_num_queries):
    other = make_client()
    observe(other, 700.0, 5)
    run_now(as_of=days_ago(1))
    results = [result_of(row) for row in assessments()]
    with django_assert_num_queries(2):
        assert [result_of(row) for row in assessments()] == results
    assert len(results) == 4


def test_ways_up_are_searched_only_when_asked_for(client, monkeypatch):
    searched: list[Document] = []

    def search(document: Document, *given: Any) -> tuple[Lift, ...]:
        searched.append(document)
        return lifts(document, *given)

    monkeypatch.setattr("tiering.selectors.evidence.lifts", search)
    evidence = evidence_at(client, scheme_of(client), days_ago(0))
    account = account_of(evidence, tiers_by_rank(scheme_of(client)))
    assert searched == []
    assert account.lifts
    assert account.lifts
    assert len(searched) == 1
