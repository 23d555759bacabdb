"""Edits of a criteria document: each names a place and what was seen there, so that two people can work on one draft
and every edit can be taken back. ``docs/adr/0006-drafts-are-edited-in-place.md`` says what is promised.

- ``set`` puts ``value`` in a place where ``was`` stands. Without ``was`` nothing stood there, without ``value`` nothing
  will; ``before`` is then filled in with the entry that came next, so that it can come back there.
- ``insert`` puts an entry into a list of named entries, in front of the entry named ``before`` (None: at the end).
- ``move`` puts a named entry in front of the one named ``before``; ``was`` is the name of the one it stood in front of.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from tiering.core.addresses import (
    ABSENT,
    Absent,
    Json,
    PathNotFound,
    address_of,
    identity_of,
    key_of,
    path_of,
    same,
    step_to,
    steps_of,
    value_at,
)
from tiering.core.diff import IDENTITY
from tiering.core.edits import Edit, edit_of, parse_edits

__all__ = [
    "ABSENT", "Absent", "Applied", "Edit", "EditConflict", "PathNotFound", "address_of", "applied", "apply_edits",
    "edit_of", "edits_between", "inverse", "parse_edits", "same", "touches", "value_at",
]  # fmt: skip

_Done = tuple[dict[str, Any], Edit | None]
_Put = Callable[[Any, str, str], Any]
"""What becomes of a part of a document, given the name of a place in it and the member of which it is the value."""


class EditConflict(ValueError):
    """Something else stands in a place than the edit saw there: ``now`` instead of ``was``; it would have written
    ``value``."""

    def __init__(self, path: str, was: Any, now: Any, value: Any) -> None:
        super().__init__(path)
        self.path, self.was, self.now, self.value = path, was, now, value


@dataclass(frozen=True, slots=True)
class Applied:
    """A document after edits, and the edits that changed it, complete enough for ``inverse``. Those that asked for what
    stood there already are left out, so that sending edits again does no harm."""

    document: dict[str, Any]
    edits: tuple[Edit, ...]


def applied(document: Json, edits: Iterable[Edit]) -> dict[str, Any]:
    """The document after the edits, all or none of them. Raises EditConflict or PathNotFound."""
    return apply_edits(document, edits).document


def apply_edits(document: Json, edits: Iterable[Edit]) -> Applied:
    """What the edits make of a document, which itself stays as it is. Raises EditConflict or PathNotFound."""
    changed, done = dict(document), []
    for edit in edits:
        try:
            changed, complete = _ACTS[edit.op](changed, edit)
        except PathNotFound:
            raise PathNotFound(edit.path) from None
        done += [complete] if complete else []
    return Applied(changed, tuple(done))


def inverse(edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """The edits that take back what was applied, of complete ones."""
    return tuple(_inverse(edit) for edit in reversed(edits))


def edits_between(old: Json, new: Json) -> tuple[Edit, ...]:
    """The edits that make one document of another, member by member of the outermost object."""
    members = dict.fromkeys([*old, *new])
    pairs = ((path_of([m]), old.get(m, ABSENT), new.get(m, ABSENT)) for m in members)
    return tuple(Edit("set", path, was, value) for path, was, value in pairs if not same(was, value))


def touches(edit: Edit, path: str) -> bool:
    """Whether an edit changed what stands in a place, or around it, or within it."""
    own, other = steps_of(edit.path), steps_of(path)
    shorter = min(len(own), len(other))
    return own[:shorter] == other[:shorter]


def _set(document: Json, edit: Edit) -> _Done:
    before: str | Absent | None = ABSENT

    def put(node: Any, step: str, listed: str) -> Any:
        nonlocal before
        if edit.value is not ABSENT:
            return _with(node, step, listed, edit.value)
        changed, before = _without(node, step, listed)
        return changed

    around = _around(document, edit.path)
    now = value_at(document, edit.path)
    if same(now, edit.value):
        return dict(document), None
    if not same(now, edit.was):
        raise EditConflict(edit.path, edit.was, now, edit.value)
    _refuse_taken_name(document, edit)
    changed = _changed(document, around, put)
    return changed, replace(edit, was=now, before=before)


def _insert(document: Json, edit: Edit) -> _Done:
    now = value_at(document, edit.path)
    by_position = steps_of(edit.path)[-1].startswith("@")
    if not by_position and now is not ABSENT:
        if same(now, edit.value):
            return dict(document), None
        raise EditConflict(edit.path, ABSENT, now, edit.value)

    def put(node: Any, step: str, listed: str) -> Any:
        if not isinstance(node, list) or identity_of(node, listed) is None:
            raise PathNotFound(step)
        position = _position(step, node) if by_position else _place_before(node, listed, edit)
        return [*node[:position], edit.value, *node[position:]]

    return _changed(document, _around(document, edit.path), put), edit


def _move(document: Json, edit: Edit) -> _Done:
    after: str | None = None

    def put(node: Any, step: str, listed: str) -> Any:
        nonlocal after
        position = key_of(node, step, listed)
        named = identity_of(node, listed) if isinstance(node, list) else None
        if named is None or not isinstance(position, int):
            raise PathNotFound(step)
        after = step_to(node, position + 1, named) if position + 1 < len(node) else None
        if edit.before in (after, step):
            return node
        if edit.was is not ABSENT and edit.was != after:
            raise EditConflict(edit.path, edit.was, after, edit.before)
        others = [*node[:position], *node[position + 1 :]]
        place = _place_before(others, listed, edit)
        return [*others[:place], node[position], *others[place:]]

    changed = _changed(document, _around(document, edit.path), put)
    moved = edit.before not in (after, steps_of(edit.path)[-1])
    return changed, replace(edit, was=after) if moved else None


_ACTS: Final[dict[str, Callable[[Json, Edit], _Done]]] = {
    "set": _set,
    "insert": _insert,
    "move": _move,
}


def _around(document: Json, path: str) -> tuple[str, ...]:
    """The names of a path. Raises PathNotFound unless the document has what the last one is looked for in."""
    steps = steps_of(path)
    if steps[:-1] and not isinstance(value_at(document, path_of(steps[:-1])), dict | list):
        raise PathNotFound(path)
    return steps


def _changed(node: Any, steps: Sequence[str], put: _Put, listed: str = "") -> Any:
    """A copy of a part of a document, with what ``put`` makes of the innermost part on the way."""
    if len(steps) == 1:
        return put(node, steps[0], listed)
    key = key_of(node, steps[0], listed)
    if key is None:
        raise PathNotFound(steps[0])
    inner = _changed(node[key], steps[1:], put, steps[0])
    if isinstance(key, int):
        return [*node[:key], inner, *node[key + 1 :]]
    return {**node, key: inner}


def _with(node: Any, step: str, listed: str, value: Any) -> Any:
    """A copy with the value in a place: instead of what stands there, as a new member, or at the end of a list."""
    if isinstance(node, dict):
        return {**node, step: value}
    key = key_of(node, step, listed)
    if isinstance(key, int):
        return [*node[:key], value, *node[key + 1 :]]
    if step == str(len(node)) and identity_of(node, listed) is None:
        return [*node, value]
    raise PathNotFound(step)


def _without(node: Any, step: str, listed: str) -> tuple[Any, str | Absent | None]:
    """A copy without what stands in a place, and in a list of named entries the name of what came next."""
    key = key_of(node, step, listed)
    if not isinstance(key, int):
        return {member: value for member, value in node.items() if member != step}, ABSENT
    named, left = identity_of(node, listed), [*node[:key], *node[key + 1 :]]
    if named is None and key < len(left):
        raise PathNotFound(step)
    if named is None:
        return left, ABSENT
    return left, step_to(left, key, named) if key < len(left) else None


def _place_before(entries: Sequence[Any], listed: str, edit: Edit) -> int:
    if edit.before is None or isinstance(edit.before, Absent):
        return len(entries)
    position = key_of(entries, edit.before, listed)
    if not isinstance(position, int):
        beside = path_of([*steps_of(edit.path)[:-1], edit.before])
        raise EditConflict(beside, edit.before, ABSENT, edit.value)
    return position


def _position(step: str, entries: Sequence[Any]) -> int:
    """The position that a step such as ``@2`` names, one past the end included."""
    if not step[1:].isdecimal() or int(step[1:]) > len(entries):
        raise PathNotFound(step)
    return int(step[1:])


def _refuse_taken_name(document: Json, edit: Edit) -> None:
    """Raises EditConflict where an entry would take the name of another one in its list."""
    renamed = _renamed(edit)
    taken = value_at(document, renamed)
    if renamed != _entry_path(edit.path) and taken is not ABSENT:
        raise EditConflict(renamed, ABSENT, taken, edit.value)


def _renamed(edit: Edit) -> str:
    """The path of the named entry that an edit is about once it is done; the path of the edit where it is about none."""
    entry = _entry_path(edit.path)
    *outer, listed, step = steps_of(entry) if entry else ("", "")
    name = None
    if listed in IDENTITY and not step.startswith("@"):
        if entry == edit.path:
            name = edit.value.get(IDENTITY[listed]) if isinstance(edit.value, dict) else None
        elif steps_of(edit.path)[-1] == IDENTITY[listed]:
            name = edit.value
    return path_of([*outer, listed, name]) if isinstance(name, str) else entry


def _entry_path(path: str) -> str:
    """The part of a path that names an entry, where the path ends there or at a member of it; otherwise empty."""
    steps = steps_of(path)
    place = 0
    while place < len(steps):
        ends = place + 2 if steps[place] in IDENTITY else place + 1
        if ends == place + 2 and ends in (len(steps), len(steps) - 1):
            return path_of(steps[:ends])
        place = ends
    return ""


def _inverse(edit: Edit) -> Edit:
    match edit.op:
        case "set" if edit.value is ABSENT and edit.before is not ABSENT:
            return Edit("insert", edit.path, value=edit.was, before=edit.before)
        case "set":
            entry = _entry_path(edit.path)
            path = _renamed(edit) + edit.path[len(entry) :] if entry else edit.path
            return Edit("set", path, was=edit.value, value=edit.was)
        case "insert":
            return Edit("set", edit.path, was=edit.value, before=edit.before)
        case "move":
            was = None if edit.before is ABSENT else edit.before
            return Edit("move", edit.path, was=was, before=edit.was)
