"""Kinds of things that apps tell crm about: registered by key in each app's `ready()`, looked up when they are read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar


class Keyed(Protocol):
    @property
    def key(self) -> str: ...


K = TypeVar("K", bound=Keyed)


@dataclass
class Kinds(Generic[K]):
    """Kinds by key, in the order in which they were registered."""

    by_key: dict[str, K] = field(default_factory=dict)

    def add(self, *kinds: K) -> None:
        """Register kinds. Raises ValueError for a key that is taken."""
        for kind in kinds:
            if kind.key in self.by_key:
                raise ValueError(f"There already is a kind named {kind.key!r}")
            self.by_key[kind.key] = kind

    def get(self, key: str) -> K | None:
        """The kind, or None where no app has it (any more): rows outlive the code that wrote them."""
        return self.by_key.get(key)

    def __getitem__(self, key: str) -> K:
        return self.by_key[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self.by_key.values())
