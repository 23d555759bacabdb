"""Probabilities of default by score: two people, one statement, and documents that read them."""

import math

import pytest
from django.db import Error, IntegrityError, transaction

from crm.errors import NotPermitted
from crm.models import Client, CustomMetric, Observation, Role, User
from tests.factories import make_observation, make_user
from tests.tiering.calibration.making import asked_curve, curve_in_use
from tests.tiering.helpers import a_document, days_ago, facts_of, publish, run_now
from tests.tiering.validation.making import THEN, a_past, borrower
from tiering.core.document import SCORE_UNIT
from tiering.errors_validation import (
    CurveApproved,
    CurveNotFound,
    CurveNotInUse,
    CurveOfADraft,
    CurveReadsItself,
    OutcomeIsNoDefault,
    OwnCurve,
)
from tiering.models import Assessment, CriteriaVersion, Facts, RetierRequest, ScoreCurve
from tiering.selectors.catalogue import open_catalogue
from tiering.services.criteria import load_criteria
from tiering.services.probabilities import (
    STEP,
    approve_curve,
    end_curve,
    waiting_curves,
    work_curve,
    write_probabilities,
)

pytestmark = pytest.mark.django_db
METRIC = "model_pd_small"


@pytest.fixture
def version() -> CriteriaVersion:
    return a_past(good=25, bad=21)


def admin() -> User:
    return make_user(Role.CRITERIA_ADMIN)


def written() -> dict[int, float]:
    rows = Observation.objects.filter(metric=METRIC).order_by("observed_on", "id")
    return dict(rows.values_list("client", "value"))


def test_curve_is_found_and_changes_nothing_by_itself(version):
    curve = work_curve(asked_curve(version).pk)
    assert (curve.status, curve.failure) == ("done", "")
    assert curve.slope < 0
    assert curve.findings["rate"] == pytest.approx(21 / 46)
    assert waiting_curves() == []
    assert write_probabilities(curve.pk) is None
    assert not CustomMetric.objects.filter(key=METRIC).exists()


def test_few_outcomes_make_no_curve():
    curve = work_curve(asked_curve(a_past(good=25, bad=3)).pk)
    assert curve.status == "failed"
    assert "at least 20 bad outcomes" in curve.failure


def test_approved_curve_gives_everybody_a_probability(version):
    curve = curve_in_use(version)
    assert waiting_curves() == [curve.pk]
    assert write_probabilities(curve.pk) == 46
    found = written()
    for row in Assessment.objects.filter(valid_to=None):
        odds = curve.intercept + curve.slope * row.score / SCORE_UNIT
        assert found[row.client_id] == pytest.approx(1 / (1 + math.exp(-max(min(odds, 30), -30))))
    source = Observation.objects.filter(metric=METRIC).values_list("source", flat=True)
    assert set(source) == {f"small version {version.number}, curve {curve.pk}"}
    curve.refresh_from_db()
    assert {one["tier"]: one["clients"] for one in curve.standing} == {"Middle": 25, "Low": 21}
    low, middle = (
        next(one["pd"] for one in curve.standing if one["tier"] == tier) for tier in ("Low", "Middle")
    )
    assert low > middle


def test_metric_is_made_once_with_labels_in_both_languages(version):
    curve_in_use(version)
    metric = CustomMetric.objects.get(key=METRIC)
    assert (metric.unit, metric.direction, metric.type) == ("fraction", "lower", "number")
    assert "Small" in metric.label_en
    assert "违约概率" in metric.label_zh
    second = curve_in_use(version)
    assert CustomMetric.objects.filter(key__startswith="model_pd").count() == 1
    assert list(ScoreCurve.objects.filter(ended_at=None).values_list("pk", flat=True)) == [second.pk]


