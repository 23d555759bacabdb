"""What kinds of policy document have in common; ``policy_kinds.py`` lists them.

A policy document is JSON of the kind's own shape. Reading refuses what has not that shape, checking what makes no sense
in its surroundings; both with the place in the document and the fix, as criteria do (``refusals.py``).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tiering.core.catalogue import METRICS
from tiering.core.metric import Catalogue
from tiering.core.refusals import Refusal

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Known:
    """What a document may name.

    ``catalogue`` are the metrics. ``tiers`` are the keys of the tiers of each scheme, best first, by the scheme's key;
    ``scheme`` is the key of the one that the document is for, None where it is for none. ``products`` are the keys of
    the products in effect, ``teams`` and ``sectors`` the codes of the house's teams and industries.
    """

    catalogue: Catalogue = field(default_factory=lambda: METRICS)
    tiers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    scheme: str | None = None
    products: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()
    sectors: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PolicyKind:
    """``read`` makes values of a document, or raises CriteriaError with every fault of its shape; ``check`` finds what
    makes no sense in the values; ``blank`` is the document of a policy that says nothing yet."""

    read: Callable[[Json], Any]
    check: Callable[[Any, Known], tuple[Refusal, ...]]
    blank: Callable[[Known], Json]
