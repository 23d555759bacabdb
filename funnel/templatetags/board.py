"""The cases of board and list in words. A page shows a hundred, so its template only sets what is found here, and what
many cases have in common (a tier, a manager, so many days) is put into words once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from crm.addresses import address
from crm.formats import MISSING, day, listed, localized
from crm.models import Facility, User
from crm.templatetags.ui import avatar, tier_badge
from funnel.selectors.board import Card
from funnel.selectors.grouping import STAGE
from funnel.templatetags.funnel import amount_of, stage_mark, stay

register = template.Library()


@register.filter
def as_cards(cards: Iterable[Card], by: str) -> Iterator[dict[str, Any]]:
    """What `_cards.html` sets of each on a board whose columns are `by`; `move_url` only where the reader may."""
    face, move = cache(_face), _("Move %(client)s to…")
    for card, words in _in_words(cards, missing=""):
        case, client, stage = card.case, card.case.client, card.case.stage
        words |= {
            "stage_key": stage.key,
            "stage": "" if by == STAGE else str(stage),
            "amount": f"{case.amount:f}",
            "is_lapsed": card.is_lapsed,
            "rm": face(client.rm) if client.rm_id else "",
        }
        if card.can_move:
            words["move_url"] = address("funnel:move", case.pk)
            words["move_label"] = move % {"client": client.name}
        yield words


@register.filter
def as_rows(cards: Iterable[Card]) -> Iterator[dict[str, Any]]:
    """What `list.html` sets of each."""
    mark, on, name = cache(stage_mark), cache(day), cache(localized)
    for card, words in _in_words(cards, missing=MISSING):
        case = card.case
        words |= {
            "code": case.code,
            "can_move": card.can_move,
            "stage": mark(case.stage),
            "expected_close": on(case.expected_close),
            "next_step": case.next_step or MISSING,
            "rm": name(case.client.rm) or MISSING,
        }
        yield words


def _in_words(cards: Iterable[Card], missing: str) -> Iterator[tuple[Card, dict[str, Any]]]:
    """Each with what both show; `missing` stands for the days in a closed stage."""
    badge, staying = cache(tier_badge), cache(stay)
    products = {product.value: str(product.label) for product in Facility.Product}
    for card in cards:
        case, stage = card.case, card.case.stage
        words = {
            "pk": str(case.pk),
            "url": address("funnel:case", case.pk),
            "version": str(case.version),
            "client": case.client.name,
            "tier": badge(card.tier),
            "product": products[case.product],
            "worth": amount_of(case),
            "further": _further(card.further) if card.further else "",
            "stay": missing if stage.is_closed else staying(case.days_in_stage, stage.limit_days),
        }
        yield card, words


def _further(clients: Sequence[str]) -> SafeString:
    """How many clients take part beside the leading one, and who, for whom points at it or does not see it."""
    names = listed(clients)
    return format_html(
        '<span class="board-further" title="{}"><span aria-hidden="true">+{}</span>'
        '<span class="visually-hidden">{}</span></span>',
        names,
        len(clients),
        names,
    )


def _face(rm: User) -> SafeString:
    """A manager's disc, with the name for whom does not see it."""
    name = localized(rm)
    return format_html(
        '<span class="board-rm" title="{}">{}<span class="visually-hidden">{}</span></span>',
        name,
        avatar(rm),
        name,
    )
