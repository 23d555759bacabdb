"""How much of a scheme's book is overridden, and how much may be."""

from __future__ import annotations

from dataclasses import dataclass

from tiering.core.authority import OverrideLimits
from tiering.core.document import WHOLE
from tiering.models import Assignment, Override, TierScheme


@dataclass(frozen=True)
class Usage:
    """How many of a `book` of subjects are overridden in a direction, and how many may be: `share` of them in basis
    points (None: any number). The share of a small book that is not nothing comes to one at least."""

    direction: str
    count: int
    book: int
    share: int | None

    @property
    def most(self) -> int | None:
        if self.share is None:
            return None
        return max(self.book * self.share // WHOLE, 1 if self.share else 0)

    @property
    def is_full(self) -> bool:
        return self.most is not None and self.count >= self.most


def book_of(scheme: TierScheme) -> int:
    """How many subjects hold a tier in a scheme."""
    return Assignment.objects.filter(scheme=scheme, valid_to=None).count()


def usage_of(
    scheme: TierScheme, direction: str, limits: OverrideLimits, book: int, without: int | None = None
) -> Usage:
    """What is in force in a direction; `without` is one that is about to be replaced."""
    return Usage(direction, _in_force(scheme, direction, without).count(), book, share_of(limits, direction))


def usage_by_officer(
    scheme: TierScheme,
    direction: str,
    officer: int,
    limits: OverrideLimits,
    book: int,
    without: int | None = None,
) -> Usage:
    """What one officer approved of it."""
    approved = _in_force(scheme, direction, without).filter(decided_by=officer)
    share = limits.up_officer_share if direction == "up" else limits.down_officer_share
    return Usage(direction, approved.count(), book, share)


def share_of(limits: OverrideLimits, direction: str) -> int | None:
    return limits.up_share if direction == "up" else limits.down_share


def _in_force(scheme: TierScheme, direction: str, without: int | None):
    held = Override.objects.filter(scheme=scheme, direction=direction, status=Override.Status.IN_FORCE)
    return held if without is None else held.exclude(pk=without)
