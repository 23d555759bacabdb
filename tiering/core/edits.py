"""Edits of a criteria document as values, and the JSON in which they are sent and stored. ``editing`` applies them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, cast

from tiering.core.addresses import ABSENT, Absent, steps_of
from tiering.core.check_tree import tree_refusals
from tiering.core.diff import IDENTITY
from tiering.core.refusals import CriteriaError, Refusal
from tiering.core.texts import N_

Operation = Literal["set", "insert", "move"]

MAX_EDITS: Final = 500
MAX_PATH: Final = 400


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a document; the module says what its parts mean."""

    op: Operation
    path: str
    was: Any = ABSENT
    value: Any = ABSENT
    before: str | Absent | None = ABSENT

    def as_json(self) -> dict[str, Any]:
        """The edit as it is stored and sent."""
        parts = {"was": self.was, "value": self.value, "before": self.before}
        return {"op": self.op, "path": self.path, **{k: v for k, v in parts.items() if v is not ABSENT}}


def parse_edits(data: Any) -> tuple[Edit, ...]:
    """The edits that JSON describes. Raises CriteriaError with the first fault of each, at its place in the JSON."""
    unusable = tree_refusals(data)
    if unusable:
        raise CriteriaError(unusable)
    if not isinstance(data, list) or not 1 <= len(data) <= MAX_EDITS:
        raise CriteriaError([_refusal("$", _NO_LIST, _SEND_A_LIST)])
    faults = [refusal for place, item in enumerate(data) if (refusal := _fault(item, f"$[{place}]"))]
    if faults:
        raise CriteriaError(faults)
    return tuple(map(edit_of, data))


def edit_of(data: Mapping[str, Any]) -> Edit:
    """The edit whose ``as_json`` this is."""
    parts = {name: data.get(name, ABSENT) for name in ("was", "value", "before")}
    return Edit(cast(Operation, data["op"]), data["path"], **parts)


_MEMBERS: Final[Mapping[str, frozenset[str]]] = {
    "set": frozenset({"op", "path", "was", "value"}),
    "insert": frozenset({"op", "path", "value", "before"}),
    "move": frozenset({"op", "path", "was", "before"}),
}
_NEEDED: Final[Mapping[str, frozenset[str]]] = {
    "set": frozenset({"op", "path"}),
    "insert": _MEMBERS["insert"],
    "move": frozenset({"op", "path", "before"}),
}
_NO_LIST: Final = N_("This is not a list of 1 to %(limit)s edits.")
_SEND_A_LIST: Final = N_("Send a list of edits, fewer at once.")
_NO_EDIT: Final = N_("This is not an edit.")
_WRITE_AN_EDIT: Final = N_(
    "Write set with a path, was and value; insert with a path, value and before; or move with a path and before."
)
_NO_PATH: Final = N_("This is not the path of a place in criteria.")
_WRITE_A_PATH: Final = N_("Write names with a slash between them, such as gates/overdue/tier.")
_NO_NAME: Final = N_("“before” is neither the name of an entry nor null.")
_WRITE_A_NAME: Final = N_("Name the entry that comes next, or write null for the end.")
_OTHER_NAME: Final = N_("The path ends with another name than the entry has.")
_SAME_NAME: Final = N_("Let the path end with the key of the entry, or the metric of an indicator.")


def _fault(data: Any, path: str) -> Refusal | None:
    """The first thing that keeps JSON from being an edit."""
    op = data.get("op") if isinstance(data, Mapping) else None
    if not isinstance(op, str) or op not in _MEMBERS or not _NEEDED[op] <= data.keys() <= _MEMBERS[op]:
        return _refusal(path, _NO_EDIT, _WRITE_AN_EDIT)
    place = data["path"]
    if not isinstance(place, str) or not 1 <= len(place) <= MAX_PATH or "" in place.split("/"):
        return _refusal(f"{path}.path", _NO_PATH, _WRITE_A_PATH)
    names = [data.get("before"), data.get("was") if op == "move" else None]
    if any(name is not None and (not isinstance(name, str) or not name) for name in names):
        return _refusal(f"{path}.before", _NO_NAME, _WRITE_A_NAME)
    if op == "insert" and not _is_called(data["value"], place):
        return _refusal(f"{path}.path", _OTHER_NAME, _SAME_NAME)
    return None


def _is_called(entry: Any, path: str) -> bool:
    *_, listed, name = ("", *steps_of(path))
    return isinstance(entry, Mapping) and listed in IDENTITY and entry.get(IDENTITY[listed]) == name


def _refusal(path: str, message: str, fix: str) -> Refusal:
    return Refusal("edit_unreadable", path, message, fix, {"limit": MAX_EDITS})
