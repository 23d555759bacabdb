"""What a client is offered: drafted from the tier policy, issued, and approved by a second person where it departs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from crm.errors import Invalid, NotPermitted
from crm.models import Client, User
from funnel import errors
from funnel.core.departures import Departure, Offered, departures
from funnel.models import Case, TermSheet
from funnel.models.term_sheets import CONTENT
from funnel.selectors.approvals import is_party
from funnel.selectors.rates import rates_on
from funnel.selectors.terms import policy_of, suggested_collateral
from funnel.services.cases import changeable, check_open

Status = TermSheet.Status
VALID_DAYS: Final = 30
PERCENT: Final = 100
"""Basis points."""
FIRST: Final[Mapping[str, Any]] = {"base_rate": Decimal("3.5"), "fee": Decimal(0), "tenor_months": 36}
"""What a first draft says of what the tier policy does not."""


@transaction.atomic
def draft_term_sheet(*, case: Case, by: User) -> TermSheet:
    """Begin the next version: what the last one said, or what the tier policy asks for, for the amount as it is now.

    Raises NotTheHolder, CaseDissolved, CaseClosed or SheetInPreparation.
    """
    case = changeable(case, by)
    sheets = case.term_sheets.all()
    if sheets.filter(status__in=TermSheet.IN_PREPARATION).exists():
        raise errors.SheetInPreparation
    last = sheets.first()
    policy = policy_of(case)
    said = {name: getattr(last, name) for name in CONTENT} if last else dict(FIRST)
    if last is None and policy:
        collateral = suggested_collateral(case)
        said |= {"add_on": policy.add_on, "cover": policy.cover, "collateral": collateral}
        if policy.base_rate is not None:
            said["base_rate"] = Decimal(policy.base_rate) / PERCENT
    said |= {"amount": case.amount, "valid_until": timezone.localdate() + timedelta(days=VALID_DAYS)}
    latest = sheets.aggregate(number=Max("number"))["number"] or 0
    return _saved(TermSheet(case=case, number=latest + 1, author=by, authors=[by.pk], **said))


@transaction.atomic
def save_term_sheet(*, sheet: TermSheet, revision: int, said: Mapping[str, Any], by: User) -> TermSheet:
    """Say anew what `said` names (of CONTENT) of a draft that is still at `revision`.

    Raises NotTheHolder, CaseDissolved, CaseClosed, EditedMeanwhile, NotADraftSheet or Invalid.
    """
    sheet = _draft(sheet, revision, by)
    for name in said.keys() & set(CONTENT):
        value = said[name]
        setattr(sheet, name, value.strip() if isinstance(value, str) else value)
    return _saved(sheet)


@transaction.atomic
def submit_term_sheet(*, sheet: TermSheet, revision: int, why: str, by: User) -> TermSheet:
    """Issue a draft that keeps to the policy as it now is; ask a second person about one that departs from it, with why.

    Raises what saving raises, DepartureReasonMissing, or SheetOutOfDate where its validity is over.
    """
    sheet = _draft(sheet, revision, by)
    if sheet.valid_until < timezone.localdate():
        raise errors.SheetOutOfDate
    policy = policy_of(sheet.case)
    found = departures_of(sheet)
    if found and not why.strip():
        raise errors.DepartureReasonMissing
    sheet.policy = policy.as_json() if policy else {}
    sheet.departures = [one.as_json() for one in found]
    sheet.why, sheet.remark = why.strip() if found else "", ""
    if found:
        sheet.status = Status.SUBMITTED
        return _saved(sheet)
    return _issue(sheet)


@transaction.atomic
def decide_term_sheet(
    *, sheet: TermSheet, revision: int, is_approved: bool, by: User, remark: str = ""
) -> TermSheet:
    """Issue a sheet that departs from the policy, or send it back with a remark.

    Raises NotPermitted, PartyToTheCase, CaseDissolved, CaseClosed, EditedMeanwhile, SheetNotSubmitted, or
    SheetRemarkMissing for sending it back without one.
    """
    if not by.has_perm("funnel.approve_cases"):
        raise NotPermitted
    if not Client.objects.visible_to(by).filter(pk=sheet.case.client_id).exists():
        raise NotPermitted
    sheet = _locked(sheet, revision)
    if is_party(by, sheet.case) or by.pk in sheet.authors:
        raise errors.PartyToTheCase
    if sheet.status != Status.SUBMITTED:
        raise errors.SheetNotSubmitted
    if is_approved:
        sheet.approved_by = by
        return _issue(sheet)
    if not remark.strip():
        raise errors.SheetRemarkMissing
    sheet.status, sheet.remark = Status.DRAFT, remark.strip()
    return _saved(sheet)


@transaction.atomic
def discard_term_sheet(*, sheet: TermSheet, revision: int, by: User) -> None:
    """Remove a draft; the history keeps it. Raises what saving raises."""
    _draft(sheet, revision, by).delete()


def departures_of(sheet: TermSheet) -> list[Departure]:
    """Where the sheet is more generous than the policy as it now is."""
    rate = rates_on(timezone.localdate()).get(sheet.case.currency)
    worth = None if rate is None else float(sheet.amount * rate)
    base_rate = float(sheet.base_rate * PERCENT)
    return departures(Offered(sheet.add_on, sheet.cover, worth, base_rate), policy_of(sheet.case))


def _locked(sheet: TermSheet, revision: int) -> TermSheet:
    case = Case.objects.select_for_update().get(pk=sheet.case_id)
    sheet = TermSheet.objects.select_for_update().get(pk=sheet.pk)
    sheet.case = case
    check_open(case)
    if sheet.revision != revision:
        raise errors.EditedMeanwhile
    sheet.revision += 1
    return sheet


def _draft(sheet: TermSheet, revision: int, by: User) -> TermSheet:
    changeable(sheet.case, by)
    sheet = _locked(sheet, revision)
    if sheet.status != Status.DRAFT:
        raise errors.NotADraftSheet
    sheet.authors = sorted({*sheet.authors, by.pk})
    return sheet


def _issue(sheet: TermSheet) -> TermSheet:
    sheet.case.term_sheets.filter(status=Status.ISSUED).update(status=Status.SUPERSEDED)
    sheet.status, sheet.issued_at = Status.ISSUED, timezone.now()
    return _saved(sheet)


def _saved(sheet: TermSheet) -> TermSheet:
    try:
        sheet.full_clean()
    except ValidationError as error:
        raise Invalid.from_validation(error) from error
    sheet.save()
    return sheet
