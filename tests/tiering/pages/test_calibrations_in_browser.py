"""Proposing from history as a person does it: asked on a page, done by a worker, evidence read; and axe over pages."""

import re

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import Page, expect

from crm.models import Role, User
from tests.browser import DESKTOP, PHONE
from tests.factories import make_user
from tests.looking import faults_of, look_like, unfold
from tests.tiering.calibration.making import DAY, curve_in_use, proposed
from tests.tiering.pages.making import enter
from tests.tiering.validation.making import a_past
from tiering.models import Calibration
from tiering.services.calibrations import request_segmentation, work_calibration, work_segmentation
from tiering.services.probabilities import write_probabilities

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def admin() -> User:
    cache.clear()
    return make_user(Role.CRITERIA_ADMIN)


def test_person_goes_from_a_version_to_the_evidence_of_its_draft(page: Page, live_server, admin, monkeypatch):
    monkeypatch.setattr("tiering.views.questions.days_for", lambda months: [DAY])
    version = a_past(good=25, bad=21)
    enter(page, live_server, admin, reverse("tiering:criteria-version", args=[version.pk]))
    page.get_by_role("link", name="Propose from history").click()
    page.get_by_text("More than 90 days overdue", exact=True).click()
    page.get_by_label("Horizon in months").fill("6")
    page.get_by_role("button", name="Propose").click()
    expect(page.get_by_text("A worker takes it up in a moment.")).to_be_visible()
    work_calibration(Calibration.objects.get().pk)
    expect(page.get_by_text("Version 2 was proposed, as a draft.")).to_be_visible()
    page.get_by_role("link", name="Evidence").click()
    expect(page.get_by_role("heading", name="Credit score")).to_be_visible()
    expect(page.get_by_text("100.0% of the score")).to_be_visible()
    expect(page.get_by_role("img", name="Probability of the outcome by score")).to_be_visible()
    expect(page.get_by_text("Nothing: it says what was proposed.")).to_be_visible()


def test_metrics_are_picked_by_typing_and_taken_out_again(page: Page, live_server, admin):
    enter(page, live_server, admin, reverse("tiering:segmentation-new"))
    for name in ("Leverage", "Credit score"):
        page.get_by_role("button", name="Add a metric").click()
        page.get_by_role("combobox", name="Search metrics").fill(name)
        page.get_by_role("option", name=re.compile(f"^{name}")).first.click()
    page.get_by_role("button", name="Take out: Leverage").click()
    page.get_by_role("button", name="Find segments").click()
    expect(page.get_by_text("Choose between 2 and 12 metrics.")).to_be_visible()
    expect(page.get_by_role("button", name="Take out: Credit score")).to_be_visible()


@pytest.mark.parametrize(
    ("language", "theme", "size"),
    [("en", "light", DESKTOP), ("zh-hans", "dark", PHONE)],
    ids=["en-light-desktop", "zh-dark-phone"],
)
def test_every_page_is_accessible_and_fits(page: Page, live_server, admin, language, theme, size):
    version = a_past(good=35, bad=25)
    draft = proposed(version, admin)
    write_probabilities(curve_in_use(version).pk)
    segments = request_segmentation(metrics=["credit_score", "days_overdue"], requested_by=admin)
    work_segmentation(segments.pk)
    failures = look_like(page, live_server, language=language, theme=theme, size=size)
    for path in (
        reverse("tiering:calibration-new"),
        reverse("tiering:calibration", args=[Calibration.objects.get().pk]),
        reverse("tiering:evidence", args=[draft.pk]),
        reverse("tiering:probability", args=[version.pk]),
        reverse("tiering:criteria-version", args=[version.pk]),
        reverse("tiering:segmentations"),
        reverse("tiering:segmentation-new"),
        reverse("tiering:segmentation", args=[segments.pk]),
    ):
        enter(page, live_server, admin, path)
        unfold(page, "main details:not([open]) > summary")
        failures += faults_of(page, path)
    assert failures == []
