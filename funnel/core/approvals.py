"""Whether the approvals that a gate asks for are there: seats of roles, taken one after another or side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Self

SEQUENTIAL: Final = "sequential"
PARALLEL: Final = "parallel"
MODES: Final = (SEQUENTIAL, PARALLEL)


class Said(NamedTuple):
    """What one person, of a role, says in the end."""

    role: str
    is_approved: bool


@dataclass(frozen=True)
class Panel:
    """Who has to approve: one person for each of the `seats` (roles), of which `needed` suffice.

    One after another (`sequential`) a seat is taken once all before it have approved; then every seat is needed.
    """

    mode: str
    needed: int
    seats: tuple[str, ...]

    @classmethod
    def read(cls, params: Mapping[str, Any]) -> Self:
        seats = tuple(params["roles"])
        mode = params.get("mode", PARALLEL)
        needed = len(seats) if mode == SEQUENTIAL else params.get("needed", len(seats))
        return cls(mode, needed, seats)

    def standing(self, said: Sequence[Said]) -> Standing:
        """How it stands after what was said, in the order in which it was."""
        free = list(self.seats)
        approved = rejected = 0
        for one in said:
            if one.role not in free:
                continue
            free.remove(one.role)
            approved, rejected = approved + one.is_approved, rejected + (not one.is_approved)
        is_met = approved >= self.needed
        is_barred = not is_met and approved + len(free) < self.needed
        asked = () if is_met or is_barred else tuple(free[:1] if self.mode == SEQUENTIAL else free)
        return Standing(approved, rejected, self.needed, asked, is_met, is_barred)


@dataclass(frozen=True)
class Standing:
    """`asked`: the roles that may say something now. `is_barred`: so many rejected it that it cannot be met any more,
    unless one of them says otherwise."""

    approved: int
    rejected: int
    needed: int
    asked: tuple[str, ...]
    is_met: bool
    is_barred: bool
