"""Cells to values: text, numbers, amounts, dates and choices as people write them in English and Chinese files.

Each parser takes the cell without surrounding blanks, never empty, and answers with the value or raises BadCell with the
code of an issue. Nothing is rounded, cut or guessed: what can be read in two ways is refused.
"""

import html
import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone, translation

from crm.phones import is_phone

MISSING = frozenset(
    (
        "-",
        "--",
        "–",
        "—",
        "?",
        "na",
        "n/a",
        "#n/a",
        "null",
        "none",
        "not available",
        "not applicable",
        "无",
        "暂无",
        "不适用",
    )
)
"""What stands for "no value" in columns of numbers and dates, in lower case."""

ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
PLAIN_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?")
NUMBER = re.compile(
    r"(?P<sign>[+-]?)(?:CNY|RMB|USD|EUR|HKD|[¥$€])?(?P<sign2>[+-]?)"
    r"(?P<whole>\d{1,3}(?:,\d{3})+|\d*)(?P<part>\.\d+)?(?P<unit>%|‰|千|万|百万|千万|亿|元|千元|万元|百万元|亿元)?",
    re.IGNORECASE,
)
UNITS = {
    "%": Decimal("0.01"),
    "‰": Decimal("0.001"),
    "千": Decimal(1_000),
    "万": Decimal(10_000),
    "百万": Decimal(1_000_000),
    "千万": Decimal(10_000_000),
    "亿": Decimal(100_000_000),
    "": Decimal(1),
}
YEAR_FIRST = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|(\d{2})(\d{2}))"
)
CHINESE_DATE = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]")
MONTH = re.compile(r"(?P<year>\d{4})\s*[-/.年]?\s*(?P<month>\d{2}|(?<!\d)\d)\s*月?")
YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
CLOCK = re.compile(r"[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?$")
SEVERAL = re.compile(r"[;；,，、|/]")
MAX_AMOUNT = Decimal(10) ** 18
MAX_SHOWN = 60


class BadCell(ValueError):
    """A cell that cannot be read as its field. `code` and `params` are those of the issue."""

    def __init__(self, code: str, **params: Any):
        super().__init__(code)
        self.code, self.params = code, params


def shown(raw: str) -> str:
    """A cell as a message quotes it."""
    return raw if len(raw) <= MAX_SHOWN else raw[: MAX_SHOWN - 1] + "…"


def tidy(raw: str) -> str:
    """A text without entities of HTML, full-width letters, runs of blanks, and the mark that disarms a formula."""
    plain = ENTITY.sub(_entity, raw) if "&" in raw else raw
    text = " ".join(unicodedata.normalize("NFKC", plain).split())
    return text[1:] if len(text) > 1 and text[0] == "'" and text[1] in "=+-@" else text


def _entity(found: re.Match[str]) -> str:
    return html.unescape(found.group())


def is_missing(raw: str) -> bool:
    return raw.lower() in MISSING


def text(raw: str, limit: int) -> str:
    value = tidy(raw)
    if len(value) > limit:
        raise BadCell("too_long", limit=limit, length=len(value))
    return value


def number(raw: str) -> Decimal:
    """1,234.5; (1,234.5) and −1,234.5 below zero; 12.5% = 0.125; 1.2万 = 12,000; 3亿 = 300,000,000."""
    value = unicodedata.normalize("NFKC", raw).replace(" ", "").replace("−", "-")
    if PLAIN_NUMBER.fullmatch(value):
        return Decimal(value)
    negative = value.startswith("(") and value.endswith(")")
    found = NUMBER.fullmatch(value[1:-1] if negative else value)
    if not found or not (found["whole"] or found["part"]) or (found["sign"] and found["sign2"]):
        raise BadCell("not_a_number", value=shown(raw))
    size = Decimal((found["whole"].replace(",", "") or "0") + (found["part"] or ""))
    unit = (found["unit"] or "").removesuffix("元")
    below = negative or "-" in (found["sign"], found["sign2"])
    return size * UNITS[unit] * (-1 if below else 1)


