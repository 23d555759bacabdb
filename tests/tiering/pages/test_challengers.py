"""Challengers by page: begun, followed night by night, ended."""

import pytest
from django.urls import reverse

from crm.models import Role
from tests.factories import make_user
from tests.tiering.helpers import days_ago, publish, run_now
from tests.tiering.pages.making import visitor_of
from tests.tiering.test_challengers import a_night, approved, challenge
from tests.tiering.test_nights import client_of
from tiering.models import ChallengeNight, Challenger, TrialResult
from tiering.services.nights import note_nights

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return make_user(Role.CRITERIA_ADMIN)


def text_of(response) -> str:
    assert response.status_code == 200, response.content
    return response.content.decode()


def address(scheme) -> str:
    return reverse("tiering:challengers", args=[scheme.pk])


def one_night() -> Challenger:
    """A challenger that put one of two clients lower in its first night."""
    publish()
    client_of(650.0)
    client_of(500.0)
    run_now(as_of=days_ago(2))
    challenger = challenge(approved())
    a_night()
    note_nights()
    return challenger


def test_version_is_let_run_beside_and_ended(admin):
    scheme = publish().criteria.scheme
    version = approved()
    visitor = visitor_of(admin)
    assert "No version runs beside" in text_of(visitor.get(address(scheme)))
    begun = visitor.post(address(scheme), {"version": version.pk, "reason": "Is it better?"})
    challenger = Challenger.objects.get()
    assert begun["Location"] == f"{address(scheme)}?challenger={challenger.pk}"
    page = text_of(visitor.get(begun["Location"]))
    assert "Is it better?" in page
    assert "Its first night is still to come." in page
    visitor.post(reverse("tiering:challenger-end", args=[challenger.pk]))
    assert "It ended before its first night." in text_of(visitor.get(address(scheme)))


def test_version_in_effect_and_drafts_are_not_offered(admin):
    scheme = publish().criteria.scheme
    version = approved()
    form = visitor_of(admin).get(address(scheme)).context["form"]
    assert list(form.versions) == [str(version.pk)]
    challenge(version)
    assert not visitor_of(admin).get(address(scheme)).context["form"].versions


def test_reason_is_asked_for(admin):
    scheme, version = publish().criteria.scheme, approved()
    response = visitor_of(admin).post(address(scheme), {"version": version.pk, "reason": " "})
    assert response.status_code == 422
    assert not Challenger.objects.exists()


def test_course_tells_how_it_agreed_and_leads_to_the_clients(admin):
    challenger = one_night()
    visitor = visitor_of(admin)
    response = visitor.get(address(challenger.scheme))
    page, course = text_of(response), response.context["course"]
    assert [(figure.value, figure.detail) for figure in course.figures] == [
        ("1", ""), ("50.0%", "1"), ("0", "0.0%"), ("1", "50.0%"),
    ]  # fmt: skip
    assert "50.0%" in course.chart
    assert "latest 7 nights" in page
    lower = text_of(visitor.get(course.figures[3].address))
    assert lower.count("data-row") == 1
    assert "Migration" in text_of(visitor.get(course.impact_address))


def test_what_became_of_the_first_night_is_told_by_way(admin):
    challenger = one_night()
    part = text_of(visitor_of(admin).get(reverse("tiering:challenger-outcome", args=[challenger.pk])))
    for said in ("Challenger lower", "Challenger higher", "Same tier", "0 days have passed"):
        assert said in part


def test_night_whose_results_are_gone_says_so(admin):
    challenger = one_night()
    night = ChallengeNight.objects.get()
    TrialResult.objects.all().delete()
    ChallengeNight.objects.update(is_kept=False)
    visitor = visitor_of(admin)
    course = visitor.get(address(challenger.scheme)).context["course"]
    assert (course.impact_address, course.figures[3].address) == ("", "")
    run = text_of(visitor.get(reverse("tiering:run", args=[night.run_id])))
    assert "The results for each client of this night have been deleted" in run


def test_others_who_may_validate_read_and_do_not_begin():
    challenger = one_night()
    page = text_of(visitor_of(make_user(Role.AUDITOR)).get(address(challenger.scheme)))
    assert "Agreement over time" in page
    assert "Let a version run beside it" not in page
