"""The kept filters of the queue that somebody may use."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from crm.models import User
from tiering.models import ReviewView


def views_for(user: User) -> QuerySet[ReviewView]:
    """One's own, and those that officers share."""
    return ReviewView.objects.filter(Q(owner=user) | Q(is_shared=True)).select_related("owner")
