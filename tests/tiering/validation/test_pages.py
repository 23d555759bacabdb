"""Validations by page: asked, followed, read, and only by those who may see figures of the whole book."""

import pytest
from django.urls import reverse

from crm.models import Role
from tests.factories import make_user
from tests.tiering.helpers import a_document, publish
from tests.tiering.pages.making import visitor_of
from tests.tiering.placing import publish_within
from tests.tiering.validation.making import a_past, a_validation
from tiering.models import CriteriaVersion, Validation
from tiering.services.validations import work_validation

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return make_user(Role.RISK_OFFICER)


def text_of(response) -> str:
    assert response.status_code == 200, response.content
    return response.content.decode()


def report_of(officer, version: CriteriaVersion | None = None, **changes):
    found = a_validation(version or publish(), officer, **changes)
    return visitor_of(officer).get(reverse("tiering:validation", args=[found.pk]))


def form_of(officer, **query):
    return visitor_of(officer).get(reverse("tiering:validation-new"), query).context["form"]


def test_question_is_asked_and_answered(officer):
    version = a_past(good=2, bad=1)
    form = form_of(officer, months=5)
    assert form.initial["version"] == version.pk
    assert form.days_offered
    visitor = visitor_of(officer)
    sent = {
        "version": version.pk,
        "basis": "held",
        "outcome": "overdue",
        "months": 5,
        "days": [form.days_offered[0][0]],
    }
    response = visitor.post(reverse("tiering:validation-new"), sent)
    made = Validation.objects.get()
    assert response["Location"] == reverse("tiering:validation", args=[made.pk])
    waiting = text_of(visitor.get(response["Location"]))
    assert "A worker takes it up in a moment" in waiting
    work_validation(made.pk)
    assert "Bad rate by tier" in text_of(visitor.get(response["Location"]))
    progress = visitor.get(
        reverse("tiering:validation-progress", args=[made.pk]), headers={"HX-Request": "true"}
    )
    assert progress["HX-Refresh"] == "true"


def test_other_horizon_offers_other_days(officer):
    a_past(good=1)
    visitor, address = visitor_of(officer), reverse("tiering:validation-new")
    near, far = (
        text_of(visitor.get(address, {"months": months}, headers={"HX-Request": "true"}))
        for months in (1, 24)
    )
    assert near.count("checkbox") > 3
    assert "Choose a shorter one." in far
    assert "<html" not in near


def test_what_the_past_cannot_tell_is_said_beside_the_form(officer):
    version = a_past(good=1)
    day = form_of(officer, months=3).days_offered[0][0]
    sent = {"version": version.pk, "basis": "held", "outcome": "lost", "months": 3, "days": [day]}
    response = visitor_of(officer).post(reverse("tiering:validation-new"), sent)
    assert response.status_code == 422
    assert "This outcome takes at least 6 months to show." in response.content.decode()
    nothing = visitor_of(officer).post(reverse("tiering:validation-new"), {**sent, "days": []})
    assert "Choose at least one day." in nothing.content.decode()
    assert not Validation.objects.exists()


def test_methods_within_projects_are_not_offered(officer):
    of_clients = publish()
    publish_within()
    assert list(form_of(officer).versions) == [str(of_clients.pk)]


def test_report_says_its_figures_in_numbers_and_words(officer):
    page = text_of(report_of(officer))
    for said in (
        "0.80",
        "0.72 to 0.88",
        "Middle turned bad more often (10.0%) than Low (6.00%): hardly chance (p = 0.04).",
        "the wrong way round",
        "too few bad outcomes",
        "look into it",
        "some shift",
        "grew (z = 1.90, p = 0.03)",
        "did not grow (z = -0.40, p = 0.66)",
        "too few tiers for a mark",
        "2 of 8 proposals rejected",
        "bandwidth up –, down 0.40; 4 came, 7 went",
    ):
        assert said in page, said
    assert page.count('<svg class="chart plot') == 3


def test_few_bad_outcomes_are_told_instead_of_figures(officer):
    page = text_of(report_of(officer, discrimination=None, bad=12))
    assert "too few bad outcomes (12 of 20 needed)" in page
    assert page.count('<svg class="chart plot') == 1


def test_order_is_not_told_where_nobody_turned_bad(officer):
    version = publish()
    page = text_of(report_of(officer, version, discrimination=None, bad=0, inversions=[]))
    assert "Nobody turned bad." in page
    assert ">in order<" not in page
    assert ">in order<" in text_of(report_of(officer, version, inversions=[]))


def test_one_day_has_no_stability_and_no_migration(officer):
    page = text_of(report_of(officer, stability=None, migrations=[]))
    assert "PSI" not in page
    assert "bandwidth" not in page


def test_report_on_a_draft_says_when_the_draft_is_another_by_now(officer):
    version = publish()
    assert "edited since" not in text_of(report_of(officer, version))
    assert "edited since" in text_of(report_of(officer, version, content_hash="0"))


def test_list_shows_what_was_asked_by_scheme(officer):
    one, other = publish(), publish(a_document(scheme="other"))
    a_validation(one, officer)
    a_validation(other, officer, discrimination=None)
    visitor, address = visitor_of(officer), reverse("tiering:validations")
    both = visitor.get(address)
    assert [(line.gini, line.bad) for line in both.context["lines"]] == [("–", "50"), ("0.80", "50")]
    assert "Default within 6 months" in text_of(both)
    chosen = visitor.get(address, {"scheme": "other"}).context["lines"]
    assert [line.validation.version for line in chosen] == [other]
    assert visitor.get(address, {"scheme": "moon"}).status_code == 404


def test_failed_validation_says_why(officer):
    found = a_validation(publish(), officer)
    failed = Validation.objects.create(
        version=found.version, days=found.days, outcome="lost", months=6, requested_by=officer, status="failed",
        failure="MemoryError",
    )  # fmt: skip
    page = text_of(visitor_of(officer).get(reverse("tiering:validation", args=[failed.pk])))
    assert "It could not be computed. MemoryError" in page
    assert visitor_of(officer).get(reverse("tiering:validation-paper", args=[failed.pk])).status_code == 404


def test_version_page_names_its_validations_to_those_who_may_see_them(officer):
    version = publish()
    a_validation(version, officer)
    address = reverse("tiering:criteria-version", args=[version.pk])
    assert "Default within 6 months" in text_of(visitor_of(officer).get(address))
    assert "Default within 6 months" not in text_of(visitor_of(make_user(Role.RM)).get(address))


@pytest.mark.parametrize(("language", "said"), [("en", "Every tier turned bad"), ("zh-hans", "High 级")])
def test_report_reads_in_both_languages(officer, language, said):
    found = a_validation(publish(), officer, inversions=[])
    visitor = visitor_of(officer)
    page = visitor.get(reverse("tiering:validation", args=[found.pk]), headers={"Accept-Language": language})
    assert said in text_of(page)
