"""Validations from the question to the figures."""

from datetime import timedelta

import pytest
from django.db import Error, transaction

from crm.errors import NotPermitted
from crm.models import Role
from tests.factories import make_user
from tests.tiering.helpers import a_document, days_ago
from tests.tiering.validation.making import THEN, a_past, borrower
from tiering.errors_validation import (
    HorizonNotOver,
    HorizonTooShort,
    NothingKnownThen,
    UnknownOutcome,
)
from tiering.models import Validation
from tiering.services import jobs
from tiering.services.criteria import load_criteria
from tiering.services.validations import request_validation, work_validation

pytestmark = pytest.mark.django_db


def asked(version, **changes) -> Validation:
    terms = {"days": [days_ago(THEN - 1).date()], "outcome": "overdue", "months": 6}
    asker = changes.pop("requested_by", None) or make_user(Role.CRITERIA_ADMIN)
    return request_validation(version=version, requested_by=asker, **{**terms, **changes})


def answered(version, **changes) -> dict:
    done = work_validation(asked(version, **changes).pk)
    assert (done.status, done.failure) == ("done", "")
    return done.findings


def test_tiers_are_held_against_what_became_of_clients():
    version = a_past(good=25, bad=21)
    found = answered(version)
    assert found["cohorts"][0] | {"day": ""} == {
        "day": "",
        "clients": 46,
        "tiered": 46,
        "in_scope": 46,
        "bad": 21,
    }
    assert [(tier["key"], tier["subjects"], tier["bad"]) for tier in found["tiers"]] == [
        ("High", 0, 0),
        ("Middle", 25, 0),
        ("Low", 21, 21),
    ]
    assert found["inversions"] == []
    assert found["discrimination"]["gini"] == 1
    assert found["indicators"][0]["metric"] == "credit_score"
    assert found["indicators"][0]["gini"] == 1


def test_few_bad_outcomes_leave_the_figures_out():
    found = answered(a_past(good=3, bad=2))
    assert found["discrimination"] is None
    assert found["dimensions"][0]["gini"] is None
    assert found["tiers"][2]["bad"] == 2


def test_draft_is_validated_for_a_day_on_which_it_was_not_in_effect():
    a_past(good=25, bad=21)
    turned = a_document()
    for band, points in zip(
        turned["scorecards"][0]["dimensions"][0]["indicators"][0]["bands"], (100, 60, 20), strict=True
    ):
        band["points"] = points
    draft = load_criteria(document=turned, author=make_user(Role.CRITERIA_ADMIN))
    found = answered(draft, basis="version")
    assert found["discrimination"]["gini"] == -1
    assert [one["is_significant"] for one in found["inversions"]] == [True]
    assert answered(draft)["discrimination"]["gini"] == 1  # as they were held


def test_days_are_compared_one_with_the_next():
    version = a_past(good=3, bad=2)
    found = answered(version, days=[days_ago(THEN - 1).date(), days_ago(THEN - 10).date()])
    [moved] = found["migrations"]
    assert (moved["matrix"], moved["up"], moved["down"]) == ([[0, 0, 0], [0, 3, 0], [0, 0, 2]], None, None)
    assert found["stability"]["tiers"] == 0


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"outcome": "luck"}, UnknownOutcome),
        ({"outcome": "lost", "months": 3}, HorizonTooShort),
        ({"days": [days_ago(20).date()]}, HorizonNotOver),
        ({"days": [days_ago(THEN + 20).date()]}, NothingKnownThen),
    ],
)
def test_what_the_past_cannot_tell_is_refused(changes, refusal):
    version = a_past(good=1)
    with pytest.raises(refusal):
        asked(version, **changes)
    assert not Validation.objects.exists()


@pytest.mark.parametrize("role", [Role.RM, Role.TEAM_LEAD, Role.SYSTEM_ADMIN])
def test_others_may_not_ask(role):
    version = a_past(good=1)
    with pytest.raises(NotPermitted):
        asked(version, requested_by=make_user(role))


def test_validation_left_by_a_dead_worker_is_taken_up_and_given_up_after_three():
    version = a_past(good=1)
    validation = asked(version)
    assert jobs.waiting(Validation) == [validation.pk]
    long_ago = days_ago(1)
    Validation.objects.filter(pk=validation.pk).update(status="running", started_at=long_ago, attempts=1)
    assert jobs.waiting(Validation) == [validation.pk]
    Validation.objects.filter(pk=validation.pk).update(attempts=jobs.ATTEMPTS)
    assert work_validation(validation.pk) is None
    validation.refresh_from_db()
    assert validation.status == "failed"


def test_validation_under_way_is_left_to_its_worker():
    validation = asked(a_past(good=1))
    Validation.objects.filter(pk=validation.pk).update(
        status="running", started_at=days_ago(0) - timedelta(seconds=5)
    )
    assert jobs.waiting(Validation) == []
    assert work_validation(validation.pk) is None


def test_finished_validation_does_not_change():
    done = work_validation(asked(a_past(good=1)).pk)
    with pytest.raises(Error), transaction.atomic():
        Validation.objects.filter(pk=done.pk).update(outcome="lost")


def test_client_who_came_later_is_not_among_those_of_a_day():
    version = a_past(good=2)
    borrower(700.0)
    assert answered(version)["cohorts"][0]["clients"] == 2
