"""What differs between two documents of a pipeline, place by place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

Json = Mapping[str, Any]
ADDED: Final = "added"
REMOVED: Final = "removed"
MOVED: Final = "moved"
CHANGED: Final = "changed"
WHOLE: Final = ("name_en", "name_zh", "products", "is_retired")
OF_A_STAGE: Final = (
    "name_en", "name_zh", "outcome", "limit_days", "expected_days", "probability", "colour",
)  # fmt: skip


@dataclass(frozen=True)
class Change:
    """`stage` is the key of the stage that it is about, empty for the whole. `part` is a field, or one of stage, gate,
    reason and point (of the checklist), which are `added`, `removed` or `moved` as they stand in the documents."""

    stage: str
    part: str
    kind: str
    before: Any = None
    after: Any = None


def changes(before: Json, after: Json) -> list[Change]:
    """Everything that differs, in the order of the later document; nothing where both say the same."""
    return [*_whole(before, after), *_stages(before, after)]


def _whole(before: Json, after: Json) -> Iterator[Change]:
    yield from _fields("", WHOLE, before, after)
    yield from _rows("", "point", before.get("checklist"), after.get("checklist"), lambda one: one["name_en"])


def _stages(before: Json, after: Json) -> Iterator[Change]:
    old = {stage["key"]: stage for stage in before.get("stages", ())}
    new = {stage["key"]: stage for stage in after.get("stages", ())}
    kept = [key for key in old if key in new]
    moved = _out_of_order([key for key in new if key in old], kept)
    for key, stage in new.items():
        if key not in old:
            yield Change(key, "stage", ADDED, after=stage)
            continue
        if key in moved:
            yield Change(
                key, "stage", MOVED, kept.index(key) + 1, [k for k in new if k in old].index(key) + 1
            )
        yield from _fields(key, OF_A_STAGE, old[key], stage)
        yield from _rows(key, "gate", old[key].get("gates"), stage.get("gates"), None)
        yield from _rows(key, "reason", old[key].get("reasons"), stage.get("reasons"), lambda one: one["key"])
    for key, stage in old.items():
        if key not in new:
            yield Change(key, "stage", REMOVED, before=stage)


def _out_of_order(now: Sequence[str], then: Sequence[str]) -> set[str]:
    """The fewest keys whose moving makes one order of the other: those outside a longest common run."""
    place = {key: at for at, key in enumerate(then)}
    runs: list[list[str]] = [[]]
    for key in now:
        before = [run for run in runs if not run or place[run[-1]] < place[key]]
        runs.append([*_longest(before), key])
    return set(now) - set(_longest(runs))


def _longest(runs: Sequence[list[str]]) -> list[str]:
    return max(runs, key=lambda run: len(run))


def _fields(stage: str, names: Sequence[str], before: Json, after: Json) -> Iterator[Change]:
    for name in names:
        old, new = before.get(name) or None, after.get(name) or None
        if old != new:
            yield Change(stage, name, CHANGED, before.get(name), after.get(name))


def _rows(
    stage: str, part: str, before: Any, after: Any, identity: Callable[[Json], str] | None
) -> Iterator[Change]:
    """Rows that came, went, or (where they have an identity) say something else."""
    old, new = list(before or ()), list(after or ())
    known = {identity(row): row for row in old} if identity else {}
    left = [row for row in old if row not in new]
    for row in new:
        if row in old:
            continue
        was = known.get(identity(row)) if identity else None
        if was is not None and was in left:
            left.remove(was)
            yield Change(stage, part, CHANGED, was, row)
        else:
            yield Change(stage, part, ADDED, after=row)
    for row in left:
        yield Change(stage, part, REMOVED, before=row)
