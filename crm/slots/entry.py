"""What every slot holds: entries with a key, a label, a permission and a place in the order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from crm.access import SIGNED_IN, allows

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

    from crm.models import User


@dataclass(frozen=True, kw_only=True)
class Entry:
    """`key` is unique in its slot and stable: it appears in URLs and in the page."""

    key: str
    label: _StrOrPromise
    order: int
    permission: str = SIGNED_IN


E = TypeVar("E", bound=Entry)


@dataclass
class Slot(Generic[E]):
    """The entries of one place, in order: those that apps register, and those that sources make of records."""

    entries: dict[str, E] = field(default_factory=dict)
    sources: list[Callable[[User], Sequence[E]]] = field(default_factory=list)

    def add(self, *entries: E) -> None:
        """Register entries. Raises ValueError for a key that is taken."""
        for entry in entries:
            if entry.key in self.entries:
                raise ValueError(f"The slot already has an entry named {entry.key!r}")
            self.entries[entry.key] = entry
        self.entries = {entry.key: entry for entry in _in_order(self.entries.values())}

    def add_source(self, source: Callable[[User], Sequence[E]]) -> None:
        """Register what makes entries of records each time they are asked for, in one query for a page."""
        self.sources.append(source)

    def for_user(self, user: User) -> list[E]:
        made = list(self._made(user))
        every = _in_order([*self.entries.values(), *made]) if made else self.entries.values()
        return [entry for entry in every if allows(entry.permission, user)]

    def get(self, key: str, user: User) -> E | None:
        made = (entry for entry in self._made(user) if entry.key == key)
        entry = self.entries.get(key) or next(made, None)
        return entry if entry and allows(entry.permission, user) else None

    def _made(self, user: User) -> Iterator[E]:
        for source in self.sources:
            yield from source(user)

    def __iter__(self) -> Iterator[E]:
        return iter(self.entries.values())


def _in_order(entries: Iterable[E]) -> list[E]:
    return sorted(entries, key=lambda entry: entry.order)
