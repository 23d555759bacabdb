"""Unified social credit codes (GB 32100): division and organisation code, each with its check character."""

from random import Random

ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # without I, O, S, V, Z
CODE_WEIGHTS = tuple(3**power % 31 for power in range(17))
ENTERPRISE = "91"
PUBLIC_INSTITUTION = "12"


def registration_number(source: Random, authority: str, division: str) -> str:
    """A valid 18-character code: registering authority and type, division, organisation code, check character."""
    body = "".join(source.choice(CODE_ALPHABET) for _ in range(8))
    code = f"{authority}{division}{body}{organisation_check(body)}"
    return code + code_check(code)


def organisation_check(body: str) -> str:
    """The check character of an eight-character organisation code (GB 11714)."""
    total = sum(
        ORGANISATION_ALPHABET.index(character) * weight
        for character, weight in zip(body, ORGANISATION_WEIGHTS, strict=True)
    )
    return "0123456789X0"[11 - total % 11]


def code_check(code: str) -> str:
    """The last character of a unified social credit code, from the seventeen before it."""
    total = sum(
        CODE_ALPHABET.index(character) * weight for character, weight in zip(code, CODE_WEIGHTS, strict=True)
    )
    return CODE_ALPHABET[(31 - total % 31) % 31]
