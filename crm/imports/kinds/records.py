"""The fields of dated records: statements, observations and revenue."""

from django.utils.translation import gettext_lazy as _

from crm.imports.fields import FLAGS, Field
from crm.imports.kinds.common import CLIENT, RECEIVED, SOURCE, UNIT, Kind
from crm.models import FinancialStatement, ImportJob

FIGURES = {
    "revenue": "sales|turnover|营业收入|收入|主营业务收入",
    "operating_profit": "ebit|operating income|营业利润",
    "interest_expense": "interest|finance cost|利息支出|利息费用",
    "net_profit": "net income|profit after tax|净利润",
    "operating_cash_flow": "cash flow from operations|经营活动现金流量净额|经营现金流|经营性现金流",
    "total_assets": "assets|资产总计|总资产|资产总额",
    "current_assets": "流动资产|流动资产合计",
    "inventory": "inventories|stock|存货",
    "receivables": "accounts receivable|trade receivables|应收账款",
    "total_liabilities": "liabilities|负债合计|总负债|负债总额",
    "current_liabilities": "short-term liabilities|流动负债|流动负债合计",
    "retained_earnings": "undistributed profit|未分配利润|留存收益",
}

STATEMENTS = Kind(
    name=ImportJob.Kind.STATEMENTS,
    help=_(
        "Yearly figures of clients, a row per client and period. Other figures than before make a restatement."
    ),
    fields=(
        CLIENT,
        Field(
            name="period_end",
            label=_("Period end"),
            type="date",
            required=True,
            aliases="period|reporting date|balance sheet date|fiscal year end|报告期|截止日期|期末|报表日期",
        ),
        RECEIVED,
        Field(
            name="audited",
            label=_("Audited"),
            type="flag",
            words=FLAGS,
            choices=(("yes", _("Yes")), ("no", _("No"))),
            aliases="审计|是否审计|已审计",
        ),
        SOURCE,
        *(
            Field(
                name=name,
                label=FinancialStatement._meta.get_field(name).verbose_name,  # type: ignore[union-attr]
                type="amount",
                aliases=aliases,
            )
            for name, aliases in FIGURES.items()
        ),
        UNIT,
    ),
)

METRIC = Field(name="metric", label=_("Metric"), limit=120, aliases="indicator|ratio|指标|指标名称")
VALUE = Field(name="value", label=_("Value"), limit=60, aliases="reading|score|值|数值|指标值")

OBSERVATIONS = Kind(
    name=ImportJob.Kind.OBSERVATIONS,
    help=_("Dated values of metrics: a row per value (metric, value), or a column for each metric."),
    fields=(
        CLIENT,
        Field(
            name="observed_on",
            label=_("Observed on"),
            type="date",
            required=True,
            aliases="date|as of|observation date|日期|观察日期|数据日期|截止日期",
        ),
        RECEIVED,
        Field(name="source", label=_("Source"), limit=80, required=True, aliases=SOURCE.aliases),
        METRIC,
        VALUE,
    ),
)

REVENUE = Kind(
    name=ImportJob.Kind.REVENUE,
    help=_(
        "What clients brought in, a row per client, project and month. Another amount than before makes a restatement."
    ),
    fields=(
        CLIENT,
        Field(
            name="project",
            label=_("Project code"),
            limit=40,
            aliases="project|project number|project id|项目|项目编号|项目代码",
        ),
        Field(
            name="month",
            label=_("Month"),
            type="month",
            required=True,
            aliases="period|date|月份|期间|日期",
        ),
        Field(
            name="amount",
            label=_("Amount"),
            type="amount",
            required=True,
            aliases="revenue|income|收入|金额|收入金额",
        ),
        UNIT,
        RECEIVED,
        SOURCE,
    ),
)
