"""The records that answer best to words, of however many there are.

What a word begins with is looked at first and only then what holds it, each up to a cap, so that a common syllable costs
no more than a rare one; where more begin with it, those that are it as a whole are asked for. Where nothing holds the
words, names that sound like them are tried, then misspelt ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final, TypeVar

from django.contrib.postgres.search import TrigramWordDistance
from django.db import connection, transaction
from django.db.models import Model, Q, QuerySet
from django.db.models.lookups import LessThanOrEqual

from crm.core.terms import is_latin, rank_of
from crm.findable import SHORT, beginning, begun_like, can_err, entirely, holding, sounding_like, spelt_like
from crm.names import pinyin_of

CANDIDATES: Final = 200
SOUNDS, RESEMBLES = 3, 4
"""Ranks after those of `crm.core.terms`: sounds like the words, is spelt nearly like them."""
LEAST_TO_SOUND: Final = 2
LEAST_TO_MISHEAR: Final = 3
"""Characters that a word needs to be known by its sound, and by a sound that is only near: one sounds like dozens of
others, and two sound nearly like hundreds."""
ALIKE: Final = 0.6
ALIKE_BY_INITIALS: Final = 0.5
"""The share of a word's trigrams that a text has to have, and one that has the initials."""
SIMILAR: Final = "SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)"
T = TypeVar("T", bound=Model)
Rank = tuple[int, int]
Found = tuple[T, Rank]


def nearest(
    records: QuerySet[T], words: Sequence[str], most: int, path: str = "search", *, forgiving: bool = True
) -> list[Found[T]]:
    """At most so many of the records with how well each answers, best first.

    Which records answer is found by their ids alone: they are hundreds, and those that are given few.
    """
    best = ranks_of(records, words, most, path, forgiving=forgiving)
    rows = records.in_bulk(best) if best else {}
    return [(rows[pk], rank) for pk, rank in best.items() if pk in rows]


def ranks_of(
    records: QuerySet[T], words: Sequence[str], most: int, path: str = "search", *, forgiving: bool = True
) -> dict[int, Rank]:
    """How well at most so many of the records answer, best first, by their ids; `path` leads to the search row.

    Only where it is `forgiving` are likenesses tried.
    """
    if not words:
        return {}
    ranks = _ranked(records, beginning(words, path), words, path)
    if len(ranks) == CANDIDATES:
        ranks |= _ranked(records, entirely(words, path), words, path)
    elif len(ranks) < most:
        # Of letters that nearly every name has, the next best will do: to look through them takes long.
        enough = CANDIDATES if len(max(words, key=len)) > SHORT else most
        ranks |= _ranked(records, holding(words, path), words, path, enough)
    if not ranks and forgiving:
        ranks = _like(records, words, most, path)
    return dict(sorted(ranks.items(), key=lambda one: one[1])[:most])


def _ranked(
    records: QuerySet[T], condition: Q, words: Sequence[str], path: str, enough: int | None = None
) -> dict[int, Rank]:
    rows = records.filter(condition).values_list("pk", f"{path}__text")[: enough or CANDIDATES]
    return {pk: rank_of(text, words) for pk, text in rows}


def _like(records: QuerySet[T], words: Sequence[str], most: int, path: str) -> dict[int, Rank]:
    """What sounds like the words, else what is spelt nearly like them."""
    return next(filter(None, _likenesses(records, words, most, path)), {})


def _likenesses(
    records: QuerySet[T], words: Sequence[str], most: int, path: str
) -> Iterator[dict[int, Rank]]:
    chinese = [word for word in words if not is_latin(word)]
    if any(len(word) < LEAST_TO_SOUND for word in chinese):
        return
    if chinese:
        sounding = _ranked(records, sounding_like(words, path), words, path)
        yield {pk: (SOUNDS, length) for pk, (_level, length) in sounding.items()}
    if any(len(word) < LEAST_TO_MISHEAR for word in chinese):
        return
    spoken = [word if is_latin(word) else pinyin_of(word) for word in words]
    if any(map(can_err, spoken)):
        distance, begun = TrigramWordDistance(" ".join(spoken), f"{path}__text"), begun_like(spoken, path)
        if begun is not None:
            rows = records.filter(begun, LessThanOrEqual(distance, 1 - ALIKE_BY_INITIALS))
            yield _in_order(rows.order_by(distance), most)
        with _told_apart(spoken):
            found = _in_order(records.filter(spelt_like(spoken, path)).order_by(distance), most)
        yield found


def _in_order(rows: QuerySet[T], most: int) -> dict[int, Rank]:
    return {pk: (RESEMBLES, at) for at, pk in enumerate(rows.values_list("pk", flat=True)[:most])}


@contextmanager
def _told_apart(words: Sequence[str]) -> Iterator[None]:
    """Within, similar is what one slip leaves of the longest word: it takes four of the trigrams, one more than letters.

    In a long word of pinyin six in ten, which is what holds otherwise, are in every twentieth name.
    """
    longest = max(map(len, words))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SIMILAR, [str(max(ALIKE, 1 - 4 / (longest + 1)))])
        yield
