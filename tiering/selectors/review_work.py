"""Whose work proposals are: what needs somebody, who could do it, and what is late."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from crm.models import Absence, Interest, Role, User
from crm.selectors.absences import away
from tiering.core.sharing import Item, Officer
from tiering.models import Committee, Proposal, ReviewWork
from tiering.selectors.authority import AuthorityInEffect, change_of, interested_in
from tiering.selectors.talk import with_rm

Status = Proposal.Status


@dataclass(frozen=True)
class Needing:
    """A proposal that needs somebody, as it is shared out, with the officer it had (None: none)."""

    proposal: Proposal
    item: Item
    former: int | None


def officers_at(day: date) -> list[Officer]:
    """The active risk officers who are in the house on a day, with how many open proposals each has."""
    loads = dict(
        ReviewWork.objects.filter(proposal__status=Status.PENDING, assignee__isnull=False)
        .values_list("assignee")
        .annotate(open=Count("pk"))
    )
    people = User.objects.filter(role=Role.RISK_OFFICER, is_active=True).exclude(pk__in=away(day))
    return [Officer(one.pk, one.username, one.grade, loads.get(one.pk, 0)) for one in people.order_by("pk")]


def unserved(officers: Iterable[Officer]) -> QuerySet[ReviewWork]:
    """Work on waiting proposals without anybody, or whose officer is not there or may not decide (any more)."""
    interested = Interest.objects.current().filter(
        user=OuterRef("assignee"), client=OuterRef("proposal__client")
    )
    waiting = ReviewWork.objects.filter(proposal__status=Status.PENDING)
    present = Q(assignee__in=[officer.id for officer in officers])
    barred = (
        Q(assignee=F("proposal__requested_by")) | Q(assignee=F("proposal__client__rm")) | Exists(interested)
    )
    return waiting.filter(Q(assignee__isnull=True) | ~present | barred)


def overdue(due: datetime) -> QuerySet[ReviewWork]:
    """Work that was due by a moment, was not escalated, and does not wait for the RM."""
    late = Proposal.objects.filter(
        ~with_rm(), status=Status.PENDING, work__due_at__lte=due, work__escalated_at__isnull=True
    )
    return ReviewWork.objects.filter(proposal__in=late)


def needing(
    work: QuerySet[ReviewWork], in_effect: AuthorityInEffect, day: date, least_grade: int = 1
) -> list[Needing]:
    """Work as it is shared out, the most exposed first. A constant number of queries."""
    rows = list(
        work.select_related(
            "proposal__client__industry",
            "proposal__client__team",
            "proposal__scheme",
            "proposal__from_tier",
            "proposal__to_tier",
        ).order_by("-proposal__exposure", "pk")
    )
    proposals = [row.proposal for row in rows]
    interested = interested_in({proposal.client_id for proposal in proposals})
    grades = _grades_of_committees(proposals)
    deputies = _deputies({row.assignee_id for row in rows if row.assignee_id}, day)
    found = []
    for row in rows:
        proposal, client = row.proposal, row.proposal.client
        gave_back = row.assigned_by_id if row.assignee_id is None else None
        barred = {proposal.requested_by_id, client.rm_id, gave_back, *interested.get(client.pk, ())} - {None}
        grade = grades.get(proposal.pk) or in_effect.demand(change_of(proposal)).grade
        item = Item(
            id=proposal.pk,
            grade=max(grade, least_grade),
            barred=frozenset(barred),
            sector=client.industry.code if client.industry else None,
            team=client.team.code if client.team else None,
            deputy=deputies.get(row.assignee_id) if row.assignee_id else None,
        )
        found.append(Needing(proposal, item, row.assignee_id))
    return found


def is_able(proposal: Proposal, officer: User, in_effect: AuthorityInEffect) -> bool:
    """Whether an officer could be given a proposal today."""
    today = timezone.localdate()
    present = {one.id: one for one in officers_at(today)}
    if officer.pk not in present:
        return False
    committee = Committee.objects.filter(proposal=proposal).first()
    grade = committee.grade if committee else in_effect.demand(change_of(proposal)).grade
    interested = interested_in([proposal.client_id]).get(proposal.client_id, set())
    barred = {proposal.requested_by_id, proposal.client.rm_id, *interested}
    return officer.pk not in barred and present[officer.pk].grade >= grade


def _grades_of_committees(proposals: Iterable[Proposal]) -> Mapping[int, int]:
    return dict(Committee.objects.filter(proposal__in=proposals).values_list("proposal", "grade"))


def _deputies(people: Iterable[int], day: date) -> Mapping[int, int]:
    """By person, who acts for them on a day."""
    given = Absence.objects.on(day).filter(user__in=people, deputy__isnull=False)
    return dict(given.values_list("user", "deputy"))
