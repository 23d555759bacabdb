"""What is known of the demo's cases beside their steps: details, checklists, papers, approvals, and a second funnel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.core.files.base import ContentFile

from config.demo.clock import moment
from config.demo.joining import parties_of
from config.demo.load import load
from config.demo.streams import stream
from crm.models import Role, User
from crm.services.attachments import attach
from funnel.models import (
    Case,
    CaseDocument,
    CaseParty,
    CheckItem,
    ClosingReason,
    CoLender,
    ExchangeRate,
    Pipeline,
    Stage,
    StageGate,
)
from funnel.services.cases import open_case
from tiering.models import Tier

RATES = {"USD": ("7.1840", "7.2310"), "EUR": ("7.7920", "7.9050"), "HKD": ("0.9205", "0.9262")}
"""What other currencies were worth a year before the anchor, and are worth since a month before it."""
ABROAD = 0.08
"""Share of cases in another currency."""
PURPOSES = (
    ("Working capital for orders in hand", "在手订单流动资金周转"),
    ("A second production line", "新建第二条生产线"),
    ("New equipment to replace what is worn out", "更新老旧设备"),
    ("Refinancing of a loan that ends this year", "年内到期贷款置换"),
    ("Building a warehouse and cold store", "建设仓储及冷库"),
)
STEPS = (
    ("Ask for the audited statements", "索取经审计报表"),
    ("Visit the site", "实地走访"),
    ("Agree on collateral", "商定担保方案"),
    ("Send the term sheet", "发送条款清单"),
)
RIVALS = (
    ("A state bank offers 20 basis points less", "某国有银行报价低 20 个基点"),
    ("A leasing house has made an offer", "某租赁公司已报价"),
)
LENDERS = (("Bank of Linjiang", "临江银行"), ("Huatai Trust", "华泰信托"))
CHECKLIST = (
    ("Site visit", "现场走访", "diligence"),
    ("Bank statements of twelve months", "近十二个月银行流水", "diligence"),
    ("Ownership and related parties", "股权结构与关联方", "diligence"),
    ("Court and enforcement records", "涉诉与被执行记录", "diligence"),
    ("Collateral is entered in the registry", "抵押登记办妥", "precedent"),
    ("Own funds are paid in", "自有资金到位", "precedent"),
)
FINDINGS = {
    "Site visit": ("Runs in two shifts; stock is turned over fast.", "两班生产，库存周转较快。"),
    "Bank statements of twelve months": (
        "Inflows agree with the revenue stated.",
        "资金流入与申报收入相符。",
    ),
}
LEASING = (
    ("asked", "Request", "需求受理", Stage.Outcome.OPEN, 10, 5, 0.15, Stage.Colour.GREY),
    ("valued", "Valuation", "设备估值", Stage.Outcome.OPEN, 20, 12, 0.4, Stage.Colour.BLUE),
    ("agreed", "Terms agreed", "条件商定", Stage.Outcome.OPEN, 30, 20, 0.75, Stage.Colour.VIOLET),
    ("delivered", "Delivered", "设备交付", Stage.Outcome.WON, None, None, 1, Stage.Colour.TEAL),
    ("dropped", "Dropped", "终止", Stage.Outcome.LOST, None, None, 0, Stage.Colour.ORANGE),
)


def set_rates(anchor: date) -> None:
    """What other currencies are worth."""
    days = (anchor - timedelta(days=400), anchor - timedelta(days=30))
    load(
        [
            ExchangeRate(currency=currency, day=day, rate=Decimal(rate))
            for currency, rates in RATES.items()
            for day, rate in zip(days, rates, strict=True)
        ]
    )


def add_details(cases: Sequence[Case], anchor: date) -> None:
    """Say of unsaved cases what their managers would have said."""
    for case in cases:
        source = stream("case details", case.code)
        chinese = case.client.rm_id is not None and source.random() < 0.5
        case.purpose = source.choice(PURPOSES)[chinese]
        case.source = source.choice([one for one in Case.Source.values if one not in ("import", "web")])
        if source.random() < ABROAD:
            case.currency = source.choice(list(RATES))
            case.amount = max(round(case.amount / 7, -3), Decimal(1000))
        if case.stage.is_closed:
            continue
        case.expected_close = anchor + timedelta(days=source.randint(-10, 150))
        case.next_step = source.choice(STEPS)[chinese]
        case.next_step_on = anchor + timedelta(days=source.randint(-4, 30))
        case.competition = source.choice(RIVALS)[chinese] if source.random() < 0.2 else ""


def work_on_cases(anchor: date) -> None:
    """Checklists, papers and co-lenders of the cases in due diligence, and a funnel for leases."""
    pipeline = Pipeline.objects.get(key="financing")
    pipeline.checklist = [
        {"name_en": english, "name_zh": chinese, "kind": kind} for english, chinese, kind in CHECKLIST
    ]
    pipeline.save()
    found = Case.objects.filter(stage__key="due_diligence").select_related("client__rm").order_by("pk")
    cases = list(found)
    load([check for case in cases for check in checks_of(case, moment(anchor, 11))])
    load([lender for case in cases[::4] for lender in lenders_of(case)])
    for case in cases[:3]:
        hand_in(case)
    make_leasing()
    leases = [made for case in cases[3:8] if (made := lease(case))]
    load(list(parties_of([*cases, *leases])))


def lease(case: Case) -> Case | None:
    """A case of the same client in the other funnel."""
    rm = case.client.rm
    if rm is None:
        return None
    return open_case(
        client=case.client,
        product="lease",
        amount=(case.amount / 3).quantize(Decimal("1000")),
        opened_by=rm,
        expected_close=case.expected_close,
        purpose=PURPOSES[2][0],
    )


def checks_of(case: Case, now: datetime) -> Iterator[CheckItem]:
    source = stream("checks", case.code)
    rm = case.client.rm
    for place, (english, chinese, kind) in enumerate(CHECKLIST):
        done = english in FINDINGS and source.random() < 0.6
        yield CheckItem(
            case=case,
            kind=kind,
            name_en=english,
            name_zh=chinese,
            owner=rm,
            due_on=now.date() + timedelta(days=place * 4 - 5),
            state=CheckItem.State.DONE if done else CheckItem.State.OPEN,
            finding=FINDINGS[english][source.random() < 0.5] if done else "",
            risk=source.choice(["low", "medium"]) if done else "",
            finished_by=rm if done else None,
            finished_at=now - timedelta(days=2) if done else None,
        )


def lenders_of(case: Case) -> Iterator[CoLender]:
    name = stream("lenders", case.code).choice(LENDERS)
    yield CoLender(case=case, name=name[1], amount=case.amount / 2)


def hand_in(case: Case) -> None:
    rm: User | None = case.client.rm
    if rm is None:
        return
    paper = attach(
        file=ContentFile(b"Revenue,2025\nMain business,118000000\n", name="statements-2025.csv"),
        client=case.client,
        by=rm,
    )
    CaseDocument.objects.create(case=case, kind=CaseDocument.Kind.STATEMENTS, attachment=paper, added_by=rm)


def make_leasing() -> Pipeline:
    """A funnel of its own for leases, with gates of every kind but one over the tier of who leads the case."""
    pipeline = Pipeline.objects.create(
        key="leasing",
        name_en="Equipment leasing",
        name_zh="设备租赁",
        products=["lease"],
        checklist=[{"name_en": "Valuation of the equipment", "name_zh": "设备价值评估", "kind": "diligence"}],
    )
    stages = {
        key: Stage.objects.create(
            pipeline=pipeline,
            key=key,
            name_en=english,
            name_zh=chinese,
            position=position,
            outcome=outcome,
            limit_days=limit,
            expected_days=expected,
            probability=probability,
            colour=colour,
        )
        for position, (key, english, chinese, outcome, limit, expected, probability, colour) in enumerate(
            LEASING
        )
    }
    gates = (
        ("valued", "fields", {"fields": ["purpose", "expected_close"]}),
        ("agreed", "checklist", {"checks": "diligence"}),
        ("agreed", "documents", {"documents": ["statements"]}),
        ("agreed", "approvals", {"mode": "sequential", "roles": [Role.TEAM_LEAD, Role.RISK_OFFICER]}),
        (
            "delivered",
            "condition",
            {
                "when": {"metric": "days_overdue", "op": "<=", "value": 30},
                "name_en": "Nothing is overdue for more than 30 days",
                "name_zh": "无逾期超过 30 天的款项",
            },
        ),
    )
    for stage, kind, params in gates:
        StageGate.objects.create(stage=stages[stage], kind=kind, params=params)
    least = Tier.objects.filter(scheme__is_primary=True, key="B").first()
    if least:
        StageGate.objects.create(
            stage=stages["agreed"],
            minimum_tier=least,
            params={"parts": [CaseParty.Part.GUARANTOR], "if_any": True},
        )
    ClosingReason.objects.create(
        stage=stages["dropped"], key="price", name_en="Price of the equipment", name_zh="设备价格"
    )
    return pipeline
