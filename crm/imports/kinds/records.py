"""The fields of dated records: statements, credit reports, observations and revenue."""

from django.utils.translation import gettext_lazy as _

from crm.imports.fields import Field, amount, date, flag, measure, text
from crm.imports.kinds.common import CLIENT, RECEIVED, SOURCE, UNIT, Kind, project_of_client
from crm.models import CreditReport, FinancialStatement, ImportJob

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
        date(
            "period_end",
            _("Period end"),
            "period|reporting date|balance sheet date|fiscal year end|报告期|截止日期|期末|报表日期",
            required=True,
        ),
        RECEIVED,
        flag("audited", _("Audited"), "审计|是否审计|已审计"),
        SOURCE,
        *(
            amount(name, FinancialStatement._meta.get_field(name).verbose_name, aliases)  # type: ignore[union-attr]
            for name, aliases in FIGURES.items()
        ),
        UNIT,
    ),
)

CREDIT_REPORTS = Kind(
    name=ImportJob.Kind.CREDIT_REPORTS,
    help=_(
        "What bureaus and agencies say of clients, a row per client, bureau and day. A report that says otherwise than "
        "before stands beside it."
    ),
    fields=(
        CLIENT,
        text("bureau", _("Bureau"), 80, "agency|credit bureau|征信机构|评级机构|机构", required=True),
        date("reported_on", _("Reported on"), "date|report date|as of|报告日期|日期|评级日期", required=True),
        RECEIVED,
        measure("score", _("Score"), -1e9, 1e9, "credit score|信用分|评分|得分"),
        measure("pd", _("Probability of default"), 0, 1, "default probability|违约概率"),
        Field(
            name="rating",
            label=_("Rating"),
            type="choice",
            choices=CreditReport.Rating.choices,
            words={rating.casefold(): rating for rating in CreditReport.Rating.values},
            aliases="credit rating|信用等级|评级",
        ),
    ),
    one_of=("score", "pd", "rating"),
)

METRIC = text("metric", _("Metric"), 120, "indicator|ratio|指标|指标名称")
VALUE = text("value", _("Value"), 60, "reading|score|值|数值|指标值")

OBSERVATIONS = Kind(
    name=ImportJob.Kind.OBSERVATIONS,
    help=_("Dated values of metrics: a row per value (metric, value), or a column for each metric."),
    fields=(
        CLIENT,
        date(
            "observed_on",
            _("Observed on"),
            "date|as of|observation date|日期|观察日期|数据日期|截止日期",
            required=True,
        ),
        RECEIVED,
        text("source", _("Source"), 80, SOURCE.aliases, required=True),
        METRIC,
        VALUE,
    ),
    derived=("digest",),
)

REVENUE = Kind(
    name=ImportJob.Kind.REVENUE,
    help=_(
        "What clients brought in, a row per client, project and month. Another amount than before makes a restatement."
    ),
    fields=(
        CLIENT,
        project_of_client(),
        Field(
            name="month",
            label=_("Month"),
            type="month",
            required=True,
            aliases="period|date|月份|期间|日期",
        ),
        amount("amount", _("Amount"), "revenue|income|收入|金额|收入金额", required=True),
        UNIT,
        RECEIVED,
        SOURCE,
    ),
)
