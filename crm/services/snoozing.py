"""Putting off lines of Today."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from crm import slots
from crm.errors import Invalid
from crm.models import Snooze, User
from crm.models.conduct import today

DAYS: Final = (1, 3, 7)
"""For how many days a line may be put off."""


@transaction.atomic
def snooze(*, by: User, source: str, item: int, days: int) -> Snooze:
    """Show one's own line of Today not before so many days from now. Raises Invalid."""
    if slots.attention.get(source, by) is None:
        raise Invalid({"source": [_("Today has no such lines for you.")]})
    if days not in DAYS:
        raise Invalid({"days": [_("Put a line off for 1, 3 or 7 days.")]})
    kept, _new = Snooze.objects.update_or_create(
        user=by, source=source, item=item, defaults={"until": today() + timedelta(days=days)}
    )
    return kept


@transaction.atomic
def wake(*, by: User, source: str) -> int:
    """Show every line of a source again that one put off; how many there were."""
    gone, _rows = Snooze.objects.filter(user=by, source=source).delete()
    return gone
