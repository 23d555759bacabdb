"""How the criteria in effect read metrics of a client; an app above knows, and says so in `crm.slots`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """A half-open range `[lo, hi)` of a metric, in words, with the points of 100 that it earns."""

    lo: float
    hi: float
    text: str
    points: int


@dataclass(frozen=True)
class Reading:
    """How criteria read a metric of a client: in which scheme, and by which steps of a number."""

    metric: str
    scheme: str
    steps: tuple[Step, ...] = ()

    def step_of(self, value: float) -> Step | None:
        """The step in which a value lies."""
        return next((step for step in self.steps if step.lo <= value < step.hi), None)

    @property
    def best(self) -> Step | None:
        """The step that earns most."""
        return max(self.steps, key=lambda step: step.points, default=None)
