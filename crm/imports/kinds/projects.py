"""The fields of projects and of the clients' part in them."""

from django.utils.translation import gettext_lazy as _

from crm.imports.fields import Field, amount, choice, date, measure, text
from crm.imports.kinds.common import INDUSTRY, REGION, UNIT, Kind, english_and_chinese_names, named
from crm.models import ImportJob, Participation, Project

CURRENCIES = ("CNY", "USD", "EUR", "HKD", "GBP", "JPY")
ES_CATEGORIES = ("A", "B", "C", "FI", "FI-1", "FI-2", "FI-3", "Other")


PROJECTS = Kind(
    name=ImportJob.Kind.PROJECTS,
    help=_("Projects and the clients that take part in them, a row per project and client."),
    fields=(
        text(
            "code",
            _("Project code"),
            40,
            "project number|project no|project id|项目编号|项目代码|编号",
            required=True,
        ),
        text("name", _("Name in either language"), 300, "project name|项目名称|名称", virtual=True),
        *english_and_chinese_names(),
        text(
            "client",
            _("Client"),
            300,
            "client code|client name|company|company name|borrower|sponsor|客户|客户编号|客户名称|公司名称|企业名称",
        ),
        text(
            "sponsors",
            _("Sponsors with their shares, in one cell"),
            4_000,
            "sponsors|sponsors and shares|发起人及占比",
        ),
        choice(
            "part",
            _("Part"),
            Participation.Part,
            "role|参与角色|角色",
            borrower="借款人",
            sponsor="发起人 股东",
            contractor="承包商",
            offtaker="承购方",
            guarantor="担保人",
        ),
        measure("revenue_share", _("Share of revenue"), 0, 1, "revenue contribution|收入占比|收入贡献"),
        date("since", _("Taking part since"), "participation since|参与日期"),
        date("until", _("Taking part until"), "participation until|退出日期"),
        INDUSTRY,
        REGION,
        choice(
            "status",
            _("Status"),
            Project.Status,
            "project status|状态|项目状态",
            proposed="拟议 立项",
            approved="已批准 批准",
            active="执行中 在建",
            completed="已完成 完成",
            cancelled="canceled 已取消 取消",
        ),
        Field(
            name="es_category",
            label=_("Environmental and social category"),
            type="choice",
            words={"".join(filter(str.isalnum, value.casefold())): value for value in ES_CATEGORIES},
            choices=[(value, value) for value in ES_CATEGORIES],
            aliases="environmental category|e&s category|环境分类|环境与社会分类",
        ),
        amount("amount", _("Financing amount"), "investment|loan amount|金额|融资金额"),
        amount(
            "capex", _("Investment in all"), "capital expenditure|total investment|总投资|项目总投资|投资总额"
        ),
        UNIT,
        Field(
            name="currency",
            label=_("Currency"),
            type="choice",
            words={code.casefold(): code for code in CURRENCIES}
            | {"人民币": "CNY", "rmb": "CNY", "美元": "USD"},
            choices=[(code, code) for code in CURRENCIES],
            aliases="币种|货币",
        ),
        date("disclosed_on", _("Disclosed on"), "date disclosed|披露日期"),
        date("approved_on", _("Approved on"), "approval date|批准日期"),
        date("signed_on", _("Signed on"), "signed date|签约日期|签署日期"),
        date("invested_on", _("Invested on"), "invested date|投放日期|投资日期"),
        date("completed_on", _("Completed on"), "completion date|commissioned on|完工日期|投产日期"),
        text("description", _("Description"), 4_000, "summary|项目描述|项目简介|描述"),
    ),
    derived=("name_sort",),
    derive=named,
)
