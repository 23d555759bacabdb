"""The fields of what the house does with clients: facilities, payments, contacts and tasks."""

from django.utils.translation import gettext_lazy as _

from crm.imports.fields import Field, amount, choice, date, flag, measure, text
from crm.imports.kinds.common import CLIENT, PRODUCT, UNIT, Kind, project_of_client
from crm.models import Collateral, ImportJob, Interaction

NUMBER = "facility number|loan number|contract number|account number|额度编号|授信编号|合同编号|借据号"

FACILITIES = Kind(
    name=ImportJob.Kind.FACILITIES,
    help=_("Credit lines and loans, a row per facility. A facility is found again by its number."),
    fields=(
        text("number", _("Number"), 40, f"{NUMBER}|编号", required=True),
        CLIENT,
        project_of_client(),
        PRODUCT,
        amount("limit", _("Limit"), "credit limit|facility amount|额度|授信额度|授信金额"),
        amount("drawn", _("Drawn at opening"), "drawn|outstanding|balance|已用额度|提款金额|余额"),
        UNIT,
        measure("rate", _("Yearly interest rate"), 0, 1, "interest rate|rate|利率|年利率"),
        date("opened_on", _("Opened on"), "start date|value date|起始日|开立日期|放款日期"),
        date("matures_on", _("Matures on"), "maturity|maturity date|end date|到期日|到期日期"),
        date("closed_on", _("Closed on"), "close date|结清日期|关闭日期"),
    ),
)

PAYMENTS = Kind(
    name=ImportJob.Kind.PAYMENTS,
    help=_("Instalments of facilities, a row per facility and due date."),
    fields=(
        text("facility", _("Facility"), 40, f"facility|{NUMBER}", required=True),
        date("due_on", _("Due on"), "due date|date|到期日|应还日期|还款日", required=True),
        amount("principal", _("Principal"), "principal amount|本金|应还本金"),
        amount("interest", _("Interest"), "interest amount|利息|应还利息"),
        UNIT,
        date("paid_on", _("Paid on"), "payment date|paid|实还日期|还款日期"),
        amount("paid_amount", _("Paid so far"), "amount paid|paid amount|已还金额|实还金额"),
    ),
)

COLLATERAL = Kind(
    name=ImportJob.Kind.COLLATERAL,
    help=_(
        "What secures facilities, a row per facility and thing. It is found again by both, among what is not released."
    ),
    fields=(
        text("facility", _("Facility"), 40, f"facility|{NUMBER}", required=True),
        text(
            "name",
            _("What it is"),
            200,
            "collateral|security|asset|description|担保物|抵押物|质押物|押品|押品名称|担保物名称",
            required=True,
        ),
        choice(
            "kind",
            _("Kind"),
            Collateral.Kind,
            "type|collateral type|类型|担保物类型|押品类型",
            real_estate="property building 房产 房地产",
            land="landuse 土地 土地使用权",
            equipment="plant machinery 设备 机器设备",
            receivables="应收账款",
            shares="equity stock 股权 股票",
            deposit="cash 保证金 存单",
            project_rights="收费权 项目收益权",
            other="其他",
        ),
        amount("value", _("Value"), "appraised value|market value|价值|评估价值|估值"),
        UNIT,
        date("valued_on", _("Valued on"), "valuation date|appraisal date|date|评估日期|估值日期"),
        text("valuer", _("Valued by"), 120, "appraiser|评估机构|评估人"),
    ),
)

INTERACTIONS = Kind(
    name=ImportJob.Kind.INTERACTIONS,
    help=_(
        "Contacts that took place, a row per contact. A contact is found again by client, kind, moment and subject."
    ),
    fields=(
        CLIENT,
        choice(
            "kind",
            _("Kind"),
            Interaction.Kind,
            "type|activity|interaction type|类型|方式|沟通方式",
            required=True,
            meeting="meetings 会议 会面",
            call="phone 电话 通话",
            email="mail 邮件",
            site_visit="visit 拜访 走访 实地",
        ),
        Field(
            name="at",
            label=_("When"),
            type="moment",
            aliases="date|time|datetime|date time|时间|日期|沟通时间",
            required=True,
        ),
        text("subject", _("Subject"), 200, "title|topic|主题|标题", required=True),
        text("body", _("Notes"), 10_000, "note|notes|comment|description|内容|备注|纪要"),
        text("author", _("Author"), 120, "by|user|owner|记录人|经办人"),
    ),
)

NOTES = Kind(
    name=ImportJob.Kind.NOTES,
    help=_("Notes about clients, a row per note. A note is found again by client and text."),
    fields=(
        CLIENT,
        text("text", _("Note"), 10_000, "notes|comment|remark|content|备注|内容|说明", required=True),
        flag("is_pinned", _("Pinned"), "pinned|置顶"),
        text("author", _("Author"), 120, "by|user|owner|记录人|作者"),
        Field(
            name="created_at",
            label=_("Written at"),
            type="moment",
            aliases="written on|created|created on|date|time|日期|时间|记录时间",
        ),
    ),
)

TASKS = Kind(
    name=ImportJob.Kind.TASKS,
    help=_("Open tasks for clients, a row per task. A task is found again by client and what is to be done."),
    fields=(
        CLIENT,
        text("title", _("What is to be done"), 200, "task|title|subject|to do|任务|事项|待办", required=True),
        date("due_on", _("Due on"), "due date|due|deadline|date|截止日期|到期日", required=True),
        text("assignee", _("Assigned to"), 120, "assigned to|owner|user|负责人|经办人"),
    ),
)
