"""Cases further on in the demo: split and merged ones, term sheets that keep to the policy and that depart from it, a
condition somebody asks to be waived, gates that lapsed, a funnel with versions, and kept views."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from decimal import Decimal
from typing import Any

from config.demo.cast import Cast
from crm.models import Role, SavedView, User
from crm.services.views import save_view
from funnel.models import Case, CheckItem, Pipeline, PipelineVersion, TermSheet
from funnel.selectors.documents import document_of
from funnel.selectors.saved import CASES
from funnel.services import recuts, term_sheets, versions, work
from funnel.services.cases import clone_case
from funnel.services.lapses import note_lapses
from tiering.core.document import SCORE_UNIT
from tiering.models import Assessment
from tiering.models.tiers import IN_FORCE

PHASES = "The plant is built in two phases that draw separately. 厂房分两期建设，分别提款。"
TWICE = "The same request was entered twice. 同一需求重复录入。"
FIRST_PHASE, SECOND_PHASE = (
    "First phase: foundations and hall 一期：基础与厂房",
    "Second phase: equipment 二期：设备",
)
COVENANTS = [
    "Net debt to EBITDA below 3.5 净负债/EBITDA 低于 3.5",
    "Interest cover above 2.0 利息保障倍数高于 2.0",
    "No dividends before the first repayment 首次还款前不分红",
]
RIVAL = (
    "A state bank offers 20 basis points less; the client has paid on time for six years. "
    "某国有银行报价低 20 个基点，客户六年无逾期。"
)
WAIVE = (
    "The registry is closed until the end of the month; the notary holds the papers. "
    "登记机构月底前暂停办理，材料由公证处保管。"
)
EARLIER = "Terms take less time since valuations come from outside. 估值外包后商定条件所需时间缩短。"
SCORE_TOO = "A tier alone let weak cases of its lower end pass. 仅凭层级准入会放过层级下沿的薄弱项目。"
PRECEDENT = {"kind": "checklist", "params": {"checks": "precedent"}}
ENOUGH = 8  # cases in due diligence; a book of a few clients goes without what is done with them
SHEET: dict[str, Any] = {"kind": "term_sheet", "params": {}}


def offer(cast: Cast) -> None:
    """All of it, by the people who would do it."""
    cases = [
        case
        for case in Case.objects.filter(stage__key="due_diligence")
        .select_related("client__rm")
        .order_by("-amount")
        if case.client.rm
    ]
    if len(cases) >= ENOUGH:
        split_and_merge(cases[0], cases[1])
        draw_up_sheets(cases[2:6], cast)
        ask_for_waiver(cases[2])
        raise_the_bar(cases, cast)
    change_leasing(cast)
    keep_views(cast)
    note_lapses()


def split_and_merge(large: Case, doubled: Case) -> None:
    half = (large.amount * Decimal("0.6")).quantize(Decimal(1000))
    recuts.split_case(
        case=large,
        version=large.version,
        revision=large.revision,
        parts=[
            recuts.Part(half, purpose=FIRST_PHASE),
            recuts.Part(large.amount - half, purpose=SECOND_PHASE),
        ],
        reason=PHASES,
        by=manager(large),
    )
    again = clone_case(case=doubled, by=manager(doubled))
    recuts.merge_case(
        case=again,
        seen=(again.version, again.revision),
        into=doubled,
        seen_into=(doubled.version, doubled.revision),
        amount=doubled.amount,
        reason=TWICE,
        by=manager(doubled),
    )


def draw_up_sheets(cases: Sequence[Case], cast: Cast) -> None:
    """One issued, one that waits for a second person, one that was approved, one in work."""
    issued, waiting, approved, _draft = (sheet_of(case) for case in cases)
    submit(issued)
    for sheet in (waiting, approved):
        cheaper = {"add_on": sheet.add_on - 20}
        sheet = term_sheets.save_term_sheet(
            sheet=sheet, revision=sheet.revision, said=cheaper, by=manager(sheet.case)
        )
        sheet = submit(sheet)
        if sheet.case_id == approved.case_id and sheet.status == TermSheet.Status.SUBMITTED:
            officer = cast.having(Role.RISK_OFFICER)[0]
            term_sheets.decide_term_sheet(sheet=sheet, revision=sheet.revision, is_approved=True, by=officer)


def sheet_of(case: Case) -> TermSheet:
    sheet = term_sheets.draft_term_sheet(case=case, by=manager(case))
    said = {"covenants": COVENANTS, "tenor_months": 48, "fee": Decimal("0.5")}
    return term_sheets.save_term_sheet(sheet=sheet, revision=1, said=said, by=manager(case))


def submit(sheet: TermSheet) -> TermSheet:
    return term_sheets.submit_term_sheet(
        sheet=sheet, revision=sheet.revision, why=RIVAL, by=manager(sheet.case)
    )


def ask_for_waiver(case: Case) -> None:
    point = case.checks.filter(kind=CheckItem.Kind.PRECEDENT, state=CheckItem.State.OPEN).first()
    if point:
        work.finish_check(
            check=point, revision=point.revision, finding=WAIVE, applies=False, by=manager(case)
        )


def change_leasing(cast: Cast) -> None:
    """A version in effect that asks for a term sheet and the conditions precedent, and the next one submitted."""
    pipeline = Pipeline.objects.get(key="leasing")
    writer, publisher = cast.having(Role.CRITERIA_ADMIN)[:2]
    document = deepcopy(document_of(pipeline))
    delivered = next(stage for stage in document["stages"] if stage["key"] == "delivered")
    delivered["gates"] = [*delivered["gates"], SHEET, PRECEDENT]
    first = proposed(pipeline, document, writer)
    versions.publish_version(version=first, revision=first.revision, by=publisher)
    later = deepcopy(document_of(pipeline))
    agreed = next(stage for stage in later["stages"] if stage["key"] == "agreed")
    agreed |= {"limit_days": 20, "expected_days": 12, "probability": 0.8}
    proposed(pipeline, later, writer)


def proposed(
    pipeline: Pipeline, document: dict[str, Any], writer: User, purpose: str = EARLIER
) -> PipelineVersion:
    version = versions.start_version(pipeline=pipeline, by=writer, document=document)
    return versions.submit_version(version=version, purpose=purpose, by=writer)


def raise_the_bar(cases: Sequence[Case], cast: Cast) -> None:
    """Due diligence asks for a score from now on, and the least cases that are past it do not reach it."""
    held = Assessment.objects.filter(
        IN_FORCE, scheme__is_primary=True, client__in=[case.client for case in cases]
    )
    scores = sorted(held.filter(score__isnull=False).values_list("score", flat=True))
    pipeline = Pipeline.objects.get(key="financing")
    document = deepcopy(document_of(pipeline))
    diligence = next(stage for stage in document["stages"] if stage["key"] == "due_diligence")
    score = {"kind": "score", "params": {"minimum": scores[1] // SCORE_UNIT + 1}}
    diligence["gates"] = [*diligence["gates"], score]
    writer, publisher = cast.having(Role.CRITERIA_ADMIN)[:2]
    version = proposed(pipeline, document, writer, SCORE_TOO)
    versions.publish_version(version=version, revision=version.revision, by=publisher)


def keep_views(cast: Cast) -> None:
    # Read anew: the cast was made before its teams were stored.
    lead = User.objects.get(pk=cast.having(Role.TEAM_LEAD)[0].pk)
    save_view(by=lead, list_key=CASES, name="逾期 Late", query="late=on", reach=SavedView.Reach.TEAM)
    for rm in cast.having(Role.RM)[:1]:
        save_view(by=rm, list_key=CASES, name="我的租赁 My leases", query="pipeline=leasing&mine=on")


def manager(case: Case) -> User:
    """Who holds the client."""
    rm: User | None = case.client.rm
    assert rm is not None
    return rm
