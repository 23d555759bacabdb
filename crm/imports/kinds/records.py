"""The fields of dated records: statements, credit reports, observations and revenue."""

from django.utils.translation import gettext_lazy as _

from crm.imports.fields import Field, amount, choice, date, flag, measure, text
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
    "equity": "owners' equity|shareholders' equity|total equity|所有者权益合计|所有者权益|股东权益|净资产",
    "cash": "cash and equivalents|cash at end of period|期末现金|期末现金及现金等价物余额|货币资金",
    "cash_before": "cash at beginning of period|期初现金|期初现金及现金等价物余额",
    "investing_cash_flow": "cash flow from investing|投资活动现金流量净额|投资现金流",
    "financing_cash_flow": "cash flow from financing|筹资活动现金流量净额|筹资现金流",
}

STATEMENTS = Kind(
    name=ImportJob.Kind.STATEMENTS,
    help=_(
        "Figures of clients, a row per client and period: years where nothing else is said. Other figures than before "
        "make a restatement."
    ),
    fields=(
        CLIENT,
        date(
            "period_end",
            _("Period end"),
            "period|reporting date|balance sheet date|fiscal year end|报告期|截止日期|期末|报表日期",
            required=True,
        ),
        choice(
            "span",
            _("Period"),
            FinancialStatement.Span,
            "span|period type|报告类型|期间类型|报表类型",
            year="annual yearly full_year 年 年度 年报",
            half="half_year semiannual interim 半年 半年度 半年报 中报",
            quarter="quarterly 季 季度 季报",
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
        text("reference", _("Number of the report"), 80, "report number|reference|报告编号"),
        measure(
            "negative_items",
            _("Negative items"),
            0,
            100_000,
            "adverse items|derogatory items|不良记录|负面信息条数",
        ),
        text(
            "negative_note",
            _("What the negative items are"),
            500,
            "negative details|不良记录说明|负面信息说明",
        ),
    ),
    one_of=("score", "pd", "rating", "negative_items"),
)

METRIC = text("metric", _("Metric"), 120, "indicator|ratio|指标|指标名称")
VALUE = text("value", _("Value"), 60, "reading|score|值|数值|指标值")

OBSERVATIONS = Kind(
    name=ImportJob.Kind.OBSERVATIONS,
    help=_(
        "Dated values of metrics, judgements among them: a row per value (metric, value), or a column for each metric. "
        "With a project they are of the client within it."
    ),
    fields=(
        CLIENT,
        project_of_client(),
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
        text("evidence", _("Evidence"), 2_000, "grounds|rationale|依据|证据|判断依据"),
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
