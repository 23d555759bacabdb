"""What follows from a tier: the limit, the price, the collateral, how large a case may be and what papers it takes, how
often a client is reviewed, visited and watched, how it is served, and what it may be offered.

A limit is the least of some multiples of a client's amounts, with a cap, and never below 0. An amount that is not known
cannot bound it, and is named; of a limit of which no amount is known, nothing is. ``tier_policy_sql`` says the same of
many clients.

Units: amounts are in the book's currency, rates, add-ons and shares in basis points (10 000 = the whole).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from tiering.core.metric import Fact, Facts, is_missing
from tiering.core.placement import Label

WHOLE: Final = 10_000
LARGEST: Final = 1e15
"""An amount from here on is taken for a mistake, and not known."""
LEAST: Final = 0.01
"""What is less counts as nothing, and so does what is negative."""
CAP: Final = "cap"
"""What bounds a limit where its cap does."""
OWED: Final = "exposure"
"""The metric that collateral is asked for."""
DOCUMENTS: Final = (
    "application", "statements", "credit_report", "licence", "collateral", "diligence", "term_sheet", "contract",
    "resolution", "other",
)  # fmt: skip
"""The kinds of document that a case may be asked for."""


@dataclass(frozen=True, slots=True)
class Multiple:
    """So many times an amount of the client, a metric whose unit is money."""

    metric: str
    times: float


@dataclass(frozen=True, slots=True)
class Limit:
    """The least of some multiples and of a cap, in the book's currency; at least one of them is given."""

    parts: tuple[Multiple, ...]
    cap: float | None


@dataclass(frozen=True, slots=True)
class Event:
    """What is done for the clients of a tier every so many months."""

    key: str
    label: Label
    months: int


@dataclass(frozen=True, slots=True)
class Service:
    """How the clients of a tier are looked after: by whom (None: as everybody), with what, and what is done for them."""

    team: Label | None
    products: tuple[Label, ...]
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Ticket:
    """How much one case may ask for, in the book's currency; at least one of the bounds is given."""

    least: float | None
    most: float | None

    def takes(self, amount: float) -> bool:
        """Whether an amount lies within; the bounds do."""
        return (self.least is None or amount >= self.least) and (self.most is None or amount <= self.most)


@dataclass(frozen=True, slots=True)
class Terms:
    """What follows from one tier, by its key.

    ``limit`` None: none follows. ``add_on``: basis points a year on top of the house's rate. ``cover``: how much of the
    exposure is to be covered by collateral, in basis points, and ``collateral`` of which kind. Reviews fall due every
    ``review_months``, contacts every ``contact_days``; figures are looked through every ``monitoring_days``.
    ``products``: the keys of those that may be offered (None: all). ``ticket``: how large a case may be (None: any),
    ``documents``: the kinds that each case has to have, of `DOCUMENTS`.
    """

    tier: str
    limit: Limit | None
    add_on: int
    cover: int
    collateral: Label | None
    review_months: int
    contact_days: int
    monitoring_days: int
    service: Service
    products: tuple[str, ...] | None
    ticket: Ticket | None = None
    documents: tuple[str, ...] = ()

    def allows(self, product: str) -> bool:
        """Whether the product may be offered to clients of the tier."""
        return self.products is None or product in self.products


@dataclass(frozen=True)
class TierPolicy:
    """What follows from each tier of a scheme. ``raise_at_most``: by how much of its limit a facility is proposed to be
    raised at a time, in basis points; 0: never. ``base_rate``: the house's rate, in basis points a year, on top of which
    the add-ons come; None where the policy does not say."""

    label: Label
    raise_at_most: int
    tiers: tuple[Terms, ...]
    base_rate: int | None = None

    @cached_property
    def by_tier(self) -> Mapping[str, Terms]:
        """The terms by the key of the tier."""
        return {terms.tier: terms for terms in self.tiers}

    @property
    def sets_facilities(self) -> bool:
        """Whether a limit or a price follows from any of the tiers."""
        return any(terms.limit or terms.add_on for terms in self.tiers)

    @property
    def metrics(self) -> frozenset[str]:
        """The metrics that decide what follows."""
        parts = (part.metric for terms in self.tiers if terms.limit for part in terms.limit.parts)
        return frozenset({*parts, OWED})


@dataclass(frozen=True, slots=True)
class Ceiling:
    """How much may be lent in all; ``amount`` None: nothing limits it, or nothing is known of what would.

    ``bound_by`` is the metric of the least multiple, or ``CAP``. ``unknown`` are the metrics that are not known: the
    true ceiling may be lower.
    """

    amount: float | None
    bound_by: str | None
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Follows:
    """What follows for one client: the terms of its tier, and these in money. ``to_cover``: how much of what it owes is
    to be covered by collateral; None where that is not known."""

    terms: Terms
    ceiling: Ceiling
    to_cover: float | None


NO_LIMIT: Final = Ceiling(None, None, ())


def follows_from(terms: Terms, facts: Facts) -> Follows:
    """What the terms of a tier come to for a client with such facts."""
    owed = amount_of(facts.get(OWED))
    return Follows(
        terms=terms,
        ceiling=ceiling_of(terms.limit, facts) if terms.limit else NO_LIMIT,
        to_cover=None if owed is None else owed * terms.cover / WHOLE,
    )


def ceiling_of(limit: Limit, facts: Facts) -> Ceiling:
    """What the limit is for such facts. Of bounds that are equal the first in the document is named, the cap last."""
    amounts = [(part.metric, part.times, amount_of(facts.get(part.metric))) for part in limit.parts]
    unknown = tuple(metric for metric, _, amount in amounts if amount is None)
    known = [(amount * times, metric) for metric, times, amount in amounts if amount is not None]
    if limit.parts and not known:
        return Ceiling(None, None, unknown)
    bounds = [*known, *([] if limit.cap is None else [(limit.cap, CAP)])]
    amount, bound_by = min(bounds, key=lambda bound: bound[0])
    return Ceiling(amount, bound_by, unknown)


def amount_of(fact: Fact) -> float | None:
    """The fact as an amount that something can be a multiple of; None where it is not known."""
    if is_missing(fact) or isinstance(fact, str) or fact is None or abs(fact) >= LARGEST:
        return None
    return 0.0 if fact < LEAST else float(fact)
