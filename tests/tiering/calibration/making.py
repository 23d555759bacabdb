"""Proposals that were made, and the evidence that they leave."""

from datetime import date
from typing import Any

from crm.models import Role, User
from tests.factories import make_user
from tests.tiering.helpers import days_ago
from tests.tiering.validation.making import THEN
from tiering.models import Calibration, CriteriaVersion, ScoreCurve
from tiering.services.calibrations import request_calibration, work_calibration
from tiering.services.probabilities import approve_curve, request_curve, work_curve

DAY: date = days_ago(THEN - 1).date()
"""The day after which the clients of `a_past` fell behind, or did not."""
EVIDENCE: dict[str, Any] = {
    "scorecards": {},
    "outcome": "default",
    "months": 6,
    "days": ["2025-12-31"],
    "version": 1,
    "before": {"gini": None},
    "after": {
        "gini": None,
        "pd": {"intercept": 0.0, "slope": -0.1, "rate": 0.1, "tenths": [], "tiers": []},
    },
}
"""Of a proposal that nobody looks at closely."""


def asked(version: CriteriaVersion, by: User | None = None, **changes: Any) -> Calibration:
    """What fell behind by 90 days within half a year."""
    terms = {"days": [DAY], "outcome": "overdue", "months": 6, **changes}
    return request_calibration(version=version, requested_by=by or make_user(Role.CRITERIA_ADMIN), **terms)


def proposed(version: CriteriaVersion, by: User | None = None) -> CriteriaVersion:
    """The draft that history proposes for a version."""
    done = work_calibration(asked(version, by).pk)
    assert done is not None
    assert (done.status, done.failure) == ("done", "")
    assert done.draft is not None
    return done.draft


def asked_curve(version: CriteriaVersion, by: User | None = None, **changes: Any) -> ScoreCurve:
    """The probability of falling behind by 90 days within half a year."""
    terms = {"days": [DAY], "outcome": "overdue", "months": 6, **changes}
    return request_curve(version=version, requested_by=by or make_user(Role.CRITERIA_ADMIN), **terms)


def curve_in_use(version: CriteriaVersion) -> ScoreCurve:
    """A curve that one person asked for and another approved."""
    found = work_curve(asked_curve(version).pk)
    assert found is not None
    assert (found.status, found.failure) == ("done", "")
    return approve_curve(curve=found, approved_by=make_user(Role.CRITERIA_ADMIN))
