"""Proposals from history and segmentations by API."""

import pytest

from crm.models import Role, User
from tests.api.asking import Asker
from tests.factories import make_user
from tests.tiering.calibration.making import DAY
from tests.tiering.validation.making import a_past
from tiering.models import Calibration, CriteriaVersion, Segmentation
from tiering.services.calibrations import work_calibration, work_segmentation

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> User:
    return make_user(Role.CRITERIA_ADMIN)


def test_proposal_is_asked_followed_and_its_draft_named(admin):
    version, asker = a_past(good=25, bad=21), Asker(admin)
    body = {"version": version.pk, "days": [DAY.isoformat()], "outcome": "overdue", "months": 6}
    made, again = (asker.post("calibrations/", body, key="k") for _ in range(2))
    assert (made.status_code, made.data["status"], made.data["draft"]) == (201, "pending", None)
    assert made.data["id"] == again.data["id"]
    work_calibration(made.data["id"])
    done = asker.get(f"calibrations/{made.data['id']}/").data
    draft = CriteriaVersion.objects.get(status="draft")
    assert (done["status"], done["draft"], done["failure"]) == ("done", draft.pk, "")
    [row] = asker.get("calibrations/", scheme="small", status="done").data["results"]
    assert row["id"] == done["id"]
    assert asker.get("calibrations/", status="failed").data["results"] == []


def test_question_that_the_past_cannot_answer_is_refused(admin):
    version = a_past(good=1)
    body = {"version": version.pk, "days": [DAY.isoformat()], "outcome": "luck", "months": 6}
    assert Asker(admin).post("calibrations/", body).status_code == 400
    later = Asker(admin).post("calibrations/", {**body, "outcome": "overdue", "months": 24})
    assert (later.status_code, later.data["code"]) == (400, "horizon_not_over")
    assert not Calibration.objects.exists()


def test_segmentation_is_asked_followed_and_read(admin):
    a_past(good=30, bad=30)
    asker = Asker(admin)
    made = asker.post("segmentations/", {"metrics": ["credit_score", "days_overdue"], "segments": 2})
    assert (made.status_code, made.data["segments"]) == (201, 2)
    work_segmentation(made.data["id"])
    done = asker.get(f"segmentations/{made.data['id']}/").data
    assert done["status"] == "done"
    assert sum(one["clients"] for one in done["findings"]["segments"]) == 60
    assert "findings" not in asker.get("segmentations/").data["results"][0]


def test_one_metric_is_no_likeness(admin):
    assert Asker(admin).post("segmentations/", {"metrics": ["leverage"]}).status_code == 400
    refused = Asker(admin).post("segmentations/", {"metrics": ["leverage", "rating"]})
    assert (refused.status_code, refused.data["code"]) == (400, "metrics_required")
    assert not Segmentation.objects.exists()
