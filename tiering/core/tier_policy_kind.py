"""Tier policies as a kind of policy document: their shape, how they are read, and what makes no sense in them."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, Final

from tiering.core.check_keys import check_tiers_exist, check_unique
from tiering.core.check_metrics import Vocabulary
from tiering.core.check_shape import shape_refusals, validator_of
from tiering.core.policies import Json, Known, PolicyKind
from tiering.core.refusals import CriteriaError, Refusal
from tiering.core.schema_parts import KEY, METRIC, TEXT, items, obj, told
from tiering.core.texts import N_
from tiering.core.tier_policy import (
    DOCUMENTS,
    WHOLE,
    Event,
    Limit,
    Multiple,
    Service,
    Terms,
    Ticket,
    TierPolicy,
)

MOST_MONTHS: Final = 12
"""Nobody goes longer without an assessment."""
_LABEL: Final = obj({"en": {**TEXT, "maxLength": 200}, "zh": {**TEXT, "maxLength": 200}})
_OPEN_LABEL: Final = {**_LABEL, "type": ["object", "null"]}
_SHARE: Final = {"type": "integer", "minimum": 0, "maximum": WHOLE}
_DAYS: Final = {"type": "integer", "minimum": 1, "maximum": 366}
_AMOUNT: Final = {"type": ["number", "null"], "minimum": 0, "maximum": 1e14}
_MULTIPLE: Final = obj({"metric": METRIC, "times": {"type": "number", "minimum": 0.0001, "maximum": 1000}})
_LIMIT: Final = told(
    "The least of some multiples of the client's amounts, at most the cap, at least 0. Null: no limit follows.",
    {
        **obj({"least_of": items(_MULTIPLE, at_least=0, at_most=10), "cap": _AMOUNT}),
        "type": ["object", "null"],
    },
)
_TICKET: Final = told(
    "How much one case may ask for, in the book's currency; null: not bounded on that side.",
    obj({"least": _AMOUNT, "most": _AMOUNT}),
)
_EVENT: Final = obj({"key": KEY, "label": _LABEL, "months": {"type": "integer", "minimum": 1, "maximum": 60}})
_SERVICE: Final = obj(
    {
        "team": told("Who looks after the client; null: as everybody.", _OPEN_LABEL),
        "products": told("With what.", items(_LABEL, at_least=0, at_most=20)),
        "events": told("What is done every so many months.", items(_EVENT, at_least=0, at_most=20)),
    }
)
_TERMS: Final = obj(
    {
        "tier": KEY,
        "limit": _LIMIT,
        "add_on": told(
            "Basis points a year on top of the house's rate.",
            {"type": "integer", "minimum": -WHOLE, "maximum": WHOLE},
        ),
        "cover": told("Basis points of the exposure to be covered by collateral.", _SHARE),
        "collateral": told("What is asked for.", _OPEN_LABEL),
        "review_months": {"type": "integer", "minimum": 1, "maximum": MOST_MONTHS},
        "contact_days": _DAYS,
        "monitoring_days": _DAYS,
        "service": _SERVICE,
        "products": told(
            "Keys of the products that may be offered; null: all.",
            {"type": ["array", "null"], "items": KEY, "maxItems": 200},
        ),
    },
    ticket=_TICKET,
    documents=told(
        "Kinds of document that each case has to have.",
        items({"enum": list(DOCUMENTS)}, at_most=len(DOCUMENTS)),
    ),
)
SCHEMA: Final[Mapping[str, Any]] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Strata tier policy",
    **obj(
        {
            "format": {"const": 1},
            "label": _LABEL,
            "raise_at_most": told(
                "By how many basis points of its limit a facility is proposed to be raised at a time; 0: never.",
                _SHARE,
            ),
            "tiers": told("What follows from each tier, best first.", items(_TERMS, at_most=20)),
        },
        base_rate=told(
            "The house's rate, in basis points a year, on top of which the add-ons come.",
            {"type": "integer", "minimum": 0, "maximum": WHOLE},
        ),
    ),
}
_VALIDATOR: Final = validator_of(SCHEMA)


def read(data: Json) -> TierPolicy:
    """The policy that the JSON describes. Raises CriteriaError with every fault of its shape."""
    refusals = shape_refusals(data, _VALIDATOR)
    if refusals:
        raise CriteriaError(refusals)
    rate = data.get("base_rate")
    return TierPolicy(
        data["label"],
        int(data["raise_at_most"]),
        tuple(map(_terms, data["tiers"])),
        None if rate is None else int(rate),
    )


def _terms(data: Json) -> Terms:
    service, products = data["service"], data["products"]
    events = (Event(event["key"], event["label"], int(event["months"])) for event in service["events"])
    return Terms(
        tier=data["tier"],
        limit=None if data["limit"] is None else _limit(data["limit"]),
        add_on=int(data["add_on"]),
        cover=int(data["cover"]),
        collateral=data["collateral"],
        review_months=int(data["review_months"]),
        contact_days=int(data["contact_days"]),
        monitoring_days=int(data["monitoring_days"]),
        service=Service(service["team"], tuple(service["products"]), tuple(events)),
        products=None if products is None else tuple(products),
        ticket=_ticket(data["ticket"]) if "ticket" in data else None,
        documents=tuple(data.get("documents", ())),
    )


def _ticket(data: Json) -> Ticket:
    return Ticket(*(None if data[bound] is None else float(data[bound]) for bound in ("least", "most")))


def _limit(data: Json) -> Limit:
    parts = (Multiple(part["metric"], float(part["times"])) for part in data["least_of"])
    return Limit(tuple(parts), None if data["cap"] is None else float(data["cap"]))


def check(policy: TierPolicy, known: Known) -> tuple[Refusal, ...]:
    """What makes no sense: tiers that are not the scheme's, metrics that are no amounts, products that there are not,
    and a worse tier that is looked at less often or lent to more cheaply than a better one."""
    return tuple(_check(policy, known))


def _check(policy: TierPolicy, known: Known) -> Iterator[Refusal]:
    order = known.tiers.get(known.scheme or "", ())
    keys = [terms.tier for terms in policy.tiers]
    yield from check_unique("$.tiers", keys)
    ranks = {tier: rank for rank, tier in enumerate(order)}
    yield from check_tiers_exist(((f"$.tiers[{at}].tier", key) for at, key in enumerate(keys)), ranks)
    for tier in order:
        if tier not in keys:
            yield Refusal(
                "tier_without_terms", "$.tiers",
                N_("Nothing is said of the tier “%(tier)s”."),
                N_("Say what follows from each tier of the scheme."),
                {"tier": tier},
            )  # fmt: skip
    for at, terms in enumerate(policy.tiers):
        yield from _check_terms(terms, known, f"$.tiers[{at}]")
    yield from _check_order(policy, ranks)


def _check_terms(terms: Terms, known: Known, path: str) -> Iterator[Refusal]:
    if terms.limit is not None:
        yield from _check_limit(terms.limit, known, f"{path}.limit")
    if terms.ticket is not None:
        yield from _check_ticket(terms.ticket, f"{path}.ticket")
    yield from check_unique(f"{path}.documents", terms.documents)
    yield from check_unique(f"{path}.service.events", (event.key for event in terms.service.events))
    for at, product in enumerate(terms.products or ()):
        if product not in known.products:
            yield Refusal(
                "unknown_product", f"{path}.products[{at}]",
                N_("There is no product “%(product)s” in effect."),
                N_("Name one of the products in effect, or put it in effect first."),
                {"product": product},
            )  # fmt: skip


def _check_limit(limit: Limit, known: Known, path: str) -> Iterator[Refusal]:
    if not limit.parts and limit.cap is None:
        yield Refusal(
            "limit_of_nothing", path,
            N_("This limit is bounded by nothing."),
            N_("Add a multiple or a cap, or write null where no limit follows."),
        )  # fmt: skip
    yield from check_unique(f"{path}.least_of", (part.metric for part in limit.parts))
    vocabulary = Vocabulary(known.catalogue, "client")
    for at, part in enumerate(limit.parts):
        metric, place = vocabulary.metric(part.metric), f"{path}.least_of[{at}].metric"
        if metric is None:
            yield vocabulary.refusal(part.metric, place)
        elif metric.unit != "money":
            yield Refusal(
                "metric_not_an_amount", place,
                N_("“%(metric)s” is not an amount of money."),
                N_("Choose a metric whose unit is money."),
                {"metric": metric.key},
            )  # fmt: skip


def _check_ticket(ticket: Ticket, path: str) -> Iterator[Refusal]:
    if ticket.least is None and ticket.most is None:
        yield Refusal(
            "ticket_of_nothing", path,
            N_("The size of a case is bounded on neither side."),
            N_("Give the least, the most or both, or leave it out."),
        )  # fmt: skip
    elif ticket.least is not None and ticket.most is not None and ticket.least > ticket.most:
        yield Refusal(
            "ticket_turned_round", path,
            N_("No case is this large: the least amount is more than the most."),
            N_("Give a least amount that is no larger than the most."),
        )  # fmt: skip


_STRICTER: Final = (
    ("review_months", N_("“%(worse)s” is reviewed less often than “%(better)s”, which is better.")),
    ("monitoring_days", N_("“%(worse)s” is monitored less often than “%(better)s”, which is better.")),
)


def _check_order(policy: TierPolicy, ranks: Mapping[str, int]) -> Iterator[Refusal]:
    """Refuses terms of a tier that are more lenient than those of the next better one."""
    placed = sorted(
        ((ranks[terms.tier], at, terms) for at, terms in enumerate(policy.tiers) if terms.tier in ranks),
        key=lambda item: item[:2],
    )
    for (_, _, better), (_, at, worse) in pairwise(placed):
        named = {"worse": worse.tier, "better": better.tier}
        for member, message in _STRICTER:
            if getattr(worse, member) > getattr(better, member):
                yield Refusal(
                    "worse_tier_more_lenient", f"$.tiers[{at}].{member}", message,
                    N_("Write a number that is no larger than that of the better tier."), named,
                )  # fmt: skip
        if worse.add_on < better.add_on:
            yield Refusal(
                "worse_tier_more_lenient", f"$.tiers[{at}].add_on",
                N_("“%(worse)s” pays less than “%(better)s”, which is better."),
                N_("Write a number that is no smaller than that of the better tier."), named,
            )  # fmt: skip


def blank(known: Known) -> Json:
    """A policy from which nothing follows but a review a year and a contact a quarter."""
    return {
        "format": 1,
        "label": {"en": "What follows from a tier", "zh": "层级应用政策"},
        "raise_at_most": 0,
        "tiers": [blank_terms(tier) for tier in known.tiers.get(known.scheme or "", ())],
    }


def blank_terms(tier: str) -> dict[str, Any]:
    """The terms of a tier of which nothing has been decided yet."""
    return {
        "tier": tier,
        "limit": None,
        "add_on": 0,
        "cover": 0,
        "collateral": None,
        "review_months": MOST_MONTHS,
        "contact_days": 90,
        "monitoring_days": 90,
        "service": {"team": None, "products": [], "events": []},
        "products": None,
    }


KIND: Final = PolicyKind(read, check, blank)
