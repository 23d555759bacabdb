"""Tier policies and products line by line, as the pages of policies show them."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from crm.formats import MISSING, listed, money
from crm.models import Facility, Industry
from tiering import display
from tiering.core.metric import Catalogue
from tiering.core.products import Product
from tiering.core.tier_policy import Limit, Terms, TierPolicy
from tiering.models import PolicyVersion
from tiering.pages.consequences import (
    add_on_text,
    days_text,
    documents_text,
    months_text,
    percent_a_year,
    product_names,
    products_text,
    ticket_text,
)
from tiering.pages.policies import Line, PolicyWords
from tiering.selectors.catalogue import catalogue
from tiering.selectors.policies import parsed
from tiering.selectors.tier_policies import facility_scheme, tier_policies


def tier_policy_lines(version: PolicyVersion) -> list[Line]:
    """What holds for all tiers, then what follows from each."""
    policy: TierPolicy = parsed(version)
    names, products = catalogue(), product_names()
    whole = _("All tiers")
    lines = [
        Line("label", whole, _("Name"), display.label(policy.label)),
        Line("raise", whole, _("Raise a limit by at most"), display.weight(policy.raise_at_most)),
    ]
    if policy.base_rate is not None:
        rate = _("%(rate)s %% a year") % {"rate": percent_a_year(policy.base_rate)}
        lines.append(Line("base_rate", whole, _("House's rate"), rate))
    setting = facility_scheme(tier_policies())
    if setting and setting.pk != version.policy.scheme_id and policy.sets_facilities:
        text = _("go by {scheme}, not by this scheme").format(scheme=setting.label)
        lines.append(Line("facilities", whole, _("Facilities"), text))
    for terms in policy.tiers:
        told = _terms(terms, names, products)
        lines += [Line(f"{terms.tier}/{key}", terms.tier, what, value) for key, what, value in told]
    return lines


def _terms(terms: Terms, names: Catalogue, products: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    service = terms.service
    yield "limit", _("Limit ceiling"), limit_text(terms.limit, names)
    yield "add_on", _("Price add-on"), add_on_text(terms.add_on)
    asked = display.label(terms.collateral) if terms.collateral else ""
    yield "cover", _("Collateral"), listed(filter(None, [display.weight(terms.cover), asked]))
    yield "review", _("Review"), months_text(terms.review_months)
    yield "contact", _("Contact"), days_text(terms.contact_days)
    yield "monitoring", _("Monitoring"), days_text(terms.monitoring_days)
    yield "team", _("Looked after by"), display.label(service.team) if service.team else MISSING
    yield "service", _("Service"), listed(map(display.label, service.products)) or MISSING
    events = (f"{display.label(event.label)} ({months_text(event.months)})" for event in service.events)
    yield "events", _("Events"), listed(events) or MISSING
    yield "products", _("Products offered"), products_text(terms, products)
    yield "ticket", _("Size of a case"), ticket_text(terms.ticket) if terms.ticket else MISSING
    yield "documents", _("Documents of a case"), documents_text(terms.documents) or MISSING


def limit_text(limit: Limit | None, names: Catalogue) -> str:
    """How a limit follows, in words."""
    if limit is None:
        return _("none follows")
    bounds = [
        _("{times} times {metric}").format(
            times=f"{part.times:g}", metric=display.metric_label(part.metric, names)
        )
        for part in limit.parts
    ]
    if limit.cap is not None:
        bounds.append(money(limit.cap))
    return _("the least of {bounds}").format(bounds=listed(bounds)) if len(bounds) > 1 else bounds[0]


def products_lines(version: PolicyVersion) -> list[Line]:
    """Each product: to whom it is offered, and why."""
    names, sectors = catalogue(), {one.code: str(one) for one in Industry.objects.all()}
    lines = []
    for product in parsed(version).products:
        told = _product(product, names, sectors)
        group = display.label(product.label)
        lines += [Line(f"{product.key}/{key}", group, what, value) for key, what, value in told]
    return lines


def _product(product: Product, names: Catalogue, sectors: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    when = display.condition_text(product.when, catalogue=names) if product.when else _("everybody")
    yield "when", _("Who is eligible"), when
    if product.sectors:
        among = listed(sectors.get(code, code) for code in product.sectors)
        yield "sectors", _("Only for these industries"), among
    yield "why", _("Why"), display.label(product.why)
    yield "rank", _("Rank"), str(product.rank)
    kinds = dict(Facility.Product.choices)
    yield "facility", _("Kind of facility"), str(kinds.get(product.facility or "", MISSING))
    if product.beside:
        yield "beside", _("Offered to those who have such a facility too"), _("yes")


TIER_POLICY = PolicyWords(tier_policy_lines, "tiering:tier-policy-form")
PRODUCTS = PolicyWords(products_lines, "tiering:products-form")
