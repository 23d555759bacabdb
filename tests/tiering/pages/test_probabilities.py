"""The probability of default by page: asked for by one person, approved by another, shown by tier."""

import pytest
from django.urls import reverse

from crm.models import Role, User
from tests.factories import make_user
from tests.tiering.calibration.making import DAY, asked_curve, curve_in_use
from tests.tiering.pages.making import visitor_of
from tests.tiering.pages.test_calibrations import shown, text_of
from tests.tiering.validation.making import a_past
from tiering.models import CriteriaVersion, ScoreCurve
from tiering.services.probabilities import work_curve, write_probabilities

pytestmark = pytest.mark.django_db


@pytest.fixture
def version() -> CriteriaVersion:
    return a_past(good=25, bad=21)


def admin() -> User:
    return make_user(Role.CRITERIA_ADMIN)


def test_one_asks_and_another_approves(version, monkeypatch):
    author, checker = admin(), admin()
    monkeypatch.setattr("tiering.views.questions.days_for", lambda months: [DAY])
    page = reverse("tiering:probability", args=[version.pk])
    assert page in shown(author, "tiering:criteria-version", version.pk)
    terms = {"version": version.pk, "outcome": "overdue", "months": 6, "days": [DAY.isoformat()]}
    assert visitor_of(author).post(page, terms)["Location"] == page
    curve = ScoreCurve.objects.get()
    assert reverse("tiering:probability-progress", args=[curve.pk]) in shown(
        author, "tiering:probability", version.pk
    )
    work_curve(curve.pk)
    approval = reverse("tiering:probability-approve", args=[curve.pk])
    own = shown(author, "tiering:probability", version.pk)
    assert "You asked for it: somebody else has to approve it." in own
    assert approval not in own
    visitor_of(author).post(approval)
    assert not ScoreCurve.objects.get().is_in_use
    assert approval in shown(checker, "tiering:probability", version.pk)
    visitor_of(checker).post(approval)
    assert ScoreCurve.objects.get().is_in_use


def test_probability_stands_beside_what_became_of_each_tier(version):
    curve = curve_in_use(version)
    write_probabilities(curve.pk)
    card = shown(admin(), "tiering:criteria-version", version.pk)
    assert "Turned bad then" in card
    page = shown(make_user(Role.AUDITOR), "tiering:probability", version.pk)
    assert "model_pd_small" in page
    assert "Ask for a curve" not in page
    visitor_of(admin()).post(reverse("tiering:probability-end", args=[curve.pk]))
    assert "No curve is in use" in shown(admin(), "tiering:criteria-version", version.pk)


def test_failure_says_why():
    version = a_past(good=25, bad=3)
    work_curve(asked_curve(version).pk)
    assert "at least 20 bad outcomes" in shown(admin(), "tiering:probability", version.pk)


def test_refusal_is_told_in_the_form(version):
    response = visitor_of(admin()).post(
        reverse("tiering:probability", args=[version.pk]),
        {"version": version.pk, "outcome": "lost", "months": 6},
    )
    assert response.status_code == 422
    assert "Choose at least one day." in text_of(response)
