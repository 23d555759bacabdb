"""What one criteria document does differently from another: data for a page, and each difference as a sentence.

Entries are matched by what they are called, not by where they stand: scorecards, dimensions, gates, tiers and overlays
by key, indicators by metric. Bands, conditions, cut-offs and the like are compared as a whole.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from tiering.core.catalogue import POLICY_METRICS
from tiering.core.diff_words import Gettext, Name, place_text, sentence
from tiering.core.metric import Catalogue
from tiering.core.refusals import untranslated

Json = Mapping[str, Any]
Kind = Literal["added", "removed", "changed", "moved"]

IDENTITY: Final[Mapping[str, str]] = {
    "tiers": "key",
    "scorecards": "key",
    "dimensions": "key",
    "indicators": "metric",
    "gates": "key",
    "overlays": "key",
    "axes": "key",
    "levels": "key",
}
"""The lists whose entries have a name, and what it is called."""

GROUPS: Final = frozenset(
    {"policy", "migration", "up", "down", "roll_up", "weight_limits", "missing", "categories", "cutoffs"}
)
"""Objects whose members are compared one by one."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference.

    ``path`` is the JSON path in the new document, of what was removed in the old one. ``place`` says the same in
    names, from the outside in. ``member`` is the member of the innermost place that differs, None where the place
    itself was added, removed or moved. ``old`` and ``new`` are the JSON of both sides, None where there is none; of
    what moved, the entry before it, None where it comes first.
    """

    kind: Kind
    path: str
    place: tuple[Name, ...]
    member: str | None
    old: Any
    new: Any

    def where(
        self,
        gettext: Gettext = untranslated,
        language: str = "en",
        catalogue: Catalogue = POLICY_METRICS,
    ) -> str:
        """The place in the reader's language: Scorecard “Companies” › Financial strength › Leverage."""
        return place_text(self.place, gettext, language, catalogue)

    def text(
        self,
        gettext: Gettext = untranslated,
        language: str = "en",
        catalogue: Catalogue = POLICY_METRICS,
    ) -> str:
        """The difference as a sentence. ``language`` (en or zh) chooses among the labels of the documents."""
        place = self.where(gettext, language, catalogue)
        return sentence(self.kind, place, self.place, self.member, self.old, self.new, gettext, catalogue)


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where the comparison has got to: the path on each side, and the names."""

    old: str = "$"
    new: str = "$"
    place: tuple[Name, ...] = ()

    def inner(self, old: str, new: str, name: Name) -> "_Spot":
        return _Spot(self.old + old, self.new + new, (*self.place, name))

    def differs(self, member: str, old: Any, new: Any, kind: Kind) -> Difference:
        path = self.old if kind == "removed" else self.new
        return Difference(kind, f"{path}.{member}", self.place, member, old, new)


def differences(old: Json, new: Json) -> tuple[Difference, ...]:
    """Every difference between two documents that have the shape of one, in the order of the new document.

    Empty exactly when both have the same content hash.
    """
    return tuple(_members(old, new, _Spot()))


def _members(old: Json, new: Json, spot: _Spot) -> Iterator[Difference]:
    for member in [*new, *(member for member in old if member not in new)]:
        if member not in old:
            yield from _one_sided(member, new[member], spot, "added")
        elif member not in new:
            yield from _one_sided(member, old[member], spot, "removed")
        elif old[member] != new[member]:
            yield from _changed(member, old[member], new[member], spot)


def _one_sided(member: str, value: Any, spot: _Spot, kind: Kind) -> Iterator[Difference]:
    """A member that only one side has: part by part where it has parts."""
    empty: Any = [] if isinstance(value, list) else {}
    old, new = (empty, value) if kind == "added" else (value, empty)
    if value and _is_divided(member, old, new):
        yield from _changed(member, old, new, spot)
    elif kind == "added":
        yield spot.differs(member, None, value, kind)
    else:
        yield spot.differs(member, value, None, kind)


def _changed(member: str, old: Any, new: Any, spot: _Spot) -> Iterator[Difference]:
    if not _is_divided(member, old, new):
        yield spot.differs(member, old, new, "changed")
    elif isinstance(new, Mapping):
        yield from _members(old, new, spot.inner(f".{member}", f".{member}", Name(member)))
    else:
        yield from _entries(member, old, new, spot)


def _is_divided(member: str, old: Any, new: Any) -> bool:
    """Whether the two values are compared part by part."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        same_method = member != "cutoffs" or old.get("by") == new.get("by")
        return member in GROUPS and same_method
    named = IDENTITY.get(member)
    return named is not None and _has_names(old, named) and _has_names(new, named)


def _has_names(entries: Any, named: str) -> bool:
    """False for a list of plain keys, and where a name is used twice, so that names do not tell entries apart."""
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        return False
    return len({entry[named] for entry in entries}) == len(entries)


def _entries(member: str, old: Sequence[Json], new: Sequence[Json], spot: _Spot) -> Iterator[Difference]:
    named = IDENTITY[member]
    before = {entry[named]: position for position, entry in enumerate(old)}
    after = {entry[named]: position for position, entry in enumerate(new)}
    stayed = _longest_rising([before[key] for key in after if key in before])
    for key, position in after.items():
        entry, former = new[position], before.get(key)
        name = Name(member, key, entry.get("label"))
        inner = spot.inner(f".{member}[{former}]", f".{member}[{position}]", name)
        if former is None:
            yield Difference("added", inner.new, inner.place, None, None, entry)
            continue
        if former not in stayed:
            ahead = old[former - 1][named] if former else None
            yield Difference(
                "moved", inner.new, inner.place, None, ahead, new[position - 1][named] if position else None
            )
        yield from _members(old[former], entry, inner)
    for key, position in before.items():
        if key not in after:
            name = Name(member, key, old[position].get("label"))
            inner = spot.inner(f".{member}[{position}]", "", name)
            yield Difference("removed", inner.old, inner.place, None, old[position], None)


def _longest_rising(numbers: Sequence[int]) -> frozenset[int]:
    """The largest set of the numbers that stand in rising order: the entries that need not have moved."""
    runs: list[tuple[int, ...]] = [()]
    for number in numbers:
        ahead = max((run for run in runs if not run or run[-1] < number), key=len)
        runs.append((*ahead, number))
    longest = max(runs, key=len)
    return frozenset(longest)
