"""What the buttons of placements do to a draft, as edits (see `studio_recipes`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from tiering.core.addresses import ABSENT, steps_of, value_at
from tiering.core.document import WHOLE
from tiering.core.editing import Edit
from tiering.pages import studio_placement_starts as starts
from tiering.pages.studio import Draft, path_to
from tiering.pages.studio_asked import Asked, Made, key_from, text_in, unusable
from tiering.pages.studio_placement import KINDS, members_of, scores_of
from tiering.selectors.book import tier_distribution

Json = dict[str, Any]
USUAL_METRIC: Final = "exposure"
MOST_LEVELS: Final = 12


def choose_placement(draft: Draft, asked: Asked) -> Made:
    """Another kind of placement, with content near to how the book is placed today. “shared” takes the placement of a
    scorecard out, so that it has the document's."""
    path = _path(asked)
    kind = text_in(asked, "value", [*KINDS, "shared"])
    was = value_at(draft.data, path)
    if kind == "shared":
        if path == "cutoffs" or was is ABSENT:
            raise unusable("value")
        return [Edit("set", path, was)], None
    return [Edit("set", path, was, _start(draft, path, kind))], f"kind-{path}"


def _start(draft: Draft, path: str, kind: str) -> Any:
    tiers = [tier["key"] for tier in draft.data["tiers"]]
    match kind:
        case "score":
            return starts.by_score(tiers, _shares(draft), scores_of(draft, path))
        case "top":
            return starts.by_rank(tiers, _shares(draft))
        case "cumulative":
            return starts.by_cumulative_share(tiers, USUAL_METRIC)
        case _:
            names = {
                dimension.key: dimension.label
                for card in members_of(draft, path)
                for dimension in card.dimensions
            }
            if len(names) < 2:
                raise unusable("value")
            return starts.by_matrix(tiers, names)


def _shares(draft: Draft) -> list[int]:
    """How far each tier reaches today, as shares of the subjects that hold one."""
    held = {
        share.tier.key: share.clients
        for share in tier_distribution(draft.user, draft.version.criteria.scheme)
    }
    return starts.shares_of([held.get(tier["key"], 0) for tier in draft.data["tiers"]])


def add_step(draft: Draft, asked: Asked) -> Made:
    """A cut-off, or a share, for a tier that has none, half-way between its neighbours."""
    path = _path(asked)
    tier = text_in(asked, "tier", [each["key"] for each in draft.data["tiers"]])
    steps, member, inner = _steps(draft, path)
    if any(step["tier"] == tier for step in steps):
        raise unusable("tier")
    ranks = {each["key"]: rank for rank, each in enumerate(draft.data["tiers"])}
    at = sum(1 for step in steps if ranks.get(step["tier"], -1) < ranks[tier])
    fresh = [*steps[:at], {"tier": tier, member: 0}, *steps[at:]]
    _space(fresh, at, member)
    return [Edit("set", inner, steps, fresh)], f"at-{inner}/{at}/{member}"


def _space(steps: list[Json], at: int, member: str) -> None:
    """Give a new step its number; one that comes last ends the scale, and the one before it moves up."""
    best, end = (100, 0) if member == "min" else (0, WHOLE)
    if at == len(steps) - 1:
        beyond = steps[at - 2][member] if at > 1 else best
        steps[at] = {**steps[at], member: end}
        steps[at - 1] = {**steps[at - 1], member: _between(beyond, end)}
    else:
        before = steps[at - 1][member] if at else best
        steps[at] = {**steps[at], member: _between(before, steps[at + 1][member])}


def _between(one: float, other: float) -> float:
    middle = (one + other) / 2
    return int(middle) if min(one, other) < int(middle) < max(one, other) else middle


def remove_step(draft: Draft, asked: Asked) -> Made:
    """A cut-off, or a share, less: its tier is reached by gates only. The last one that stays takes the rest."""
    path, tier = _path(asked), text_in(asked, "tier")
    steps, member, inner = _steps(draft, path)
    fresh = [step for step in steps if step["tier"] != tier]
    if not fresh or len(fresh) == len(steps):
        raise unusable("tier")
    fresh[-1] = {**fresh[-1], member: 0 if member == "min" else WHOLE}
    return [Edit("set", inner, steps, fresh)], f"kind-{path}"


