"""Clients grouped by likeness, by page: asked, found, looked at, and made a scheme of."""

import pytest
from django.urls import reverse

from crm.errors import NotPermitted
from crm.models import Role, User
from tests.factories import make_client, make_observation, make_user
from tests.tiering.helpers import days_ago, publish, run_now
from tests.tiering.pages.making import visitor_of
from tests.tiering.pages.test_calibrations import shown, text_of
from tiering.core.check import check_data
from tiering.errors_validation import (
    MetricsRequired,
    SchemeTaken,
    SegmentsNotFound,
    TooFewMetrics,
    TooManySegments,
)
from tiering.models import CriteriaVersion, Segmentation, TierScheme
from tiering.pages.segmentation import lean_word
from tiering.services.calibrations import draft_segments, request_segmentation, work_segmentation
from tiering.views import segmentations

pytestmark = pytest.mark.django_db
METRICS = ["credit_score", "contacts_12m"]
NAMES = {"en": "Kinds", "zh": "类型"}


@pytest.fixture
def admin() -> User:
    return make_user(Role.CRITERIA_ADMIN)


@pytest.fixture
def book() -> None:
    """Sixty clients of two kinds."""
    publish()
    for number in range(60):
        score = 500.0 + number % 5 if number % 2 else 800.0 + number % 5
        make_observation(make_client(), "credit_score", score, observed_on=days_ago(30).date())
    run_now()


def found(by: User) -> Segmentation:
    done = work_segmentation(request_segmentation(metrics=METRICS, segments=2, requested_by=by).pk)
    assert done is not None
    assert (done.status, done.failure) == ("done", "")
    return done


def test_list_leads_to_older_ones_and_back(admin, monkeypatch):
    monkeypatch.setattr(segmentations, "SHOWN", 1)
    for _ in range(2):
        request_segmentation(metrics=METRICS, segments=2, requested_by=admin)
    first = visitor_of(admin).get(reverse("tiering:segmentations"))
    second = visitor_of(admin).get(reverse("tiering:segmentations"), {"after": first.context["page"].next})
    assert ['href="?after=' in text_of(page) for page in (first, second)] == [True, False]
    assert ['href="?before=' in text_of(page) for page in (first, second)] == [False, True]


def test_form_asks_and_the_answer_has_a_card_for_each_segment(admin, book):
    offered = shown(admin, "tiering:segmentation-new")
    assert '"key": "credit_score"' in offered
    response = visitor_of(admin).post(
        reverse("tiering:segmentation-new"), {"metrics": METRICS, "segments": "2"}
    )
    job = Segmentation.objects.get()
    assert (job.metrics, job.segments) == (METRICS, 2)
    assert response["Location"] == reverse("tiering:segmentation", args=[job.pk])
    assert reverse("tiering:segmentation-progress", args=[job.pk]) in shown(
        admin, "tiering:segmentation", job.pk
    )
    work_segmentation(job.pk)
    page = shown(admin, "tiering:segmentation", job.pk)
    assert page.count("30 clients · 50.0%") == 2
    assert "Silhouette" in page
    assert "Credit score" in shown(admin, "tiering:segmentations")


def test_draft_of_a_new_scheme_is_made_and_edited(admin, book):
    job = found(admin)
    given = {"key": "kinds", "name_en": "Kinds", "name_zh": "类型"}
    response = visitor_of(admin).post(reverse("tiering:segmentation-draft", args=[job.pk]), given)
    version = CriteriaVersion.objects.get(criteria__scheme__key="kinds")
    assert response["Location"] == reverse("tiering:studio", args=[version.pk])
    assert (version.status, version.author) == ("draft", admin)
    assert version.document["label"] == NAMES
    assert check_data(version.document) == ()
    again = visitor_of(admin).post(reverse("tiering:segmentation-draft", args=[job.pk]), given)
    assert again.status_code == 422
    assert "There is a scheme with this key already." in text_of(again)


def test_scheme_in_effect_is_left_alone(admin, book):
    job = found(admin)
    with pytest.raises(SchemeTaken):
        draft_segments(segmentation=job, key="small", label=NAMES, author=admin)
    with pytest.raises(NotPermitted):
        draft_segments(segmentation=job, key="kinds", label=NAMES, author=make_user(Role.RISK_OFFICER))
    waiting = request_segmentation(metrics=METRICS, requested_by=admin)
    with pytest.raises(SegmentsNotFound):
        draft_segments(segmentation=waiting, key="kinds", label=NAMES, author=admin)
    assert TierScheme.objects.count() == 1


@pytest.mark.parametrize(
    ("terms", "refusal"),
    [
        ({"metrics": ["credit_score"]}, TooFewMetrics),
        ({"metrics": ["credit_score", "rating"]}, MetricsRequired),
        ({"metrics": ["credit_score", "nonsense"]}, MetricsRequired),
        ({"metrics": METRICS, "segments": 13}, TooManySegments),
    ],
)
def test_what_cannot_be_compared_is_refused(admin, terms, refusal):
    with pytest.raises(refusal):
        request_segmentation(requested_by=admin, **terms)


def test_small_book_fails_and_says_so(admin):
    job = request_segmentation(metrics=METRICS, requested_by=admin)
    work_segmentation(job.pk)
    assert "No segments were found. Segments need 50 clients" in shown(admin, "tiering:segmentation", job.pk)


def test_one_metric_is_refused_in_the_form(admin):
    response = visitor_of(admin).post(reverse("tiering:segmentation-new"), {"metrics": ["credit_score"]})
    assert response.status_code == 422
    assert "Choose between 2 and 12 metrics." in text_of(response)
    assert "Credit score" in text_of(response)


@pytest.mark.parametrize(
    ("deviation", "word"),
    [(0.1, "as the whole"), (-0.5, "somewhat lower"), (1.0, "higher"), (-3.0, "far lower")],
)
def test_distance_from_the_whole_is_said_in_words(deviation, word):
    assert lean_word(deviation) == word
