"""The fields of stage events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from crm.imports.errors import IncompleteMapping
from crm.imports.fields import Field, words_of
from crm.imports.kinds.common import CLIENT, INDUSTRY, REGION, UNIT, Kind
from crm.models import Facility, ImportJob
from funnel.errors import PipelineOfEachRow
from funnel.models import Case, Stage

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

DATED = "stage:"
"""Before the name of a stage: the column holds the day on which the case entered it."""


def known_stages() -> Sequence[tuple[str, str]]:
    """What the name of a stage in a file may stand for."""
    stages = Stage.objects.select_related("pipeline").order_by("pipeline", "position")
    return [(stage.key, f"{stage.pipeline}: {stage}") for stage in stages]


def check_mapping(job: ImportJob) -> None:
    """Raises IncompleteMapping where no event can come of a row, PipelineOfEachRow where a column names pipelines."""
    if "pipeline" in job.mapping:
        raise PipelineOfEachRow
    given = {*job.mapping, *job.constants}
    lacking = [STAGE, ENTERED] if not any(map(STAGE_EVENTS.takes, job.mapping)) else []
    if {"stage", "entered_at"} & given:
        lacking = [field for field in (STAGE, ENTERED) if field.name not in given]
    if lacking:
        raise IncompleteMapping(fields=", ".join(str(field.label) for field in lacking))


def _text(name: str, label: _StrOrPromise, limit: int, aliases: str) -> Field:
    return Field(name=name, label=label, limit=limit, aliases=aliases)


STAGE = Field(
    name="stage",
    label=_("Stage"),
    limit=80,
    aliases="deal stage|status|step|event|阶段|环节|状态",
    meanings=known_stages,
)
ENTERED = Field(
    name="entered_at",
    label=_("Entered at"),
    type="moment",
    aliases="entered|entered on|date|at|close date|event date|进入时间|进入日期|日期|时间",
)

STAGE_EVENTS = Kind(
    name=ImportJob.Kind.STAGE_EVENTS,
    help=_(
        "The past of financing cases: a row for each stage that a case entered, or a row per case with a column of dates"
        " for each stage. Clients and projects that are not known yet are made by name. A case that is known already"
        " only goes on: what the file says must come after what is known of it."
    ),
    fields=(
        Field(
            name="pipeline",
            label=_("Funnel"),
            limit=80,
            required=True,
            virtual=True,
            aliases="pipeline|漏斗|流程",
        ),
        Field(
            name="stages",
            label=_("Stages of a new funnel in their order, with bars between"),
            limit=1_000,
            virtual=True,
        ),
        Field(
            name="code",
            label=_("Case"),
            limit=40,
            required=True,
            aliases="case|case code|case id|opportunity|opportunity id|deal|deal id|案件|案件编号|项目编号",
        ),
        CLIENT,
        _text("project", _("Project"), 300, "project name|project code|项目|项目名称|项目代码"),
        STAGE,
        ENTERED,
        _text("by", _("By"), 120, "moved by|user|sales agent|owner|经办人|操作人"),
        Field(
            name="amount",
            label=_("Amount"),
            type="amount",
            aliases="close value|value|deal value|financing amount|金额|融资金额",
        ),
        UNIT,
        _text("currency", _("Currency"), 3, "币种|货币"),
        Field(
            name="product",
            label=_("Product"),
            type="choice",
            choices=Facility.Product.choices,
            words=words_of(
                Facility.Product,
                term_loan="loan 贷款 定期贷款",
                working_capital="流动资金贷款 流贷",
                project_loan="项目贷款",
                lease="leasing 融资租赁 租赁",
                letter_of_credit="lc 信用证",
                guarantee="保函 担保",
                supply_chain="供应链金融",
            ),
            aliases="product line|产品|业务品种",
        ),
        Field(
            name="source",
            label=_("Source"),
            type="choice",
            choices=Case.Source.choices,
            words=words_of(
                Case.Source,
                prospecting="主动拓展",
                existing_client="存量客户",
                referral="转介",
                partner="合作机构",
                campaign="活动",
                web="网络",
                other="其他",
            ),
            aliases="lead source|来源|客户来源",
        ),
        Field(
            name="expected_close",
            label=_("Expected close"),
            type="date",
            aliases="expected close date|预计完成日期",
        ),
        _text("reason", _("Reason"), 80, "loss reason|close reason|原因|淘汰原因"),
        _text("comment", _("Comment"), 2_000, "note|notes|备注|说明"),
        INDUSTRY,
        REGION,
    ),
    column_prefix=DATED,
    column_label=_("The day on which the case entered the stage of this name"),
    check=check_mapping,
    undo_url="funnel:undo-import",
)
