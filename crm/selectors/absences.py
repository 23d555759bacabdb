"""Who is away on a day, and for whom somebody acts."""

from __future__ import annotations

from datetime import date

from django.db.models import F, QuerySet

from crm.models import Absence, Interest, Role, User


def acting_for(user: User, day: date) -> list[User]:
    """The people of the same role for whom the user decides on a day, as well as for themself."""
    given = Absence.objects.on(day).filter(
        deputy=user, deputy__is_active=True, user__is_active=True, user__role=F("deputy__role")
    )
    return list(User.objects.filter(absences__in=given).order_by("pk"))


def away(day: date) -> set[int]:
    """The ids of those who are away on a day."""
    return set(Absence.objects.on(day).filter(is_away=True).values_list("user", flat=True))


def has_interest(user: User, client_id: int) -> bool:
    """Whether the user has declared an interest in the client that has not ended."""
    return Interest.objects.current().filter(user=user, client=client_id).exists()


def people_entered_by(user: User) -> QuerySet[User]:
    """Whose absences the user may enter: their own, a lead those of the team, a system administrator everybody's."""
    if user.role == Role.SYSTEM_ADMIN:
        return User.objects.filter(is_active=True)
    if user.role == Role.TEAM_LEAD:
        return User.objects.filter(is_active=True, team=user.team_id)
    return User.objects.filter(pk=user.pk)
