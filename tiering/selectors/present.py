"""Who is at a draft right now."""

from __future__ import annotations

from typing import Final

from django.core.cache import cache

from crm.models import Role, User
from tiering.models import CriteriaVersion

SEEN_FOR: Final = 40
"""Seconds after which somebody whose page no longer asks is gone; it asks every fifteen."""


def note_presence(version: CriteriaVersion, user: User) -> None:
    """Remember for a while that the user is at a draft."""
    cache.set(_key(version, user.pk), True, SEEN_FOR)


def others_present(version: CriteriaVersion, user: User) -> list[User]:
    """The other people who are at a draft, by name."""
    editors = User.objects.filter(role=Role.CRITERIA_ADMIN, is_active=True).exclude(pk=user.pk)
    by_key = {_key(version, editor.pk): editor for editor in editors.order_by("name")}
    present = cache.get_many(by_key)
    return [editor for key, editor in by_key.items() if key in present]


def _key(version: CriteriaVersion, user: int) -> str:
    return f"at-draft:{version.pk}:{user}"
