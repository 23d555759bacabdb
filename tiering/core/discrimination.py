"""How well a score tells subjects with a bad outcome from those without: AUC and Gini, exactly."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Discrimination:
    """The result over ``bad`` subjects with the outcome and ``good`` ones without it.

    ``auc`` is the probability that of one bad and one good subject drawn at random the bad one has the lower score,
    ties counting half: 1 when the score separates them, 1/2 when it says nothing.
    """

    good: int
    bad: int
    auc: Fraction

    @property
    def gini(self) -> Fraction:
        """2 × AUC − 1: 1 when the score separates good from bad, 0 when it says nothing."""
        return 2 * self.auc - 1


def discrimination(good: Mapping[int, int], bad: Mapping[int, int]) -> Discrimination | None:
    """From how many good and how many bad subjects have each score; None unless there are some of both."""
    goods, bads = sum(good.values()), sum(bad.values())
    if not goods or not bads:
        return None
    lower = 0
    twice_won = 0
    for score in sorted(good.keys() | bad.keys()):
        twice_won += good.get(score, 0) * (2 * lower + bad.get(score, 0))
        lower += bad.get(score, 0)
    return Discrimination(goods, bads, Fraction(twice_won, 2 * goods * bads))
