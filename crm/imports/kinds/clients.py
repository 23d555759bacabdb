"""The fields of clients."""

from django.utils.translation import gettext_lazy as _

from crm.imports.fields import Field, words_of
from crm.imports.kinds.common import INDUSTRY, NAME, REGION, UNIT, Kind, english_and_chinese_names
from crm.models import Client, ImportJob

CLIENTS = Kind(
    name=ImportJob.Kind.CLIENTS,
    help=_(
        "Who the clients are. A client is found again by code, else registration number, else name and region."
    ),
    fields=(
        Field(
            name="code",
            label=_("Code"),
            limit=40,
            aliases="client code|customer code|client id|customer id|客户编号|客户代码|编号|代码",
        ),
        NAME,
        *english_and_chinese_names(),
        Field(
            name="registration_number",
            label=_("Registration number"),
            limit=40,
            aliases="registration no|reg no|uscc|统一社会信用代码|社会信用代码|注册号|工商注册号",
        ),
        Field(
            name="kind",
            label=_("Kind"),
            type="choice",
            choices=Client.Kind.choices,
            words=words_of(
                Client.Kind,
                corporate="company 企业 公司 法人 对公",
                institution="机构",
                individual="person 个人 自然人",
            ),
            aliases="client kind|client type|客户类型|类型",
        ),
        INDUSTRY,
        REGION,
        Field(
            name="life_cycle",
            label=_("Life-cycle stage"),
            type="choice",
            choices=Client.LifeCycle.choices,
            words=words_of(
                Client.LifeCycle,
                start_up="startup 初创 初创期",
                growth="成长 成长期",
                mature="成熟 成熟期",
                decline="衰退 衰退期",
            ),
            aliases="stage|生命周期|生命周期阶段|发展阶段",
        ),
        Field(
            name="size_class",
            label=_("Size class"),
            type="choice",
            choices=Client.SizeClass.choices,
            words=words_of(
                Client.SizeClass,
                large="大型 大型企业 大",
                medium="中型 中型企业 中",
                small="小型 小型企业 小",
                micro="微型 微型企业 微",
            ),
            aliases="size|company size|规模|企业规模",
        ),
        Field(
            name="risk_appetite",
            label=_("Risk appetite"),
            type="choice",
            choices=Client.RiskAppetite.choices,
            words=words_of(
                Client.RiskAppetite,
                conservative="保守 保守型",
                balanced="稳健 稳健型",
                aggressive="进取 进取型 激进",
            ),
            aliases="风险偏好",
        ),
        Field(
            name="demand_level",
            label=_("Demand level"),
            type="choice",
            choices=Client.DemandLevel.choices,
            words=words_of(Client.DemandLevel, basic="基础", comprehensive="综合", premium="高端"),
            aliases="需求层次|需求等级",
        ),
        Field(
            name="status",
            label=_("Status"),
            type="choice",
            choices=Client.Status.choices,
            words=words_of(Client.Status, potential="潜在", active="活跃", dormant="沉睡"),
            aliases="client status|状态|客户状态",
        ),
        Field(
            name="registered_capital",
            label=_("Registered capital"),
            type="amount",
            aliases="capital|注册资本|注册资金",
        ),
        UNIT,
        Field(
            name="employees",
            label=_("Employees"),
            type="measure",
            lowest=0,
            highest=10_000_000,
            aliases="headcount|staff|number of employees|员工人数|从业人员|人数",
        ),
        Field(
            name="client_since",
            label=_("Client since"),
            type="date",
            aliases="since|relationship since|建立关系日期|合作起始日|开户日期",
        ),
        Field(
            name="rm",
            label=_("Relationship manager"),
            limit=40,
            aliases="relationship manager|rm user name|客户经理|客户经理用户名",
        ),
    ),
)
