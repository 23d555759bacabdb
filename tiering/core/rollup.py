"""Which of its projects decides the tier that a client has in a scheme of projects."""

from collections.abc import Sequence
from dataclasses import dataclass

from tiering.core.document import RollUp
from tiering.core.metric import Fact, is_missing


@dataclass(frozen=True, slots=True)
class InProject:
    """The result of a client within one project: its rank and score, and the value that the roll-up compares."""

    project: int
    rank: int
    score: int
    value: Fact = None


def deciding(roll_up: RollUp, results: Sequence[InProject]) -> InProject:
    """The result that the client takes over, of at least one.

    ``best`` and ``worst`` go by rank; ``largest`` by value, an unknown one last. Of equals the worse decides (for
    ``best`` the better score), then the lower id.
    """
    match roll_up.rule:
        case "best":
            return min(results, key=lambda result: (result.rank, -result.score, result.project))
        case "worst":
            return min(results, key=lambda result: (-result.rank, result.score, result.project))
        case "largest":
            return min(results, key=_largest_first)


def _largest_first(result: InProject) -> tuple[bool, float, int, int, int]:
    unknown, descending = _descending(result.value)
    return unknown, descending, -result.rank, result.score, result.project


def _descending(value: Fact) -> tuple[bool, float]:
    if isinstance(value, str) or value is None or is_missing(value):
        return True, 0.0
    return False, -value
