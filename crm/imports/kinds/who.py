"""The fields of people at clients, of addresses, of relations between clients and of tags."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from crm import sealing
from crm.core.identity import compact, fault_of, written
from crm.imports.fields import Field, amount, choice, date, flag, measure, text, words_of
from crm.imports.kinds.common import CLIENT, REGION, UNIT, Kind
from crm.models import Address, Channel, ConsentRecord, ContactPerson, IdentityNumber, ImportJob, Relation
from crm.names import sort_key

LANGUAGES = {
    **dict.fromkeys(("en", "english", "英文", "英语"), "en"),
    **dict.fromkeys(("zhhans", "zh", "chinese", "中文", "汉语"), "zh-hans"),
}


def sealed(values: dict[str, Any]) -> None:
    """A telephone number is stored as `crm.sealing` keeps it; people sort by the sound of their names."""
    if number := values.pop("phone", None):
        values["phone_sealed"] = sealing.seal(number)
        values["phone_fingerprint"] = sealing.fingerprint(number)
        values["phone_hint"] = sealing.hint(number)
    values["sort_key"] = sort_key(values.get("name", ""), "")


PEOPLE = Kind(
    name=ImportJob.Kind.PEOPLE,
    help=_(
        "Whom we speak to at clients, a row per person. A person is found again by client and name among those who are "
        "there still."
    ),
    fields=(
        CLIENT,
        text(
            "name",
            _("Name"),
            120,
            "contact|contact name|person|full name|姓名|联系人|联系人姓名",
            required=True,
        ),
        text("position", _("Position"), 120, "title|job title|职务|职位"),
        Field(
            name="roles",
            label=_("Roles"),
            type="choices",
            choices=ContactPerson.Role.choices,
            words=words_of(
                ContactPerson.Role,
                decision_maker="decisionmaker 决策人 决策者",
                owner="实际控制人 股东",
                finance="cfo 财务 财务负责人",
                legal="法务",
                operations="运营 经办",
                guarantor="担保人",
                other="其他",
            ),
            aliases="role|角色",
        ),
        Field(
            name="email", label=_("E-mail"), type="email", aliases="e-mail|mail|email address|邮箱|电子邮箱"
        ),
        Field(
            name="phone",
            label=_("Telephone"),
            type="phone",
            aliases="telephone|mobile|phone number|tel|电话|手机|手机号|联系电话",
            virtual=True,
            sealed=True,
        ),
        Field(
            name="language",
            label=_("Language"),
            type="choice",
            choices=settings.LANGUAGES,
            words=LANGUAGES,
            aliases="语言",
        ),
        flag("do_not_contact", _("Not to be contacted"), "do not contact|opt out|免打扰|请勿联系"),
        choice(
            "consent",
            _("Consent"),
            ContactPerson.Consent,
            "marketing consent|同意|营销同意",
            not_asked="未询问",
            given="yes 同意 已同意",
            refused="no 拒绝 不同意",
        ),
        date("consent_on", _("Consent given or refused on"), "consent date|同意日期"),
        text("note", _("Note"), 500, "notes|comment|备注"),
    ),
    derived=("phone_sealed", "phone_fingerprint", "phone_hint", "sort_key"),
    derive=sealed,
    has_twins=True,
)


def numbered(values: dict[str, Any]) -> None:
    """An identity number is stored sealed, with what is wrong with it as a number of its kind."""
    if not (number := values.pop("number", None)):
        return
    plain = written(number)
    values["fault"] = fault_of(values.get("kind", ""), plain)
    values["sealed"], values["hint"] = sealing.seal(plain), sealing.hint(compact(plain))
    values["fingerprint"] = sealing.fingerprint(plain)


NUMBERS = Kind(
    name=ImportJob.Kind.NUMBERS,
    help=_(
        "Numbers that states and registers know clients by, a row per number. They are kept sealed; one is found again "
        "by client and number."
    ),
    fields=(
        CLIENT,
        choice(
            "kind",
            _("Kind"),
            IdentityNumber.Kind,
            "type|number type|id type|证件类型|类型",
            required=True,
            uscc="统一社会信用代码",
            tax="taxid tin vat 税号 纳税人识别号",
            register="registration 注册号 登记号",
            id_card="idcard 身份证 居民身份证",
            passport="护照",
            other="其他",
        ),
        text(
            "number",
            _("Number"),
            60,
            "id number|identity number|证件号|证件号码|号码",
            required=True,
            virtual=True,
            sealed=True,
        ),
        text("country", _("Country"), 2, "issuing country|国家|签发国家"),
        date("expires_on", _("Valid until"), "expiry|expires|expiry date|有效期至|到期日|失效日期"),
        text("note", _("Note"), 200, "notes|comment|备注"),
    ),
    derived=("fault", "sealed", "fingerprint", "hint"),
    derive=numbered,
)

ADDRESSES = Kind(
    name=ImportJob.Kind.ADDRESSES,
    help=_(
        "Where clients are, a row per address. The registered address of a client is one; others are found again by "
        "their text."
    ),
    fields=(
        CLIENT,
        choice(
            "kind",
            _("Kind"),
            Address.Kind,
            "address type|地址类型|类型",
            registered="注册地址 注册",
            office="办公地址 办公",
            mailing="通讯地址 邮寄",
            site="厂址 现场",
            home="住址 家庭",
        ),
        text("text", _("Address"), 300, "address|street|地址|详细地址", required=True),
        text("postcode", _("Postcode"), 12, "zip|postal code|zip code|邮编|邮政编码"),
        REGION,
    ),
)

RELATIONS = Kind(
    name=ImportJob.Kind.RELATIONS,
    help=_(
        "What clients are to one another: “other client” is the parent, a shareholder, a guarantor or a related party "
        "of “client”. Parents make up groups."
    ),
    fields=(
        CLIENT,
        text(
            "party",
            _("Other client"),
            300,
            "other party|related client|parent|guarantor|shareholder|关联方|关联客户|母公司|担保人|股东",
            required=True,
        ),
        choice(
            "kind",
            _("Kind"),
            Relation.Kind,
            "relation|relationship|关系|关系类型",
            required=True,
            parent="母公司 控股股东 控制人",
            shareholder="股东 参股股东",
            guarantor="担保人 担保方",
            related="关联方 related_party",
        ),
        measure("share", _("Share"), 0, 1, "stake|ownership|持股比例|股权比例"),
        amount("amount", _("Amount guaranteed"), "guaranteed amount|担保金额"),
        UNIT,
        date("since", _("Since"), "from|valid from|起始日期|生效日期"),
        date("until", _("Until"), "to|valid to|终止日期|失效日期"),
        text("note", _("What connects them"), 200, "comment|notes|备注|说明"),
    ),
)

TAGS = Kind(
    name=ImportJob.Kind.TAGS,
    help=_(
        "Tags of clients; a cell may hold several, with semicolons between. A tag that the team lacks is made."
    ),
    fields=(
        CLIENT,
        text("tag", _("Tag"), 400, "tags|label|labels|标签", required=True),
    ),
)

CONSENTS = Kind(
    name=ImportJob.Kind.CONSENTS,
    help=_(
        "What clients and their people said about being contacted, a row per channel. What was said before of the same "
        "channel ends when this begins, and stays in the records."
    ),
    fields=(
        CLIENT,
        text("person", _("Contact person"), 120, "contact|contact name|name|姓名|联系人|联系人姓名"),
        Field(
            name="channel",
            label=_("Channel"),
            type="choice",
            choices=Channel.choices,
            words={
                **words_of(
                    Channel,
                    phone="telephone call sms 电话 手机 短信",
                    email="mail 邮件 电子邮件",
                    post="letter 邮寄 信函",
                    messaging="wechat im 微信 即时通讯",
                ),
                **dict.fromkeys(("all", "every", "everychannel", "any", "全部", "所有", "所有渠道"), ""),
            },
            aliases="by|medium|渠道|联系渠道|联系方式",
        ),
        choice(
            "stance",
            _("What was said"),
            ConsentRecord.Stance,
            "consent|status|answer|同意|意愿|状态",
            required=True,
            given="yes optin 同意 已同意",
            refused="no optout 拒绝 不同意",
            blocked="donotcontact stop 免打扰 请勿联系 禁止联系",
        ),
        date("since", _("Since"), "from|on|date|valid from|起始日期|生效日期|日期"),
        date("until", _("Until"), "to|valid to|expires|终止日期|失效日期"),
        text("source", _("Source"), 120, "data source|evidence|来源|数据来源|依据", required=True),
    ),
)
