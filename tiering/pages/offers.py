"""Best next offers in words: what, and why."""

from __future__ import annotations

from dataclasses import dataclass

from tiering import display
from tiering.core.products import Product
from tiering.selectors.catalogue import catalogue
from tiering.selectors.offers import Offers


@dataclass(frozen=True)
class OfferLine:
    """A product that may be offered: why, and by which condition the client is eligible (empty: everybody is)."""

    product: Product
    label: str
    why: str
    condition: str


def offer_lines(offers: Offers) -> list[OfferLine]:
    """The best first."""
    names = catalogue()
    return [
        OfferLine(
            product,
            display.label(product.label),
            display.label(product.why),
            display.condition_text(product.when, catalogue=names) if product.when else "",
        )
        for product in offers.best
    ]
