"""The ranks of a whole population as SQL: the least value that each step of a rank placement takes.

``ranks.py`` says what they mean. Values are first summed in buckets, in the order of the values; then only the buckets
in which a step ends are looked into. So nothing as large as the population is sorted.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

from tiering.core.catalogue import METRICS
from tiering.core.compile_scores import Scores, by_card, metric_columns
from tiering.core.document import WHOLE, Document, Scorecard
from tiering.core.metric import Catalogue
from tiering.core.placement import RankCutoffs
from tiering.core.sql import Compiled, Fragment, join, quoted, sql, value
from tiering.core.terms import Thresholds

SCORE_BUCKET: Final = 100_000
"""A thousandth of a point."""
ROOTS: Final = 6
ROOT_BUCKETS: Final = 16_384
"""A bucket of values is so much of their 2^ROOTS-th root."""


def compile_thresholds(document: Document, relation: str, catalogue: Catalogue = METRICS) -> Compiled:
    """A SELECT of the thresholds of every rank placement of a checked document over the rows of ``relation``.

    ``relation`` is as for ``compile.compile_assessment``, without tiers in force. A row comes out for each step but
    the last of a placement: ``placement_key`` text, ``step`` int (from 0) and ``minimum`` double precision, NULL where
    nobody reaches the step. ``as_thresholds`` reads them. Raises KeyError when the document reads a metric that the
    catalogue does not have.
    """
    scores = Scores(document, metric_columns(document, catalogue), catalogue)
    ranked = _ranked(document, scores.over(relation, [], {}))
    text = _THRESHOLDS.replace("{ranked}", ranked.text).replace("{whole}", str(WHOLE))
    steps = [
        (number, key, position, step.share)
        for number, (key, placement) in enumerate(document.rank_placements)
        for position, step in enumerate(placement.steps[:-1])
    ]
    columns = [[step[column] for step in steps] for column in range(4)]
    return text, (*ranked.params, *columns)


def as_thresholds(document: Document, rows: Iterable[tuple[str, int, float | None]]) -> Thresholds:
    """The thresholds in the rows that ``compile_thresholds`` yields, in whatever order."""
    found = {(key, step): minimum for key, step, minimum in rows}
    return {
        key: tuple(found[key, step] for step in range(len(placement.steps) - 1))
        for key, placement in document.rank_placements
    }


# In `ahead` and `inside`, `weight` is that of everything strictly ahead: of the bucket, and of the value in its bucket.
_THRESHOLDS: Final = """
SELECT placement_key, step, minimum FROM (
WITH ranked AS MATERIALIZED ({ranked}),
buckets AS (
    SELECT placement, bucket, sum(weight) AS weight FROM ranked GROUP BY placement, bucket
), ahead AS (
    SELECT placement, bucket, sum(weight) OVER (PARTITION BY placement ORDER BY bucket DESC) - weight AS weight,
           sum(weight) OVER (PARTITION BY placement) AS total
    FROM buckets
), steps AS (
    SELECT s.placement, s.placement_key, s.step, s.share,
           min(a.bucket) AS bucket, max(a.weight) AS weight, max(a.total) AS total
    FROM unnest(%s::smallint[], %s::text[], %s::int[], %s::int[]) AS s (placement, placement_key, step, share)
    LEFT JOIN ahead AS a ON a.placement = s.placement AND a.weight * {whole} < s.share * a.total
    GROUP BY s.placement, s.placement_key, s.step, s.share
), inside AS (
    SELECT placement, bucket, value,
           sum(sum(weight)) OVER (PARTITION BY placement, bucket ORDER BY value DESC) - sum(weight) AS weight
    FROM ranked
    WHERE (placement, bucket) IN (SELECT placement, bucket FROM steps)
    GROUP BY placement, bucket, value
)
SELECT s.placement_key, s.step, min(i.value) AS minimum
FROM steps AS s
LEFT JOIN inside AS i ON i.placement = s.placement AND i.bucket = s.bucket
    AND (s.weight + i.weight) * {whole} < s.share * s.total
GROUP BY s.placement_key, s.step
) AS thresholds
"""


def _ranked(document: Document, scored: Fragment) -> Fragment:
    """The subjects that are ranked: by which placement, by which value, what it weighs, and its bucket."""
    numbers = {key: number for number, (key, _) in enumerate(document.rank_placements)}

    def written(card: Scorecard) -> _Ranking:
        placement = document.placement_of(card)
        if not isinstance(placement, RankCutoffs):
            return _UNRANKED
        number = value(numbers[document.placement_key(card)], "smallint")
        return _by_score(number) if placement.metric is None else _by_metric(number, placement.metric)

    def column(name: str) -> Fragment:
        return sql(by_card(document, lambda card: getattr(written(card), name)), f" AS {name}")

    columns = join(", ", map(column, ["placement", "bucket", "value", "weight"]))
    counted = by_card(document, lambda card: written(card).counted)
    return sql("SELECT ", columns, " FROM ", scored, " AS f WHERE ", counted)


class _Ranking(NamedTuple):
    """How the subjects of one scorecard are ranked, in SQL; ``counted`` is true of those who are."""

    placement: Fragment
    bucket: Fragment
    value: Fragment
    weight: Fragment
    counted: Fragment


_UNRANKED: Final = _Ranking(
    *map(Fragment, ["NULL::smallint", "0::bigint", "0::float8", "0::numeric", "FALSE"])
)


def _by_score(number: Fragment) -> _Ranking:
    rest = [f"f._score / {SCORE_BUCKET}", "f._score::float8", "1::numeric", "TRUE"]
    return _Ranking(number, *map(Fragment, rest))


def _by_metric(number: Fragment, metric: str) -> _Ranking:
    """Buckets grow with the value, about 0.3 % wide around a million. A square root is rounded exactly, so none of two
    values comes into the wrong one. What is not above 0 weighs nothing and is last, so it need not be counted."""
    column = f"f.{quoted(metric)}"
    root = f"{'sqrt(' * ROOTS}{column}{')' * ROOTS}"
    rest = [
        f"floor({root} * {ROOT_BUCKETS})::bigint", column, f"{column}::numeric",
        f"({column} > 0 AND {column} < 'Infinity'::float8) IS TRUE",
    ]  # fmt: skip
    return _Ranking(number, *map(Fragment, rest))
