"""What the pages of policies say: a version line by line, what it changes, and where it stands on its way.

A kind of policy says its documents in lines (`WORDS` of `policy_words.py`); what two versions differ in is found on the
lines, so it is said in the words in which each is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import groupby

from crm.models import User
from tiering.core.policy_kinds import check_policy
from tiering.models import PolicyStep, PolicyVersion
from tiering.pages.versions import RefusalLine, refusal_lines
from tiering.selectors.policies import is_author, known_to, replaced_by

Status = PolicyVersion.Status
ICONS: Mapping[str, str] = {
    "begun": "file-plus",
    "edited": "pencil",
    "submitted": "send",
    "withdrawn": "undo-2",
    "rejected": "corner-up-left",
    "published": "flag",
}


@dataclass(frozen=True)
class Line:
    """One thing that a document says, in the reader's language. `key` names its place through all versions; lines of
    one `group` stand together."""

    key: str
    group: str
    what: str
    value: str


@dataclass(frozen=True)
class PolicyWords:
    """How the documents of a kind are said, and the URL name of the page with forms that edits them (it takes the
    version's id)."""

    lines: Callable[[PolicyVersion], list[Line]]
    edit_url: str


@dataclass(frozen=True)
class Group:
    title: str
    lines: list[Line]


@dataclass(frozen=True)
class Change:
    """A line that differs; `old` or `new` is None where there is none."""

    group: str
    what: str
    old: str | None
    new: str | None


@dataclass(frozen=True)
class StepLine:
    """A step that was taken. Editing again and again is one."""

    icon: str
    step: PolicyStep


@dataclass(frozen=True)
class PolicyWay:
    """Where a version stands and what its reader may do. `is_own`: they wrote, edited or submitted it, so somebody else
    publishes it; `replaced` is the version that it takes the place of."""

    version: PolicyVersion
    steps: list[StepLine]
    refusals: list[RefusalLine]
    replaced: PolicyVersion | None
    is_own: bool
    may_write: bool
    may_publish: bool

    @property
    def is_draft(self) -> bool:
        return self.version.status == Status.DRAFT

    @property
    def is_submitted(self) -> bool:
        return self.version.status == Status.SUBMITTED

    @property
    def is_under_way(self) -> bool:
        return self.version.status in PolicyVersion.IN_PREPARATION

    @property
    def may_edit(self) -> bool:
        return self.may_write and self.is_under_way

    @property
    def may_decide(self) -> bool:
        return self.may_publish and self.is_submitted and not self.is_own


def groups_of(lines: list[Line]) -> list[Group]:
    """The lines under their headings."""
    return [Group(title, list(some)) for title, some in groupby(lines, key=lambda line: line.group)]


def changes_between(before: list[Line], after: list[Line]) -> list[Change]:
    """The lines that differ, in the order of the later version, those that went at the end."""
    old, new = ({line.key: line for line in lines} for lines in (before, after))
    found = [
        Change(line.group, line.what, old[key].value if key in old else None, line.value)
        for key, line in new.items()
        if key not in old or old[key].value != line.value
    ]
    gone = [Change(line.group, line.what, line.value, None) for key, line in old.items() if key not in new]
    return found + gone


def way_of(version: PolicyVersion, user: User) -> PolicyWay:
    """The way of a version, for one reader."""
    under_way = version.status in PolicyVersion.IN_PREPARATION
    refusals = (
        check_policy(version.policy.kind, version.document, known_to(version.policy)) if under_way else ()
    )
    return PolicyWay(
        version=version,
        steps=_steps(version),
        refusals=refusal_lines(refusals),
        replaced=replaced_by(version) if under_way else None,
        is_own=is_author(version, user),
        may_write=user.has_perm("tiering.write_criteria"),
        may_publish=user.has_perm("tiering.publish_criteria"),
    )


def _steps(version: PolicyVersion) -> list[StepLine]:
    """The steps so far; of edits that one person made in a row the last one."""
    found = list(version.steps.select_related("by").order_by("pk"))
    runs = groupby(found, key=lambda step: (step.act, step.by_id) if step.act == "edited" else step.pk)
    return [StepLine(ICONS[step.act], step) for step in (list(run)[-1] for _, run in runs)]
