"""Where the terms offered are more generous than the tier policy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final, Self

BASE_RATE: Final = "base_rate"
ADD_ON: Final = "add_on"
COVER: Final = "cover"
CEILING: Final = "ceiling"
TICKET: Final = "ticket"
PRODUCT: Final = "product"


@dataclass(frozen=True)
class PolicyTerms:
    """What the policy says of a case: by which `version` (its id) for which `tier` (its key).

    `base_rate` (None: it does not say), `add_on` and `cover` are basis points; `room` is what may still be lent, in the
    book's currency (None: not limited, or not known), `is_offered` whether the tier's clients are offered the product
    (None: nothing was decided of it). A case asks for `ticket_least` to `ticket_most` in the book's currency (None: not
    bounded) and has to have these kinds of `documents`.
    """

    version: int
    tier: str
    add_on: int
    cover: int
    room: float | None
    is_offered: bool | None
    base_rate: int | None = None
    ticket_least: float | None = None
    ticket_most: float | None = None
    documents: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def read(cls, said: dict[str, Any]) -> Self | None:
        """What `as_json` gave; None where no policy applied."""
        return cls(**said) if said else None


@dataclass(frozen=True)
class Offered:
    """What a term sheet offers, rates in basis points; `worth` is its amount in the book's currency, None without a rate
    of exchange."""

    add_on: int
    cover: int
    worth: float | None
    base_rate: float = 0


@dataclass(frozen=True)
class Departure:
    """One of the codes above, with what is offered beside what the policy says, in its unit; None where it has none."""

    code: str
    offered: float | None
    policy: float | None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def departures(offered: Offered, policy: PolicyTerms | None) -> list[Departure]:
    """Everything in which the offer is not as the policy has it or more generous; nothing where there is no policy."""
    return list(_found(offered, policy)) if policy else []


def _found(offered: Offered, policy: PolicyTerms) -> Iterator[Departure]:
    if policy.base_rate is not None and offered.base_rate < policy.base_rate:
        yield Departure(BASE_RATE, offered.base_rate, policy.base_rate)
    if offered.add_on < policy.add_on:
        yield Departure(ADD_ON, offered.add_on, policy.add_on)
    if offered.cover < policy.cover:
        yield Departure(COVER, offered.cover, policy.cover)
    if policy.room is not None and offered.worth is not None and offered.worth > policy.room:
        yield Departure(CEILING, offered.worth, policy.room)
    if offered.worth is not None:
        yield from _outside(offered.worth, policy)
    if policy.is_offered is False:
        yield Departure(PRODUCT, None, None)


def _outside(worth: float, policy: PolicyTerms) -> Iterator[Departure]:
    """The bound of the size of a case that an amount is outside of."""
    if policy.ticket_least is not None and worth < policy.ticket_least:
        yield Departure(TICKET, worth, policy.ticket_least)
    if policy.ticket_most is not None and worth > policy.ticket_most:
        yield Departure(TICKET, worth, policy.ticket_most)
