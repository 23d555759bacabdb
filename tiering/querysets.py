"""Chainable reads of tiering's own rows. Whatever reaches a user starts at `visible_to(user)`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Self

from django.db.models import Case, F, FilteredRelation, IntegerField, Q, Value, When
from django.db.models.expressions import RawSQL

from crm.querysets import OfClientQuerySet, hold, reach

if TYPE_CHECKING:
    from crm.models import User

WORST_FIRST = ("critical", "serious", "watch", "info")


class AlertQuerySet(OfClientQuerySet):
    def visible_to(self, user: User) -> Self:
        """Alerts of the clients that the user may read; those of segments for whoever reads every client."""
        condition = reach(user, "client__")
        return self if condition is None else self.filter(condition, client__isnull=False)

    def handled_by(self, user: User) -> Self:
        """Alerts that the user may do something about: a risk officer all, others those of clients they hold."""
        if user.role == "risk_officer":
            return self
        return self.filter(hold(user, "client__"), client__isnull=False)

    def unresolved(self) -> Self:
        return self.exclude(status="resolved")

    def waiting(self) -> Self:
        """Those that somebody should look at now: neither snoozed nor resolved."""
        return self.filter(status__in=("open", "acknowledged"))

    def by_urgency(self) -> Self:
        """With `urgency`, less for what is more urgent: first the worst, of these what nobody has looked at."""
        ranks = [When(severity=key, then=Value(2 * rank)) for rank, key in enumerate(WORST_FIRST)]
        severity = Case(*ranks, default=Value(2 * len(WORST_FIRST)), output_field=IntegerField())
        seen = Case(When(status="open", then=Value(0)), default=Value(1), output_field=IntegerField())
        return self.annotate(urgency=severity + seen)

    def most_urgent_first(self) -> Self:
        """By urgency, the oldest first."""
        return self.by_urgency().order_by("urgency", "pk")


class WatchlistQuerySet(OfClientQuerySet):
    def of_clients(self, clients: Sequence[int]) -> Self:
        """Those of hundreds of clients: one array instead of a parameter for each."""
        return self.filter(client__in=RawSQL("SELECT unnest(%s::bigint[])", [list(clients)]))

    def conditional(self) -> Self:
        """Those of clients on the list that have an exit condition."""
        return self.filter(exited_at=None, exit_when__isnull=False)

    def with_exit(self) -> Self:
        """With `exit_holds_since`, None where the exit condition does not hold, or there is none."""
        standing = FilteredRelation("may_leave", condition=Q(may_leave__until__isnull=True))
        return self.annotate(_holds=standing, exit_holds_since=F("_holds__since"))
