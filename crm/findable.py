"""Records that are found by name: chainable reads through the `search` row that database triggers keep beside each.

Characters and pairs of characters, and the beginnings of words, stand in an array; longer Latin words are found by their
trigrams. Both are in one GIN index, because trigrams alone do not serve one or two Chinese characters.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Self

from django.db import models
from django.db.models import Q

from crm.core.syllables import initials_of
from crm.core.terms import grams_of, is_latin, words_of
from crm.names import initials, pinyin_of, sort_key

SHORT = 2
"""Latin words up to this length are found at the beginning of a word, and two letters among the initials of a name too:
where nothing else narrows them only behind the place of a company (hx in hzhxkj) or the family name of a person, as most
names have the same further on (yxgs)."""
SECOND_IN_NAME = r" (\S{{2}}{word}\S*|\S{word})$"
TONE = re.compile(r"(?<=[a-z])[1-5](?=\\? |$)")
LONG_ENOUGH_TO_ERR = 4
"""Letters that a word needs so that a misspelt one can be told from another."""
INITIALS_THAT_TELL = 3
"""Initials that are few names'; so many have to be those that a name begins with."""


def holding(words: Sequence[str], path: str = "search") -> Q:
    """Records in whose text each word occurs; `path` leads to the search row."""
    condition = Q()
    for word in words:
        condition &= _held(word, path, alone=len(words) == 1)
    return condition


def beginning(words: Sequence[str], path: str = "search") -> Q:
    """Records in whose text each word occurs, the first one where a word begins."""
    condition = holding(words, path)
    if not words:
        return condition
    first = words[0]
    marked = [f"^{first[:width]}" for width in (1, 2)[: len(first)]]
    condition &= Q(**{f"{path}__grams__contains": marked})
    return condition & Q(**{f"{path}__text__contains": f" {first}"}) if len(first) > SHORT else condition


def entirely(words: Sequence[str], path: str = "search") -> Q:
    """Records in whose text each word occurs, the first one as a whole word."""
    whole = Q(**{f"{path}__text__contains": f" {words[0]} "}) | Q(
        **{f"{path}__text__endswith": f" {words[0]}"}
    )
    return holding(words, path) & whole


def sounding_like(words: Sequence[str], path: str = "search") -> Q:
    """Records whose names sound as the Chinese words do, syllable by syllable, whichever characters they are written
    with."""
    condition = holding([word if is_latin(word) else pinyin_of(word) for word in words], path)
    for word in words:
        if not is_latin(word):
            # Few names have the initials, and most any three letters of pinyin; 红信 (hong xin) is not 红星 (hong xing).
            syllables = TONE.sub("[1-5]", re.escape(sort_key(word, "")))
            condition &= Q(**{f"{path}__grams__contains": grams_of(initials(word))})
            condition &= Q(**{f"{path.removesuffix('search')}sort_key__regex": f"(^| ){syllables}( |$)"})
    return condition


def begun_like(words: Sequence[str], path: str = "search") -> Q | None:
    """Records whose names have the initials that each word in pinyin was meant to have, the others as they are; None
    where the words do not tell enough of them."""
    condition = Q()
    for word in words:
        if not can_err(word):
            condition &= _held(word, path)
            continue
        meant = [letters for letters in initials_of(word) if len(letters) >= INITIALS_THAT_TELL]
        if not meant:
            return None
        condition &= reduce(or_, (Q(**{f"{path}__grams__contains": _pairs(letters)}) for letters in meant))
    return condition


def spelt_like(words: Sequence[str], path: str = "search") -> Q:
    """Records whose text has something like each word that is long enough to be misspelt, and the others as they are."""
    condition = Q()
    for word in words:
        similar = Q(**{f"{path}__text__trigram_word_similar": word})
        condition &= similar if can_err(word) else _held(word, path)
    return condition


def can_err(word: str) -> bool:
    """Whether a misspelt word can be told from another."""
    return is_latin(word) and len(word) >= LONG_ENOUGH_TO_ERR


def _pairs(letters: str) -> list[str]:
    """What the index has of initials that follow each other; the name begins with them where they are few."""
    pairs = grams_of(letters)
    return pairs if len(letters) > INITIALS_THAT_TELL else [*pairs, f"^{letters[:2]}"]


def _held(word: str, path: str, *, alone: bool = False) -> Q:
    if not is_latin(word):
        grams = Q(**{f"{path}__grams__contains": grams_of(word)})
        return grams & Q(**{f"{path}__text__contains": word}) if len(word) > SHORT else grams
    if len(word) > SHORT:
        return Q(**{f"{path}__text__contains": word})
    begins = Q(**{f"{path}__grams__contains": [f"^{word}"]})
    if len(word) < SHORT:
        return begins
    anywhere = Q(**{f"{path}__grams__overlap": [f"^{word}", word]})
    if not alone:
        return anywhere
    return anywhere & (begins | Q(**{f"{path}__text__regex": SECOND_IN_NAME.format(word=re.escape(word))}))


class FindableQuerySet(models.QuerySet):
    def matching(self, term: str) -> Self:
        """Records whose names or numbers hold every word of the term, in characters, pinyin or initials."""
        if not term.replace("\x00", "").strip():
            return self
        words = words_of(term)
        return self.filter(holding(words)) if words else self.none()
