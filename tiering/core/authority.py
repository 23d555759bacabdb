"""Who may decide which change of tier, who works on it and by when, and how far overrides may go.

An ``authority`` policy is a document whose rows are tried in order; the first that describes a change says what its
decision asks for. ``authority_document.py`` reads and checks the document.

Units: exposure in units of the house's currency, grades from 1 (least) to 3, shares in basis points, ranks from 0, the
best tier.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final, Literal

from tiering.core.placement import Label

Direction = Literal["up", "down"]
Severity = Literal["high", "medium", "low"]
Assigning = Literal["round_robin", "sector", "team"]
TierName = str | int
"""The key of a tier, or its rank."""

LOWEST_GRADE: Final = 1
HIGHEST_GRADE: Final = 3
SEVERITIES: Final[tuple[Severity, ...]] = ("high", "medium", "low")


@dataclass(frozen=True, slots=True)
class Change:
    """A change of tier as the authority looks at it."""

    scheme: str
    from_rank: int
    to_rank: int
    from_key: str
    to_key: str
    exposure: float

    @property
    def notches(self) -> int:
        """By how many tiers it moves, either way."""
        return abs(self.to_rank - self.from_rank)

    @property
    def direction(self) -> Direction:
        """Up is towards rank 0."""
        return "up" if self.to_rank < self.from_rank else "down"

    @property
    def severity(self) -> Severity:
        """How soon it has to be looked at."""
        return severity_of(self.from_rank - self.to_rank)


def severity_of(notches: int) -> Severity:
    """``high`` for a fall by two tiers or more, ``low`` for a rise by one, ``medium`` for every other change.
    ``notches`` are positive for a rise."""
    if notches <= -2:
        return "high"
    return "low" if notches == 1 else "medium"


@dataclass(frozen=True, slots=True)
class Demand:
    """What a decision asks for: ``needs`` approvals among ``of`` officers, each of a ``grade`` at least. One of one is a
    single officer's decision. ``row`` is the number of the row that says so, from 0; None where no authority is in
    effect."""

    grade: int = LOWEST_GRADE
    of: int = 1
    needs: int = 1
    row: int | None = None

    @property
    def is_committee(self) -> bool:
        """Whether more than one officer votes."""
        return self.of > 1

    def at_least(self, other: Demand) -> Demand:
        """What asks for no less than either of two demands; the row stays this one's."""
        grade, of, needs = max(self.grade, other.grade), max(self.of, other.of), max(self.needs, other.needs)
        return replace(self, grade=grade, of=of, needs=needs)

    def outcome(self, approvals: int, rejections: int) -> Literal["approved", "rejected"] | None:
        """What so many votes come to; None while it is open. Rejected is what can no longer be approved."""
        if approvals >= self.needs:
            return "approved"
        return "rejected" if rejections > self.of - self.needs else None


ANY_OFFICER: Final = Demand()
"""What a decision asks for where nothing else is agreed: one officer of any grade."""


@dataclass(frozen=True, slots=True)
class Row:
    """Which changes a row describes (what it leaves open, any) and what it asks for.

    ``least_notches`` and ``most_notches`` are both included; of exposure ``[from, below)``.
    """

    demand: Demand
    label: Label | None = None
    direction: Direction | None = None
    least_notches: int = 1
    most_notches: int | None = None
    exposure_from: float | None = None
    exposure_below: float | None = None
    scheme: str | None = None
    from_tiers: tuple[TierName, ...] = ()
    to_tiers: tuple[TierName, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it describes every change."""
        return self == Row(self.demand, self.label)

    def describes(self, change: Change) -> bool:
        """Whether a change is one of those that the row is about."""
        return (
            self.direction in (None, change.direction)
            and self.scheme in (None, change.scheme)
            and self.least_notches <= change.notches
            and (self.most_notches is None or change.notches <= self.most_notches)
            and (self.exposure_from is None or change.exposure >= self.exposure_from)
            and (self.exposure_below is None or change.exposure < self.exposure_below)
            and _is_among(self.from_tiers, change.from_key, change.from_rank)
            and _is_among(self.to_tiers, change.to_key, change.to_rank)
        )


def _is_among(tiers: tuple[TierName, ...], key: str, rank: int) -> bool:
    return not tiers or key in tiers or rank in tiers


@dataclass(frozen=True, slots=True)
class Assignment:
    """How officers get their work: in turn, or those named for the sector or the team of the client (by code, user
    names) in turn, and anybody where none of them can."""

    by: Assigning = "round_robin"
    officers: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Escalation:
    """What becomes of a change that is so many working hours over its time: it goes to an officer of a grade."""

    after_hours: int
    grade: int


@dataclass(frozen=True, slots=True)
class Work:
    """Who works on changes, and within how many working hours of their beginning to wait."""

    assignment: Assignment = field(default_factory=Assignment)
    hours: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    escalation: Escalation | None = None


@dataclass(frozen=True, slots=True)
class OverrideLimits:
    """How far overrides may go.

    ``up_share`` and ``down_share``: how many of a scheme's clients may be overridden in that direction at once, in basis
    points; ``up_officer_share`` and ``down_officer_share``: of them by one officer. ``longest_days``: from its beginning
    to its end. ``notches``: by how many tiers. ``warn_share``: from which part of a segment or of a gate's clients on
    upward overrides are warned of, in basis points. None: no limit, and no warning.
    """

    up_share: int | None = None
    down_share: int | None = None
    longest_days: int | None = None
    notches: int | None = None
    up_officer_share: int | None = None
    down_officer_share: int | None = None
    warn_share: int | None = None


@dataclass(frozen=True, slots=True)
class Authority:
    """Who decides, who works, and how far overrides may go. ``work`` is None where work is not shared out."""

    rows: tuple[Row, ...]
    work: Work | None = None
    overrides: OverrideLimits = field(default_factory=OverrideLimits)

    def demand(self, change: Change) -> Demand:
        """What the decision on a change asks for: the first row that describes it."""
        return next((row.demand for row in self.rows if row.describes(change)), ANY_OFFICER)
