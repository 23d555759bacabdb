"""Splitting a case into parts, merging one into another, and taking either back.

Figures count cases as they are cut today. Each part has come the whole way: it inherits every step with its share of the
amount, so that counts, days and sums stay what they would be had it been a case of its own from the beginning. What was
dissolved counts nowhere and is kept as it was; nobody's word about it is carried over to what it became.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from crm.formats import exact
from crm.models import User
from funnel import errors
from funnel.models import (
    Approval,
    Case,
    CaseDocument,
    CheckItem,
    CoLender,
    GateLapse,
    GateWaiver,
    Recut,
    StageMove,
    TeamMember,
    TermSheet,
)
from funnel.services.cases import changeable, next_id
from funnel.services.metrics import feed
from funnel.services.party_carrying import bring_parties, copy_parties

MOST_PARTS: Final = 10
CENTS: Final = 100
INHERITED = (
    "client", "project", "currency", "expected_close", "source", "competition", "next_step", "next_step_on",
    "stage", "entered_stage_at", "opened_by", "created_at",
)  # fmt: skip
"""What a part has of the case that it was split from."""
CHECK = (
    "kind", "name_en", "name_zh", "owner", "due_on", "state", "finding", "risk", "evidence", "finished_by",
    "finished_at", "asked_by", "remark",
)  # fmt: skip


@dataclass(frozen=True)
class Part:
    """What one part of a case is to ask for; `product` and `purpose` are the case's where they are empty."""

    amount: Decimal
    product: str = ""
    purpose: str = ""


@transaction.atomic
def split_case(
    *, case: Case, version: int, revision: int, parts: Sequence[Part], reason: str, by: User
) -> Recut:
    """Make the parts in the place of an open case; their amounts come to the case's, in its currency.

    Each inherits the steps, the checklist, the team, the further clients and, by name, the co-lenders, and sees the
    documents. Approvals, waivers and term sheets stay with what they were said of.

    Raises what `checked_split` raises.
    """
    case = checked_split(case=case, version=version, revision=revision, parts=parts, reason=reason, by=by)
    recut = _noted(Recut.Kind.SPLIT, case, reason, by)
    made = [_part(case, said, recut) for said in parts]
    Case.objects.bulk_create(made)
    _inherit_steps(case, made)
    _inherit_work(case, made)
    _dissolve([case], recut)
    feed(day=timezone.localdate(), clients=[case.client_id])
    return recut


@transaction.atomic
def checked_split(
    *, case: Case, version: int, revision: int, parts: Sequence[Part], reason: str, by: User
) -> Case:
    """The case, locked, if it may be split so.

    Raises NotTheHolder, CaseDissolved, CaseClosed, EditedMeanwhile, RecutReasonMissing, PartsMissing, AmountNotPositive,
    PartsDoNotAddUp or PipelineNotForProduct.
    """
    case = _seen(case, version, revision, by)
    _check_reason(reason)
    _check_parts(case, parts)
    return case


@transaction.atomic
def merge_case(
    *,
    case: Case,
    seen: tuple[int, int],
    into: Case,
    seen_into: tuple[int, int],
    amount: Decimal,
    reason: str,
    by: User,
) -> Recut:
    """Merge an open case into another one of the same client and pipeline, which then asks for `amount` in its own
    currency. `seen` are version and revision of either as whoever merges them saw it.

    The points and further clients that the other lacks, the team and the co-lenders go over, and its page shows the
    documents. Raises what splitting raises, and NotAlike.
    """
    first, second = sorted((case, into), key=lambda one: one.pk)
    list(Case.objects.select_for_update().filter(pk__in=[first.pk, second.pk]).order_by("pk"))
    case, into = _seen(case, *seen, by), _seen(into, *seen_into, by)
    if (
        case.pk == into.pk
        or case.client_id != into.client_id
        or case.stage.pipeline_id != into.stage.pipeline_id
    ):
        raise errors.NotAlike(case=case.code, into=into.code)
    _check_reason(reason)
    if amount <= 0:
        raise errors.AmountNotPositive
    recut = _noted(Recut.Kind.MERGE, into, reason, by, revision=into.revision + 1)
    Case.objects.filter(pk=into.pk).update(amount=amount, revision=F("revision") + 1)
    _bring_work(case, into, recut)
    _dissolve([case], recut)
    feed(day=timezone.localdate(), clients=[into.client_id])
    return recut


