"""Reviews under way: who may decide, whose work it is, a committee that has begun to vote, questions and answers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.files.base import ContentFile

from config.demo.cast import Cast
from config.demo.clock import moment
from config.demo.doings import writes_chinese
from crm.models import Role, User
from tiering.core.authority_document import example
from tiering.models import Policy, Proposal
from tiering.selectors.authority import authority_at, change_of
from tiering.services.clock import database_now
from tiering.services.committees import request_committee
from tiering.services.policies import put_policy_in_effect, start_policy
from tiering.services.proposals import approve
from tiering.services.remarks import answer_question, ask_rm, comment
from tiering.services.review_views import save_view
from tiering.services.review_work import tend_reviews

SINCE = timedelta(days=2)
PURPOSE = (
    "Large moves need two of three officers, rises to the best tier a senior one; work is shared out with a clock. "
    "大额变动须三位风险官中两位同意，升至最高层级由高级风险官决定；复核按时限分派。"
)
QUESTIONS = (
    ("Is the fall in cash flow a matter of one quarter?", "现金流下降是否仅为单季波动？"),
    ("Which receivables are overdue, and since when?", "哪些应收账款已逾期，自何时起？"),
    ("Has the new guarantee been signed?", "新增担保是否已签署？"),
)
ANSWER = ("One large customer paid late; the money has come in.", "一家大客户付款延迟，款项现已到账。")
EVIDENCE = ("Bank advice: CNY 38,400,000 received.\n", "银行回单：收款人民币 38,400,000 元。\n")
REMARK = ("The plant runs at full capacity again since last month.", "工厂自上月起已恢复满负荷生产。")
AGREED = ("The figures bear it out.", "数据充分，同意。")
DOUBT = ("A client of many years; I would rather not decide alone.", "多年老客户，建议集体决定。")
LATE = "超时 · Late"


def review_together(cast: Cast, anchor: date) -> int:
    """Put the authority in effect and begin to work under it; gives how many proposals were shared out."""
    publish_authority(cast, anchor)
    shared = tend_reviews(at=database_now())
    senior, second = cast.having(Role.RISK_OFFICER)[:2]
    save_view(owner=senior, name=LATE, query="?state=late", is_shared=True)
    free, together = waiting_now()
    if together:
        approve(proposal=together[0], decided_by=senior, comment=said(AGREED, senior))
    for proposal, question in zip(free, QUESTIONS, strict=False):
        asked = ask_rm(proposal=proposal, by=second, text=said(question, second))
        if question is QUESTIONS[0]:
            rm = rm_of(proposal)
            file = ContentFile(said(EVIDENCE, rm).encode(), name="bank-advice.txt")
            answer_question(question=asked, by=rm, text=said(ANSWER, rm), file=file)
    for proposal in free[3:4]:
        rm = rm_of(proposal)
        comment(proposal=proposal, by=rm, text=said(REMARK, rm))
    for proposal in free[4:5]:
        request_committee(proposal=proposal, by=second, members=2, needs=2, reason=said(DOUBT, second))
    return shared


def publish_authority(cast: Cast, anchor: date) -> None:
    author, publisher = cast.having(Role.CRITERIA_ADMIN)[:2]
    version = start_policy(kind=Policy.Kind.AUTHORITY, document=authority(), by=author)
    put_policy_in_effect(
        version=version, publisher=publisher, effective_from=moment(anchor - SINCE, 9), purpose=PURPOSE
    )


def authority() -> dict[str, Any]:
    """The example, for a house of three officers: any of them sits on a committee."""
    document = example()
    document["decisions"][0]["needs"] = {"committee": {"of": 3, "needs": 2}}
    return document


def waiting_now() -> tuple[list[Proposal], list[Proposal]]:
    """Proposals whose client has an RM, those of the primary scheme and the largest first: which one officer decides,
    and which a committee."""
    in_effect = authority_at()
    found = Proposal.objects.filter(status=Proposal.Status.PENDING, client__rm__isnull=False)
    found = found.select_related("client__rm", "scheme", "from_tier", "to_tier")
    found = found.order_by("-scheme__is_primary", "-exposure", "pk")
    free: list[Proposal] = []
    together: list[Proposal] = []
    for proposal in found:
        (together if in_effect.demand(change_of(proposal)).is_committee else free).append(proposal)
    return free, together


def rm_of(proposal: Proposal) -> User:
    """Every client here has one, see `waiting_now`."""
    assert proposal.client.rm is not None
    return proposal.client.rm


def said(texts: tuple[str, str], by: User) -> str:
    """In English or Chinese, as that person writes."""
    return texts[writes_chinese(by)]
