"""The latent credit quality of a client: the one thing that ratios, scores, judgements and payments have in common.

0 is the average client and 1 about one standard deviation; never stored, only seen through the records.
"""

from dataclasses import dataclass
from datetime import date

from config.demo.streams import stream

MONTHS = 66
PERSISTENCE = 0.94
MONTHLY_NOISE = 0.2
BLOW = 0.0035
"""Chance per month of a blow: a lost customer, a lawsuit, a failed project."""


@dataclass(frozen=True, slots=True)
class QualityPath:
    """Quality by month; the last value is that of the anchor's month."""

    anchor: date
    values: tuple[float, ...]

    def on(self, day: date) -> float:
        """Quality in the month of a day up to the anchor."""
        age = months_between(day, self.anchor)
        return self.values[max(len(self.values) - 1 - max(age, 0), 0)]

    def before(self, day: date, months: int) -> float:
        """Average over the months that end with the month of a day: what cash reserves remember."""
        last = len(self.values) - max(months_between(day, self.anchor), 0)
        window = self.values[max(last - months, 0) : max(last, 1)]
        return sum(window) / len(window)


def months_between(earlier: date, later: date) -> int:
    return (later.year - earlier.year) * 12 + later.month - earlier.month


def quality_path(index: int, anchor: date, lean: float) -> QualityPath:
    """An autoregressive path around the client's own standing; `lean` is what its industry and region add."""
    source = stream("quality", index)
    standing = source.gauss(lean, 0.8)
    swing = source.gauss(0, 0.45)
    values = []
    for _ in range(MONTHS):
        swing = PERSISTENCE * swing + source.gauss(0, MONTHLY_NOISE)
        if source.random() < BLOW:
            swing -= source.uniform(1.2, 2.6)
        values.append(standing + swing)
    return QualityPath(anchor, tuple(values))
