"""Ids as addresses and forms write them. What is no id names nothing; it never reaches the database."""

from collections.abc import Iterable

LARGEST_ID = 2**63 - 1


def is_number(text: str) -> bool:
    """Whether the text is a whole number of up to 19 digits."""
    return text.isascii() and text.isdecimal() and len(text) < 20


def id_of(text: str | None) -> int | None:
    """The id that the text is, if it is one."""
    return int(text) if text and is_number(text) and int(text) <= LARGEST_ID else None


def ids_of(texts: Iterable[str]) -> list[int]:
    """The ids among the texts, in their order."""
    return [pk for text in texts if (pk := id_of(text)) is not None]
