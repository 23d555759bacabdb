"""Cells of tiering's columns of the client list, drawn as `crm.cells` draws its own."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from crm.cells import NOTHING
from crm.charts import sparkline
from crm.models import Client
from crm.slots import Draw, Place
from crm.templatetags.ui import tier_badge, tier_move
from tiering import display
from tiering.selectors.standing import Standing


def tier(place: Place) -> Draw:
    """The tier, or from which one to which it is proposed to move."""
    why, word = escape(gettext("Facts are missing or too old")), escape(gettext("provisional"))
    provisional = f' <span class="muted caption" title="{why}">{word}</span>'
    known: dict[tuple[int, int | None] | None, SafeString] = {}

    def drawn(client: Client, value: Standing | None) -> SafeString:
        key = (value.tier.pk, value.pending.to_tier.pk if value.pending else None) if value else None
        if key not in known:
            known[key] = _tier(value)
        return SafeString(known[key] + provisional) if value and value.provisional else known[key]

    return drawn


def _tier(value: Standing | None) -> SafeString:
    if value and value.pending:
        return tier_move(value.tier, value.pending.to_tier)
    return tier_badge(value.tier if value else None)


def score(place: Place) -> Draw:
    def drawn(client: Client, value: Standing | None) -> SafeString:
        return escape(display.score(value.score)) if value else NOTHING

    return drawn


def trend(place: Place) -> Draw:
    def drawn(client: Client, value: Sequence[float] | None) -> SafeString:
        return sparkline(value or ())

    return drawn