def amount(raw: str, scale: Decimal) -> Decimal:
    """Money to the hundredth; in units of `scale` unless the cell names its own unit, as in 5万."""
    if raw.endswith(("%", "‰", "％")):
        raise BadCell("not_a_number", value=shown(raw))
    value = number(raw) * (1 if raw.endswith(("千", "万", "亿", "元")) else scale)
    if abs(value) >= MAX_AMOUNT:
        raise BadCell("too_large", value=shown(raw))
    return value.quantize(Decimal("0.01"))


def measure(raw: str) -> float:
    """A number as it is stored for ratios and readings: double precision, finite."""
    value = float(raw if PLAIN_NUMBER.fullmatch(raw) else number(raw))
    if value in (float("inf"), float("-inf")):
        raise BadCell("too_large", value=shown(raw))
    return value


def day(raw: str, order: str = "") -> date:
    """2025-03-31, 2025/3/31, 20250331, 2025年3月31日; with `order` mdy or dmy also 03/31/2025 or 31.03.2025."""
    value = CLOCK.sub("", unicodedata.normalize("NFKC", raw).strip())
    if found := CHINESE_DATE.fullmatch(value) or YEAR_FIRST.fullmatch(value):
        year, month, of_month = (int(part) for part in found.groups() if part)
        return _date(raw, year, month, of_month)
    if found := YEAR_LAST.fullmatch(value):
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        if not order and first != second:
            raise BadCell("ambiguous_date", value=shown(raw))
        return _date(raw, year, *((first, second) if order == "mdy" else (second, first)))
    raise BadCell("not_a_date", value=shown(raw))


def moment(raw: str, order: str = "") -> datetime:
    """A day as `day` reads it, with the clock that stands behind it: 2025-03-31 14:05, 2025-03-31T14:05:00+08:00.

    Without a clock the day's beginning, without an offset the time of the house.
    """
    on = day(raw, order)
    found = CLOCK.search(unicodedata.normalize("NFKC", raw).strip())
    try:
        clock = time.fromisoformat(found.group()[1:].strip()) if found else time()
    except ValueError as error:
        raise BadCell("not_a_date", value=shown(raw)) from error
    at = datetime.combine(on, clock)
    return at if at.tzinfo else timezone.make_aware(at)


def month(raw: str, order: str = "") -> date:
    """The first day of the month: 2025-03, 2025/3, 202503, 2025年3月, or any day in it."""
    value = unicodedata.normalize("NFKC", raw).strip()
    if found := MONTH.fullmatch(value):
        return _date(raw, int(found["year"]), int(found["month"]), 1)
    return day(raw, order).replace(day=1)


def _date(raw: str, year: int, month: int, of_month: int) -> date:
    try:
        if year < 1800:
            raise ValueError
        return date(year, month, of_month)
    except ValueError as error:
        raise BadCell("not_a_date", value=shown(raw)) from error


def word(raw: str) -> str:
    """By what words are the same: letter case, blanks and punctuation do not count."""
    folded = unicodedata.normalize("NFKC", raw).casefold()
    return "".join(char for char in folded if char.isalnum())


def spellings(label: object) -> list[str]:
    """A translated label as each language of the house writes it."""
    found = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found.append(str(label))
    return found


def email(raw: str) -> str:
    value = tidy(raw)
    try:
        validate_email(value)
    except ValidationError as error:
        raise BadCell("not_an_email", value=shown(raw)) from error
    return value


def phone(raw: str) -> str:
    value = tidy(raw)
    if not is_phone(value):
        raise BadCell("not_a_phone")
    return value


def choices(raw: str, words: Mapping[str, str]) -> list[str]:
    """Several values in one cell, between semicolons, commas, bars or slashes."""
    return list(dict.fromkeys(choice(part, words) for part in SEVERAL.split(raw) if part.strip()))


def choice(raw: str, words: Mapping[str, str]) -> str:
    """The value one of `words` stands for; "B - Limited" is read by what stands before the dash."""
    value = tidy(raw)
    for candidate in (value, value.split(" - ")[0]):
        if (known := words.get(word(candidate))) is not None:
            return known
    raise BadCell("not_a_choice", value=shown(raw), allowed=", ".join(dict.fromkeys(words.values())))
