"""Proposing from history by page: the question, how far it is, and the evidence of the draft."""

import pytest
from django.urls import reverse

from crm.models import Role, User
from tests.factories import make_user
from tests.tiering.calibration.making import DAY, asked, proposed
from tests.tiering.pages.making import visitor_of
from tests.tiering.under_way import cut_at
from tests.tiering.validation.making import a_past
from tiering.models import Calibration
from tiering.services.calibrations import work_calibration
from tiering.services.drafts import edit_draft
from tiering.services.lifecycle import submit_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> User:
    return make_user(Role.CRITERIA_ADMIN)


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def shown(user: User, name: str, *args: int, **given) -> str:
    response = visitor_of(user).get(reverse(name, args=args), given)
    assert response.status_code == 200
    return text_of(response)


def test_form_asks_about_the_version_and_the_days_that_are_known(admin, monkeypatch):
    version = a_past(good=1)
    form = shown(admin, "tiering:calibration-new", version=version.pk, months=3)
    assert f'<option value="{version.pk}" selected>' in form
    assert 'type="checkbox" name="days"' in form
    assert "No month end lies so far back" in shown(admin, "tiering:calibration-new", months=24)


def test_question_goes_to_a_worker_and_its_draft_is_linked(admin, monkeypatch):
    version = a_past(good=25, bad=21)
    monkeypatch.setattr("tiering.views.questions.days_for", lambda months: [DAY])
    response = visitor_of(admin).post(
        reverse("tiering:calibration-new"),
        {"version": version.pk, "outcome": "overdue", "months": 6, "days": [DAY.isoformat()]},
    )
    job = Calibration.objects.get()
    assert response["Location"] == reverse("tiering:calibration", args=[job.pk])
    waiting = shown(admin, "tiering:calibration", job.pk)
    assert reverse("tiering:calibration-progress", args=[job.pk]) in waiting
    work_calibration(job.pk)
    done = shown(admin, "tiering:calibration", job.pk)
    assert reverse("tiering:evidence", args=[Calibration.objects.get().draft_id]) in done
    polled = visitor_of(admin).get(
        reverse("tiering:calibration-progress", args=[job.pk]), headers={"HX-Request": "true"}
    )
    assert polled["HX-Refresh"] == "true"


def test_refusal_is_told_in_the_form(admin):
    version = a_past(good=1)
    response = visitor_of(admin).post(
        reverse("tiering:calibration-new"), {"version": version.pk, "outcome": "overdue", "months": 6}
    )
    assert response.status_code == 422
    assert "Choose at least one day." in text_of(response)


def test_failure_says_why(admin):
    job = asked(a_past(good=25, bad=3))
    work_calibration(job.pk)
    assert "Nothing was proposed. History has too few outcomes" in shown(admin, "tiering:calibration", job.pk)


def test_evidence_shows_bands_and_what_people_changed_since(admin):
    draft = proposed(a_past(good=25, bad=21), admin)
    page = shown(admin, "tiering:evidence", draft.pk)
    assert "More than 90 days overdue within 6 months" in page
    assert "100.0% of the score" in page
    assert "Nothing: it says what was proposed." in page
    assert "Validate it on days that it did not learn from." in page
    edit_draft(version=draft, edits=[cut_at(99, was=draft.document["cutoffs"][0]["min"])], by=admin)
    changed = shown(admin, "tiering:evidence", draft.pk)
    assert "<ins>99</ins>" in changed
    assert changed.count("timeline-dot") == 1


def test_evidence_is_linked_where_the_draft_is_read_edited_and_approved(admin):
    draft = proposed(a_past(good=25, bad=21), admin)
    address = reverse("tiering:evidence", args=[draft.pk])
    assert address in shown(admin, "tiering:criteria-version", draft.pk)
    assert address in shown(admin, "tiering:studio", draft.pk)
    submit_version(version=draft, by=admin, purpose="History.")
    assert address in shown(make_user(Role.CRITERIA_ADMIN), "tiering:criteria-review", draft.pk)


def test_version_without_evidence_has_no_such_page(admin):
    version = a_past(good=1)
    assert visitor_of(admin).get(reverse("tiering:evidence", args=[version.pk])).status_code == 404
