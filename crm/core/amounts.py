"""Amounts as people write them: 1,234.5; (1,234); 3.2万; 1亿2,000万; 12.5 m."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Final

SCALES: Final = {
    "": 1,
    "元": 1,
    "k": 1_000,
    "千": 1_000,
    "万": 10_000,
    "萬": 10_000,
    "m": 1_000_000,
    "mn": 1_000_000,
    "million": 1_000_000,
    "百万": 1_000_000,
    "千万": 10_000_000,
    "亿": 100_000_000,
    "億": 100_000_000,
    "bn": 1_000_000_000,
    "b": 1_000_000_000,
    "billion": 1_000_000_000,
}
NUMBER: Final = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+"
PART: Final = re.compile(rf"({NUMBER})({'|'.join(sorted(filter(None, SCALES), key=len, reverse=True))})?元?")


def read_amount(text: str) -> Decimal:
    """The amount that a text says, exactly. Raises ValueError where it says none, or could say two."""
    said = unicodedata.normalize("NFKC", text).lower()
    said = re.sub(r"[\s_'￥¥$€£]", "", said)
    negative = said.startswith(("-", "−", "("))
    if said.startswith("(") != said.endswith(")"):
        raise ValueError(text)
    said = said.strip("()").removeprefix("-").removeprefix("−").removeprefix("+")
    total, place, last = Decimal(0), 0, 0
    while place < len(said):
        found = PART.match(said, place)
        if found is None:
            raise ValueError(text)
        scale = SCALES[found[2] or ""]
        if last and scale >= last:
            raise ValueError(text)
        total += Decimal(found[1].replace(",", "")) * scale
        place, last = found.end(), scale
    if not last:
        raise ValueError(text)
    return -total if negative else total
