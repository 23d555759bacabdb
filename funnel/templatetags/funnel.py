"""How the funnel's amounts are shown."""

from __future__ import annotations

from decimal import Decimal

from django import template

from crm.formats import MISSING, listed, money
from crm.models import Role
from funnel.models import Case, book_currency
from funnel.selectors.rates import Total

register = template.Library()


@register.filter
def in_currency(amount: Decimal | None, currency: str) -> str:
    """An amount with the code of its currency, unless that is the book's: USD 12.0 m."""
    if not amount:
        return MISSING
    return money(amount) if currency == book_currency() else f"{currency} {money(amount)}"


@register.filter
def amount_of(case: Case) -> str:
    """What a case asks for; a dash where history does not know it."""
    return in_currency(case.amount, case.currency)


@register.filter
def each_currency(total: Total) -> str:
    """The amounts of a total side by side, none added to another."""
    return listed(in_currency(amount, currency) for currency, amount in total.by_currency)


@register.filter
def roles(keys: tuple[str, ...]) -> str:
    """Roles in words, side by side."""
    return listed(str(Role(key).label) for key in keys)
