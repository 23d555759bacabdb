"""Who works on a case, and what the work has come to."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from crm.models import User
from crm.reading import read_once
from funnel.models import Case, CheckItem


def works_on(user: User, case: Case) -> bool:
    """Whether the user may work on the case: holds its client, is in its team, or looks after one of its points."""
    if user.has_perm("funnel.move_case", case.client):
        return True
    if not user.has_perm("funnel.work_on_cases") or user.team_id != case.client.team_id:
        return False
    return case.team.filter(user=user).exists() or case.checks.filter(owner=user).exists()


@read_once
def points_of(case: Case) -> list[CheckItem]:
    """Of its checklist, in order, with the people and the evidence. One query."""
    points = list(case.checks.select_related("owner", "finished_by", "asked_by", "evidence"))
    for point in points:
        point.case = case
    return points


def colleagues(case: Case) -> QuerySet[User]:
    """Who may take part in a case: the active members of the client's team."""
    return User.objects.filter(Q(team=case.client.team_id), is_active=True).order_by("name")
