"""Best next offers: what a client is eligible for and does not have, and who is eligible for a product."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import BooleanField, Exists, FilteredRelation, OuterRef, Q
from django.db.models.expressions import RawSQL

from crm.models import Client, Facility
from crm.querysets import ClientQuerySet
from crm.selectors.figures import open_on
from tiering.core.conditions import metrics_of
from tiering.core.products import Product, Products, eligible_sql, offers
from tiering.facts.reading import values_of
from tiering.models.tiers import IN_FORCE
from tiering.selectors.catalogue import catalogue
from tiering.selectors.consequences import known_values, tier_now
from tiering.selectors.criteria import primary_scheme
from tiering.selectors.tier_policies import products_in_effect, tier_policy


@dataclass(frozen=True)
class Offers:
    """What to offer a client next, the best first, and what is left out because it has it (`held`)."""

    best: tuple[Product, ...]
    held: tuple[Product, ...]


def offers_of(client: Client, day: date) -> Offers | None:
    """What to offer a client on a day, by the facts in force and the policy of the primary scheme; None where nothing
    has been decided of products."""
    products, scheme = products_in_effect(), primary_scheme()
    if products is None:
        return None
    facts = known_values(client)
    sector = client.industry.code if client.industry else None
    policy, tier = (tier_policy(scheme), tier_now(client, scheme)) if scheme else (None, None)
    terms = policy.terms(tier) if policy and tier else None
    kinds = set(Facility.objects.filter(open_on(day), client=client).values_list("product", flat=True))
    best = offers(products, terms, facts, sector, kinds)
    every = offers(products, terms, facts, sector, ())
    return Offers(best, tuple(product for product in every if product not in best))


def eligible_for(clients: ClientQuerySet, products: Sequence[Product], day: date) -> ClientQuerySet:
    """The clients to whom one of the products may be offered: eligible by condition, sector and tier, and without it."""
    metrics = frozenset[str]().union(*(metrics_of(product.when) for product in products if product.when))
    names = catalogue()
    columns = values_of(metrics, FACTS, names)
    known = FilteredRelation("facts", condition=Q(facts__valid_to=None))
    clients = clients.annotate(**{FACTS: known}).filter(**{f"{FACTS}__isnull": False})
    wanted = Q(pk__in=[])
    for number, product in enumerate(products):
        eligible = eligible_sql(product, columns, SECTOR, names)
        name = f"eligible_{number}"
        clients = clients.alias(**{name: RawSQL(eligible.text, eligible.params, output_field=BooleanField())})  # noqa: S611 - compiled, not given
        wanted |= Q(**{name: True}) & _allowed(product) & _lacking(product, day)
    return clients.filter(wanted)


FACTS = "facts_in_force"
SECTOR = '(SELECT code FROM crm_industry WHERE id = "crm_client"."industry_id")'


def _allowed(product: Product) -> Q:
    """Whoever has no tier of the primary scheme that may not be offered the product."""
    scheme = primary_scheme()
    policy = tier_policy(scheme) if scheme else None
    if scheme is None or policy is None:
        return Q()
    barred = [tier.pk for tier, terms in policy.by_tier(scheme).items() if not terms.allows(product.key)]
    held = scheme.assignments.filter(IN_FORCE, client=OuterRef("pk"), project=None, tier__in=barred)
    return ~Q(Exists(held)) if barred else Q()


def _lacking(product: Product, day: date) -> Q:
    """Whoever has no open facility that is the product."""
    if product.facility is None or product.beside:
        return Q()
    return ~Q(Exists(Facility.objects.filter(open_on(day), client=OuterRef("pk"), product=product.facility)))


def offered_products() -> Products:
    """Everything that is offered now."""
    return products_in_effect() or Products(())
