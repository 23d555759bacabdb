"""Cells of the client list's usual columns, drawn in Python.

A page has hundreds of them, and a template takes several times as long for each. What all cells of a page share, such as
texts in the reader's language, is found once, by the pen.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from typing import Any, Final

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from crm.addresses import address
from crm.charts import meter
from crm.formats import ago, localized, money_number, percent
from crm.models import Client
from crm.selectors.figures import Exposure
from crm.slots import Draw, Place
from crm.templatetags.ui import contact_class, icon, person

NOTHING: Final = SafeString('<span class="muted">–</span>')
STRAINED, TIGHT = 0.92, 0.85
"""The shares of its limits from which on a client's use of them is shown as bad, and as a warning."""


def name(place: Place) -> Draw:
    """The way to the client's page, in a list with the button that shows the client beside it."""
    look, beside = escape(gettext("Look at it beside the list (Space)")), gettext("Look at %(name)s")
    sign = icon("panel-right", 14)

    def drawn(client: Client, value: None) -> SafeString:
        named = escape(client.name)
        parts = [f'<a href="{address("crm:client", client.pk)}{place.list_param}">{named}</a>']
        if place.in_list:
            parts.append(
                '<button class="peek-button" type="button" data-peek tabindex="-1"'
                f' aria-label="{beside % {"name": named}}" title="{look}">{sign}</button>'
            )
        if client.second_name:
            parts.append(f"<small>{escape(client.second_name)}</small>")
        return SafeString("".join(parts))

    return drawn


def exposure(place: Place) -> Draw:
    def drawn(client: Client, value: Exposure | None) -> SafeString:
        return SafeString(money_number(value.drawn)) if value else NOTHING

    return drawn


def limit_use(place: Place) -> Draw:
    def drawn(client: Client, value: Exposure | None) -> SafeString:
        use = value.use if value else None
        if use is None:
            return NOTHING
        kind = "bad" if use > STRAINED else "warn" if use > TIGHT else ""
        return SafeString(f'{meter(use, 1, kind)} <span class="secondary muted">{percent(use)}</span>')

    return drawn


def industry(place: Place) -> Draw:
    return _once(lambda value: escape(localized(value)))


def rm(place: Place) -> Draw:
    return _once(person)


def by_value(template: str) -> Callable[[Place], Draw]:
    """What draws a column by a template that shows the loaded value and nothing else of the client."""
    return lambda place: _once(lambda value: SafeString(render_to_string(template, {"value": value})))


def _once(draw: Callable[[Any], SafeString]) -> Draw:
    """Draws each value once, where many clients have the same."""
    known = cache(draw)
    return lambda client, value: known(value)


def last_contact(place: Place) -> Draw:
    """How long ago it was, and the button that logs one."""
    log, page, sign = (
        escape(gettext("Log interaction")),
        address("crm:interaction-new"),
        icon("message-square-plus", 14),
    )

    @cache
    def told(day: date | None) -> str:
        return f'<span class="{contact_class(day)}">{escape(ago(day))}</span>'

    def drawn(client: Client, value: datetime | None) -> SafeString:
        never = not value and client.status == Client.Status.POTENTIAL
        return SafeString(
            f"{NOTHING if never else told(timezone.localdate(value) if value else None)}"
            f' <a class="button button-quiet button-icon cell-log" href="{page}?client={client.pk}"'
            f' data-log="{client.pk}" data-row-key="l" tabindex="-1"'
            f' aria-label="{log}: {escape(client.name)}" title="{log} (l)">{sign}</a>'
        )

    return drawn
