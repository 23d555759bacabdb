"""What somebody types to find something by name: folded as stored names are, and cut into words.

A stored text (`crm_search_text` in the database) is a blank and then, apart by blanks, the folded names and numbers of
a record, its Chinese name in pinyin as one word, and the initials of that: ` 杭州宏信 c00042 hangzhouhongxin hzhx`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

DROPPED: Final = "()[]·,.'’\"&/-"
"""Signs that names are written with or without; the database drops the same."""
_ACCENTS: Final = re.compile("[\u0300-\u036f]")
_RUNS: Final = re.compile(r"[!-~]+|[^\s -~]+")
_WITHOUT_SIGNS: Final = str.maketrans("", "", DROPPED + "\x00")

WHOLE, BEGINS, HOLDS = range(3)
"""How a text answers to a term, the best first: a word is the term, begins with it, or holds it."""


def fold(text: str) -> str:
    """Small letters without accents, full-width signs narrowed, signs that do not tell names apart left out."""
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", text.lower()))
    return unicodedata.normalize("NFC", plain).translate(_WITHOUT_SIGNS)


def words_of(term: str) -> tuple[str, ...]:
    """The words of a term: runs of Latin letters and digits, and runs of other characters. Each has to be found."""
    return tuple(_RUNS.findall(fold(term)))


def is_latin(word: str) -> bool:
    return word.isascii()


def grams_of(word: str) -> list[str]:
    """What a text that holds a word not of Latin letters has in its index: pairs of characters, or the only one."""
    return [word[at : at + 2] for at in range(len(word) - 1)] or [word]


def rank_of(text: str, words: Sequence[str]) -> tuple[int, int]:
    """How well a stored text answers to words, smaller is better: by its worst word, then by how little else it says."""
    return max(_ranks(text, words), default=HOLDS), len(text)


def _ranks(text: str, words: Sequence[str]) -> Iterator[int]:
    for word in words:
        if f" {word} " in f"{text} ":
            yield WHOLE
        else:
            yield BEGINS if f" {word}" in text else HOLDS
