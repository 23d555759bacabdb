"""The first levels of a compiled document: from the columns of a relation to scores.

Bands become a binary-search tree of ``CASE``, the cheapest way measured. All arithmetic is bigint, and one number
carries two sums: its lower 34 bits the weighted points (at most 1e10), the bits above the weight that is left out (at
most 1e8). So each indicator is read once.
"""

import math
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import pairwise
from typing import Final

from tiering.core.document import SCORE_UNIT, Dimension, Document, Indicator, Scorecard
from tiering.core.metric import Catalogue
from tiering.core.placement import Matrix, RankCutoffs
from tiering.core.sql import (
    Columns,
    Fragment,
    case,
    condition_sql,
    join,
    known,
    level,
    quoted,
    relation_sql,
    sql,
    value,
)

_LEFT_OUT: Final = 34
_POINTS: Final = (1 << _LEFT_OUT) - 1
_LEAST: Final = -sys.float_info.max


def metric_columns(document: Document, catalogue: Catalogue) -> Columns:
    """The columns of a relation by metric. Raises KeyError when the catalogue does not have one."""
    return {key: f"f.{quoted(catalogue[key].key)}" for key in sorted(document.metrics)}


def by_card(document: Document, build: Callable[[Scorecard], Fragment]) -> Fragment:
    """What ``build`` makes of the scorecard that applies to the row; nothing is asked where all agree."""
    built = [build(card) for card in document.scorecards]
    if _are_equal(built):
        return built[0]
    *others, (_, last) = zip(document.scorecards, built, strict=True)
    return case(((sql("f._card = ", value(card.key, "text")), one) for card, one in others), last)


def _are_equal(built: Sequence[Fragment]) -> bool:
    return all(fragment == built[0] for fragment in built)


def weighted(card: Scorecard, dimensions: Iterable[str] | None = None) -> list[tuple[Indicator, int]]:
    """The indicators of a scorecard, or of some of its dimensions, each with its share of the whole in units of
    1e-8."""

    def wanted(dimension: Dimension) -> bool:
        return dimensions is None or dimension.key in dimensions

    return [
        (indicator, dimension.weight * indicator.weight)
        for dimension in filter(wanted, card.dimensions)
        for indicator in dimension.indicators
    ]


