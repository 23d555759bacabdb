"""How the studio writes numbers of a unit: 0.62 is typed as 62 before a “%”, 20 000 000 as 20 before “m”."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from crm.formats import money_scale
from tiering.core.metric import Metric


def plain(number: float) -> str:
    """A number in digits alone, without the noise of binary fractions: 0.62, 20000000, 0.000001."""
    return f"{Decimal(f'{number:.12g}'):f}"


@dataclass(frozen=True)
class Written:
    """`scale`: what a value is multiplied by to be typed; `suffix` stands behind it."""

    scale: float
    suffix: str

    @property
    def attached(self) -> str:
        """The suffix as it follows a number: 62%, 120 days."""
        return self.mark or (f" {self.suffix}" if self.suffix else "")

    @property
    def mark(self) -> str:
        """The suffix where it is a sign; a word goes without saying beside fields that have it."""
        return self.suffix if self.suffix in ("%", "×") else ""

    def typed(self, value: float) -> str:
        """A number as one would type it."""
        return plain(value * self.scale)

    def exact(self, value: float) -> str:
        """A number as one would type it, with its unit."""
        return f"{self.typed(value)}{self.attached}"

    def rough(self, value: float) -> str:
        """A number with its sign, to three figures: where a drawing ends."""
        return f"{Decimal(f'{value * self.scale:.3g}'):,f}{self.mark}"


def written(metric: Metric | None) -> Written:
    """How the numbers of a metric are typed, in the reader's language."""
    match metric.unit if metric else "none":
        case "fraction":
            return Written(100, "%")
        case "multiple":
            return Written(1, "×")
        case "money":
            return Written(1 / money_scale(), pgettext("amount", "{number} m").format(number="").strip())
        case "days":
            return Written(1, pgettext("unit", "days"))
        case "years":
            return Written(1, pgettext("unit", "years"))
        case "points":
            return Written(1, pgettext("unit", "points"))
        case "grade":
            return Written(1, pgettext("grade", "{number} of 5").format(number="").strip())
        case "notches":
            return Written(1, _("tiers"))
        case _:
            return Written(1, "")