@transaction.atomic
def undo_recut(*, recut: Recut, reason: str, by: User) -> Recut:
    """Let what was dissolved stand again as it was, as long as nobody went on with what came of it.

    The team, the further clients and the co-lenders that a merge brought stay. Raises NotTheHolder, RecutReasonMissing,
    RecutUndone or RecutWentOn.
    """
    recut = Recut.objects.select_for_update().get(pk=recut.pk)
    if recut.undone_at:
        raise errors.RecutUndone
    _check_reason(reason)
    result = list(recut.parts.all()) if recut.kind == Recut.Kind.SPLIT else [recut.case]
    cases = Case.objects.select_for_update().filter(pk__in=[*(one.pk for one in result), recut.case_id])
    standing = {case.pk: case for case in cases.order_by("pk")}
    if not by.has_perm("funnel.move_case", recut.case.client):
        raise errors.NotTheHolder(client=recut.case.client.name)
    if went_on := [one.code for one in result if _went_on(standing[one.pk], recut)]:
        raise errors.RecutWentOn(cases=", ".join(went_on))
    if recut.kind == Recut.Kind.SPLIT:
        Case.objects.filter(pk=recut.case_id).update(dissolved_by=None, version=F("version") + 1)
        _dissolve(result, recut)
    else:
        recut.brought.all().delete()
        recut.dissolved.update(dissolved_by=None, version=F("version") + 1)
        Case.objects.filter(pk=recut.case_id).update(amount=recut.amount, revision=F("revision") + 1)
    recut.undone_by, recut.undone_because, recut.undone_at = by, reason.strip(), timezone.now()
    recut.save(update_fields=["undone_by", "undone_because", "undone_at"])
    feed(day=timezone.localdate(), clients=[recut.case.client_id])
    return recut


def _seen(case: Case, version: int, revision: int, by: User) -> Case:
    case = changeable(case, by)
    if (case.version, case.revision) != (version, revision):
        raise errors.EditedMeanwhile
    return case


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise errors.RecutReasonMissing


def _check_parts(case: Case, parts: Sequence[Part]) -> None:
    if not 2 <= len(parts) <= MOST_PARTS:
        raise errors.PartsMissing
    if any(part.amount <= 0 for part in parts):
        raise errors.AmountNotPositive
    total = sum((part.amount for part in parts), Decimal(0))
    if total != case.amount:
        raise errors.PartsDoNotAddUp(
            total=exact(total), amount=exact(case.amount), left=exact(case.amount - total)
        )
    pipeline = case.stage.pipeline
    if pipeline.products and any(part.product not in ("", *pipeline.products) for part in parts):
        raise errors.PipelineNotForProduct(pipeline=str(pipeline))


def _noted(kind: Recut.Kind, case: Case, reason: str, by: User, revision: int = 1) -> Recut:
    return Recut.objects.create(
        kind=kind,
        case=case,
        amount=case.amount,
        version=case.version,
        revision=revision,
        reason=reason.strip(),
        by=by,
    )


def _part(case: Case, said: Part, recut: Recut) -> Case:
    pk = next_id()
    return Case(
        pk=pk,
        code=f"FC{pk:06}",
        amount=said.amount,
        product=said.product or case.product,
        purpose=said.purpose.strip() or case.purpose,
        version=case.version,
        made_by=recut,
        **{name: getattr(case, name) for name in INHERITED},
    )


