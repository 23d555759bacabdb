"""Chainable reads of what the house asks of its clients and tells them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import Q, QuerySet

from crm.querysets import OfClientQuerySet

if TYPE_CHECKING:
    from datetime import datetime

    from crm.models import User


class AnswerLinkQuerySet(OfClientQuerySet):
    def open(self, now: datetime) -> Self:
        """Those that can be answered at a moment."""
        return self.filter(answered_at__isnull=True, revoked_at__isnull=True, expires_at__gt=now)

    def sent(self) -> Self:
        """Those that count for the response rate: answered, or never taken back."""
        return self.filter(Q(revoked_at__isnull=True) | Q(answered_at__isnull=False))


class ResponseQuerySet(OfClientQuerySet):
    def counted(self) -> Self:
        """Those that stand: neither waiting for the RM nor set aside."""
        return self.filter(status="counted")


class SegmentQuerySet(QuerySet):
    def visible_to(self, user: User) -> Self:
        """One's own, those of one's team, and those for everybody; none that was removed."""
        if not user.has_perm("crm.view_client"):
            return self.none()
        shared = Q(reach="house") | Q(reach="team", team=user.team_id)
        return self.filter(Q(owner=user) | shared, removed_at__isnull=True)


class CampaignQuerySet(QuerySet):
    def visible_to(self, user: User) -> Self:
        """Those of one's team; everybody's for who sees every client."""
        if user.sees_every_client:
            return self
        return self.filter(team=user.team_id) if user.has_perm("crm.view_client") else self.none()

    def changeable_by(self, user: User) -> Self:
        """One's own; for a lead those of the team."""
        own = Q(owner=user)
        if user.has_perm("crm.assign_rm"):
            own |= Q(team=user.team_id)
        return self.visible_to(user).filter(own)


class InvitationQuerySet(OfClientQuerySet):
    def invited(self) -> Self:
        return self.filter(left_out="")
