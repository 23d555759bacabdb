"""Chainable reads of cases. Whatever reaches a user starts at `visible_to(user)`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Self

from django.db import models
from django.db.models import DateField, ExpressionWrapper, F, Q, Value
from django.db.models.functions import TruncDate

from crm.querysets import OfClientQuerySet, reach

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm.models import User
    from funnel.models import Stage
    from tiering.models import Tier


SHOWN: Final = (
    *("code", "product", "amount", "currency", "entered_stage_at", "version"),
    *("expected_close", "next_step", "next_step_on"),
    *("client__name_en", "client__name_zh", "client__team", "client__rm__name", "client__rm__name_zh"),
    *("stage__key", "stage__name_en", "stage__name_zh", "stage__colour", "stage__outcome"),
    *("stage__limit_days", "stage__pipeline__key"),
)
"""Of a case, on board, list and calendar."""


class CaseQuerySet(OfClientQuerySet):
    def in_board_order(self) -> Self:
        """The largest first; the order is total, so a page can start after any card."""
        return self.order_by("-amount", "id")

    def after(self, amount: Decimal, pk: int) -> Self:
        """What follows a card in board order."""
        return self.filter(Q(amount__lt=amount) | Q(amount=amount, pk__gt=pk))

    def in_stages(self, stages: Iterable[Stage]) -> Self:
        """Those in any of the stages, told without reading the table of stages."""
        return self.filter(stage__in=[stage.pk for stage in stages])

    def standing(self) -> Self:
        """Without those that were split or merged into others: what counts, and is worked on."""
        return self.filter(dissolved_by=None)

    def in_tier(self, tier: Tier) -> Self:
        """Of clients that are in the tier now."""
        return self.filter(
            client__assignments__tier=tier,
            client__assignments__project=None,
            client__assignments__valid_to=None,
        )

    def late(self, today: date) -> Self:
        """Standing cases that have been in their stage for more days than it allows."""
        last_day_in_time = ExpressionWrapper(
            Value(today, DateField()) - F("stage__limit_days"), output_field=DateField()
        )
        return (
            self.standing()
            .annotate(_entered_on=TruncDate("entered_stage_at"))
            .filter(_entered_on__lt=last_day_in_time)
        )

    def for_cards(self) -> Self:
        """With everything that a card shows, except the tier."""
        return self.select_related("client__rm", "stage")

    def for_board(self) -> Self:
        """The same, and no column that board, list and calendar do not show: they read a hundred cases and more."""
        return self.for_cards().only(*SHOWN)


class OfCaseQuerySet(models.QuerySet):
    """Rows that belong to a case through a foreign key named `case`."""

    def visible_to(self, user: User) -> Self:
        condition = reach(user, "case__client__")
        return self if condition is None else self.filter(condition)


class CasePartyQuerySet(OfCaseQuerySet):
    """Of cases that one may see; their clients may be out of sight."""

    def standing(self) -> Self:
        """Those that count: not left behind with a client that was merged into another one, nor of the client that leads
        the case since a merge."""
        return self.filter(client__merged_into=None).exclude(client=F("case__client"))


class TargetQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Those of one's team and its people, and of products; all of them for who sees every client or sets targets."""
        if user.sees_every_client or user.has_perm("crm.add_reference_data"):
            return self
        return self.filter(Q(team=user.team_id) | Q(rm__team=user.team_id) | ~Q(product=""))

    def of_kind(self, of: str) -> Self:
        """Those of teams, of managers or of products."""
        return self.exclude(product="") if of == "product" else self.filter(**{f"{of}__isnull": False})
