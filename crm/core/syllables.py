"""The initials that a word in pinyin was meant to have, whatever letter of it is wrong.

A slip of the fingers seldom takes the first letter of a syllable, and the initials of a name are found by index: so they
lead to the names that a misspelt word may mean, of however many there are.
"""

from __future__ import annotations

import string
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

LONGEST: Final = 6
MOST_SLIPS: Final = 2
MOST_READINGS: Final = 4
Reading = tuple[int, int, str]
"""Slips, syllables, and the initials of these."""


def initials_of(word: str) -> list[str]:
    """The initials of the readings with the fewest slips and then the fewest syllables; none for what is no pinyin."""
    readings: list[set[Reading]] = [{(0, 0, "")}]
    for end in range(1, len(word) + 1):
        found = set()
        for begin in range(max(0, end - LONGEST - 1), end):
            slips = _slips(word[begin:end])
            if slips <= MOST_SLIPS:
                found |= {
                    (slips + more, number + 1, initials + word[begin])
                    for more, number, initials in readings[begin]
                }
        readings.append(set(_best(found)))
    return [initials for slips, _number, initials in _best(readings[-1]) if slips <= MOST_SLIPS]


def _best(readings: set[Reading]) -> list[Reading]:
    """Those of equally few slips and syllables, up to so many."""
    if not readings:
        return []
    least = min(readings)[:2]
    return sorted(reading for reading in readings if reading[:2] == least)[:MOST_READINGS]


@lru_cache(maxsize=4096)
def _slips(part: str) -> int:
    """0 for a syllable, 1 for one with a slip after its first letter; more than is allowed for anything else."""
    if part in _syllables():
        return 0
    known = any(near in _syllables() for near in _nearly(part))
    return 1 if known else MOST_SLIPS + 1


def _nearly(part: str) -> Iterator[str]:
    """What the part may have been meant to be: a letter too many, too few, wrong, or two of them exchanged."""
    for at in range(1, len(part) + 1):
        before, after = part[:at], part[at:]
        yield before + after[1:]
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        for letter in string.ascii_lowercase:
            yield before + letter + after
            yield before + letter + after[1:]


@lru_cache(maxsize=1)
def _syllables() -> frozenset[str]:
    """Every syllable that a character is read with, without tones; those without a vowel are exclamations."""
    from pypinyin.contrib.tone_convert import to_normal  # as in crm.names: not every process searches
    from pypinyin.pinyin_dict import pinyin_dict

    spoken = {reading for readings in pinyin_dict.values() for reading in readings.split(",")}
    plain = {to_normal(reading) for reading in spoken}
    return frozenset(one for one in plain if one.isascii() and any(vowel in one for vowel in "aeiouv"))
