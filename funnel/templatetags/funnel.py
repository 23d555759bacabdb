"""How the funnel's amounts are shown."""

from __future__ import annotations

from decimal import Decimal

from django import template
from django.utils.formats import number_format
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from crm.formats import MISSING, listed, money
from crm.models import Role
from funnel.models import Case, Stage, book_currency
from funnel.pages.term_sheet import plain
from funnel.selectors.parties import in_percent
from funnel.selectors.rates import Total
from tiering import display

register = template.Library()
register.filter(plain)
register.filter(in_percent)


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


@register.simple_tag
def stage_mark(stage: Stage) -> SafeString:
    """The name of a stage with its colour."""
    if not stage.colour:
        return escape(str(stage))
    return format_html('<span class="stage-dot stage-{}" aria-hidden="true"></span>{}', stage.colour, stage)


@register.simple_tag
def days_in_stage(case: Case) -> SafeString:
    """Days in the stage; amber once past what the stage allows."""
    return stay(case.days_in_stage, case.stage.limit_days)


def stay(days: int, limit: int | None) -> SafeString:
    """So many days in a stage that allows `limit` of them (None: any number)."""
    text = ngettext("%(days)s d", "%(days)s d", days) % {"days": number_format(days, force_grouping=True)}
    if limit is None or days <= limit:
        title = gettext("Days in this stage")
        return format_html('<span class="secondary muted number" title="{}">{}</span>', title, text)
    title = ngettext(
        "Longer in this stage than the %(limit)s day it allows",
        "Longer in this stage than the %(limit)s days it allows",
        limit,
    )
    return format_html(
        '<span class="chip chip-warn" title="{}">{}<span class="visually-hidden">{}</span></span>',
        title % {"limit": limit},
        text,
        gettext("waiting too long"),
    )


@register.filter
def points(score: int) -> str:
    """A score in points with one decimal, cut off."""
    return display.score(score)
