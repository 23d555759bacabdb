"""What makes a matrix senseless: dimensions on no axis or on both, levels that cross, cells that do not fit or that
give a worse tier for a better level."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise, product

from tiering.core.check_keys import check_tiers_exist, check_unique
from tiering.core.document import Document, Scorecard, points
from tiering.core.placement import Axis, Matrix
from tiering.core.refusals import Refusal
from tiering.core.texts import N_

Refusals = Iterator[Refusal]


def check_matrix(path: str, matrix: Matrix, cards: list[int], document: Document) -> Refusals:
    """Every reason for refusing a matrix that places the scorecards at those positions."""
    yield from check_unique(f"{path}.axes", (axis.key for axis in matrix.axes))
    for number, axis in enumerate(matrix.axes):
        yield from _levels(f"{path}.axes[{number}].levels", axis)
    yield from _once(path, matrix)
    for number in cards:
        yield from _covers(path, matrix, number, document.scorecards[number])
    yield from _cells(f"{path}.cells", matrix, document)


def _levels(path: str, axis: Axis) -> Refusals:
    yield from check_unique(path, (level.key for level in axis.levels))
    for number, (better, level) in enumerate(pairwise(axis.levels), 1):
        if better.minimum <= level.minimum:
            yield Refusal(
                "levels_out_of_order", f"{path}[{number}].min",
                N_("The level “%(level)s” does not begin below “%(better)s”."),
                N_("List the levels from best to worst, each with a lower minimum than the one before."),
                {"level": level.key, "better": better.key},
            )  # fmt: skip
    last = axis.levels[-1]
    if last.minimum != 0:
        yield Refusal(
            "levels_leave_gap", f"{path}[{len(axis.levels) - 1}].min",
            N_("A score below %(minimum)s points belongs to no level of “%(axis)s”."),
            N_("Let the last level begin at 0."),
            {"minimum": f"{points(last.minimum).normalize():f}", "axis": axis.key},
        )  # fmt: skip


def _once(path: str, matrix: Matrix) -> Refusals:
    counts = Counter(key for axis in matrix.axes for key in axis.dimensions)
    for number, axis in enumerate(matrix.axes):
        for position, key in enumerate(axis.dimensions):
            if counts[key] > 1:
                yield Refusal(
                    "dimension_on_axes_twice", f"{path}.axes[{number}].dimensions[{position}]",
                    N_("The dimension “%(key)s” is named %(count)s times on the axes."),
                    N_("Name it once, on one axis."),
                    {"key": key, "count": counts[key]},
                )  # fmt: skip


def _covers(path: str, matrix: Matrix, number: int, card: Scorecard) -> Refusals:
    weights = {dimension.key: dimension.weight for dimension in card.dimensions}
    named = {key for axis in matrix.axes for key in axis.dimensions}
    for position, dimension in enumerate(card.dimensions):
        if dimension.key not in named:
            yield Refusal(
                "dimension_on_no_axis", f"$.scorecards[{number}].dimensions[{position}].key",
                N_("The dimension “%(key)s” is on no axis of the matrix, so it would count for nothing."),
                N_("Add it to one of the axes, or remove it."),
                {"key": dimension.key},
            )  # fmt: skip
    for place, axis in enumerate(matrix.axes):
        yield from _axis_of(f"{path}.axes[{place}].dimensions", axis, card.key, weights)


def _axis_of(path: str, axis: Axis, card: str, weights: dict[str, int]) -> Refusals:
    for position, key in enumerate(axis.dimensions):
        if key not in weights:
            yield Refusal(
                "axis_of_unknown_dimension", f"{path}[{position}]",
                N_("The scorecard “%(card)s” has no dimension “%(key)s”."),
                N_("Name a dimension that every scorecard has which the matrix places."),
                {"card": card, "key": key},
            )  # fmt: skip
    if not any(weights.get(key, 1) for key in axis.dimensions):
        yield Refusal(
            "axis_without_weight", path,
            N_("The dimensions of the axis “%(axis)s” weigh nothing in the scorecard “%(card)s”."),
            N_("Give one of them a weight."),
            {"axis": axis.key, "card": card},
        )  # fmt: skip


def _cells(path: str, matrix: Matrix, document: Document) -> Refusals:
    rows, columns = (len(axis.levels) for axis in matrix.axes)
    if len(matrix.cells) != rows or any(len(row) != columns for row in matrix.cells):
        yield Refusal(
            "cells_do_not_fit", path,
            N_("The axes have %(rows)s and %(columns)s levels, and the cells do not."),
            N_("Write %(rows)s rows of %(columns)s tiers each: one row for each level of the first axis."),
            {"rows": rows, "columns": columns},
        )  # fmt: skip
        return
    places = list(product(range(rows), range(columns)))
    named = ((f"{path}[{row}][{column}]", matrix.cells[row][column]) for row, column in places)
    unknown = list(check_tiers_exist(named, document.ranks))
    yield from unknown or _monotone(path, matrix, document, places)


def _monotone(path: str, matrix: Matrix, document: Document, places: list[tuple[int, int]]) -> Refusals:
    ranks = [[document.ranks[tier] for tier in row] for row in matrix.cells]
    for row, column in places:
        neighbours = [
            (above, left) for above, left in ((row - 1, column), (row, column - 1)) if min(above, left) >= 0
        ]
        if any(ranks[above][left] > ranks[row][column] for above, left in neighbours):
            yield Refusal(
                "cells_not_monotone", f"{path}[{row}][{column}]",
                N_("“%(tier)s” is better than the tier of a cell with a better level."),
                N_("Let the tiers become no better to the right and downwards, where the levels are worse."),
                {"tier": matrix.cells[row][column]},
            )  # fmt: skip
