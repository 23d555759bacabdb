"""Chainable reads. Whatever reaches a user starts at `visible_to(user)`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from crm.models import User


def reach(user: User, prefix: str = "") -> Q | None:
    """The clients a user may read, as a condition on `prefix` + client fields; None where it is every client."""
    if user.sees_every_client:
        return None
    if user.has_perm("crm.view_client") and user.team_id:
        return Q(**{f"{prefix}team": user.team_id})
    return Q(pk__in=[])


def hold(user: User, prefix: str = "") -> Q:
    """The clients a user may change: an RM's own book in the team, a lead's team (`crm.access.holds`)."""
    from crm.models import Role

    if user.role not in (Role.RM, Role.TEAM_LEAD):
        return Q(pk__in=[])
    team = Q(**{f"{prefix}team": user.team_id})
    return team & Q(**{f"{prefix}rm": user.pk}) if user.role == Role.RM else team


class ClientQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        condition = reach(user)
        return self if condition is None else self.filter(condition)

    def editable_by(self, user: User) -> Self:
        return self.filter(hold(user))

    def matching(self, term: str) -> Self:
        """Clients whose names, code or registration number contain the term, whatever its case or script."""
        term = " ".join(term.lower().replace("\x00", "").split())
        if not term:
            return self
        grams = [term[i : i + 2] for i in range(len(term) - 1)] or [term]
        return self.filter(search__grams__contains=grams, search__text__contains=term)


class OfClientQuerySet(models.QuerySet):
    """Rows that belong to a client through a foreign key named `client`."""

    def visible_to(self, user: User) -> Self:
        condition = reach(user, "client__")
        return self if condition is None else self.filter(condition)

    def editable_by(self, user: User) -> Self:
        return self.filter(hold(user, "client__"))


class ProjectQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Projects in which a client the user may read takes part."""
        from crm.models import Participation

        condition = reach(user, "client__")
        if condition is None:
            return self
        return self.filter(pk__in=Participation.objects.filter(condition).values("project"))


class ImportJobQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """One's own imports; auditors and system administrators read everyone's."""
        from crm.models import Role

        if user.role in (Role.AUDITOR, Role.SYSTEM_ADMIN):
            return self
        return self.filter(uploaded_by=user)
