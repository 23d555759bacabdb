"""What came of a questionnaire that was sent to many: response rate, mean score, trend by month, by group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Avg, Count, Q
from django.db.models.functions import TruncMonth

from crm import slots
from crm.models import AnswerLink, Questionnaire, Response, User
from crm.outreach_querysets import ResponseQuerySet
from crm.selectors.breakdown import Group, by_group

MONTHS = 24


@dataclass(frozen=True)
class Month:
    first: date
    count: int
    mean: float | None


@dataclass(frozen=True)
class Outcome:
    """`rate` is the share of links sent that were answered, None where none was sent. Means are scores, 0 to 100."""

    sent: int
    answered: int
    entered: int
    waiting: int
    mean: float | None
    months: Sequence[Month]

    @property
    def rate(self) -> float | None:
        return self.answered / self.sent if self.sent else None

    @property
    def trend(self) -> list[tuple[date, float]]:
        return [(month.first, round(month.mean, 1)) for month in self.months if month.mean is not None]


def outcome_of(questionnaire: Questionnaire, user: User) -> Outcome:
    """Over the clients that the user may see, and every version. Three queries."""
    links = AnswerLink.objects.visible_to(user).sent().filter(version__questionnaire=questionnaire)
    sent = links.aggregate(sent=Count("pk"), answered=Count("pk", filter=Q(answered_at__isnull=False)))
    rows = _responses(questionnaire, user)
    told = rows.aggregate(
        mean=Avg("score", filter=Q(status="counted")),
        entered=Count("pk", filter=Q(link__isnull=True)),
        waiting=Count("pk", filter=Q(status="waiting")),
    )
    by_month = (
        rows.counted()
        .order_by()
        .values(first=TruncMonth("answered_on"))
        .annotate(count=Count("pk"), mean=Avg("score"))
        .order_by("-first")[:MONTHS]
    )
    return Outcome(
        sent=sent["sent"],
        answered=sent["answered"],
        entered=told["entered"],
        waiting=told["waiting"],
        mean=told["mean"],
        months=[Month(**month) for month in reversed(by_month)],
    )


def outcome_by(questionnaire: Questionnaire, field: slots.Field, user: User) -> list[Group]:
    """How many answered and their mean score, by the client's group as it is now."""
    rows = _responses(questionnaire, user).counted().values("client_id", "score")
    return by_group(field, rows, ("count(*)", "avg(r.score)"))


def _responses(questionnaire: Questionnaire, user: User) -> ResponseQuerySet:
    rows: ResponseQuerySet = Response.objects.visible_to(user).filter(version__questionnaire=questionnaire)
    return rows.exclude(status="set_aside")
