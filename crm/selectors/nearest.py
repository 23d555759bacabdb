"""The records that answer best to words, of however many there are.

What a word begins with is looked at first and only then what holds it, each up to a cap, so that a common syllable costs
no more than a rare one. Where nothing holds the words, names that sound like them are tried, then misspelt ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final, TypeVar

from django.contrib.postgres.search import TrigramWordDistance
from django.db import connection, transaction
from django.db.models import F, Model, Q, QuerySet
from django.db.models.lookups import LessThanOrEqual

from crm.core.terms import is_latin, rank_of
from crm.findable import beginning, begun_like, can_err, holding, sounding_like, spelt_like
from crm.names import pinyin_of

CANDIDATES: Final = 200
SOUNDS, RESEMBLES = 3, 4
"""Ranks after those of `crm.core.terms`: sounds like the words, is spelt nearly like them."""
TEXT: Final = "searched_text"
ALIKE: Final = 0.6
ALIKE_BY_INITIALS: Final = 0.5
"""The share of a word's trigrams that a text has to have, and one that has the initials."""
SIMILAR: Final = "SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)"
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
    if any(map(can_err, spoken)):
        distance, begun = TrigramWordDistance(" ".join(spoken), f"{path}__text"), begun_like(spoken, path)
        if begun is not None:
            rows = records.filter(begun, LessThanOrEqual(distance, 1 - ALIKE_BY_INITIALS))
            yield _resembling(rows.order_by(distance), most)
        with _told_apart(spoken):
            found = _resembling(records.filter(spelt_like(spoken, path)).order_by(distance), most)
        yield found


def _resembling(rows: QuerySet[T], most: int) -> list[Found[T]]:
    return [(row, (RESEMBLES, at)) for at, row in enumerate(rows[:most])]


@contextmanager
def _told_apart(words: Sequence[str]) -> Iterator[None]:
    """Within, similar is what one slip leaves of the longest word: it takes four of the trigrams, one more than letters.

    In a long word of pinyin six in ten, which is what holds otherwise, are in every twentieth name.
    """
    longest = max(map(len, words))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SIMILAR, [str(max(ALIKE, 1 - 4 / (longest + 1)))])
        yield
