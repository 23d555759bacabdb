"""Invented names in both languages: companies by city, brand and trade; institutions by purpose; people by surname."""

from config.demo.places import City, Trade
from config.demo.streams import stream

FIRST = (
    ("钧", "Jun"), ("瑞", "Rui"), ("恒", "Heng"), ("鼎", "Ding"), ("博", "Bo"), ("诚", "Cheng"), ("宏", "Hong"),
    ("凯", "Kai"), ("隆", "Long"), ("铭", "Ming"), ("启", "Qi"), ("盛", "Sheng"), ("泰", "Tai"), ("景", "Jing"),
    ("祥", "Xiang"), ("裕", "Yu"), ("兆", "Zhao"), ("卓", "Zhuo"), ("安", "An"), ("晨", "Chen"), ("德", "De"),
    ("峰", "Feng"), ("冠", "Guan"), ("泽", "Ze"), ("嘉", "Jia"), ("康", "Kang"), ("立", "Li"), ("明", "Ming"),
    ("宁", "Ning"), ("普", "Pu"), ("庆", "Qing"), ("润", "Run"), ("森", "Sen"), ("同", "Tong"), ("维", "Wei"),
    ("新", "Xin"), ("远", "Yuan"), ("云", "Yun"), ("正", "Zheng"), ("锦", "Jin"),
    ("天", "Tian"), ("九", "Jiu"), ("广", "Guang"), ("汇", "Hui"), ("坤", "Kun"), ("乐", "Le"), ("茂", "Mao"),
    ("南", "Nan"), ("鹏", "Peng"), ("荣", "Rong"), ("顺", "Shun"), ("星", "Xing"), ("旭", "Xu"), ("永", "Yong"),
    ("振", "Zhen"), ("智", "Zhi"),
)  # fmt: skip
SECOND = (
    ("信", "xin"), ("达", "da"), ("丰", "feng"), ("辰", "chen"), ("源", "yuan"), ("锐", "rui"), ("腾", "teng"),
    ("和", "he"), ("川", "chuan"), ("能", "neng"), ("岳", "yue"), ("航", "hang"), ("迪", "di"), ("尔", "er"),
    ("创", "chuang"), ("通", "tong"), ("科", "ke"), ("业", "ye"), ("图", "tu"), ("朗", "lang"), ("捷", "jie"),
    ("域", "yu"), ("阳", "yang"), ("特", "te"), ("旺", "wang"), ("邦", "bang"), ("联", "lian"), ("基", "ji"),
    ("成", "cheng"), ("林", "lin"), ("奥", "ao"), ("瀚", "han"), ("讯", "xun"), ("凌", "ling"), ("格", "ge"),
    ("思", "si"),
)  # fmt: skip
FORMS = (
    ("有限公司", "Co., Ltd."),
    ("股份有限公司", "Corporation"),
    ("有限责任公司", "Ltd."),
    ("集团有限公司", "Group Co., Ltd."),
)
INSTITUTIONS = (
    ("城市建设投资集团有限公司", "City Construction Investment Group", False),
    ("水务投资有限公司", "Water Investment Co., Ltd.", False),
    ("产业投资基金", "Industrial Investment Fund", False),
    ("融资担保有限公司", "Financing Guarantee Co., Ltd.", False),
    ("融资租赁有限公司", "Financial Leasing Co., Ltd.", False),
    ("财产保险股份有限公司", "Property Insurance Corporation", False),
    ("资产管理有限公司", "Asset Management Co., Ltd.", False),
    ("医院", "Hospital", True),
    ("职业技术学院", "Vocational College", True),
    ("研究院", "Research Institute", True),
)
SURNAMES = (
    ("王", "Wang"), ("李", "Li"), ("张", "Zhang"), ("刘", "Liu"), ("陈", "Chen"), ("杨", "Yang"), ("黄", "Huang"),
    ("赵", "Zhao"), ("吴", "Wu"), ("周", "Zhou"), ("徐", "Xu"), ("孙", "Sun"), ("马", "Ma"), ("朱", "Zhu"),
    ("胡", "Hu"), ("郭", "Guo"), ("何", "He"), ("高", "Gao"), ("罗", "Luo"), ("郑", "Zheng"),
)  # fmt: skip
GIVEN = (
    ("伟", "Wei"), ("芳", "Fang"), ("丽娜", "Lina"), ("秀英", "Xiuying"), ("敏", "Min"), ("静", "Jing"),
    ("强", "Qiang"), ("磊", "Lei"), ("洋", "Yang"), ("艳", "Yan"), ("勇", "Yong"), ("杰", "Jie"), ("涛", "Tao"),
    ("明", "Ming"), ("超", "Chao"), ("秀兰", "Xiulan"), ("霞", "Xia"), ("平", "Ping"), ("建国", "Jianguo"),
    ("文博", "Wenbo"), ("思远", "Siyuan"), ("雨桐", "Yutong"), ("子涵", "Zihan"), ("浩然", "Haoran"),
)  # fmt: skip

Name = tuple[str, str]
"""English and Chinese."""


def company_name(index: int, city: City, trade: Trade, large: bool) -> Name:
    source = stream("company name", index)
    brand_en, brand_zh = brand(index)
    word_zh, word_en = source.choice(trade.words)
    form_zh, form_en = FORMS[3] if large and source.random() < 0.5 else source.choice(FORMS[:3])
    return f"{city.en} {brand_en} {word_en} {form_en}", f"{city.zh}{brand_zh}{word_zh}{form_zh}"


def institution_name(index: int, city: City) -> tuple[Name, bool]:
    """The name, and whether it is a public institution rather than an enterprise."""
    kind_zh, kind_en, public = stream("institution", index).choice(INSTITUTIONS)
    brand_en, brand_zh = brand(index)
    return (f"{city.en} {brand_en} {kind_en}", f"{city.zh}{brand_zh}{kind_zh}"), public


def person_name(serial: int) -> Name:
    """Surname first in both languages; 480 people before a name returns."""
    place = serial * 7 % (len(SURNAMES) * len(GIVEN))
    surname_zh, surname_en = SURNAMES[place % len(SURNAMES)]
    given_zh, given_en = GIVEN[place // len(SURNAMES)]
    return f"{surname_en} {given_en}", f"{surname_zh}{given_zh}"


def brand(index: int) -> Name:
    """A two-character brand; 2,016 of them before one returns."""
    place = index * 389 % (len(FIRST) * len(SECOND))
    first_zh, first_en = FIRST[place % len(FIRST)]
    second_zh, second_en = SECOND[place // len(FIRST)]
    return first_en + second_en, first_zh + second_zh
