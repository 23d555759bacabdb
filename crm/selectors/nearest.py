"""The records that answer best to words, of however many there are.

What a word begins with is looked at first and only then what holds it, each up to a cap, so that a common syllable costs
no more than a rare one. Where nothing holds the words, names that sound like them are tried, then misspelt ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, TypeVar

from django.contrib.postgres.search import TrigramWordDistance
from django.db.models import F, Model, Q, QuerySet

from crm.core.terms import is_latin, rank_of
from crm.findable import beginning, can_be_misspelt, holding, sounding_like, spelt_like
from crm.names import pinyin_of

CANDIDATES: Final = 200
SOUNDS, RESEMBLES = 3, 4
"""Ranks after those of `crm.core.terms`: sounds like the words, is spelt nearly like them."""
TEXT: Final = "searched_text"
T = TypeVar("T", bound=Model)
Found = tuple[T, tuple[int, int]]


def nearest(
    records: QuerySet[T], words: Sequence[str], most: int, path: str = "search", *, forgiving: bool = True
) -> list[Found[T]]:
    """At most so many of the records with how well each answers, best first; `path` leads to the search row.

    Only where it is `forgiving` are likenesses tried.
    """
    if not words:
        return []
    told = records.annotate(**{TEXT: F(f"{path}__text")})
    found = _ranked(told, beginning(words, path), words)
    if len(found) < most:
        found |= _ranked(told, holding(words, path), words)
    likely = [] if found or not forgiving else _like(told, words, most, path)
    ranked = found.values() or likely
    return sorted(ranked, key=lambda one: one[1])[:most]


def _ranked(records: QuerySet[T], condition: Q, words: Sequence[str]) -> dict[int, Found[T]]:
    rows = records.filter(condition)[:CANDIDATES]
    return {row.pk: (row, rank_of(getattr(row, TEXT), words)) for row in rows}


def _like(records: QuerySet[T], words: Sequence[str], most: int, path: str) -> list[Found[T]]:
    """What sounds like the words, else what is spelt nearly like them."""
    return next(filter(None, _likenesses(records, words, most, path)), [])


def _likenesses(records: QuerySet[T], words: Sequence[str], most: int, path: str) -> Iterator[list[Found[T]]]:
    spoken = [word if is_latin(word) else pinyin_of(word) for word in words]
    if not all(map(is_latin, words)):
        rows = records.filter(sounding_like(words, path))[:most]
        yield [(row, (SOUNDS, at)) for at, row in enumerate(rows)]
    if can_be_misspelt(spoken):
        distance = TrigramWordDistance(" ".join(spoken), f"{path}__text")
        rows = records.filter(spelt_like(spoken, path)).order_by(distance)[:most]
        yield [(row, (RESEMBLES, at)) for at, row in enumerate(rows)]