def test_facts_and_documents_read_it(version):
    write_probabilities(curve_in_use(version).pk)
    client = Client.objects.first()
    assert facts_of(client, days_ago(0))["custom"][METRIC] == pytest.approx(written()[client.pk])
    assert open_catalogue()[METRIC].unit == "fraction"
    assert RetierRequest.objects.filter(client=client).exists()
    reader = a_document(scheme="other")
    reader["scorecards"][0]["dimensions"][0]["indicators"][0] = {
        "metric": METRIC,
        "weight": 10000,
        "missing": {"policy": "block"},
        "bands": [{"lo": None, "hi": 0.5, "points": 100}, {"lo": 0.5, "hi": None, "points": 0}],
    }
    other = publish(reader)
    run_now()
    assert Facts.objects.get(client=client, valid_to=None).custom[METRIC] == pytest.approx(
        written()[client.pk]
    )
    assert other.status == "published"


def test_only_what_moved_is_written_again(version):
    curve = curve_in_use(version)
    write_probabilities(curve.pk)
    assert waiting_curves() == []
    client = Client.objects.order_by("-pk").first()
    make_observation(client, "credit_score", 700.0, observed_on=days_ago(1).date())
    run_now()
    assert waiting_curves() == [curve.pk]
    before = written()[client.pk]
    assert write_probabilities(curve.pk) == 1
    assert abs(written()[client.pk] - before) > STEP * before
    assert Observation.objects.filter(metric=METRIC).count() == 46  # the same day has one


def test_curve_of_a_version_that_is_replaced_writes_no_more(version):
    curve = curve_in_use(version)
    write_probabilities(curve.pk)
    publish(a_document(policy={}), effective_from=days_ago(1))
    run_now()
    assert waiting_curves() == []


def test_ended_curve_is_used_no_more(version):
    curve = curve_in_use(version)
    end_curve(curve=curve, ended_by=admin())
    assert waiting_curves() == []
    assert write_probabilities(curve.pk) is None
    with pytest.raises(CurveNotInUse):
        end_curve(curve=curve, ended_by=admin())


def test_who_asked_may_not_approve(version):
    author = admin()
    curve = work_curve(asked_curve(version, author).pk)
    with pytest.raises(OwnCurve):
        approve_curve(curve=curve, approved_by=author)
    with pytest.raises(IntegrityError), transaction.atomic():
        ScoreCurve.objects.filter(pk=curve.pk).update(approved_by=author, approved_at=days_ago(0))
    assert not CustomMetric.objects.exists()


def test_curve_that_was_found_does_not_change(version):
    curve = curve_in_use(version)
    for changes in ({"slope": -1.0}, {"outcome": "default"}, {"approved_by": admin()}):
        with pytest.raises(Error), transaction.atomic():
            ScoreCurve.objects.filter(pk=curve.pk).update(**changes)
    with pytest.raises(CurveApproved):
        approve_curve(curve=curve, approved_by=admin())


def test_curve_is_approved_after_it_is_found(version):
    with pytest.raises(CurveNotFound):
        approve_curve(curve=asked_curve(version), approved_by=admin())


@pytest.mark.parametrize("role", [Role.RM, Role.RISK_OFFICER, Role.AUDITOR])
def test_others_may_neither_ask_nor_approve(version, role):
    with pytest.raises(NotPermitted):
        asked_curve(version, make_user(role))
    curve = work_curve(asked_curve(version).pk)
    with pytest.raises(NotPermitted):
        approve_curve(curve=curve, approved_by=make_user(role))


def test_curve_is_of_default_and_of_what_is_in_effect(version):
    with pytest.raises(OutcomeIsNoDefault):
        asked_curve(version, outcome="lost")
    draft = load_criteria(document=a_document(policy={}), author=admin())
    with pytest.raises(CurveOfADraft):
        asked_curve(draft)


def test_probability_may_not_rest_on_itself():
    CustomMetric.objects.create(key=METRIC, label_en="PD", unit="fraction")
    document = a_document()
    document["gates"][0]["when"] = {"metric": METRIC, "op": ">", "value": 0.5}
    version = publish(document)
    borrower(620.0)
    run_now(as_of=days_ago(THEN))
    with pytest.raises(CurveReadsItself):
        asked_curve(version)
