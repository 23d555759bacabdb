"""Prospects in the shared pages: the sidebar, the palette, Today and the search."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm import slots
from crm.attention import Found, Line, Looking, found, marked
from crm.formats import listed
from crm.models import User
from crm.selectors.nearest import nearest
from crm.slots.work import Hit
from funnel.models import Prospect
from funnel.selectors.next_best import ranked, reasons_of

NEXT = "prospects-next"


def register() -> None:
    slots.nav.add(
        slots.NavEntry(
            key="prospects",
            label=_("Prospects"),
            order=29,
            permission="funnel.view_prospects",
            icon="user-search",
            url_name="funnel:prospects",
        )
    )
    slots.palette.add(
        slots.PaletteEntry(
            key="new-prospect",
            label=_("New prospect"),
            order=31,
            permission="funnel.write_prospects",
            icon="user-plus",
            url_name="funnel:prospect-new",
        ),
        slots.PaletteEntry(
            key="lead-sources",
            label=_("Sources of leads"),
            order=66,
            permission="funnel.view_prospects",
            icon="antenna",
            url_name="funnel:lead-sources",
        ),
    )
    slots.attention.add(
        slots.Attention(
            key=NEXT,
            label=_("Prospects to contact next"),
            order=60,
            permission="funnel.write_prospects",
            icon="user-search",
            load=next_prospects,
            more=lambda looking: reverse("funnel:prospects-next"),
        )
    )
    slots.search_sources.add(
        slots.SearchSource(
            key="prospects",
            label=_("Prospects"),
            order=45,
            permission="funnel.view_prospects",
            find=find_prospects,
        )
    )


def next_prospects(looking: Looking) -> Found:
    """Those of the people whose day it is, and those of nobody yet; whom to contact first first."""
    own = looking.with_("owner")
    if looking.whose is None:
        own |= Q(owner=None)
    rows = ranked(Prospect.objects.workable_by(looking.user).filter(own), looking.day)
    return found(looking, NEXT, rows, lambda some: [_line(looking, one) for one in some])


def _line(looking: Looking, prospect: Any) -> Line:
    return Line(
        item=prospect.pk,
        name=prospect.name,
        url=reverse("funnel:prospect", args=[prospect.pk]),
        reason=listed(reasons_of(prospect)),
        since=timezone.localtime(prospect.arrived_at).date(),
        **marked(looking, prospect.owner),
    )


def find_prospects(user: User, words: Sequence[str], most: int) -> list[Hit]:
    """Prospects by their names and numbers, open ones before those that are decided."""
    found = nearest(Prospect.objects.visible_to(user).select_related("source"), words, most)
    hits = [
        Hit(
            label=one.name,
            url=reverse("funnel:prospect", args=[one.pk]),
            rank=(level, not one.is_open, rest),
            detail=f"{one.source.name} · {one.get_status_display()}",
            icon="user-search",
        )
        for one, (level, rest) in found
    ]
    return sorted(hits, key=lambda hit: hit.rank)
