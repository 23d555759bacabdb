"""The work on a case: points to be checked, documents, and what others say about it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from crm.errors import Invalid, NotPermitted
from crm.models import Attachment, Client, User
from crm.services.attachments import File, attach
from funnel.errors import (
    CheckClosed,
    EditedMeanwhile,
    FindingMissing,
    NotAskedFor,
    NotTheHolder,
    PartyToTheCase,
    ReasonMissing,
    WaiverNotAskedFor,
    WaiverRemarkMissing,
)
from funnel.models import Approval, Case, CaseDocument, CheckItem, Stage, StageGate
from funnel.selectors.approvals import approvals_that_count, is_party, standing_of
from funnel.selectors.work import works_on
from funnel.services.cases import check_open


@transaction.atomic
def add_check(
    *, case: Case, kind: str, name: str, by: User, owner: User | None = None, due_on: date | None = None
) -> CheckItem:
    """A further point to be checked. Raises NotTheHolder, CaseClosed or Invalid."""
    case = _workable(case, by)
    check = CheckItem(case=case, kind=kind, name_en=name.strip(), owner=owner, due_on=due_on)
    return _saved(check)


@transaction.atomic
def plan_check(
    *, check: CheckItem, revision: int, owner: User | None, due_on: date | None, by: User
) -> CheckItem:
    """Who looks after an open point, by when.

    Raises NotTheHolder, CaseClosed, EditedMeanwhile, CheckClosed or Invalid.
    """
    check = _open_check(check, revision, by)
    check.owner, check.due_on = owner, due_on
    return _saved(check)


@transaction.atomic
def finish_check(
    *,
    check: CheckItem,
    revision: int,
    finding: str,
    by: User,
    risk: str = "",
    file: File | None = None,
    evidence: Attachment | None = None,
    applies: bool = True,
) -> CheckItem:
    """Close a point with what was found, how risky that is, and the evidence (a `file`, or one of the client's that is
    there); or as one that does not apply. That a
    condition precedent need not be met is only asked for: somebody else grants it (`decide_waiver`).

    Raises NotTheHolder, CaseClosed, EditedMeanwhile, CheckClosed, FindingMissing, FileRefused's kinds or Invalid.
    """
    check = _open_check(check, revision, by)
    if not finding.strip():
        raise FindingMissing
    check.finding, check.risk = finding.strip(), risk
    if file:
        evidence = attach(file=file, client=check.case.client, by=by)
    check.evidence = evidence or check.evidence
    if not applies and check.kind == CheckItem.Kind.PRECEDENT:
        check.state, check.asked_by, check.remark = CheckItem.State.ASKED, by, ""
        return _saved(check)
    check.state = CheckItem.State.DONE if applies else CheckItem.State.WAIVED
    check.finished_by, check.finished_at = by, timezone.now()
    return _saved(check)


@transaction.atomic
def decide_waiver(
    *, check: CheckItem, revision: int, is_granted: bool, by: User, remark: str = ""
) -> CheckItem:
    """Grant that a condition precedent need not be met, or refuse it with a remark: it is open again then.

    Raises NotPermitted, PartyToTheCase, CaseDissolved, CaseClosed, EditedMeanwhile, WaiverNotAskedFor or
    WaiverRemarkMissing.
    """
    _check_may_approve(by, check.case)
    case = Case.objects.select_for_update().get(pk=check.case_id)
    check_open(case)
    check = _fresh(check, revision)
    if is_party(by, case) or by.pk == check.asked_by_id:
        raise PartyToTheCase
    if check.state != CheckItem.State.ASKED:
        raise WaiverNotAskedFor
    check.remark = remark.strip()
    if is_granted:
        check.state, check.finished_by, check.finished_at = CheckItem.State.WAIVED, by, timezone.now()
        return _saved(check)
    if not check.remark:
        raise WaiverRemarkMissing
    check.state, check.asked_by = CheckItem.State.OPEN, None
    return _saved(check)


@transaction.atomic
def reopen_check(*, check: CheckItem, revision: int, by: User) -> CheckItem:
    """Take up a finished point again, or take the request for a waiver back; what was found stays in view.

    Raises NotTheHolder, CaseClosed or EditedMeanwhile.
    """
    check = _check_at(check, revision, by)
    check.state, check.finished_by, check.finished_at = CheckItem.State.OPEN, None, None
    check.asked_by = None
    return _saved(check)


@transaction.atomic
def add_document(*, case: Case, kind: str, by: User, file: File) -> CaseDocument:
    """Hand in a file for a case. Raises NotPermitted, CaseClosed, FileRefused's kinds or Invalid."""
    if not by.has_perm("funnel.add_document"):
        raise NotPermitted
    check_open(case)
    attachment: Attachment = attach(file=file, client=case.client, by=by)
    return _saved(CaseDocument(case=case, kind=kind, attachment=attachment, added_by=by))


@transaction.atomic
def say(*, case: Case, stage: Stage, is_approved: bool, by: User, comment: str = "") -> Approval:
    """Approve of, or refuse, a case's entering a stage that asks for it; of several words by one person the last counts.

    Raises NotPermitted, PartyToTheCase, CaseClosed, NotAskedFor, or ReasonMissing for a refusal without one.
    """
    _check_may_approve(by, case)
    case = Case.objects.select_for_update().get(pk=case.pk)
    check_open(case)
    if is_party(by, case):
        raise PartyToTheCase
    if not is_approved and not comment.strip():
        raise ReasonMissing(origin=str(case.stage), stage=str(stage))
    said = approvals_that_count(case).get(stage.pk, [])
    asked = {role for gate in approval_gates(stage) for role in standing_of(gate, said).asked}
    if by.role not in asked and by.pk not in {one.by_id for one in said}:
        raise NotAskedFor(stage=str(stage))
    return Approval.objects.create(
        case=case,
        stage=stage,
        by=by,
        role=by.role,
        is_approved=is_approved,
        amount=case.amount,
        comment=comment.strip(),
    )


def approval_gates(stage: Stage) -> list[StageGate]:
    return list(stage.gates.filter(kind=StageGate.Kind.APPROVALS))


def _check_may_approve(by: User, case: Case) -> None:
    may = by.has_perm("funnel.approve_cases")
    if not may or not Client.objects.visible_to(by).filter(pk=case.client_id).exists():
        raise NotPermitted


def _workable(case: Case, by: User) -> Case:
    case = Case.objects.select_for_update().get(pk=case.pk)
    if not works_on(by, case):
        raise NotTheHolder(client=case.client.name)
    check_open(case)
    return case


def _check_at(check: CheckItem, revision: int, by: User) -> CheckItem:
    _workable(check.case, by)
    return _fresh(check, revision)


def _fresh(check: CheckItem, revision: int) -> CheckItem:
    check = CheckItem.objects.select_for_update(of=["self"]).select_related("case__client").get(pk=check.pk)
    if check.revision != revision:
        raise EditedMeanwhile
    check.revision += 1
    return check


def _open_check(check: CheckItem, revision: int, by: User) -> CheckItem:
    check = _check_at(check, revision, by)
    if not check.is_open:
        raise CheckClosed
    return check


def _saved(record: Any) -> Any:
    try:
        record.full_clean()
    except ValidationError as error:
        raise Invalid.from_validation(error) from error
    record.save()
    return record
