"""Names of clients and projects in two scripts: how they are stored and how they sort."""

import unicodedata

from pypinyin import Style, lazy_pinyin

SORT_KEY_LENGTH = 400


def clean_name(name: str) -> str:
    """The name as it is stored: full-width letters narrowed, runs of blanks made one."""
    return " ".join(unicodedata.normalize("NFKC", name).split())


def sort_key(name_zh: str, name_en: str) -> str:
    """Chinese names by their pinyin, others by themselves, in lower case; as `Client.sort_key` stores it."""
    spelt = lazy_pinyin(name_zh, style=Style.TONE3, neutral_tone_with_five=True) if name_zh else [name_en]
    return clean_name(" ".join(spelt)).lower()[:SORT_KEY_LENGTH]
