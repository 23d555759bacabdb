"""The fields that Strata ships: what tells individuals, institutions and owners apart."""

from __future__ import annotations

from typing import Any, Final

PERSON: Final = ("individual",)
ORGANISATIONS: Final = ("corporate", "institution")
BIRTH_DATE, FOUNDED_ON = "birth_date", "founded_on"
NET_WORTH, ANNUAL_INCOME = "net_worth", "annual_income"


def _choice(key: str, english: str, chinese: str) -> dict[str, str]:
    return {"key": key, "en": english, "zh": chinese}


HOUSE_FIELDS: Final[tuple[dict[str, Any], ...]] = (
    {
        "key": BIRTH_DATE,
        "label_en": "Date of birth",
        "label_zh": "出生日期",
        "meaning_en": "As the identity document has it; the age follows from it.",
        "meaning_zh": "以证件为准；年龄据此计算。",
        "type": "date",
        "kinds": PERSON,
    },
    {
        "key": "occupation",
        "label_en": "Occupation",
        "label_zh": "职业",
        "meaning_en": "What the person earns a living by, as declared.",
        "meaning_zh": "客户申报的职业。",
        "type": "text",
        "kinds": PERSON,
    },
    {
        "key": ANNUAL_INCOME,
        "label_en": "Annual income",
        "label_zh": "年收入",
        "meaning_en": "What the person earns in a year before tax, as declared or confirmed.",
        "meaning_zh": "客户申报或经核实的税前年收入。",
        "type": "number",
        "unit": "money",
        "kinds": PERSON,
        "metric": ANNUAL_INCOME,
    },
    {
        "key": NET_WORTH,
        "label_en": "Net worth",
        "label_zh": "净资产",
        "meaning_en": "What the person owns less what they owe, as declared or confirmed.",
        "meaning_zh": "客户申报或经核实的资产减负债。",
        "type": "number",
        "unit": "money",
        "kinds": PERSON,
        "metric": NET_WORTH,
    },
    {
        "key": "institution_kind",
        "label_en": "Kind of institution",
        "label_zh": "机构类型",
        "meaning_en": "What the institution is by its licence or registration.",
        "meaning_zh": "按牌照或登记的机构性质。",
        "type": "choice",
        "kinds": ("institution",),
        "choices": [
            _choice("pe_vc", "Private equity or venture capital", "私募股权 / 创业投资"),
            _choice("fund", "Other fund", "其他基金"),
            _choice("bank", "Bank", "银行"),
            _choice("insurer", "Insurer", "保险机构"),
            _choice("leasing", "Leasing or finance company", "租赁或财务公司"),
            _choice("public", "Public institution", "事业单位"),
            _choice("other", "Other", "其他"),
        ],
    },
    {
        "key": FOUNDED_ON,
        "label_en": "Founded on",
        "label_zh": "成立日期",
        "meaning_en": "The day of registration; the life-cycle stage follows from it and from revenue.",
        "meaning_zh": "登记成立日期；生命周期阶段由此与营业收入推导。",
        "type": "date",
        "kinds": ORGANISATIONS,
    },
    {
        "key": "ownership",
        "label_en": "Ownership",
        "label_zh": "所有制",
        "meaning_en": "Who holds the majority in the end.",
        "meaning_zh": "最终控股方的性质。",
        "type": "choice",
        "kinds": ORGANISATIONS,
        "choices": [
            _choice("state", "State-owned", "国有"),
            _choice("private", "Private", "民营"),
            _choice("foreign", "Foreign", "外资"),
            _choice("joint", "Joint venture", "合资"),
        ],
    },
    {
        "key": "owner_level",
        "label_en": "Level of the state owner",
        "label_zh": "国资层级",
        "meaning_en": "Which level of government owns a state-owned client.",
        "meaning_zh": "国有客户由哪一级政府出资。",
        "type": "choice",
        "kinds": ORGANISATIONS,
        "choices": [
            _choice("central", "Central", "中央"),
            _choice("provincial", "Provincial", "省级"),
            _choice("municipal", "Municipal", "地市级"),
            _choice("county", "County", "区县级"),
        ],
    },
    {
        "key": "exchange",
        "label_en": "Listed on",
        "label_zh": "上市交易所",
        "meaning_en": "The exchange of its first listing; empty for one that is not listed.",
        "meaning_zh": "首次上市的交易所；未上市则留空。",
        "type": "choice",
        "kinds": ORGANISATIONS,
        "choices": [
            _choice("sse", "Shanghai", "上交所"),
            _choice("szse", "Shenzhen", "深交所"),
            _choice("bse", "Beijing", "北交所"),
            _choice("hkex", "Hong Kong", "港交所"),
            _choice("nyse", "New York", "纽交所"),
            _choice("nasdaq", "Nasdaq", "纳斯达克"),
            _choice("other", "Another", "其他"),
        ],
    },
    {
        "key": "stock_code",
        "label_en": "Stock code",
        "label_zh": "证券代码",
        "meaning_en": "As the exchange writes it, as 600000 or 0700.",
        "meaning_zh": "按交易所的写法，如 600000 或 0700。",
        "type": "text",
        "kinds": ORGANISATIONS,
    },
)