@dataclass(frozen=True)
class Scores:
    """Writes the levels *read*, *summed* and *scored*; each reads the one before it under the alias ``f``.

    They yield ``_score``, ``_provisional``, ``_card`` (the key of the scorecard) and ``axes``, in the ``order`` of a
    column as ``sql.level`` does. Columns of our own begin with an underscore, which the key of a metric never does.
    """

    document: Document
    columns: Columns
    catalogue: Catalogue
    order: str | None = None

    @cached_property
    def axes(self) -> list[str]:
        """The columns of the scores by axis; none where no tier comes from a matrix."""
        placements = map(self.document.placement_of, self.document.scorecards)
        return ["_axis_0", "_axis_1"] if any(isinstance(one, Matrix) for one in placements) else []

    @cached_property
    def _aged(self) -> Mapping[tuple[str, int], str]:
        """The columns of values that are fresh enough, by metric and limit in days."""
        limits = {(part.metric, part.max_age_days) for part in self._indicators()}
        aged = sorted((metric, days) for metric, days in limits if days is not None)
        return {limit: f"_aged_{number}" for number, limit in enumerate(aged)}

    @property
    def _metrics(self) -> list[str]:
        """The columns of the relation that level *summed* and what follows read."""
        read = {quoted(part.metric) for part in self._indicators() if part.max_age_days is None}
        return sorted(read.union(self._ranked_metrics))

    @property
    def _ranked_metrics(self) -> list[str]:
        """The columns of the metrics that subjects are ranked by."""
        ranked = {placement.metric for _, placement in self.document.rank_placements if placement.metric}
        return [quoted(metric) for metric in sorted(ranked)]

    def over(self, relation: str, kept: Sequence[str], added: Mapping[str, Fragment]) -> Fragment:
        """The three levels over a relation, of which they keep some columns; ``added`` joins what *read* adds.

        Where no value can be too old, one level reads and sums: to pass every metric on costs more than to ask twice
        which scorecard applies.
        """
        source = relation_sql(relation)
        asked = {**added, "_card": self._by_condition(_key)}
        passed = [*kept, *asked, *self._ranked_metrics]
        if self._aged:
            read = level([*kept, *self._metrics], {**self._fresh(), **asked}, source, self.order)
            summed = level(passed, self._summed(partial(by_card, self.document)), read, self.order)
        else:
            first = {**asked, **self._summed(self._by_condition)}
            summed = level([*kept, *self._ranked_metrics], first, source, self.order)
        return self._scored(summed, passed)

    def _fresh(self) -> dict[str, Fragment]:
        """The values that are fresh enough, of metrics whose age is limited."""
        return {
            column: sql(
                f"CASE WHEN f.{quoted(f'{metric}@days')} <= ", value(days, "int"),
                f" THEN {self.columns[metric]} END",
            )
            for (metric, days), column in self._aged.items()
        }  # fmt: skip

    def _summed(self, choose: Callable[[Callable[[Scorecard], Fragment]], Fragment]) -> dict[str, Fragment]:
        """What level *summed* adds: points and weights as one number, and whether the result is provisional;
        ``choose`` takes what is written for the scorecard that applies."""
        added = {"_score": choose(lambda card: self._sum(weighted(card)))}
        for number, column in enumerate(self.axes):
            added[column] = choose(partial(self._axis_sum, number=number))
        return {**added, "_provisional": choose(self._provisional)}

    def _scored(self, source: Fragment, kept: Sequence[str]) -> Fragment:
        """Level *scored* over ``source``; a sum of which nothing can be left out is the score already."""
        whole = [part for card in self.document.scorecards for part in weighted(card)]
        added = {"_score": _unpacked("f._score", SCORE_UNIT)} if any(map(_can_be_left_out, whole)) else {}
        for number, column in enumerate(self.axes):
            added[column] = by_card(self.document, partial(self._axis_score, number=number))
        passed = [] if "_score" in added else ["_score"]
        return level([*kept, *passed, "_provisional"], added, source, self.order)

    def _indicators(self) -> Iterable[Indicator]:
        return (part for card in self.document.scorecards for part, _ in weighted(card))

    def _by_condition(self, build: Callable[[Scorecard], Fragment]) -> Fragment:
        """``by_card`` where it is not known yet which scorecard applies."""
        cards = self.document.scorecards
        built = {card.key: build(card) for card in cards}
        if _are_equal(list(built.values())):
            return built[cards[0].key]
        return case(
            (
                (condition_sql(card.when, self.columns, self.catalogue), built[card.key])
                for card in cards
                if card.when is not None
            ),
            next(built[card.key] for card in cards if card.is_default),
        )

    def _axis_sum(self, card: Scorecard, number: int) -> Fragment:
        placement = self.document.placement_of(card)
        if not isinstance(placement, Matrix):
            return value(0, "bigint")
        return self._sum(weighted(card, placement.axes[number].dimensions))

    def _axis_score(self, card: Scorecard, number: int) -> Fragment:
        placement, column = self.document.placement_of(card), f"f._axis_{number}"
        if not isinstance(placement, Matrix):
            return Fragment(column)
        parts = weighted(card, placement.axes[number].dimensions)
        return _unpacked(column, sum(weight for _, weight in parts))

    def _sum(self, parts: Iterable[tuple[Indicator, int]]) -> Fragment:
        """Weighted points and weight left out, as one number."""
        return join(" + ", (self._earned(indicator, weight) for indicator, weight in parts))

    def _earned(self, indicator: Indicator, weight: int) -> Fragment:
        column = self._column(indicator)
        left_out = indicator.missing.kind == "reweight"
        missing = _packed(weight, None if left_out else indicator.points_when_missing)
        if indicator.bands:
            return _band_tree(column, *_steps(indicator, weight, missing))
        earned = (
            (sql(f"{column} = ", value(key, "text")), value(_packed(weight, points), "bigint"))
            for key, points in indicator.categories.items()
        )
        return case(earned, value(missing, "bigint"))

    def _provisional(self, card: Scorecard) -> Fragment:
        """True when an indicator that blocks is missing, nothing counts that is known, or the rank is unknown."""
        parts = weighted(card)
        needed = [self._is_known(part) for part, _ in parts if part.missing.kind == "block"]
        if not any(
            part.missing.kind == "block" and weight and not _may_not_apply(part) for part, weight in parts
        ):
            counted = join(" OR ", (self._is_known(part, counted=True) for part, weight in parts if weight))
            needed.append(sql("(", counted, ")"))
        placement = self.document.placement_of(card)
        if isinstance(placement, RankCutoffs) and placement.metric:
            needed.append(known(self.columns[placement.metric], True))
        return sql("(", join(" AND ", needed), ") IS NOT TRUE")

    def _is_known(self, indicator: Indicator, counted: bool = False) -> Fragment:
        """True when the metric has a value that the indicator can read; ``counted``: and that earns points."""
        column = self._column(indicator)
        if indicator.bands:
            return known(column, True)
        keys = [key for key, points in indicator.categories.items() if not counted or points is not None]
        return sql(f"{column} = ANY(", value(keys, "text[]"), ")")

    def _column(self, indicator: Indicator) -> str:
        if indicator.max_age_days is None:
            return self.columns[indicator.metric]
        return f"f.{self._aged[indicator.metric, indicator.max_age_days]}"


