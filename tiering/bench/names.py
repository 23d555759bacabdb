"""Names as a book of companies has them: a city, two characters, a trade, a form; some in Latin letters only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from crm.models import Client
from crm.names import sort_key
from tiering.bench.rows import bulk_load, execute

CITIES: Final = [
    "北京",
    "上海",
    "广州",
    "深圳",
    "杭州",
    "苏州",
    "南京",
    "武汉",
    "成都",
    "重庆",
    "西安",
    "天津",
    "青岛",
    "大连",
    "宁波",
    "厦门",
    "长沙",
    "郑州",
    "济南",
    "合肥",
]
SYLLABLES: Final = list(
    "宏信恒威天晟达华瑞泰安盛隆鑫源丰茂嘉和通远汇德诚博雅智联创新海龙金鼎永兴万利国强伟业星辰光明"
)
TRADES: Final = [
    "科技",
    "化工",
    "物流",
    "贸易",
    "电力",
    "建设",
    "新能源",
    "医药",
    "食品",
    "纺织",
    "机械",
    "电子",
    "环保",
    "农业",
    "置业",
    "钢铁",
    "投资",
    "水务",
    "港口",
]
FORMS: Final = ["有限公司", "股份有限公司", "集团有限公司", "有限责任公司"]
LATIN_IN: Final = 10
"""One name in so many is Latin."""

PART: Final = "%({part})s::text[]"
NAME: Final = """
UPDATE crm_client c SET name_zh = n.zh, sort_key = n.spelt, name_en = CASE WHEN n.zh = '' THEN c.name_en ELSE '' END
FROM (
    SELECT id, CASE WHEN id %% %(latin)s = 0 THEN '' ELSE {zh} END AS zh,
           CASE WHEN id %% %(latin)s = 0 THEN 'client ' || lpad(id::text, 9, '0') ELSE {spelt} END AS spelt
    FROM crm_client
) n WHERE n.id = c.id
"""
SEARCH: Final = """
INSERT INTO crm_clientsearch (client_id, text, grams)
SELECT id, value, crm_search_grams(value) FROM (
    SELECT id, crm_search_text(concat_ws(' ', name_zh, code, name_en), sort_key, name_zh <> '') AS value FROM crm_client
) named
"""
# Steps through the parts that have no common rhythm.
STEPS: Final = {"city": 7919, "first": 104729, "second": 1299709, "trade": 611953, "form": 15485863}


def name_terms() -> tuple[str, str, dict[str, Any]]:
    """SQL for the Chinese name of the row with an `id`, and for what it is ordered by, with their parameters."""
    parts = {"city": CITIES, "first": SYLLABLES, "second": SYLLABLES, "trade": TRADES, "form": FORMS}
    given: dict[str, Any] = {}
    for name, words in parts.items():
        given |= {name: words, f"{name}_spelt": [sort_key(word, "") for word in words]}
    zh = " || ".join(_picked(name, name, words) for name, words in parts.items())
    spelt = " || ' ' || ".join(_picked(name, f"{name}_spelt", words) for name, words in parts.items())
    return zh, spelt, given


def name_clients(also: str, params: Mapping[str, Any]) -> None:
    """Give every client of the book its name, do what else is asked, and let it be found."""
    zh, spelt, given = name_terms()
    with bulk_load():
        execute(NAME.format(zh=zh, spelt=spelt), {**given, "latin": LATIN_IN})
        execute(also, params)
        execute("TRUNCATE crm_clientsearch")
        execute(SEARCH)
    execute(f"ANALYZE {Client._meta.db_table}")


def _picked(name: str, array: str, words: Sequence[str]) -> str:
    step = STEPS[name]
    return f"({PART.format(part=array)})[1 + (id * {step} / 97) %% {len(words)}]"
