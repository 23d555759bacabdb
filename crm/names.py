"""Names of clients: how they sort."""

from pypinyin import Style, lazy_pinyin

LENGTH = 400


def sort_key(name_zh: str, name_en: str) -> str:
    """Chinese names by their pinyin, others by themselves, in lower case; as `Client.sort_key` stores it."""
    spelt = lazy_pinyin(name_zh, style=Style.TONE3, neutral_tone_with_five=True) if name_zh else [name_en]
    return " ".join(" ".join(spelt).lower().split())[:LENGTH]