def _inherit_steps(case: Case, parts: Sequence[Case]) -> None:
    """Every step of the case as a step of each part; the amounts told then are shared out to the cent."""
    weights = [int(part.amount * CENTS) for part in parts]
    steps = []
    for move in case.moves.order_by("pk"):
        shares = [None] * len(parts) if move.amount is None else shared_out(move.amount, weights)
        for part, share in zip(parts, shares, strict=True):
            steps.append(
                StageMove(
                    case=part,
                    from_stage_id=move.from_stage_id,
                    to_stage_id=move.to_stage_id,
                    tier_id=move.tier_id,
                    amount=share,
                    reason=move.reason,
                    moved_by_id=move.moved_by_id,
                    moved_at=move.moved_at,
                    comment=move.comment,
                    is_inherited=True,
                )
            )
    StageMove.objects.bulk_create(steps)


def shared_out(amount: Decimal, weights: Sequence[int]) -> list[Decimal]:
    """The amount in parts as the weights are, in whole cents that come to it exactly; the last takes what is left."""
    cents, whole = int(amount * CENTS), sum(weights)
    parts = [cents * weight // whole for weight in weights[:-1]]
    return [Decimal(part) / CENTS for part in (*parts, cents - sum(parts))]


def _inherit_work(case: Case, parts: Sequence[Case]) -> None:
    points, people, lenders = list(case.checks.all()), list(case.team.all()), list(case.co_lenders.all())
    CheckItem.objects.bulk_create(_same_point(point, part) for part in parts for point in points)
    TeamMember.objects.bulk_create(
        TeamMember(case=part, user_id=one.user_id) for part in parts for one in people
    )
    CoLender.objects.bulk_create(CoLender(case=part, name=one.name) for part in parts for one in lenders)
    copy_parties(case, parts)


def _same_point(point: CheckItem, case: Case, **more: Any) -> CheckItem:
    return CheckItem(case=case, **{name: getattr(point, name) for name in CHECK}, **more)


def _bring_work(case: Case, into: Case, recut: Recut) -> None:
    """What the case that stays has already is left as it is. A share in another currency has to be said anew."""
    known = set(into.checks.values_list("kind", "name_en"))
    CheckItem.objects.bulk_create(
        _same_point(point, into, brought_by=recut)
        for point in case.checks.all()
        if (point.kind, point.name_en) not in known
    )
    TeamMember.objects.bulk_create(
        [TeamMember(case=into, user_id=one.user_id) for one in case.team.all()], ignore_conflicts=True
    )
    bring_parties(case, into)
    is_alike = case.currency == into.currency
    CoLender.objects.bulk_create(
        [
            CoLender(case=into, name=one.name, amount=one.amount if is_alike else None)
            for one in case.co_lenders.all()
        ],
        ignore_conflicts=True,
    )


def _dissolve(cases: Sequence[Case], recut: Recut) -> None:
    """The version is counted up, so that a move which somebody is about to make of what was is refused."""
    Case.objects.filter(pk__in=[case.pk for case in cases]).update(
        dissolved_by=recut, version=F("version") + 1
    )
    GateLapse.objects.filter(case__in=cases).delete()


def _went_on(case: Case, recut: Recut) -> bool:
    """Whether anything happened to a case since a split made it, or a merge left it."""
    if (case.version, case.revision, case.dissolved_by_id) != (recut.version, recut.revision, None):
        return True
    since: dict[type[Any], str] = {
        Approval: "at",
        GateWaiver: "at",
        CaseDocument: "added_at",
        TermSheet: "created_at",
    }
    if any(
        model.objects.filter(case=case, **{f"{when}__gte": recut.at}).exists()
        for model, when in since.items()
    ):
        return True
    points = case.checks.filter(brought_by=recut) if recut.kind == Recut.Kind.MERGE else case.checks.all()
    return points.exclude(revision=1).exists()
