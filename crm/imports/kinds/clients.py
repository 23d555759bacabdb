"""The fields of clients."""

from django.utils.translation import gettext_lazy as _

from crm.imports.fields import amount, choice, date, measure, text
from crm.imports.kinds.common import INDUSTRY, NAME, REGION, UNIT, Kind, english_and_chinese_names, named
from crm.imports.kinds.declared import declared
from crm.models import Client, ImportJob

CLIENTS = Kind(
    name=ImportJob.Kind.CLIENTS,
    help=_(
        "Who the clients are. A client is found again by code, else registration number, else name and region."
    ),
    more=declared,
    fields=(
        text(
            "code",
            _("Code"),
            40,
            "client code|customer code|client id|customer id|客户编号|客户代码|编号|代码",
        ),
        NAME,
        *english_and_chinese_names(),
        text(
            "registration_number",
            _("Registration number"),
            40,
            "registration no|reg no|uscc|统一社会信用代码|社会信用代码|注册号|工商注册号",
        ),
        choice(
            "kind",
            _("Kind"),
            Client.Kind,
            "client kind|client type|客户类型|类型",
            corporate="company 企业 公司 法人 对公",
            institution="机构",
            individual="person 个人 自然人",
        ),
        INDUSTRY,
        REGION,
        choice(
            "life_cycle",
            _("Life-cycle stage"),
            Client.LifeCycle,
            "stage|生命周期|生命周期阶段|发展阶段",
            start_up="startup 初创 初创期",
            growth="成长 成长期",
            mature="成熟 成熟期",
            decline="衰退 衰退期",
        ),
        choice(
            "size_class",
            _("Size class"),
            Client.SizeClass,
            "size|company size|规模|企业规模",
            large="大型 大型企业 大",
            medium="中型 中型企业 中",
            small="小型 小型企业 小",
            micro="微型 微型企业 微",
        ),
        choice(
            "risk_appetite",
            _("Risk appetite"),
            Client.RiskAppetite,
            "风险偏好",
            conservative="保守 保守型",
            balanced="稳健 稳健型",
            aggressive="进取 进取型 激进",
        ),
        choice(
            "demand_level",
            _("Demand level"),
            Client.DemandLevel,
            "需求层次|需求等级",
            basic="基础",
            comprehensive="综合",
            premium="高端",
        ),
        choice(
            "status",
            _("Status"),
            Client.Status,
            "client status|状态|客户状态",
            potential="潜在",
            active="活跃",
            dormant="沉睡",
        ),
        amount("registered_capital", _("Registered capital"), "capital|注册资本|注册资金"),
        UNIT,
        measure(
            "employees",
            _("Employees"),
            0,
            10_000_000,
            "headcount|staff|number of employees|员工人数|从业人员|人数",
        ),
        date("client_since", _("Client since"), "since|relationship since|建立关系日期|合作起始日|开户日期"),
        text(
            "rm",
            _("Relationship manager"),
            40,
            "relationship manager|rm user name|客户经理|客户经理用户名",
        ),
    ),
    derived=("name_sort",),
    derive=named,
    has_twins=True,
    one_of=("code", "registration_number", "name", "name_en", "name_zh"),
)
