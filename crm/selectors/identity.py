"""Clients found by a number that identifies them, without anybody reading it."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from crm import sealing, slots
from crm.core.identity import SHORTEST
from crm.core.terms import WHOLE
from crm.models import IdentityNumber, User


def find_by_number(user: User, words: Sequence[str], most: int) -> list[slots.Hit]:
    """Clients that go by exactly this number today. What can be none is not asked for."""
    number = "".join(words)
    if len(number) < SHORTEST or not any(map(str.isdigit, number)):
        return []
    rows = IdentityNumber.objects.visible_to(user).filter(ended_on=None)
    found = rows.filter(fingerprint=sealing.fingerprint(number)).select_related("client")[:most]
    return [
        slots.Hit(
            label=row.client.name,
            detail=f"{row.get_kind_display()} {row.masked}",
            url=reverse("crm:client", args=[row.client_id]),
            rank=(WHOLE, 0),
            icon="fingerprint",
        )
        for row in found
    ]
