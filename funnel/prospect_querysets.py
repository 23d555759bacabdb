"""Chainable reads of prospects. Whatever reaches a user starts at `visible_to(user)`."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, Self

from django.db import models
from django.db.models import Q

from crm.findable import FindableQuerySet
from crm.querysets import books, reach

if TYPE_CHECKING:
    from crm.models import User


OPEN: Final = ("new", "contacted")


def held(user: User, prefix: str = "") -> Q:
    """The prospects that a user may work on: an RM those of their own, of whom they stand in for, and of nobody yet; a
    lead those of the team."""
    from crm.models import Role

    if user.role not in (Role.RM, Role.TEAM_LEAD):
        return Q(pk__in=[])
    team = Q(**{f"{prefix}team": user.team_id})
    if user.role == Role.TEAM_LEAD:
        return team
    return team & (books(user, f"{prefix}owner") | Q(**{f"{prefix}owner": None}))


class SourceQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        condition = reach(user)
        return self if condition is None else self.filter(condition)


class ProspectQuerySet(FindableQuerySet):
    def visible_to(self, user: User) -> Self:
        """Those of one's team; everybody's for who sees every client."""
        condition = reach(user)
        return self if condition is None else self.filter(condition)

    def workable_by(self, user: User) -> Self:
        return self.filter(held(user))

    def open(self) -> Self:
        """Those about whom nothing is decided yet."""
        return self.filter(status__in=OPEN)

    def to_contact(self, day: date) -> Self:
        """Those that may be contacted on a day: open, not put off, and not against their will."""
        return self.open().filter(Q(later_until=None) | Q(later_until__lte=day)).exclude(consent="refused")


class TwinQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Of prospects that one sees, those that are clients or prospects that one sees too."""
        if user.sees_every_client:
            return self
        prospect, client, other = (
            reach(user, f"{side}__") or Q() for side in ("prospect", "client", "other")
        )
        return self.filter(prospect, Q(client=None) | client, Q(other=None) | other)


class OfProspectQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        condition = reach(user, "prospect__")
        return self if condition is None else self.filter(condition)
