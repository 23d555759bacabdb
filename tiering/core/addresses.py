"""Places in a criteria document by names: ``scorecards/company/dimensions/finances/indicators/leverage/bands/2/points``.

Entries of lists in which entries have a name (``diff.IDENTITY``) are named by it, others by their position. Of two
entries of one name the name means the first; any entry of such a list can also be named by its position: ``gates/@3``.
In names of members ``~1`` stands for a slash and ``~0`` for a tilde, as in JSON Pointer.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from tiering.core.diff import IDENTITY
from tiering.core.document import canonical
from tiering.core.refusals import Refusal

Json = Mapping[str, Any]


class Absent(Enum):
    """Nothing stands in a place: other than null, which is a value."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT


class PathNotFound(LookupError):
    """A document has no such place. ``path`` is the one that was asked for."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


@dataclass(frozen=True, slots=True)
class Placed:
    """Why a document is refused, and the address by names of the place; empty for the document as a whole."""

    refusal: Refusal
    address: str


def same(one: Any, other: Any) -> bool:
    """Whether two values are equal as in the content hash: order of keys and 75 against 75.0 make no difference."""
    if one is ABSENT or other is ABSENT:
        return one is other
    return _text(one) == _text(other)


def _text(value: Any) -> str:
    return json.dumps(canonical(value), sort_keys=True)


def steps_of(path: str) -> tuple[str, ...]:
    """The names of a path, from the outside in."""
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in path.split("/"))


def path_of(steps: Sequence[str]) -> str:
    """The path of these names."""
    return "/".join(step.replace("~", "~0").replace("/", "~1") for step in steps)


def value_at(document: Json, path: str) -> Any:
    """What stands in a place; ABSENT where nothing does."""
    node: Any = document
    listed = ""
    for step in steps_of(path):
        key = key_of(node, step, listed)
        if key is None:
            return ABSENT
        node, listed = node[key], step
    return node


def key_of(node: Any, step: str, listed: str) -> str | int | None:
    """The member or the position that a name stands for in a part of a document, None where it has no such.

    ``listed`` is the member of which the part is the value.
    """
    if isinstance(node, Mapping):
        return step if step in node else None
    if not isinstance(node, list):
        return None
    named = identity_of(node, listed)
    if named is None:
        return _position(step, len(node))
    if step.startswith("@"):
        return _position(step[1:], len(node))
    return next((place for place, entry in enumerate(node) if entry[named] == step), None)


def identity_of(entries: Sequence[Any], listed: str) -> str | None:
    """The member that names the entries of a list, None for a list in which only the position tells them apart."""
    named = IDENTITY.get(listed)
    if named is None or not all(isinstance(entry, Mapping) for entry in entries):
        return None
    return named if all(isinstance(entry.get(named), str) for entry in entries) else None


def step_to(entries: Sequence[Any], position: int, named: str | None) -> str:
    """What the entry at a position is called in a path: by name where that means this entry."""
    if named is None:
        return str(position)
    name: str = entries[position][named]
    return f"@{position}" if any(entry[named] == name for entry in entries[:position]) else name


def _position(text: str, length: int) -> int | None:
    return int(text) if _NUMBER.fullmatch(text) and int(text) < length else None


_NUMBER: Final = re.compile(r"0|[1-9]\d{0,5}")


def address_of(document: Json, json_path: str) -> str:
    """The path by names of what a JSON path means, such as that of a refusal; empty for the whole document.

    Of what the document does not have, the names are those of the JSON path.
    """
    node: Any = document
    rest, listed, steps = json_path.removeprefix("$"), "", []
    while rest:
        key, rest = _next(node, rest)
        inside = _has(node, key)
        if isinstance(key, int):
            named = identity_of(node, listed) if inside else None
            steps.append(step_to(node, key, named) if inside else str(key))
        else:
            steps.append(key)
        node, listed = node[key] if inside else None, steps[-1]
    return path_of(steps)


def placed(document: Json, refusals: Iterable[Refusal]) -> tuple[Placed, ...]:
    """The refusals of a document, each with its address."""
    return tuple(Placed(refusal, address_of(document, refusal.path)) for refusal in refusals)


def _next(node: Any, rest: str) -> tuple[str | int, str]:
    """The first step of what is left of a JSON path, and what is left then. A name is read as the longest that the
    node has, because the names of categories may have dots."""
    if found := _INDEX.match(rest):
        return int(found[1]), rest[found.end() :]
    if found := _QUOTED.match(rest):
        return re.sub(r"\\(.)", r"\1", found[1]), rest[found.end() :]
    rest = rest.removeprefix(".")
    known = [name for name in node if _begins(rest, name)] if isinstance(node, Mapping) else []
    name = max(known, key=len, default=None) or re.split(r"[.\[]", rest, maxsplit=1)[0] or rest
    return name, rest[len(name) :]


_INDEX: Final = re.compile(r"\[(\d+)\]")
_QUOTED: Final = re.compile(r"\['((?:[^'\\]|\\.)*)'\]")


def _begins(rest: str, name: str) -> bool:
    return bool(name) and rest.startswith(name) and rest[len(name) : len(name) + 1] in ("", ".", "[")


def _has(node: Any, key: str | int) -> bool:
    if isinstance(key, int):
        return isinstance(node, list) and key < len(node)
    return isinstance(node, Mapping) and key in node
