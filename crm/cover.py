"""For whom somebody stands in: a deputy holds the book of an absent colleague during the days of the absence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F
from django.utils import timezone

if TYPE_CHECKING:
    from crm.models import User

KEPT = "_stood_in_for"


def stood_in_for(user: User) -> tuple[int, ...]:
    """The ids of the people of the same role for whom the user stands in today.

    Asked once for each request: it is kept with the user's object until the day is over.
    """
    day = timezone.localdate()
    kept = user.__dict__.get(KEPT)
    if kept is None or kept[0] != day:
        kept = user.__dict__[KEPT] = (day, _found(user, day))
    found: tuple[int, ...] = kept[1]
    return found


def _found(user: User, day: object) -> tuple[int, ...]:
    from crm.models import Absence

    given = Absence.objects.filter(
        deputy=user, starts_on__lte=day, ends_on__gte=day, user__is_active=True, user__role=F("deputy__role")
    )
    return tuple(given.order_by("user").values_list("user", flat=True))


def on_behalf_of(user: User, rm: User | None) -> User | None:
    """The absent RM in whose name, too, the user acts for a client; None where the act is theirs alone."""
    return rm if rm is not None and rm.pk != user.pk and rm.pk in stood_in_for(user) else None
