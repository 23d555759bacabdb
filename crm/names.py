"""Names of clients and projects in two scripts: how they are stored and how they sort."""

import unicodedata
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

from crm.core.terms import fold

SORT_KEY_LENGTH = 400


def clean_name(name: str) -> str:
    """The name as it is stored: full-width letters narrowed, runs of blanks made one."""
    return " ".join(unicodedata.normalize("NFKC", name).split())


def sort_key(name_zh: str, name_en: str) -> str:
    """Chinese names by their pinyin, others by themselves, in lower case; as `Client.sort_key` stores it."""
    spelt = lazy_pinyin(name_zh, style=Style.TONE3, neutral_tone_with_five=True) if name_zh else [name_en]
    return clean_name(" ".join(spelt)).lower()[:SORT_KEY_LENGTH]


def pinyin_of(name: str) -> str:
    """A Chinese name as it is typed by sound: its syllables in one word, without tones."""
    return fold("".join(lazy_pinyin(name)))


@lru_cache(maxsize=1000)
def search_text(label: str) -> str:
    """A label of our own as the database keeps the names of records to search (`crm.core.terms`)."""
    initials = "".join(lazy_pinyin(label, style=Style.FIRST_LETTER))
    spelt = "" if label.isascii() else f" {pinyin_of(label)} {fold(initials)}"
    return f" {fold(label)}{spelt}"
