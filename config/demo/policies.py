"""What follows from a tier of the primary scheme, and what the house offers. Numbers are examples to calibrate."""

from typing import Any

from config.demo.judgements import GREEN_SHARE

Json = dict[str, Any]


def label(english: str, chinese: str) -> Json:
    return {"en": english, "zh": chinese}


def limit(cap: float, **times: float) -> Json:
    """The least of some multiples, by metric, and the cap."""
    return {"least_of": [{"metric": metric, "times": number} for metric, number in times.items()], "cap": cap}


TIER_POLICY: Json = {
    "format": 1,
    "label": label("What follows from AA, A and B", "AA/A/B 层级应用政策"),
    "raise_at_most": 2_500,
    "base_rate": 350,
    "tiers": [
        {
            "tier": "AA",
            "ticket": {"least": 5_000_000, "most": None},
            "documents": ["application", "statements"],
            "limit": limit(800_000_000, revenue=0.6, total_assets=0.5),
            "add_on": 0,
            "cover": 0,
            "collateral": None,
            "review_months": 12,
            "contact_days": 60,
            "monitoring_days": 90,
            "service": {
                "team": label("Key account manager with a product specialist", "大客户经理与产品专家"),
                "products": [
                    label("Decision within three working days", "三个工作日内审批"),
                    label("Structuring of projects", "项目融资结构设计"),
                ],
                "events": [
                    {"key": "visit", "label": label("Visit by the management", "管理层拜访"), "months": 6},
                    {
                        "key": "forum",
                        "label": label("Invitation to the annual forum", "年度论坛邀请"),
                        "months": 12,
                    },
                ],
            },
            "products": None,
        },
        {
            "tier": "A",
            "ticket": {"least": 1_000_000, "most": 200_000_000},
            "documents": ["application", "statements", "credit_report"],
            "limit": limit(300_000_000, revenue=0.4, total_assets=0.35),
            "add_on": 40,
            "cover": 5_000,
            "collateral": label("Receivables or equipment", "应收账款或设备"),
            "review_months": 12,
            "contact_days": 90,
            "monitoring_days": 60,
            "service": {
                "team": label("Relationship manager", "客户经理"),
                "products": [label("Decision within five working days", "五个工作日内审批")],
                "events": [
                    {
                        "key": "forum",
                        "label": label("Invitation to the annual forum", "年度论坛邀请"),
                        "months": 12,
                    }
                ],
            },
            "products": None,
        },
        {
            "tier": "B",
            "ticket": {"least": None, "most": 60_000_000},
            "documents": ["application", "statements", "credit_report", "collateral", "diligence"],
            "limit": limit(80_000_000, revenue=0.2, total_assets=0.2),
            "add_on": 110,
            "cover": 10_000,
            "collateral": label("Land and buildings, or a guarantee", "房地产抵押或保证担保"),
            "review_months": 6,
            "contact_days": 60,
            "monitoring_days": 30,
            "service": {
                "team": label("Relationship manager", "客户经理"),
                "products": [label("Standard products", "标准化产品")],
                "events": [],
            },
            "products": ["supply_chain", "lease", "guarantee", "working_capital"],
        },
    ],
}

MANUFACTURERS = ["advanced-manufacturing", "automotive", "electronics", "chemicals"]
TECHNOLOGY = ["software", "electronics", "health"]

PRODUCTS: Json = {
    "format": 1,
    "products": [
        {
            "key": "ip_loan",
            "label": label("IP-pledged loan", "知识产权质押贷款"),
            "why": label(
                "Young technology firms own patents rather than buildings", "科技型成长企业有专利而少房产"
            ),
            "rank": 1,
            "facility": "term_loan",
            "beside": True,
            "sectors": TECHNOLOGY,
            "when": {"metric": "life_cycle", "op": "in", "values": ["start_up", "growth"]},
        },
        {
            "key": "green_loan",
            "label": label("Green loan", "绿色贷款"),
            "why": label(
                "A good part of its revenue is green",
                "绿色收入占比较高，可用绿色专项额度",
            ),
            "rank": 2,
            "facility": "term_loan",
            "beside": True,
            "when": {"metric": GREEN_SHARE, "op": ">=", "value": 0.3},
        },
        {
            "key": "lease",
            "label": label("Equipment lease", "设备融资租赁"),
            "why": label(
                "Manufacturers renew machines; a lease spares their cash", "制造企业设备更新，租赁可节约现金"
            ),
            "rank": 3,
            "facility": "lease",
            "sectors": MANUFACTURERS,
            "when": {"metric": "leverage", "op": "<", "value": 0.75},
        },
        {
            "key": "project_loan",
            "label": label("Project loan", "项目贷款"),
            "why": label("It takes part in projects that are not financed yet", "参与的项目尚待融资"),
            "rank": 3,
            "facility": "project_loan",
            "when": {"metric": "pipeline_amount", "op": ">", "value": 0},
        },
        {
            "key": "supply_chain",
            "label": label("Supply-chain finance", "供应链金融"),
            "why": label(
                "Its customers pay late: receivables can be financed", "应收账款周转较慢，可作保理融资"
            ),
            "rank": 4,
            "facility": "supply_chain",
            "when": {"metric": "receivable_days", "op": ">", "value": 60},
        },
        {
            "key": "guarantee",
            "label": label("Performance guarantee", "履约保函"),
            "why": label("Contractors have to post guarantees for their works", "工程承包需提供履约保函"),
            "rank": 5,
            "facility": "guarantee",
            "sectors": ["construction", "environment"],
        },
        {
            "key": "working_capital",
            "label": label("Working-capital line", "流动资金贷款"),
            "why": label("Sound liquidity, and no line with us so far", "流动性良好，尚无流动资金额度"),
            "rank": 6,
            "facility": "working_capital",
            "when": {"metric": "current_ratio", "op": ">=", "value": 1.1},
        },
    ],
}
