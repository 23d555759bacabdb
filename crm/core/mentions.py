"""Mentions of people in text: an @ before a user name."""

import re

MENTION = re.compile(r"(?<![\w@.])@(\w[\w.+-]{0,39})")


def mentioned(text: str) -> set[str]:
    """What may be user names; a stop at the end of a sentence belongs to none, so both readings are given."""
    names = set(MENTION.findall(text))
    return names | {name.rstrip(".-+") for name in names} - {""}
