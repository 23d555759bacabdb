"""How scores become tiers in a draft: cut-offs over the scores of the book, shares, or a matrix of two axes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tiering import display
from tiering.core.addresses import steps_of
from tiering.core.document import WHOLE, Scorecard
from tiering.core.placement import Label, Matrix, Placement, RankCutoffs, ScoreCutoffs
from tiering.pages.studio import Draft, path_to
from tiering.pages.studio_scale import Cut, score_scale, share_scale
from tiering.pages.studio_tiers import Scale, ScaleTier, reading
from tiering.selectors.described import TENTHS, Scores, scores_in_force

KINDS: Final[Mapping[str, Promise]] = {
    "score": gettext_lazy("cut-offs of the score"),
    "top": gettext_lazy("rank by score"),
    "cumulative": gettext_lazy("share of a metric’s total"),
    "matrix": gettext_lazy("matrix of two axes"),
}


@dataclass(frozen=True)
class StepRow:
    """A tier and where it begins or ends. `clients` counts those whose score is in it today; `is_end`: nothing is to be
    typed, because the last step takes the rest."""

    tier: ScaleTier
    path: str
    number: int
    clients: str
    is_end: bool
    may_go: bool


@dataclass(frozen=True)
class LevelRow:
    path: str
    key: str
    label: str
    is_end: bool
    may_go: bool


@dataclass(frozen=True)
class AxisPanel:
    key: str
    path: str
    label: str
    levels: list[LevelRow]


@dataclass(frozen=True)
class Cell:
    path: str
    tier: ScaleTier
    label: str


@dataclass(frozen=True)
class DimensionRow:
    """A dimension, and the key of the axis that it stands on; empty for none."""

    key: str
    label: str
    axis: str


@dataclass(frozen=True)
class MatrixPanel:
    """`rows` are the levels of the first axis, each with its cells; empty where the cells do not fit the levels."""

    axes: list[AxisPanel]
    rows: list[tuple[LevelRow, list[Cell]]]
    dimensions: list[DimensionRow]


@dataclass(frozen=True)
class PlacementPanel:
    """One placement. `kinds` are those to choose from, each with its name and whether it can be had; `absent` are the
    tiers without a step."""

    path: str
    title: str
    kind: str
    kinds: list[tuple[str, str, bool]]
    steps: list[StepRow]
    absent: list[ScaleTier]
    scale: SafeString
    metric: str
    metric_label: str
    matrix: MatrixPanel | None

    @property
    def is_own(self) -> bool:
        """Whether it is that of one scorecard."""
        return self.path != "cutoffs"


def placement_section(draft: Draft) -> dict[str, Any]:
    """What the template of the placements is given: the document's, those that scorecards have of their own, and the
    scorecards that may be given one."""
    cards = draft.document.scorecards
    own = [card for card in cards if card.placement]
    shared = [card for card in cards if not card.placement]
    title = _("For every scorecard") if not own else _("For: {names}").format(names=_names(shared) or "–")
    panels = [_panel(draft, "cutoffs", title, draft.document.placement)]
    panels += [
        _panel(draft, path_to("scorecards", card.key, "cutoffs"), _names([card]), card.placement)
        for card in own
        if card.placement
    ]
    may = [
        (path_to("scorecards", card.key, "cutoffs"), display.label(card.label))
        for card in shared
        if len(cards) > 1
    ]
    return {"panels": panels, "shared": may, "tiers": Scale(draft.document).tiers, "language": reading()}


def members_of(draft: Draft, path: str) -> list[Scorecard]:
    """The scorecards whose clients a placement places."""
    steps = steps_of(path)
    cards = draft.document.scorecards
    if len(steps) == 1:
        return [card for card in cards if not card.placement]
    return [card for card in cards if card.key == steps[1]]


def scores_of(draft: Draft, path: str) -> Scores:
    """The scores in force of those whom a placement places, by the criteria in effect."""
    keys = [card.key for card in members_of(draft, path)]
    everybody = len(keys) == len(draft.document.scorecards)
    return scores_in_force(draft.user, draft.version.criteria.scheme, None if everybody else keys)


def _names(cards: Sequence[Scorecard]) -> str:
    return ", ".join(display.label(card.label) for card in cards)


def _panel(draft: Draft, path: str, title: str, placement: Placement) -> PlacementPanel:
    scale, steps, drawing, matrix, metric = Scale(draft.document), [], SafeString(), None, ""
    match placement:
        case ScoreCutoffs():
            kind, scores = "score", scores_of(draft, path)
            steps = _cutoffs(path, placement, scale, scores)
            cuts = [Cut(row.tier, row.number, f"{row.path}/min", cut.minimum / TENTHS / 10)
                    for row, cut in zip(steps, placement.steps, strict=True)]  # fmt: skip
            drawing = score_scale(path, cuts, scores)
        case RankCutoffs():
            kind, metric = placement.by, placement.metric or ""
            steps = _shares(f"{path}/steps", placement, scale)
            cuts = [Cut(row.tier, row.number, f"{row.path}/share", step.share / (WHOLE // 100))
                    for row, step in zip(steps, placement.steps, strict=True)]  # fmt: skip
            drawing = share_scale(path, cuts)
        case Matrix():
            kind = "matrix"
            matrix = _matrix(draft, path, placement, scale)
    named = {row.tier.key for row in steps}
    return PlacementPanel(
        path=path,
        title=title,
        kind=kind,
        kinds=_kinds(draft, path),
        steps=steps,
        absent=[tier for tier in scale.tiers if steps and tier.key not in named],
        scale=drawing,
        metric=metric,
        metric_label=display.metric_label(metric, draft.catalogue) if metric else "",
        matrix=matrix,
    )


def _kinds(draft: Draft, path: str) -> list[tuple[str, str, bool]]:
    dimensions = {dimension.key for card in members_of(draft, path) for dimension in card.dimensions}
    return [(kind, str(text), kind != "matrix" or len(dimensions) > 1) for kind, text in KINDS.items()]


def _cutoffs(inner: str, placement: ScoreCutoffs, scale: Scale, scores: Scores) -> list[StepRow]:
    rows, above, last = [], 0, len(placement.steps) - 1
    for number, cut in enumerate(placement.steps):
        reached = scores.at_least(-(-cut.minimum // TENTHS))
        rows.append(
            StepRow(
                scale.named(cut.tier),
                f"{inner}/{number}",
                number,
                f"{max(0, reached - above):,}" if scores.subjects else "",
                is_end=number == last and cut.minimum == 0,
                may_go=last > 0,
            )
        )
        above = reached
    return rows


def _shares(inner: str, placement: RankCutoffs, scale: Scale) -> list[StepRow]:
    last = len(placement.steps) - 1
    return [
        StepRow(
            scale.named(step.tier),
            f"{inner}/{number}",
            number,
            "",
            is_end=number == last and step.share == WHOLE,
            may_go=last > 0,
        )
        for number, step in enumerate(placement.steps)
    ]


def _matrix(draft: Draft, path: str, matrix: Matrix, scale: Scale) -> MatrixPanel:
    axes = [
        AxisPanel(axis.key, f"{path}/axes/{path_to(axis.key)}", display.label(axis.label), [])
        for axis in matrix.axes
    ]
    for panel, axis in zip(axes, matrix.axes, strict=True):
        last = len(axis.levels) - 1
        panel.levels.extend(
            LevelRow(
                f"{panel.path}/levels/{path_to(level.key)}",
                level.key,
                display.label(level.label),
                is_end=number == last and level.minimum == 0,
                may_go=last > 0,
            )
            for number, level in enumerate(axis.levels)
        )
    first, second = axes
    fits = [len(row) for row in matrix.cells] == [len(second.levels)] * len(first.levels)
    rows = [
        (level, [_cell(path, scale, row, column, tier, (level, other))
                 for column, (tier, other) in enumerate(zip(matrix.cells[row], second.levels, strict=True))])
        for row, level in enumerate(first.levels)
    ] if fits else []  # fmt: skip
    return MatrixPanel(axes, rows, _dimensions(draft, path, matrix))


def _cell(
    path: str, scale: Scale, row: int, column: int, tier: str, levels: tuple[LevelRow, LevelRow]
) -> Cell:
    label = _("Tier for {first} and {second}").format(first=levels[0].label, second=levels[1].label)
    return Cell(f"{path}/cells/{row}/{column}", scale.named(tier), label)


def _dimensions(draft: Draft, path: str, matrix: Matrix) -> list[DimensionRow]:
    names: dict[str, Label] = {
        dimension.key: dimension.label for card in members_of(draft, path) for dimension in card.dimensions
    }
    on = {key: axis.key for axis in matrix.axes for key in axis.dimensions}
    missing = {key: {"en": key, "zh": key} for key in on if key not in names}
    return [
        DimensionRow(key, display.label(label), on.get(key, ""))
        for key, label in {**names, **missing}.items()
    ]
