"""What decides a tier beside the criteria and the facts: what a run froze, the tier in force, the ages of the facts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Self

Thresholds = Mapping[str, tuple[float | None, ...]]
"""By the key of a rank placement (see ``Document.placement_key``), the least value that each step but the last takes;
None where nobody reaches the step."""

Ages = Mapping[str, int]
"""How many days old the value of a metric is, by metric key; a key that is absent is of unknown age."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a run froze before its first subject: the keys of the overlays that are switched on, and the thresholds
    that the ranks of the whole population led to."""

    overlays: frozenset[str] = frozenset()
    thresholds: Thresholds = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Self:
        """The terms that ``as_json`` wrote; of nothing, no terms."""
        thresholds = {key: tuple(values) for key, values in data.get("thresholds", {}).items()}
        return cls(frozenset(data.get("overlays", ())), MappingProxyType(thresholds))

    def as_json(self) -> dict[str, Any]:
        """The terms as JSON; floats survive it exactly."""
        thresholds = {key: list(values) for key, values in sorted(self.thresholds.items())}
        return {"overlays": sorted(self.overlays), "thresholds": thresholds}


@dataclass(frozen=True, slots=True)
class Setting:
    """Where one assessment happens.

    ``held`` is the rank of the tier in force (None: there is none yet) and ``held_days`` for how many days it has
    been; the migration policy reads them.
    """

    terms: Terms = field(default_factory=Terms)
    held: int | None = None
    held_days: int = 0
    ages: Ages = field(default_factory=lambda: MappingProxyType({}))


NOWHERE: Final = Setting()
"""No overlay is on, nobody was ranked, no tier is in force, no age is known."""
