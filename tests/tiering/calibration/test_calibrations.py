"""Calibrations from the question to the draft, which goes the way of every other draft."""

import pytest

from crm.errors import NotPermitted
from crm.models import Role
from tests.factories import make_user
from tests.tiering.calibration.making import asked, proposed
from tests.tiering.helpers import days_ago
from tests.tiering.under_way import cut_at
from tests.tiering.validation.making import THEN, a_past
from tiering.errors import OwnCriteria
from tiering.errors_validation import HorizonNotOver, NothingKnownThen
from tiering.models import Calibration, CriteriaVersion
from tiering.selectors.calibrations import origin_of
from tiering.services import jobs
from tiering.services.calibrations import work_calibration
from tiering.services.drafts import edit_draft, start_draft, undo
from tiering.services.lifecycle import approve_version, submit_version

pytestmark = pytest.mark.django_db


def test_proposal_is_a_draft_with_its_evidence():
    version, author = a_past(good=25, bad=21), make_user(Role.CRITERIA_ADMIN)
    draft = proposed(version, author)
    assert (draft.status, draft.author, draft.based_on, draft.revision) == ("draft", author, version, 1)
    assert CriteriaVersion.objects.get(status="published") == version
    told = draft.evidence["scorecards"]["all"]
    assert (told["subjects"], told["bad"], told["kept"]) == (46, 21, False)
    [indicator] = told["indicators"]
    assert (indicator["metric"], indicator["share"]) == ("credit_score", 1)
    assert sum(one["bad"] for one in indicator["bins"]) == 21
    assert (draft.evidence["outcome"], draft.evidence["months"]) == ("overdue", 6)
    assert draft.evidence["after"]["gini"] == 1


def test_probability_falls_with_the_score_and_is_told_by_tier():
    found = proposed(a_past(good=25, bad=21)).evidence["after"]["pd"]
    assert found["slope"] < 0
    assert found["rate"] == pytest.approx(21 / 46)
    assert sum(one["subjects"] for one in found["tenths"]) == 46
    assert [one["key"] for one in found["tiers"]] == ["High", "Middle", "Low"]
    assert sum(one["bad"] for one in found["tiers"]) == 21
    filled = [one["pd"] for one in found["tiers"] if one["subjects"]]
    assert filled == sorted(filled)


def test_who_asked_may_not_approve_and_a_second_person_may():
    author, checker = make_user(Role.CRITERIA_ADMIN), make_user(Role.CRITERIA_ADMIN)
    draft = submit_version(version=proposed(a_past(good=25, bad=21), author), by=author, purpose="History.")
    with pytest.raises(OwnCriteria):
        approve_version(version=draft, by=author, content_hash=draft.content_hash, comment="")
    approved = approve_version(version=draft, by=checker, content_hash=draft.content_hash, comment="")
    assert approved.status == "approved"


def test_whole_proposal_can_be_taken_back():
    version, author = a_past(good=25, bad=21), make_user(Role.CRITERIA_ADMIN)
    draft = proposed(version, author)
    undo(version=draft, by=author)
    draft.refresh_from_db()
    assert draft.content_hash == version.content_hash


def test_few_outcomes_fail_and_say_so():
    version = a_past(good=25, bad=3)
    done = work_calibration(asked(version).pk)
    assert (done.status, done.draft) == ("failed", None)
    assert "too few outcomes" in done.failure
    assert CriteriaVersion.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"days": [days_ago(20).date()]}, HorizonNotOver),
        ({"days": [days_ago(THEN + 20).date()]}, NothingKnownThen),
    ],
)
def test_what_the_past_cannot_tell_is_refused(changes, refusal):
    version = a_past(good=1)
    with pytest.raises(refusal):
        asked(version, **changes)
    assert not Calibration.objects.exists()


@pytest.mark.parametrize("role", [Role.RM, Role.RISK_OFFICER, Role.AUDITOR])
def test_others_may_not_ask(role):
    version = a_past(good=1)
    with pytest.raises(NotPermitted):
        asked(version, make_user(role))


def test_calibration_waits_for_a_worker_and_is_done_once():
    calibration = asked(a_past(good=25, bad=21))
    assert jobs.waiting(Calibration) == [calibration.pk]
    assert work_calibration(calibration.pk) is not None
    assert work_calibration(calibration.pk) is None
    assert CriteriaVersion.objects.count() == 2


def test_evidence_goes_with_the_content_and_its_origin_is_known():
    author = make_user(Role.CRITERIA_ADMIN)
    first = proposed(a_past(good=25, bad=21), author)
    assert origin_of(first) == first
    edit_draft(version=first, edits=[cut_at(95, was=first.document["cutoffs"][0]["min"])], by=author)
    later = start_draft(author=author, based_on=first)
    assert later.evidence == first.evidence
    assert origin_of(later) == first
