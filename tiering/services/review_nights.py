"""What a day brings to periodic reviews: the calendar is kept, what falls due is asked for, what was missed is told."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from crm.models import Role, Task, User
from crm.services.notices import NoticeRow, notify_many
from crm.services.tasks import TaskRow, add_tasks
from tiering.facts import local_day
from tiering.models import PeriodicReview, Policy, ReviewDay, TierScheme
from tiering.selectors.due import AHEAD, beyond_a_year, overdue
from tiering.selectors.policies import versions_in_effect
from tiering.selectors.tier_policies import tier_policy
from tiering.services.clock import database_now
from tiering.services.review_calendar import keep_calendar

logger = logging.getLogger(__name__)

DUE, OVERDUE, MISSED, RETURNED = "review-due", "review-overdue", "review-missed", "review-returned"
MOST_ASKED = 5_000
"""So many reviews are asked for, and told of, in one go; the rest the next day."""


def ensure_review_days() -> int:
    """Do the work of today for every scheme that has a policy, unless it has been done; for how many it was.

    Safe to be called at any time, by any number of processes.
    """
    day = local_day(database_now())
    schemes = versions_in_effect(Policy.Kind.TIER_POLICY).values_list("policy__scheme", flat=True)
    known = set(ReviewDay.objects.filter(day=day).values_list("scheme", flat=True))
    wanted = TierScheme.objects.filter(pk__in=[pk for pk in schemes if pk not in known])
    return sum(keep_day(scheme=scheme, day=day) for scheme in wanted)


@transaction.atomic
def keep_day(*, scheme: TierScheme, day: date) -> bool:
    """Do the work of a day for a scheme: True, unless somebody did it already or there is no policy."""
    policy = tier_policy(scheme)
    if policy is None:
        return False
    kept, is_new = ReviewDay.objects.get_or_create(scheme=scheme, day=day)
    if not is_new:
        return False
    keep_calendar(scheme=scheme, policy=policy)
    waiting = PeriodicReview.objects.filter(scheme=scheme).exclude(status=PeriodicReview.Status.DONE)
    ask_for(waiting.filter(due_on__lte=day + AHEAD, status=PeriodicReview.Status.OPEN))
    tell_missed(waiting, day)
    kept.overdue, kept.beyond = overdue(waiting, day).count(), beyond_a_year(waiting, day).count()
    kept.save(update_fields=["overdue", "beyond"])
    if kept.beyond:
        logger.error("%s clients of %s have not been reviewed for over a year", kept.beyond, scheme.key)
    return True


def ask_for(reviews: QuerySet[PeriodicReview]) -> int:
    """Give the RMs the reviews as tasks that have none yet; how many."""
    origin = Concat(Value("review:"), Cast(OuterRef("pk"), CharField()))
    unasked = reviews.filter(~Exists(Task.objects.filter(origin=origin))).select_related("client")
    return add_tasks(
        kind=DUE,
        rows=[
            TaskRow(
                origin=f"review:{review.pk}",
                assignee=review.client.rm_id,
                client=review.client_id,
                due_on=review.due_on,
                params=params_of(review),
            )
            for review in unasked.order_by("due_on", "pk")[:MOST_ASKED]
        ],
    )


def tell_missed(waiting: QuerySet[PeriodicReview], day: date) -> int:
    """Tell the RM what is overdue, and the lead of the team too what nobody has looked at for more than a year."""
    late = list(overdue(waiting, day).select_related("client").order_by("due_on", "pk")[:MOST_ASKED])
    beyond = list(beyond_a_year(waiting, day).select_related("client").order_by("due_on", "pk")[:MOST_ASKED])
    leads = leads_of(review.client.team_id for review in beyond)
    told = notify_many(kind=OVERDUE, rows=[row for review in late for row in _rows(OVERDUE, review, ())])
    missed = [
        row for review in beyond for row in _rows(MISSED, review, leads.get(review.client.team_id or 0, []))
    ]
    return told + notify_many(kind=MISSED, rows=missed)


def params_of(review: PeriodicReview) -> dict[str, Any]:
    """What words about a review are made of."""
    return {
        "review": review.pk,
        "client": review.client_id,
        "name": review.client.name,
        "due_on": review.due_on.isoformat(),
        "last_on": review.last_on.isoformat(),
    }


def leads_of(teams: Iterable[int | None]) -> dict[int, list[int]]:
    """By team the ids of its leads."""
    found: dict[int, list[int]] = defaultdict(list)
    leads = User.objects.filter(
        role=Role.TEAM_LEAD, team__in={team for team in teams if team}, is_active=True
    )
    for team, pk in leads.values_list("team", "pk"):
        found[team].append(pk)
    return found


def _rows(kind: str, review: PeriodicReview, others: Iterable[int]) -> list[NoticeRow]:
    people = {*others, *([review.client.rm_id] if review.client.rm_id else [])}
    return [
        NoticeRow(
            event=f"{kind}:{review.pk}:{review.due_on}",
            recipient=person,
            client=review.client_id,
            params=params_of(review),
        )
        for person in sorted(people)
    ]
