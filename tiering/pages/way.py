"""Where a version stands on its way, who took which step, and what its reader may do next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import timezone

from crm.models import User
from tiering.core.cases import Verdict
from tiering.core.check import check
from tiering.models import CriteriaStep, CriteriaTest, CriteriaVersion
from tiering.pages.versions import RefusalLine, refusal_lines
from tiering.selectors.catalogue import open_catalogue
from tiering.selectors.criteria import document_of
from tiering.selectors.criteria_tests import kept_tests, verdicts_of
from tiering.selectors.lifecycle import is_ahead, is_author, is_overtaken, replaced_by, steps_of

ICONS: Mapping[str, str] = {
    "submitted": "send",
    "withdrawn": "undo-2",
    "rejected": "corner-up-left",
    "reopened": "pencil",
    "approved": "check",
    "published": "flag",
    "called_off": "calendar-x-2",
}
Status = CriteriaVersion.Status
UNDER_REVIEW = (Status.SUBMITTED, Status.APPROVED)


@dataclass(frozen=True)
class StepLine:
    """A step that was taken."""

    icon: str
    step: CriteriaStep


@dataclass(frozen=True)
class Way:
    """A version's way so far and what its reader may do. `is_own`: they wrote, edited or submitted it, so somebody
    else decides.

    `replaced` is the published version that it takes the place of; `overtaken`: that one was published after this one
    was begun. `is_ahead`: it is published for a later moment.
    """

    version: CriteriaVersion
    steps: list[StepLine]
    is_own: bool
    may_write: bool
    may_approve: bool
    replaced: CriteriaVersion | None
    overtaken: bool
    is_ahead: bool

    @property
    def is_draft(self) -> bool:
        return self.version.status == Status.DRAFT

    @property
    def is_under_way(self) -> bool:
        return self.version.status in CriteriaVersion.IN_PREPARATION

    @property
    def may_withdraw(self) -> bool:
        return self.may_write and self.version.status in UNDER_REVIEW

    @property
    def may_reject(self) -> bool:
        return self.may_approve and self.version.status == Status.SUBMITTED

    @property
    def may_decide(self) -> bool:
        """Whether the next step is this reader's: to approve or to publish."""
        return self.may_approve and not self.is_own and self.version.status in UNDER_REVIEW

    @property
    def may_call_off(self) -> bool:
        return self.may_approve and not self.is_own and self.is_ahead

    @property
    def may_restore(self) -> bool:
        return self.may_write and self.version.status == Status.SUPERSEDED


@dataclass(frozen=True)
class Against:
    """What stands against submitting, approving and publishing a version. `verdicts` are None where refusals keep its
    test cases from being run."""

    refusals: list[RefusalLine]
    tests: list[CriteriaTest]
    verdicts: tuple[Verdict, ...] | None

    @property
    def failing(self) -> list[str]:
        """The names of the test cases that do not come out as expected."""
        return [verdict.case.name for verdict in self.verdicts or () if not verdict.passes]

    @property
    def passing(self) -> int:
        return len(self.verdicts or ()) - len(self.failing)

    @property
    def is_clear(self) -> bool:
        """Whether nothing stands against it."""
        return not self.refusals and not self.failing


def way_of(version: CriteriaVersion, user: User) -> Way:
    """The way of a version, for one reader."""
    replaced = replaced_by(version)
    under_way = version.status in CriteriaVersion.IN_PREPARATION
    return Way(
        version=version,
        steps=[StepLine(ICONS[step.act], step) for step in steps_of(version)],
        is_own=is_author(version, user),
        may_write=user.has_perm("tiering.write_criteria"),
        may_approve=user.has_perm("tiering.publish_criteria"),
        replaced=replaced if under_way else None,
        overtaken=under_way and is_overtaken(version, replaced),
        is_ahead=is_ahead(version, timezone.now()),
    )


def against(version: CriteriaVersion) -> Against:
    """What stands against a version as it is now."""
    refusals, tests = refusal_lines(check(document_of(version), open_catalogue())), kept_tests(version)
    return Against(refusals, tests, None if refusals else verdicts_of(version, tests))
