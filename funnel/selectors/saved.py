"""Kept filters of the funnel."""

from __future__ import annotations

from typing import Final

from django.db.models import QuerySet

from crm.models import SavedView, User

CASES: Final = "cases"
"""The key of board, list and calendar together, by which views are kept."""


def case_views(user: User) -> QuerySet[SavedView]:
    """Those that the user may use, by name."""
    return SavedView.objects.visible_to(user).filter(list_key=CASES).select_related("owner")
