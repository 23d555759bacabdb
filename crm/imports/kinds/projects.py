"""The fields of projects and of the clients' part in them."""

from django.utils.translation import gettext_lazy as _

from crm.imports.fields import Field, words_of
from crm.imports.kinds.common import INDUSTRY, REGION, UNIT, Kind, english_and_chinese_names
from crm.models import ImportJob, Participation, Project

CURRENCIES = ("CNY", "USD", "EUR", "HKD", "GBP", "JPY")
ES_CATEGORIES = ("A", "B", "C", "FI", "FI-1", "FI-2", "FI-3", "Other")


PROJECTS = Kind(
    name=ImportJob.Kind.PROJECTS,
    help=_("Projects and the clients that take part in them, a row per project and client."),
    fields=(
        Field(
            name="code",
            label=_("Project code"),
            limit=40,
            required=True,
            aliases="project number|project no|project id|项目编号|项目代码|编号",
        ),
        Field(
            name="name",
            label=_("Name in either language"),
            limit=300,
            virtual=True,
            aliases="project name|项目名称|名称",
        ),
        *english_and_chinese_names(),
        Field(
            name="client",
            label=_("Client"),
            limit=300,
            aliases="client code|client name|company|company name|borrower|sponsor"
            "|客户|客户编号|客户名称|公司名称|企业名称",
        ),
        Field(
            name="part",
            label=_("Part"),
            type="choice",
            choices=Participation.Part.choices,
            words=words_of(
                Participation.Part,
                borrower="借款人",
                sponsor="发起人 股东",
                contractor="承包商",
                offtaker="承购方",
                guarantor="担保人",
            ),
            aliases="role|参与角色|角色",
        ),
        Field(
            name="revenue_share",
            label=_("Share of revenue"),
            type="measure",
            lowest=0,
            highest=1,
            aliases="revenue contribution|收入占比|收入贡献",
        ),
        Field(
            name="since",
            label=_("Taking part since"),
            type="date",
            aliases="participation since|参与日期",
        ),
        Field(
            name="until",
            label=_("Taking part until"),
            type="date",
            aliases="participation until|退出日期",
        ),
        INDUSTRY,
        REGION,
        Field(
            name="status",
            label=_("Status"),
            type="choice",
            choices=Project.Status.choices,
            words=words_of(
                Project.Status,
                proposed="拟议 立项",
                approved="已批准 批准",
                active="执行中 在建",
                completed="已完成 完成",
                cancelled="canceled 已取消 取消",
            ),
            aliases="project status|状态|项目状态",
        ),
        Field(
            name="es_category",
            label=_("Environmental and social category"),
            type="choice",
            words={"".join(filter(str.isalnum, value.casefold())): value for value in ES_CATEGORIES},
            choices=[(value, value) for value in ES_CATEGORIES],
            aliases="environmental category|e&s category|环境分类|环境与社会分类",
        ),
        Field(
            name="amount",
            label=_("Financing amount"),
            type="amount",
            aliases="investment|loan amount|金额|融资金额",
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
        Field(name="disclosed_on", label=_("Disclosed on"), type="date", aliases="date disclosed|披露日期"),
        Field(name="approved_on", label=_("Approved on"), type="date", aliases="approval date|批准日期"),
        Field(
            name="signed_on",
            label=_("Signed on"),
            type="date",
            aliases="signed date|签约日期|签署日期",
        ),
        Field(
            name="invested_on",
            label=_("Invested on"),
            type="date",
            aliases="invested date|投放日期|投资日期",
        ),
    ),
)
