"""What is wrong with an identity number, by the standard that its kind follows."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, Literal

from stdnum import lei
from stdnum.cn import ric, uscc
from stdnum.exceptions import InvalidChecksum, ValidationError

Fault = Literal["", "form", "check", "length"]
"""Nothing; not written as the standard has it; a check character that does not fit; too short or too long."""

STANDARDS: Final = {"uscc": uscc, "lei": lei, "id_card": ric}
"""GB 32100, ISO 17442 with ISO 7064 mod 97-10, GB 11643."""
CHARACTERS: Final = {"uscc": 18, "lei": 20, "id_card": 18}
PASSPORT: Final = re.compile(r"[A-Z0-9]{5,15}")
SHORTEST, LONGEST = 4, 40


def written(number: str) -> str:
    """The number as it is kept: narrow letters and digits, capitals, no blanks at its ends or in runs."""
    return " ".join(unicodedata.normalize("NFKC", number).upper().split())


def compact(number: str) -> str:
    """The letters and digits alone, as standards count them."""
    return "".join(character for character in written(number) if character.isalnum())


def fault_of(kind: str, number: str) -> Fault:
    """What is wrong with a number of a kind; of kinds without a standard only that it can be none."""
    plain = compact(number)
    if standard := STANDARDS.get(kind):
        if len(plain) != CHARACTERS[kind]:
            return "form"
        try:
            standard.validate(plain)
        except InvalidChecksum:
            return "check"
        except ValidationError:
            return "form"
        return ""
    if kind == "passport":
        return "" if PASSPORT.fullmatch(plain) else "form"
    return "" if len(plain) >= SHORTEST and len(number) <= LONGEST else "length"


def looks_like_uscc(number: str) -> bool:
    """Whether a registration number is meant to be a unified social credit code, so that its check can be asked for."""
    return bool(re.fullmatch(r"[1-9A-HJ-NP-RTUWXY][1239A-D1-9]\d{6}[0-9A-HJ-NP-RTUWXY]{10}", compact(number)))
