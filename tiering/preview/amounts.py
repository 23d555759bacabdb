"""What a method does to a book, as values: who moves from which tier to which, how much with them, and what follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

RankMove = tuple[int | None, int]
"""The rank before and the rank after; None before: no tier was in force."""

Way = Literal["up", "down", "first", "same"]
WAYS: Final[tuple[Way, ...]] = ("up", "down", "first", "same")
Grouping = Literal["segment", "sector", "rm", "team", "region"]
GROUPINGS: Final[tuple[Grouping, ...]] = ("segment", "sector", "rm", "team", "region")
"""By what a book is told apart: the scorecard of a subject, and the industry, relationship manager, team and region of
its client."""

MOST_MOVERS: Final = 8


@dataclass(frozen=True, slots=True)
class Amount:
    """How many subjects, what they owe, and what they brought in within twelve months; in the book's currency."""

    subjects: int = 0
    exposure: float = 0.0
    revenue: float = 0.0

    def __add__(self, other: Amount) -> Amount:
        return Amount(
            self.subjects + other.subjects, self.exposure + other.exposure, self.revenue + other.revenue
        )


@dataclass(frozen=True, slots=True)
class Limits:
    """The open facilities of subjects who move: of how many subjects, how many, and the sum of their limits."""

    subjects: int = 0
    facilities: int = 0
    amount: float = 0.0


@dataclass(frozen=True, slots=True)
class Missing:
    """A metric that an indicator needs: for how many subjects it is not known, and how many of these the criteria in
    effect did not have to know it of."""

    metric: str
    subjects: int
    newly: int


@dataclass(frozen=True, slots=True)
class Mover:
    """A subject that moves, and the facts that it moves by; ``held`` is the rank of its tier in force.

    ``says`` is what it was found to be; ``after`` is that too, unless an override holds the tier. Without ``facts``
    where what it was assessed by is not stored.
    """

    client: int
    project: int | None
    facts: int | None
    within: int | None
    before: int | None
    after: int
    says: int
    held: int | None
    held_days: int
    score: int
    exposure: float
    revenue: float


@dataclass(frozen=True, slots=True)
class Impact:
    """What comes of a method for the subjects whom a reader may see.

    ``groups``: by grouping and by the id of the group (of segments the key of the scorecard, None: no such) how much
    goes which way. ``reviews``: moves from the tier in force that a person would have to decide. ``provisional``:
    subjects whose tier becomes provisional. ``held``: subjects who would move but for an override, which are not among
    the ``moves``. ``missing`` is empty where the facts are not stored.
    """

    moves: Mapping[RankMove, Amount]
    groups: Mapping[Grouping, Mapping[int | str | None, Mapping[Way, Amount]]]
    movers: tuple[Mover, ...]
    reviews: Amount
    limits: Limits
    provisional: Amount
    held: Amount
    missing: tuple[Missing, ...] = field(default=())

    @property
    def whole(self) -> Amount:
        """Everybody."""
        return total(self.moves.values())

    def way(self, way: Way) -> Amount:
        """All who go one way."""
        return total(amount for move, amount in self.moves.items() if way_of(*move) == way)


def way_of(before: int | None, after: int) -> Way:
    """Which way a move goes; rank 0 is the best."""
    if before is None:
        return "first"
    return "same" if before == after else "up" if after < before else "down"


def total(amounts: Iterable[Amount]) -> Amount:
    """The sum of some amounts."""
    return sum(amounts, Amount())
