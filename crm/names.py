"""Names of clients and projects in two scripts: how they are stored and how they sort."""

import unicodedata
from functools import lru_cache

from crm.core.terms import fold

SORT_KEY_LENGTH = 400


def clean_name(name: str) -> str:
    """The name as it is stored: full-width letters narrowed, runs of blanks made one."""
    return " ".join(unicodedata.normalize("NFKC", name).split())


def sort_key(name_zh: str, name_en: str) -> str:
    """Chinese names by their pinyin, others by themselves, in lower case; as `Client.sort_key` stores it."""
    spelt = _syllables(name_zh, "TONE3", neutral_tone_with_five=True) if name_zh else [name_en]
    return clean_name(" ".join(spelt)).lower()[:SORT_KEY_LENGTH]


def pinyin_of(name: str) -> str:
    """A Chinese name as it is typed by sound: its syllables in one word, without tones."""
    return fold("".join(_syllables(name)))


def initials(name: str) -> str:
    """The first letters of a Chinese name's syllables."""
    return fold("".join(_syllables(name, "FIRST_LETTER")))


@lru_cache(maxsize=1000)
def search_text(label: str) -> str:
    """A label of our own as the database keeps the names of records to search (`crm.core.terms`)."""
    spelt = "" if label.isascii() else f" {pinyin_of(label)} {initials(label)}"
    return f" {fold(label)}{spelt}"


def _syllables(text: str, style: str = "NORMAL", *, neutral_tone_with_five: bool = False) -> list[str]:
    from pypinyin.seg.simpleseg import seg  # 60 MB of phrases, which a worker that tiers has no use for

    return [syllable for word in seg(text) for syllable in _spelt(word, style, neutral_tone_with_five)]


@lru_cache(maxsize=20_000)
def _spelt(word: str, style: str, neutral_tone_with_five: bool) -> tuple[str, ...]:
    """A word by sound. Names are made of the same words over and over, and to spell one takes long."""
    from pypinyin import Style, lazy_pinyin

    return tuple(
        lazy_pinyin(word, style=getattr(Style, style), neutral_tone_with_five=neutral_tone_with_five)
    )
