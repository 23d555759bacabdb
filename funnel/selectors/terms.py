"""What the tier policy says of a case: the rate, the collateral, the size, the documents and the products of its
client's tier."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from crm.models import CasePaper
from funnel.core.departures import PolicyTerms
from funnel.models import Case
from funnel.selectors.lineage import documents_of
from funnel.selectors.rates import rates_on
from tiering import display
from tiering.core.products import Products
from tiering.pages.consequences import Line, consequence_lines
from tiering.selectors.consequences import Consequences, consequences_of
from tiering.selectors.criteria import primary_scheme
from tiering.selectors.tier_policies import products_in_effect

OF_A_CASE = ("limit", "add_on", "collateral", "ticket", "products")


@dataclass(frozen=True)
class Paper:
    """A document that the tier asks for, and whether the case has it."""

    kind: CasePaper
    is_there: bool


@dataclass(frozen=True)
class CaseTerms:
    """`lines` say the terms in words. `asked` is the case's amount in the book's currency (None: no rate), `is_offered`
    whether the tier's clients may be offered such a product at all (None: nothing was decided of it)."""

    found: Consequences
    lines: list[Line]
    asked: Decimal | None
    is_offered: bool | None
    papers: list[Paper]

    @property
    def fits(self) -> bool:
        """Whether the case is as large as one of the tier may be; so is one of which that is not known."""
        ticket = self.found.after.terms.ticket
        return ticket is None or self.asked is None or ticket.takes(float(self.asked))

    @property
    def exceeds(self) -> bool:
        """Whether the case asks for more than may still be lent."""
        headroom = self.found.headroom
        return headroom is not None and self.asked is not None and float(self.asked) > headroom


def terms_of(case: Case) -> CaseTerms | None:
    """By the tier in force and the policy in effect; None without a tier, or where the scheme has no policy."""
    scheme = primary_scheme()
    found = consequences_of(case.client, scheme) if scheme else None
    if found is None:
        return None
    rate = rates_on(timezone.localdate()).get(case.currency)
    return CaseTerms(
        found,
        [line for line in consequence_lines(found) if line.key in OF_A_CASE],
        case.amount * rate if rate else None,
        _is_offered(case, found, products_in_effect()),
        _papers(case, found),
    )


def _papers(case: Case, found: Consequences) -> list[Paper]:
    asked = found.after.terms.documents
    there = set(documents_of(case).order_by().values_list("kind", flat=True)) if asked else set()
    return [Paper(CasePaper(kind), kind in there) for kind in asked]


def policy_of(case: Case) -> PolicyTerms | None:
    """What the policy says of the case as it now is; None without a tier, or where the scheme has no policy."""
    terms = terms_of(case)
    if terms is None:
        return None
    follows = terms.found.after.terms
    ticket = follows.ticket
    return PolicyTerms(
        version=terms.found.version.pk,
        tier=terms.found.tier.key,
        add_on=follows.add_on,
        cover=follows.cover,
        room=terms.found.headroom,
        is_offered=terms.is_offered,
        base_rate=terms.found.base_rate,
        ticket_least=ticket.least if ticket else None,
        ticket_most=ticket.most if ticket else None,
        documents=follows.documents,
    )


def suggested_collateral(case: Case) -> str:
    """Which collateral the policy asks for, in words; empty where it asks for none."""
    terms = terms_of(case)
    asked = terms.found.after.terms.collateral if terms else None
    return display.label(asked) if asked else ""


def _is_offered(case: Case, found: Consequences, products: Products | None) -> bool | None:
    kinds = [product for product in products.products if product.facility == case.product] if products else []
    if not kinds:
        return None
    return any(found.after.terms.allows(product.key) for product in kinds)