def _key(card: Scorecard) -> Fragment:
    return value(card.key, "text")


def _may_not_apply(indicator: Indicator) -> bool:
    return None in indicator.categories.values()


def _can_be_left_out(part: tuple[Indicator, int]) -> bool:
    indicator, weight = part
    return weight > 0 and (indicator.missing.kind == "reweight" or _may_not_apply(indicator))


def _packed(weight: int, points: int | None) -> int:
    """What one indicator adds to the sum; without points it is left out."""
    return weight << _LEFT_OUT if points is None else weight * points


def _unpacked(column: str, whole: int) -> Fragment:
    """The score that a sum comes to when everything would weigh ``whole``."""
    if not whole:
        return value(0, "bigint")
    unit, total = value(SCORE_UNIT, "bigint"), value(whole, "bigint")
    complete = Fragment(column) if whole == SCORE_UNIT else sql(f"{column} * ", unit, " / ", total)
    points, left_out = sql(f"({column} & ", value(_POINTS, "bigint"), ")"), f"({column} >> {_LEFT_OUT})"
    return case(
        [
            (sql(f"{column} <= ", value(_POINTS, "bigint")), complete),
            (sql(f"{left_out} = ", total), value(0, "bigint")),
        ],
        sql(points, " * ", unit, " / (", total, f" - {left_out})"),
    )


def _steps(indicator: Indicator, weight: int, missing: int) -> tuple[list[int], list[float]]:
    """What the indicator adds along the number line, and the edges in between.

    What is not a finite number falls off its ends: Postgres sorts NaN above infinity, and a NULL is below no edge.
    """
    earned = [missing, *(_packed(weight, band.points) for band in indicator.bands), missing]
    edges = [_LEAST, *(band.lo for band in indicator.bands[1:]), float("inf")]
    turns = [number for number, (left, right) in enumerate(pairwise(earned)) if left != right]
    return [earned[0], *(earned[turn + 1] for turn in turns)], [edges[turn] for turn in turns]


def _middle(edges: Sequence[float]) -> int:
    """Where to halve the edges; beyond the outermost lies what is not a finite number, seldom enough to come last."""
    inner = [number for number, edge in enumerate(edges) if _LEAST < edge < math.inf]
    return inner[len(inner) // 2] if inner else 0


def _band_tree(column: str, earned: Sequence[int], edges: Sequence[float]) -> Fragment:
    """The one of ``earned`` whose stretch holds the column's value, by halving at each comparison."""
    if not edges:
        return value(earned[0], "bigint")
    middle = _middle(edges)
    below = sql(f"{column} < ", value(edges[middle], "float8"))
    return case(
        [(below, _band_tree(column, earned[: middle + 1], edges[:middle]))],
        _band_tree(column, earned[middle + 1 :], edges[middle + 1 :]),
    )
