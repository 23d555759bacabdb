"""Whether the criteria do what they are for: a validation of those in effect, and a version that runs beside them."""

from collections.abc import Sequence
from datetime import date, timedelta

import pgtrigger

from config.demo.cast import Cast
from config.demo.clock import moment, month_ends
from config.demo.drafting import STAMPS, begin, edits_of
from config.demo.methods import PRIMARY
from config.demo.past import MONTHS, dated_back
from crm.models import Role
from tiering.models import Challenger, CriteriaStep, CriteriaVersion, TieringRun, Validation
from tiering.services.challengers import start_challenge
from tiering.services.drafts import edit_draft
from tiering.services.lifecycle import approve_version, submit_version
from tiering.services.nights import note_nights
from tiering.services.runs import start_run, work_through
from tiering.services.validations import request_validation, work_validation

HORIZON = 6
DAYS_ASKED = 3
NIGHTS = 4
"""A challenger of the demo runs on the days of the last official runs: so many month ends, and today."""
OUTCOME = "default"
PURPOSE = (
    "Credit standing tells defaults best, the demand for finance hardly at all: their weights follow the validation. "
    "信用状况对违约的区分力最强，融资需求几乎没有区分力，据验证结果调整权重。"
)
REASON = (
    "Would defaults of the next two quarters have stood lower? 观察两个季度：违约客户是否会被排在更低层级？"
)
WEIGHTS = "scorecards/established/dimensions/{dimension}/weight"
MOVED = {"credit": (2500, 3500), "finances": (3000, 2500), "demand": (1000, 500)}
"""By dimension, the weight before and after."""


def prove(anchor: date, cast: Cast) -> None:
    """Ask how the criteria told defaults, and let another version run beside them since the last quarter."""
    ask(anchor, cast)
    challenge(anchor, cast)


def ask(anchor: date, cast: Cast) -> None:
    """A validation of the criteria in effect, computed as any other."""
    officer = cast.having(Role.RISK_OFFICER)[0]
    version = CriteriaVersion.objects.get(
        criteria__scheme__key=PRIMARY, status=CriteriaVersion.Status.PUBLISHED
    )
    asked = request_validation(
        version=version, days=days_asked(anchor), outcome=OUTCOME, months=HORIZON, requested_by=officer
    )
    Validation.objects.filter(pk=asked.pk).update(created_at=moment(anchor, 8))
    work_validation(asked.pk)


def days_asked(anchor: date) -> list[date]:
    """Every second of the month ends whose horizon is over."""
    return month_ends(anchor, MONTHS)[: 2 * DAYS_ASKED : 2]


def challenge(anchor: date, cast: Cast) -> None:
    """A version that one administrator wrote and the other approved, run beside what is in effect night after night."""
    author, approver = reversed(cast.having(Role.CRITERIA_ADMIN)[:2])
    draft = begin(PRIMARY, author)
    edit_draft(version=draft, edits=edits_of(weights()), by=author)
    submitted = submit_version(version=draft, by=author, purpose=PURPOSE)
    version = approve_version(version=submitted, by=approver, content_hash=submitted.content_hash)
    days = [*month_ends(anchor, NIGHTS), anchor]
    challenger = start_challenge(version=version, reason=REASON, started_by=author)
    date_back(version, challenger, days[0])
    run_beside(version, days)
    note_nights()


def weights() -> tuple[dict[str, object], ...]:
    return tuple(
        {"op": "set", "path": WEIGHTS.format(dimension=dimension), "was": was, "value": value}
        for dimension, (was, value) in MOVED.items()
    )


def date_back(version: CriteriaVersion, challenger: Challenger, first: date) -> None:
    """Set the stamps to the week before the first night."""
    drafted, submitted, approved, begun = (moment(first - timedelta(days=days), 10) for days in (7, 6, 2, 1))
    CriteriaVersion.objects.filter(pk=version.pk).update(
        created_at=drafted, submitted_at=submitted, approved_at=approved
    )
    with pgtrigger.ignore(*STAMPS, "tiering.Challenger:keeps_its_start"):
        version.edits.update(at=drafted)
        for act, at in ((CriteriaStep.Act.SUBMITTED, submitted), (CriteriaStep.Act.APPROVED, approved)):
            CriteriaStep.objects.filter(version=version, act=act).update(at=at)
        Challenger.objects.filter(pk=challenger.pk).update(started_at=begun)


def run_beside(version: CriteriaVersion, days: Sequence[date]) -> None:
    """The runs of a challenger, on the facts that were in force."""
    for day in days:
        run = start_run(
            requested_by=None,
            kind=TieringRun.Kind.SHADOW,
            trigger=TieringRun.Trigger.SCHEDULE,
            as_of=moment(day, 0),
            basis=TieringRun.Basis.FACTS,
            version=version,
            slot=day.isoformat(),
        )
        dated_back(work_through(run))
