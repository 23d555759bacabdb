"""The rates of overrides as their page lays them out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext as _

from crm.formats import MISSING, localized, month, percent
from crm.models import User
from tiering.pages.overrides import segment_names
from tiering.pages.validation_lines import OutcomeLine
from tiering.pages.validation_words import interval_text, rate_text
from tiering.selectors.override_rates import HORIZON, Rates, Share


@dataclass(frozen=True)
class RateLine:
    """Overridden up and down, of how many, and what part that is."""

    label: str
    up: str
    down: str
    rate: str
    up_rate: str
    down_rate: str
    rejected: str = ""


@dataclass(frozen=True)
class RatesPage:
    whole: RateLine
    officers: Sequence[RateLine]
    segments: Sequence[RateLine]
    months: Sequence[RateLine]
    outcomes: Sequence[OutcomeLine]
    horizon: int


def rates_page(rates: Rates, at: datetime) -> RatesPage:
    people = User.objects.in_bulk([int(row.key) for row in rates.officers])
    segments = segment_names([rates.scheme], at)
    return RatesPage(
        whole=_line(_("All"), rates.whole),
        officers=[_line(localized(people[int(row.key)]), row) for row in rates.officers],
        segments=[_line(segments.get((rates.scheme.pk, row.key), row.key), row) for row in rates.segments],
        months=[_line(month(date.fromisoformat(row.key)), row) for row in reversed(rates.months)],
        outcomes=list(_outcomes(rates)),
        horizon=HORIZON,
    )


def _line(label: str, share: Share) -> RateLine:
    def part(value: float | None) -> str:
        return MISSING if value is None else percent(value, 2)

    return RateLine(
        label,
        intcomma(share.up),
        intcomma(share.down),
        part(share.rate),
        part(share.up_rate),
        part(share.down_rate),
        intcomma(share.rejected),
    )


def _outcomes(rates: Rates) -> Iterator[OutcomeLine]:
    ways = {
        ("up", "approved"): _("Up, approved"),
        ("up", "rejected"): _("Up, rejected"),
        ("down", "approved"): _("Down, approved"),
        ("down", "rejected"): _("Down, rejected"),
    }
    for one in rates.outcomes:
        yield OutcomeLine(
            label=ways[one.direction, one.decision],
            decided=intcomma(one.decided),
            subjects=intcomma(one.subjects),
            bad=intcomma(one.bad),
            rate=rate_text(one.rate) if one.rate is not None else MISSING,
            interval=interval_text(one.low, one.high) if one.rate is not None else MISSING,
        )
