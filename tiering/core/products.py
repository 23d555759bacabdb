"""Products: what the house offers, to whom, and why.

Facts of a client and the sector that it is in decide whether it is eligible; the tier policy may narrow what a tier is
offered. ``eligible_sql`` says the same of many clients.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from tiering.core.check_conditions import check_condition
from tiering.core.check_keys import check_unique
from tiering.core.check_shape import shape_refusals, validator_of
from tiering.core.conditions import Condition, holds, metrics_of, parse
from tiering.core.metric import Catalogue, Facts
from tiering.core.placement import Label
from tiering.core.policies import Json, Known, PolicyKind
from tiering.core.refusals import CriteriaError, Refusal
from tiering.core.schema_parts import CONDITION, CONDITION_SHAPE, KEY, TEXT, items, obj, told
from tiering.core.sql import Columns, Fragment, condition_sql, join, sql, value
from tiering.core.texts import N_
from tiering.core.tier_policy import Terms

FACILITIES: Final = (
    "term_loan", "working_capital", "project_loan", "lease", "letter_of_credit", "guarantee", "supply_chain",
)  # fmt: skip
"""The kinds of facility that a product may be."""


@dataclass(frozen=True, slots=True)
class Product:
    """Something that is offered, because of ``why``, to whom ``when`` describes (None: everybody) and whose sector is
    among ``sectors`` (empty: any). ``rank`` 1 is offered first.

    ``facility`` is the kind of facility that a client then has, None where it is none. Whoever has such a facility is
    not offered it again, unless it stands ``beside`` others.
    """

    key: str
    label: Label
    why: Label
    facility: str | None
    beside: bool
    rank: int
    sectors: tuple[str, ...]
    when: Condition | None


@dataclass(frozen=True)
class Products:
    """Everything that is offered."""

    products: tuple[Product, ...]

    @cached_property
    def by_key(self) -> Mapping[str, Product]:
        """The products by their key."""
        return {product.key: product for product in self.products}

    @property
    def metrics(self) -> frozenset[str]:
        """The metrics that decide who is eligible."""
        return frozenset().union(*(metrics_of(product.when) for product in self.products if product.when))


def is_eligible(product: Product, facts: Facts, sector: str | None) -> bool:
    """Whether a client with such facts in such a sector may have the product, as far as the product goes."""
    in_sector = not product.sectors or sector in product.sectors
    return in_sector and (product.when is None or holds(product.when, facts))


def is_held(product: Product, facilities: Collection[str]) -> bool:
    """Whether a client with open facilities of these kinds has the product, so that it is not offered again."""
    return not product.beside and product.facility in facilities


def offers(
    products: Products, terms: Terms | None, facts: Facts, sector: str | None, facilities: Collection[str]
) -> tuple[Product, ...]:
    """What to offer a client next, the best first: what it is eligible for, its tier is offered, and it does not have.
    Without ``terms`` the tier does not narrow it."""
    found = (
        product
        for product in products.products
        if (terms is None or terms.allows(product.key))
        and is_eligible(product, facts, sector)
        and not is_held(product, facilities)
    )
    return tuple(sorted(found, key=lambda product: product.rank))


def eligible_sql(product: Product, columns: Columns, sector: str, catalogue: Catalogue) -> Fragment:
    """``is_eligible`` of many clients: a boolean that is never NULL. ``sector`` is an expression of the code."""
    asked = []
    if product.sectors:
        asked.append(sql(f"{sector} = ANY(", value(list(product.sectors), "text[]"), ")"))
    if product.when:
        asked.append(sql("(", condition_sql(product.when, columns, catalogue), ")"))
    return sql("((", join(" AND ", asked), ") IS TRUE)") if asked else Fragment("TRUE")


_LABEL: Final = obj({"en": {**TEXT, "maxLength": 200}, "zh": {**TEXT, "maxLength": 200}})
_WHY: Final = obj({"en": {**TEXT, "maxLength": 500}, "zh": {**TEXT, "maxLength": 500}})
_PRODUCT: Final = obj(
    {
        "key": KEY,
        "label": _LABEL,
        "why": told("Why it is offered to whom the condition describes.", _WHY),
        "rank": told("1 is offered first.", {"type": "integer", "minimum": 1, "maximum": 1000}),
    },
    facility=told("The kind of facility.", {"enum": [*FACILITIES, None]}),
    beside=told("Whether it is offered to clients who have such a facility.", {"type": "boolean"}),
    sectors=told("Codes of industries; none: any.", items({"type": "string"}, at_least=0, at_most=200)),
    when=told("Who is eligible; without it, everybody.", CONDITION),
)
SCHEMA: Final[Mapping[str, Any]] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Strata products",
    **obj({"format": {"const": 1}, "products": items(_PRODUCT, at_least=0, at_most=200)}),
    "$defs": {"condition": CONDITION_SHAPE},
}
_VALIDATOR: Final = validator_of(SCHEMA)


def read(data: Json) -> Products:
    """The products that the JSON describes. Raises CriteriaError with every fault of its shape."""
    refusals = shape_refusals(data, _VALIDATOR)
    if refusals:
        raise CriteriaError(refusals)
    return Products(tuple(_product(one, f"$.products[{at}]") for at, one in enumerate(data["products"])))


def _product(data: Json, path: str) -> Product:
    return Product(
        key=data["key"],
        label=data["label"],
        why=data["why"],
        facility=data.get("facility"),
        beside=data.get("beside", False),
        rank=int(data["rank"]),
        sectors=tuple(data.get("sectors", ())),
        when=parse(data["when"], f"{path}.when") if "when" in data else None,
    )


def check(products: Products, known: Known) -> tuple[Refusal, ...]:
    """What makes no sense: keys used twice, sectors that there are not, conditions about what there is not."""
    return tuple(_check(products, known))


def _check(products: Products, known: Known) -> Iterator[Refusal]:
    yield from check_unique("$.products", (product.key for product in products.products))
    for at, product in enumerate(products.products):
        path = f"$.products[{at}]"
        for place, sector in enumerate(product.sectors):
            if sector not in known.sectors:
                yield Refusal(
                    "unknown_sector", f"{path}.sectors[{place}]",
                    N_("There is no industry “%(sector)s”."),
                    N_("Write the code of one of the house's industries."),
                    {"sector": sector},
                )  # fmt: skip
        if product.when:
            yield from check_condition(product.when, known.catalogue, f"{path}.when")


def blank(known: Known) -> Json:
    """Nothing is offered yet."""
    return {"format": 1, "products": []}


KIND: Final = PolicyKind(read, check, blank)
