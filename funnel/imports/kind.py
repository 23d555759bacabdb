"""The fields of stage events."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from crm.imports.errors import IncompleteMapping
from crm.imports.fields import Field, amount, choice, date, text
from crm.imports.kinds.common import CLIENT, INDUSTRY, PRODUCT, REGION, UNIT, Kind
from crm.imports.values import tidy
from crm.models import ImportJob
from funnel.errors import PipelineOfEachRow
from funnel.models import Case, Stage

DATED = "stage:"
"""Before the name of a stage: the column holds the day on which the case entered it."""


def known_stages(job: ImportJob) -> Sequence[tuple[str, str]]:
    """What the name of a stage in a file may stand for: the stages listed for a new funnel, else all that there are."""
    if listed := [tidy(name) for name in job.constants.get("stages", "").split("|") if name.strip()]:
        return [(name, name) for name in listed]
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
        text("project", _("Project"), 300, "project name|project code|项目|项目名称|项目代码"),
        STAGE,
        ENTERED,
        text("by", _("By"), 120, "moved by|user|sales agent|owner|经办人|操作人"),
        amount("amount", _("Amount"), "close value|value|deal value|financing amount|金额|融资金额"),
        UNIT,
        text("currency", _("Currency"), 3, "币种|货币"),
        PRODUCT,
        choice(
            "source",
            _("Source"),
            Case.Source,
            "lead source|来源|客户来源",
            prospecting="主动拓展",
            existing_client="存量客户",
            referral="转介",
            partner="合作机构",
            campaign="活动",
            web="网络",
            other="其他",
        ),
        date("expected_close", _("Expected close"), "expected close date|预计完成日期"),
        text("reason", _("Reason"), 80, "loss reason|close reason|原因|淘汰原因"),
        text("comment", _("Comment"), 2_000, "note|notes|备注|说明"),
        INDUSTRY,
        REGION,
    ),
    column_prefix=DATED,
    column_label=_("The day on which the case entered the stage of this name"),
    check=check_mapping,
)
