"""The key ratios of a client in words, each beside what it is to keep to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import slots
from crm.definitions import meaning_of
from crm.formats import money, multiple, percent
from crm.metrics import meaning_of_metric
from crm.models import Client, User
from crm.selectors.statements import Ratios

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


@dataclass(frozen=True)
class RatioLine:
    """A ratio, its value, and the bound that it comes nearest to or breaks; empty where nothing binds it."""

    label: str
    value: str
    bound: str = ""
    why: str = ""
    is_broken: bool = False
    meaning: str = ""


def _share(value: float | None) -> str:
    return percent(value, 1)


SHOWN: Final[Sequence[tuple[str, str, _StrOrPromise, Callable[[float | None], str]]]] = (
    ("leverage", "leverage", gettext_lazy("Leverage"), _share),
    ("interest_cover", "interest_cover", gettext_lazy("Interest cover"), multiple),
    ("current_ratio", "current_ratio", gettext_lazy("Current ratio"), multiple),
    ("net_margin", "net_margin", gettext_lazy("Net margin"), _share),
    ("return_on_equity", "roe", gettext_lazy("Return on equity"), _share),
)
"""Of each ratio its field, the metric that bounds speak of, its name, and how it is written."""


def ratio_lines(client: Client, ratios: Ratios, user: User, *, bounded: bool = True) -> list[RatioLine]:
    """A line for each ratio, and the year's revenue; `bounded` beside what binds the client now."""
    found = [one.find(client, user) for one in slots.bounds.for_user(user)] if bounded else []
    return [
        *_lines(ratios, found),
        RatioLine(_("Revenue"), money(ratios.statement.revenue), meaning=meaning_of("statement", "revenue")),
    ]


def _lines(ratios: Ratios, found: Sequence[Mapping[str, Sequence[slots.Bound]]]) -> Iterator[RatioLine]:
    for field, metric, label, written in SHOWN:
        value = getattr(ratios, field)
        bounds = [bound for by_metric in found for bound in by_metric.get(metric, ())]
        if value is None or not bounds:
            yield RatioLine(str(label), written(value), meaning=meaning_of_metric(metric))
            continue
        nearest = min(bounds, key=lambda bound: _room(bound, value))
        text = _("max %(value)s") if nearest.at_most else _("min %(value)s")
        bound = text % {"value": written(nearest.value)}
        yield RatioLine(
            str(label),
            written(value),
            bound,
            str(nearest.why),
            _room(nearest, value) < 0,
            meaning_of_metric(metric),
        )


def _room(bound: slots.Bound, value: float) -> float:
    """How far the value may still move; less than nothing where the bound is broken."""
    return bound.value - value if bound.at_most else value - bound.value
