"""Criteria on their way: the test cases of the house, a draft that somebody works on, and a version that waits for
approval."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import pgtrigger

from config.demo.cast import Cast
from config.demo.clock import moment
from crm.models import Role, User
from tiering.case_files import read_cases
from tiering.core.edits import Edit, parse_edits
from tiering.models import CriteriaEdit, CriteriaStep, CriteriaVersion
from tiering.selectors.catalogue import catalogue
from tiering.selectors.criteria import document_of
from tiering.services.criteria_tests import put_tests
from tiering.services.drafts import edit_draft, start_draft
from tiering.services.lifecycle import submit_version

CASES = Path(__file__).parent / "test_cases"
"""A file for each scheme that has test cases."""
DRAFT, WAITING = "six_tier", "aa_a_b"
STAMPS = (
    "tiering.CriteriaStep:stays_as_it_was",
    "tiering.CriteriaEdit:stays_as_it_was",
    "tiering.CriteriaEdit:written_with_a_draft",
)
PURPOSES = {
    "aa_a_b": "首次启用：按信用与合作潜力将客户分为 AA、A、B 三级。",
    "six_tier": "落实《客户层次划分标准》的六个层次；分值待年度回测后校准。",
}
FIRST = "首次启用本方案。"
STRICTER = (
    "Overdues of the last quarter were mostly A clients with thin cover: interest cover counts for more, and AA begins "
    "at 78. 上季度逾期主要来自保障倍数偏低的 A 级客户，故提高利息保障倍数权重，并将 AA 分界线调至 78 分。"
)
FINANCES = "scorecards/established/dimensions/finances/indicators"
RAISED = (
    {"op": "set", "path": f"{FINANCES}/interest_cover/weight", "was": 1500, "value": 2500},
    {"op": "set", "path": f"{FINANCES}/current_ratio/weight", "was": 2000, "value": 1500},
    {"op": "set", "path": f"{FINANCES}/cash_flow_margin/weight", "was": 1500, "value": 1000},
    {"op": "set", "path": "cutoffs/0/min", "was": 75, "value": 78},
)
DIMENSIONS = "scorecards/all/dimensions"
SECURITY = f"{DIMENSIONS}/security/indicators/security_package/categories"
WORKED_ON = (
    (
        {"op": "set", "path": f"{DIMENSIONS}/financial/weight", "was": 5000, "value": 4500},
        {"op": "set", "path": f"{DIMENSIONS}/relationship/weight", "was": 1000, "value": 1500},
    ),
    ({"op": "set", "path": f"{SECURITY}/satisfactory", "was": 40, "value": 30},),
    ({"op": "set", "path": "cutoffs/1/min", "was": 75, "value": 76},),
)
"""Groups of edits, one after the other."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """When a version was submitted, approved and published, so many days before it took effect."""

    act: CriteriaStep.Act
    days: int


WAY = (
    Stamp(CriteriaStep.Act.SUBMITTED, 20),
    Stamp(CriteriaStep.Act.APPROVED, 4),
    Stamp(CriteriaStep.Act.PUBLISHED, 0),
)


def purpose_of(key: str) -> str:
    return PURPOSES.get(key, FIRST)


def add_cases(version: CriteriaVersion, author: User) -> None:
    """The test cases that the house keeps for a scheme; the version's document is the one they were written for."""
    path = CASES / f"{version.criteria.scheme.key}.csv"
    if path.exists():
        cases = read_cases(path.read_bytes(), document_of(version), catalogue(), path.name)
        put_tests(version=version, cases=cases, by=author)


def date_the_way(version: CriteriaVersion, effective_from: datetime) -> None:
    """Set the steps of a published version to the days they stand for."""
    at = {stamp.act: effective_from - timedelta(days=stamp.days) for stamp in WAY}
    version.submitted_at, version.approved_at = at[CriteriaStep.Act.SUBMITTED], at[CriteriaStep.Act.APPROVED]
    version.save(update_fields=["submitted_at", "approved_at"])
    with pgtrigger.ignore(*STAMPS):
        for act, moment_of in at.items():
            CriteriaStep.objects.filter(version=version, act=act).update(at=moment_of)


def start_drafts(anchor: date, cast: Cast) -> None:
    """A draft with a few edits of one administrator, and another one of theirs that waits for the other's approval."""
    author = cast.having(Role.CRITERIA_ADMIN)[0]
    draft = begin(DRAFT, author)
    for edits in WORKED_ON:
        edit_draft(version=draft, edits=edits_of(edits), by=author)
    date_draft(draft, moment(anchor - timedelta(days=3), 10))
    waiting = begin(WAITING, author)
    edit_draft(version=waiting, edits=edits_of(RAISED), by=author)
    submit_version(version=waiting, by=author, purpose=STRICTER)
    date_draft(waiting, moment(anchor - timedelta(days=2), 9))


def begin(key: str, author: User) -> CriteriaVersion:
    published = CriteriaVersion.Status.PUBLISHED
    based_on = CriteriaVersion.objects.get(criteria__scheme__key=key, status=published)
    return start_draft(author=author, based_on=based_on)


def edits_of(edits: object) -> tuple[Edit, ...]:
    return parse_edits([*edits] if isinstance(edits, tuple) else edits)


def date_draft(version: CriteriaVersion, began: datetime) -> None:
    """Set when a draft was begun, edited and submitted, half an hour after each other."""
    version.refresh_from_db()
    half_an_hour = timedelta(minutes=30)
    version.created_at = began
    ended = began + half_an_hour * (version.revision + 1)
    version.submitted_at = ended if version.status == CriteriaVersion.Status.SUBMITTED else None
    version.save(update_fields=["created_at", "submitted_at"])
    with pgtrigger.ignore(*STAMPS):
        for edit in CriteriaEdit.objects.filter(version=version):
            CriteriaEdit.objects.filter(pk=edit.pk).update(at=began + half_an_hour * edit.revision)
        CriteriaStep.objects.filter(version=version).update(at=ended)
