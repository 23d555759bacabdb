"""Reading what somebody says of a field, from a form, a file or a program, as what the field keeps."""

from __future__ import annotations

import math
from collections.abc import Collection
from datetime import date
from typing import Any, Final

YES: Final = ("yes", "true", "1", "on", "是")
NO: Final = ("no", "false", "0", "off", "否")


class NotReadable(ValueError):
    """What was said is none of the field's values; `code` says in what way."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read(type_: str, said: Any, options: Collection[str], longest: int) -> float | date | str | None:
    """The value, None for nothing. Raises NotReadable."""
    if isinstance(said, str):
        said = said.strip()
    if said is None or said == "":
        return None
    if type_ == "number":
        return _number(said)
    if type_ == "date":
        return _day(said)
    if type_ == "flag":
        return _flag(said)
    if not isinstance(said, str):
        raise NotReadable("not_a_text")
    if type_ == "choice" and said not in options:
        raise NotReadable("not_a_choice")
    if len(said) > longest:
        raise NotReadable("too_long")
    return said


def plain(value: float | date | str | None) -> str:
    """A value as a page carries it, to be read back by `read`; empty for nothing."""
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)


def _number(said: Any) -> float:
    try:
        number = math.nan if isinstance(said, bool) else float(said)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise NotReadable("not_a_number")
    return number


def _day(said: Any) -> date:
    if type(said) is date:
        return said
    try:
        return date.fromisoformat(said)
    except (TypeError, ValueError):
        raise NotReadable("not_a_day") from None


def _flag(said: Any) -> str:
    word = str(said).lower()
    if word in YES:
        return "yes"
    if word in NO:
        return "no"
    raise NotReadable("not_a_choice")
