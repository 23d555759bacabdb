"""Interactions of the last two years: often with large clients, hardly ever with some of the long tail.

Two, so that every run of the last year finds a full year of them.
"""

from collections.abc import Iterator
from datetime import timedelta
from random import Random

from config.demo.clock import moment, working_day
from config.demo.streams import cycle, pick, stream
from config.demo.subjects import Subject
from crm.models import Client, Interaction

YEAR = 365
A_YEAR = {"large": 16, "medium": 10, "small": 6, "micro": 4, "": 7}
"""Contacts a year with an active client of a size."""
NEGLECTED = 0.08
KINDS = {"call": 42, "meeting": 28, "email": 18, "site_visit": 12}
TALKS = {
    "call": (
        ("Monthly call: orders and cash position", "Orders on hand cover five months; collections are on schedule.",
         "月度电话：订单与现金状况", "在手订单可覆盖五个月，回款按计划进行。"),
        ("Call about the next repayment", "Funds for the next instalment are set aside.",
         "沟通下一期还款", "下一期还款资金已落实。"),
        ("Call about settlement and deposits", "The client will move part of its settlement business to us.",
         "沟通结算与存款业务", "客户计划将部分结算业务转至我行。"),
        ("Rates and renewal", "Asked for terms of a renewal; a proposal is to follow next week.",
         "利率与续贷", "客户询问续贷条件，下周提交方案。"),
    ),
    "meeting": (
        ("Meeting with the finance director", "Went through the latest accounts; receivables need watching.",
         "与财务总监会面", "梳理最新财务报表，应收账款需持续关注。"),
        ("Half-year review", "Agreed on the plan for the second half: one new line, no change to existing limits.",
         "半年度回顾", "商定下半年计划：新增一条产线，现有额度不变。"),
        ("Financing needs for next year", "Equipment worth about a tenth of revenue is planned; leasing fits.",
         "明年融资需求", "计划购置约占收入一成的设备，适合融资租赁。"),
    ),
    "email": (
        ("Statements requested", "Asked for the audited statements and the list of guarantees.",
         "索取财务报表", "请客户提供经审计报表及对外担保清单。"),
        ("Term sheet sent", "Indicative terms sent; valid for thirty days.",
         "发送条款清单", "已发送参考条款，三十日内有效。"),
    ),
    "site_visit": (
        ("Plant visit", "Lines run at about 80 % of capacity; stock is in order.",
         "实地走访工厂", "产线开工率约八成，库存管理有序。"),
        ("Project site inspection", "Works are a month behind the plan because of permits.",
         "项目现场检查", "因审批原因，工程进度较计划滞后一个月。"),
    ),
}  # fmt: skip


def interactions_of(subject: Subject) -> Iterator[Interaction]:
    client = subject.client
    source = stream("interactions", subject.index)
    age = source.expovariate(rate_of(source, subject))
    while age < 2 * YEAR:
        day = working_day(subject.quality.anchor - timedelta(days=int(age) + 1))
        at = moment(day, source.randint(9, 17), cycle((0, 15, 30, 45), source.randint(0, 3)))
        kind = pick(source, KINDS)
        subject_en, body_en, subject_zh, body_zh = source.choice(TALKS[kind])
        yield Interaction(
            client=client,
            kind=kind,
            at=at,
            subject=subject_zh if subject.writes_chinese else subject_en,
            body=body_zh if subject.writes_chinese else body_en,
            author=subject.rm,
            created_at=at + timedelta(hours=2),
        )
        age += source.expovariate(rate_of(source, subject)) + 1


def rate_of(source: Random, subject: Subject) -> float:
    """Contacts a day."""
    client = subject.client
    a_year: float = A_YEAR[client.size_class]
    if client.status == Client.Status.DORMANT:
        a_year = 0.6
    elif client.status == Client.Status.POTENTIAL:
        a_year *= 0.5
    elif stream("neglect", subject.index).random() < NEGLECTED:
        a_year *= 0.12
    return a_year / YEAR * source.uniform(0.8, 1.2)