def move_dimension(draft: Draft, asked: Asked) -> Made:
    """A dimension on the other axis of a matrix. One that stands on none yet goes to the one that is asked for."""
    path, matrix = _matrix(draft, asked)
    key, to = text_in(asked, "dimension"), text_in(asked, "value", [axis["key"] for axis in matrix["axes"]])
    edits = []
    for axis in matrix["axes"]:
        had = axis["dimensions"]
        has = [*(each for each in had if each != key), *([key] if axis["key"] == to else [])]
        if not has:
            raise unusable("dimension")
        if sorted(has) != sorted(had):
            edits.append(Edit("set", f"{path}/axes/{path_to(axis['key'])}/dimensions", had, has))
    return edits, None


def add_level(draft: Draft, asked: Asked) -> Made:
    """A level between the last and the one before it, with the tiers of the last."""
    path, matrix, at, axis = _axis(draft, asked)
    old = axis["levels"]
    if len(old) >= MOST_LEVELS:
        raise unusable("axis")
    above = old[-2]["min"] if len(old) > 1 else 100
    number = len(old) + 1
    key = key_from(f"level_{number}", "level", [level["key"] for level in old])
    last = {**old[-1], "min": _between(above, 0)} if len(old) > 1 else {**old[-1], "min": 50}
    levels = [*old[:-1], last, starts.level(key, number, 0)]
    cells = (
        [*matrix["cells"], matrix["cells"][-1]] if at == 0 else [[*row, row[-1]] for row in matrix["cells"]]
    )
    return _with_levels(
        path, matrix, axis, levels, cells
    ), f"at-{path}/axes/{axis['key']}/levels/{key}/label/en"


def remove_level(draft: Draft, asked: Asked) -> Made:
    """A level less, and its row or column with it. The last one that stays begins at 0."""
    path, matrix, at, axis = _axis(draft, asked)
    name, old = text_in(asked, "level"), axis["levels"]
    places = [place for place, level in enumerate(old) if level["key"] != name]
    if not places or len(places) == len(old):
        raise unusable("level")
    levels = [old[place] for place in places]
    levels[-1] = {**levels[-1], "min": 0}
    cells = matrix["cells"]
    kept = (
        [cells[place] for place in places] if at == 0 else [[row[place] for place in places] for row in cells]
    )
    return _with_levels(path, matrix, axis, levels, kept), f"kind-{path}"


def _with_levels(
    path: str, matrix: Json, axis: Json, levels: Sequence[Json], cells: Sequence[Any]
) -> list[Edit]:
    return [
        Edit("set", f"{path}/axes/{path_to(axis['key'])}/levels", axis["levels"], list(levels)),
        Edit("set", f"{path}/cells", matrix["cells"], list(cells)),
    ]


def _path(asked: Asked) -> str:
    """The place of a placement: of the document, or of one scorecard."""
    path = text_in(asked, "path")
    steps = steps_of(path)
    if steps != ("cutoffs",) and not (len(steps) == 3 and steps[0] == "scorecards" and steps[2] == "cutoffs"):
        raise unusable("path")
    return path


def _steps(draft: Draft, path: str) -> tuple[list[Json], str, str]:
    """The steps of a placement by score or by rank, the member with their number, and where they stand."""
    found = value_at(draft.data, path)
    if isinstance(found, list):
        return found, "min", path
    if isinstance(found, dict) and "steps" in found:
        return found["steps"], "share", f"{path}/steps"
    raise unusable("path")


def _matrix(draft: Draft, asked: Asked) -> tuple[str, Json]:
    path = _path(asked)
    found = value_at(draft.data, path)
    if not isinstance(found, dict) or found.get("by") != "matrix":
        raise unusable("path")
    return path, found


def _axis(draft: Draft, asked: Asked) -> tuple[str, Json, int, Json]:
    """The matrix, and one of its axes with its position; of a matrix whose cells fit."""
    path, matrix = _matrix(draft, asked)
    keys = [axis["key"] for axis in matrix["axes"]]
    at = keys.index(text_in(asked, "axis", keys))
    rows, columns = (len(axis["levels"]) for axis in matrix["axes"])
    if len(matrix["cells"]) != rows or any(len(row) != columns for row in matrix["cells"]):
        raise unusable("path")
    return path, matrix, at, matrix["axes"][at]


PLACEMENT_RECIPES: Final[Mapping[str, Callable[[Draft, Asked], Made]]] = {
    "placement": choose_placement,
    "add_step": add_step,
    "remove_step": remove_step,
    "axis": move_dimension,
    "add_level": add_level,
    "remove_level": remove_level,
}
