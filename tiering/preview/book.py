"""A book as columns: a snapshot, and what was computed of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tiering.core.columns import NO_TIER, Coded, Column, Columns, Counts, Ranks, Truth
from tiering.core.columns_memo import Memo
from tiering.preview.loading import age_name, value_name
from tiering.preview.snapshot import Snapshot

_ORIGIN: Final = np.datetime64(0, "D").item()


@dataclass(frozen=True)
class Book:
    """A snapshot, and what was computed of it in this process."""

    snapshot: Snapshot
    memo: Memo = field(default_factory=Memo)
    _mapped: dict[str, NDArray[Any]] = field(default_factory=dict, compare=False, repr=False)

    def column(self, name: str) -> NDArray[Any]:
        """A column, mapped once. Raises FileNotFoundError for one that is not there."""
        if name not in self._mapped:
            self._mapped[name] = self.snapshot.column(name)
        return self._mapped[name]

    def columns(self, scheme: int, tiers: tuple[int, ...]) -> Columns:
        """The facts, and the tiers in force of a scheme; ``tiers`` are their ids in the order of a version's ranks."""
        held = self.memo.of(("held", scheme, tiers), lambda: self._ranks(scheme, tiers))
        days = self.memo.of(("held days", scheme), lambda: self._days(scheme))
        return Columns(self.snapshot.count, _Values(self), _Ages(self), held, days)

    def provisional(self, scheme: int) -> Truth:
        """Whose assessment in force is provisional in a scheme."""
        return self.column(f"provisional-{scheme}").astype(np.bool_)

    def overridden(self, scheme: int) -> Truth:
        """Whose tier in force in a scheme an override holds."""
        return self.column(f"overridden-{scheme}").astype(np.bool_)

    def _ranks(self, scheme: int, tiers: tuple[int, ...]) -> Ranks:
        held, ids = np.full(self.snapshot.count, NO_TIER, np.int8), self.column(f"tier-{scheme}")
        for rank, tier in enumerate(tiers):
            if tier:
                held[ids == tier] = rank
        return held

    def _days(self, scheme: int) -> Counts:
        today = np.int32((self.snapshot.day - _ORIGIN).days)
        since = self.column(f"since-{scheme}")
        return np.where(since == 0, 0, today - since).astype(np.int32)


@dataclass(frozen=True)
class _Values(Mapping[str, Column]):
    """Metrics of a snapshot, mapped when they are asked for."""

    book: Book

    def __getitem__(self, metric: str) -> Column:
        try:
            column = self.book.column(value_name(metric))
        except FileNotFoundError:
            raise KeyError(metric) from None
        words = self.book.snapshot.vocabularies.get(metric)
        return Coded(column, words) if words else column

    def __iter__(self) -> Iterator[str]:
        return (path.stem.removeprefix("value.") for path in self.book.snapshot.folder.glob("value.*.npy"))

    def __len__(self) -> int:
        return sum(1 for _ in self)


@dataclass(frozen=True)
class _Ages(Mapping[str, Counts]):
    """Ages of metrics of a snapshot, mapped when they are asked for."""

    book: Book

    def __getitem__(self, metric: str) -> Counts:
        try:
            return self.book.column(age_name(metric))
        except FileNotFoundError:
            raise KeyError(metric) from None

    def __iter__(self) -> Iterator[str]:
        return (path.stem.removeprefix("age.") for path in self.book.snapshot.folder.glob("age.*.npy"))

    def __len__(self) -> int:
        return sum(1 for _ in self)
