"""The queue of tier reviews: what waits, most urgent first.

Urgency is what is at stake (exposure), times how far the tier moves, times one more for each week of waiting. It is
taken at one moment, which is carried from page to page, so that "load more" neither repeats nor skips.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.db.models import Count, DurationField, ExpressionWrapper, F, FloatField, Q, QuerySet, Value
from django.db.models.functions import Abs, Cast, Extract

from crm.models import User
from tiering.models import Proposal
from tiering.selectors.talk import with_rm

PAGE = 50
MOST_ROWS = 300
WEEK = 7 * 24 * 60 * 60.0
UP = Q(to_tier__rank__lt=F("from_tier__rank"))
DOWN = Q(to_tier__rank__gt=F("from_tier__rank"))
LOW = Q(to_tier__rank=F("from_tier__rank") - 1)
HIGH = Q(to_tier__rank__gte=F("from_tier__rank") + 2)
SEVERITIES = {"high": HIGH, "medium": ~HIGH & ~LOW, "low": LOW}
"""See `tiering.core.authority.severity_of`."""
MINE, NOBODYS = "mine", "nobody"


def late(at: datetime) -> Q:
    """Past its time, and nobody waits for the RM."""
    return Q(work__due_at__lte=at) & ~Q(with_rm())


STATES: dict[str, Callable[[datetime], Q]] = {
    "with_rm": lambda at: Q(with_rm()),
    "committee": lambda at: Q(committee__isnull=False),
    "late": late,
    "free": lambda at: ~Q(with_rm()),
}
"""What a proposal waits for: an answer of the RM, a committee, nobody else (`free`); and what is over its time."""


@dataclass(frozen=True)
class QueueFilter:
    """What the reader wants to see; an empty value does not narrow. `assignee`: `MINE`, `NOBODYS` or an officer's id."""

    direction: str = ""
    tiers: tuple[int, ...] = ()
    waiting_days: int = 0
    teams: tuple[int, ...] = ()
    rms: tuple[int, ...] = ()
    schemes: tuple[int, ...] = ()
    sectors: tuple[int, ...] = ()
    severities: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    assignee: str = ""

    def narrow(self, proposals: QuerySet[Proposal], user: User, at: datetime) -> QuerySet[Proposal]:
        wanted = {
            "to_tier__in": self.tiers,
            "client__team__in": self.teams,
            "client__rm__in": self.rms,
            "scheme__in": self.schemes,
            "client__industry__in": self.sectors,
        }
        proposals = proposals.filter(**{field: values for field, values in wanted.items() if values})
        if self.waiting_days:
            proposals = proposals.filter(waiting_since__lte=at - timedelta(days=self.waiting_days))
        severity = reduce(or_, (SEVERITIES[key] for key in self.severities), Q())
        state = reduce(or_, (STATES[key](at) for key in self.states), Q())
        direction = {"up": UP, "down": DOWN}.get(self.direction, Q())
        return proposals.filter(direction, severity, state, self._assigned(user))

    def _assigned(self, user: User) -> Q:
        if self.assignee == MINE:
            return Q(work__assignee=user.pk)
        if self.assignee == NOBODYS:
            return Q(work__assignee__isnull=True)
        return Q(work__assignee=int(self.assignee)) if self.assignee else Q()


@dataclass(frozen=True)
class Page:
    """Some rows of the queue and whether there are more after them."""

    rows: list[Proposal]
    has_more: bool
    at: datetime


def waiting(user: User) -> QuerySet[Proposal]:
    """The proposals without a decision that the user may read."""
    return Proposal.objects.visible_to(user).filter(status=Proposal.Status.PENDING)


def counts(user: User, wanted: QueueFilter, at: datetime) -> dict[str, int]:
    """How many of the wanted proposals go `up` and `down`."""
    return wanted.narrow(waiting(user), user, at).aggregate(up=Count("pk", UP), down=Count("pk", DOWN))


def page(user: User, wanted: QueueFilter, at: datetime, after: int | None = None, rows: int = PAGE) -> Page:
    """The rows that follow the proposal `after`, which may have been decided meanwhile."""
    found = list(_shown(_following(_ordered(user, wanted, at), user, at, after))[: rows + 1])
    return Page(found[:rows], len(found) > rows, at)


def page_with(user: User, wanted: QueueFilter, at: datetime, proposal: int) -> Page:
    """The first rows, as many as it takes to show the given one, within reason."""
    first = page(user, wanted, at, rows=PAGE)
    here = None if _holds(first, proposal) else _urgency_of(user, at, proposal)
    if here is None:
        return first
    ahead = _ordered(user, wanted, at).filter(_before(*here)).count()
    rows = (ahead // PAGE + 1) * PAGE
    return page(user, wanted, at, rows=rows) if PAGE < rows <= MOST_ROWS else first


def _holds(page: Page, proposal: int) -> bool:
    return any(row.pk == proposal for row in page.rows)


def next_after(user: User, wanted: QueueFilter, at: datetime, proposal: int) -> int | None:
    """The id of the one to look at once a proposal is decided: the next in the queue, else the first."""
    ordered = _ordered(user, wanted, at)
    following = _following(ordered, user, at, proposal).values_list("pk", flat=True)
    return following.first() or ordered.exclude(pk=proposal).values_list("pk", flat=True).first()


def _ordered(user: User, wanted: QueueFilter, at: datetime) -> QuerySet[Proposal]:
    return wanted.narrow(waiting(user), user, at).annotate(urgency=_urgency(at)).order_by("-urgency", "pk")


def _shown(ordered: QuerySet[Proposal]) -> QuerySet[Proposal]:
    """With what a row says."""
    related = ("client", "project", "scheme", "from_tier", "to_tier", "work__assignee", "committee")
    return ordered.annotate(is_with_rm=with_rm()).select_related(*related)


def _urgency(at: datetime) -> Cast:
    elapsed = ExpressionWrapper(Value(at) - F("waiting_since"), output_field=DurationField())
    weeks = Cast(Extract(elapsed, "epoch"), FloatField()) / WEEK
    notches = Cast(Abs(F("to_tier__rank") - F("from_tier__rank")), FloatField())
    return Cast((F("exposure") + 1.0) * notches * (1.0 + weeks), FloatField())


def _following(
    ordered: QuerySet[Proposal], user: User, at: datetime, after: int | None
) -> QuerySet[Proposal]:
    here = _urgency_of(user, at, after) if after else None
    if here is None:
        return ordered
    urgency, pk = here
    return ordered.filter(Q(urgency__lt=urgency) | Q(urgency=urgency, pk__gt=pk))


def _before(urgency: float, pk: int) -> Q:
    return Q(urgency__gt=urgency) | Q(urgency=urgency, pk__lt=pk)


def _urgency_of(user: User, at: datetime, proposal: int) -> tuple[float, int] | None:
    """Where a proposal stands in the order, decided or not."""
    found = Proposal.objects.visible_to(user).filter(pk=proposal).annotate(urgency=_urgency(at))
    return found.values_list("urgency", "pk").first()
