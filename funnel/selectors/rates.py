"""What amounts of other currencies are worth in the book's, by the rates of a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from crm.reading import read_once
from funnel.models import ExchangeRate, book_currency


@read_once
def rates_on(day: date) -> dict[str, Decimal]:
    """By currency, what a unit is worth in the book's on a day; one that had no rate yet is left out. One query."""
    found = ExchangeRate.objects.filter(day__lte=day).order_by("currency", "-day").distinct("currency")
    rates = dict(found.values_list("currency", "rate"))
    return {**rates, book_currency(): Decimal(1)}


def is_known(currency: str) -> bool:
    """Whether amounts of the currency can be converted at all."""
    return currency == book_currency() or ExchangeRate.objects.filter(currency=currency).exists()


def currencies() -> list[str]:
    """The currencies that cases may be in, the book's first."""
    others = ExchangeRate.objects.order_by("currency").values_list("currency", flat=True).distinct()
    return [book_currency(), *(code for code in others if code != book_currency())]


@dataclass(frozen=True)
class Total:
    """Amounts of several currencies, each for itself (`by_currency`, the book's first), and `converted` into the book's
    by the rates of a day. `without_rate` are the currencies that had none: the conversion leaves their amounts out."""

    by_currency: tuple[tuple[str, Decimal], ...]
    converted: Decimal
    without_rate: tuple[str, ...]

    @property
    def is_mixed(self) -> bool:
        """Whether anything had to be converted."""
        return any(currency != book_currency() for currency, _amount in self.by_currency)


def total_of(amounts: Iterable[tuple[str, Decimal]], rates: Mapping[str, Decimal]) -> Total:
    """The total of amounts with their currencies, by `rates_on` a day."""
    sums: dict[str, Decimal] = {}
    for currency, amount in amounts:
        sums[currency] = sums.get(currency, Decimal(0)) + amount
    ordered = tuple(sorted(sums.items(), key=lambda one: (one[0] != book_currency(), one[0])))
    converted = sum((amount * rates[code] for code, amount in ordered if code in rates), Decimal(0))
    return Total(ordered, converted, tuple(code for code, _amount in ordered if code not in rates))
