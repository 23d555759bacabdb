"""Values as people read them, in the reader's language. Pure functions; `templatetags/ui.py` offers them as filters."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.utils import formats, timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

MISSING = "–"
DAYS_SHOWN_AS_DAYS = 60
MILLION, WAN, WAN_IN_A_YI = 1_000_000, 10_000, 10_000
AVATAR_HUES = 6


def reads_chinese() -> bool:
    return (get_language() or "").startswith("zh")


def money_scale() -> int:
    """Amounts are shown in millions, in Chinese in 万 (ten thousands)."""
    return WAN if reads_chinese() else MILLION


def money_number(amount: Decimal | float | None) -> str:
    """An amount in `money_scale` units with three figures that count: 94.3, 1,115, 0.42.

    For columns, whose head names the unit; a figure that stands alone takes `money`.
    """
    if amount is None:
        return MISSING
    value = Decimal(str(amount)) / money_scale()
    size = abs(value)
    return _grouped(value, 0 if size >= 100 or value == 0 else 1 if size >= 1 else 2)


def money(amount: Decimal | float | None) -> str:
    """An amount with its unit: 94.3 m; in Chinese 9,430 万 and, from 10,000 万 on, 24.23 亿."""
    if amount is None:
        return MISSING
    if reads_chinese():
        wan = Decimal(str(amount)) / WAN
        if round(abs(wan)) >= WAN_IN_A_YI:
            return pgettext("amount", "{number} hundred m").format(number=_grouped(wan / WAN_IN_A_YI, 2))
    return pgettext("amount", "{number} m").format(number=money_number(amount))


def exact(amount: Decimal | float | None) -> str:
    """An amount to the hundredth, as papers have it: 1,234,567.80."""
    return MISSING if amount is None else _grouped(Decimal(str(amount)), 2)


def _grouped(value: Decimal, digits: int) -> str:
    return f"{value:,.{digits}f}"


def percent(fraction: float | None, digits: int = 0) -> str:
    """A fraction as a percentage: 0.742 is 74%."""
    if fraction is None:
        return MISSING
    return f"{formats.number_format(round(float(fraction) * 100, digits), decimal_pos=digits)}%"


def multiple(value: float | None) -> str:
    """A ratio: 1.28×."""
    if value is None:
        return MISSING
    return f"{formats.number_format(round(value, 2), decimal_pos=2)}×"


def day(value: date | datetime | None) -> str:
    """16 Aug 2026, or 2026年8月16日."""
    return _dated(value, pgettext("date format", "j M Y"))


def month(value: date | datetime | None) -> str:
    """Aug 2026, or 2026年8月."""
    return _dated(value, pgettext("month format", "M Y"))


def month_short(value: date | datetime | None) -> str:
    """Aug, or 8月: the axis of a chart."""
    return _dated(value, pgettext("short month format", "M"))


def moment(value: datetime | None) -> str:
    """16 Aug 2026, 14:05."""
    return _dated(value, pgettext("date and time format", "j M Y, H:i"))


def _dated(value: date | datetime | None, pattern: str) -> str:
    if value is None:
        return MISSING
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return format_date(value, pattern)


def days_since(value: date | datetime | None) -> int | None:
    if value is None:
        return None
    if isinstance(value, datetime):
        value = timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return (timezone.localdate() - value).days


def ago(value: date | datetime | None) -> str:
    """Today, 17 d ago, 3 mo ago, 2 y ago."""
    days = days_since(value)
    if days is None:
        return pgettext("last contact", "never")
    if days <= 0:
        return _("today")
    if days < DAYS_SHOWN_AS_DAYS:
        return ngettext("%(count)d d ago", "%(count)d d ago", days) % {"count": days}
    months = days // 30
    if months < 24:
        return ngettext("%(count)d mo ago", "%(count)d mo ago", months) % {"count": months}
    years = days // 365
    return ngettext("%(count)d y ago", "%(count)d y ago", years) % {"count": years}


def listed(items: Iterable[str]) -> str:
    """Items side by side: a, b; in Chinese 甲、乙."""
    return pgettext("between the items of a list", ", ").join(items)


def localized(thing: object) -> str:
    """The name of a thing with `name` and `name_zh` in the reader's language; empty for None."""
    if thing is None:
        return ""
    chinese = getattr(thing, "name_zh", "")
    return chinese if chinese and reads_chinese() else str(getattr(thing, "name", thing))


def initials(name: str) -> str:
    """Two letters of a Latin name, the last character of a Chinese one."""
    words = name.split()
    if not words:
        return ""
    if not name.isascii():
        return words[-1][-1]
    return "".join(word[0] for word in (words[0], words[-1])[: len(words)]).upper()


def hue(name: str) -> int:
    """One of six avatar colours, the same for a name everywhere."""
    return sum(map(ord, name)) % AVATAR_HUES + 1
