"""Chainable reads. Whatever reaches a user starts at `visible_to(user)`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone

from crm.cover import stood_in_for
from crm.findable import FindableQuerySet

if TYPE_CHECKING:
    from datetime import date

    from crm.models import User


def reach(user: User, prefix: str = "") -> Q | None:
    """The clients a user may read, as a condition on `prefix` + client fields; None where it is every client."""
    if user.sees_every_client:
        return None
    if user.has_perm("crm.view_client") and user.team_id:
        return Q(**{f"{prefix}team": user.team_id})
    return Q(pk__in=[])


def hold(user: User, prefix: str = "") -> Q:
    """The clients a user may change (`crm.access.holds`): an RM's own book in the team, and those of the colleagues for
    whom they stand in; a lead's team."""
    from crm.models import Role

    if user.role not in (Role.RM, Role.TEAM_LEAD):
        return Q(pk__in=[])
    team = Q(**{f"{prefix}team": user.team_id})
    return team & books(user, f"{prefix}rm") if user.role == Role.RM else team


def books(user: User, path: str) -> Q:
    """That what `path` leads to is the user, or an absent colleague for whom they stand in today."""
    absent = stood_in_for(user)
    return Q(**{f"{path}__in": [user.pk, *absent]}) if absent else Q(**{path: user.pk})


class ClientQuerySet(FindableQuerySet):
    def visible_to(self, user: User) -> Self:
        """Those that one may read; a client that was merged into another is read there."""
        condition, rows = reach(user), self.standing()
        return rows if condition is None else rows.filter(condition)

    def editable_by(self, user: User) -> Self:
        return self.standing().filter(hold(user))

    def standing(self) -> Self:
        """Those that were not merged into another."""
        return self.filter(merged_into__isnull=True)

    def merged_visible_to(self, user: User) -> Self:
        """Those that were merged into a client that one may read."""
        condition, rows = reach(user, "merged_into__"), self.filter(merged_into__isnull=False)
        return rows if condition is None else rows.filter(condition)


class OfClientQuerySet(models.QuerySet):
    """Rows that belong to a client through a foreign key named `client`."""

    def visible_to(self, user: User) -> Self:
        condition = reach(user, "client__")
        return self if condition is None else self.filter(condition)

    def editable_by(self, user: User) -> Self:
        return self.filter(hold(user, "client__"))


class PaymentQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Instalments of clients that one may see."""
        condition = reach(user, "facility__client__")
        return self if condition is None else self.filter(condition)


class DocumentQuerySet(OfClientQuerySet):
    def ending(self, day: date) -> Self:
        """Those in use that are over on a day, or will be within their days of notice."""
        reminds_on = models.ExpressionWrapper(F("valid_until") - F("remind_days"), models.DateField())
        in_use = self.filter(withdrawn_on__isnull=True, valid_until__isnull=False)
        return in_use.annotate(reminds_on=reminds_on).filter(reminds_on__lte=day)


class DocumentVersionQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Of documents of clients that one may see."""
        condition = reach(user, "document__client__")
        return self if condition is None else self.filter(condition)


class ProjectQuerySet(FindableQuerySet):
    def visible_to(self, user: User) -> Self:
        """Projects in which a client the user may read takes part."""
        from crm.models import Participation

        condition = reach(user, "client__")
        if condition is None:
            return self
        return self.filter(pk__in=Participation.objects.filter(condition).values("project"))

    def editable_by(self, user: User) -> Self:
        """Those in which a client that one holds takes part."""
        from crm.models import Participation

        return self.filter(pk__in=Participation.objects.editable_by(user).values("project"))


class ImportJobQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """One's own imports; auditors and system administrators read everyone's."""
        from crm.models import Role

        if user.role in (Role.AUDITOR, Role.SYSTEM_ADMIN):
            return self
        return self.filter(uploaded_by=user)


class ExportQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """One's own; a lead's those of the team's managers; everyone's for who sees every client."""
        from crm.models import Role

        if user.sees_every_client:
            return self
        if user.role == Role.TEAM_LEAD:
            return self.filter(Q(asked_by=user) | Q(asked_by__team=user.team_id, asked_by__role=Role.RM))
        return self.filter(asked_by=user)


class SavedViewQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """One's own, those of one's team, and those for everybody."""
        shared = Q(reach="house") | Q(reach="team", team=user.team_id)
        return self.filter(Q(owner=user) | shared)


class NoticeQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """One's own notices, but for those of clients that one may not see any more."""
        own, condition = self.filter(recipient=user), reach(user, "client__")
        return own if condition is None else own.filter(Q(client__isnull=True) | condition)

    def standing_in(self, user: User) -> Self:
        """What absent colleagues for whom the user stands in are told in the page in these days, of clients that the
        user may see. Reading them marks nothing: they are still the colleague's."""
        from crm.models import Absence

        condition, absent = reach(user, "client__"), stood_in_for(user)
        began = Absence.objects.on(timezone.localdate()).filter(user=OuterRef("recipient"), deputy=user)
        theirs = self.filter(recipient__in=absent, in_app=True).filter(
            created_at__date__gte=Subquery(began.values("starts_on")[:1])
        )
        return theirs if condition is None else theirs.filter(condition)

    def in_app(self) -> Self:
        return self.filter(in_app=True)

    def unread(self) -> Self:
        return self.filter(in_app=True, read_at__isnull=True)

    def unmailed(self) -> Self:
        """What waits for a mail; what was read in the page needs none."""
        return self.filter(to_mail=True, digest__isnull=True, read_at__isnull=True)


class TaskQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Tasks of clients that one may see; of no client, one's own and, for a lead, those of the team."""
        from crm.models import Role

        own = Q(client__isnull=True) & books(user, "assignee")
        if user.role == Role.TEAM_LEAD:
            own |= Q(client__isnull=True, assignee__team=user.team_id)
        condition = reach(user, "client__")
        return self.filter(own | (Q(client__isnull=False) if condition is None else condition))

    def changeable_by(self, user: User) -> Self:
        """Those one may finish or move: one's own, and those of clients that one holds; a lead's team's besides."""
        from crm.models import Role

        own = books(user, "assignee") | hold(user, "client__")
        if user.role == Role.TEAM_LEAD:
            own |= Q(assignee__team=user.team_id)
        return self.visible_to(user).filter(own)

    def open(self) -> Self:
        return self.filter(status="open")


class AttachmentQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Files of clients that one may see; of no client, one's own, and everyone's for who sees every client."""
        condition = reach(user, "client__")
        return (
            self if condition is None else self.filter(condition | Q(client__isnull=True, uploaded_by=user))
        )


class AbsenceQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Everyone's for who watches over decisions or users; else one's own, those one deputises in, and the team's."""
        from crm.models import Role

        if user.sees_every_client or user.role == Role.SYSTEM_ADMIN:
            return self
        return self.filter(Q(user=user) | Q(deputy=user) | Q(user__team=user.team_id))

    def on(self, day: date) -> Self:
        return self.filter(starts_on__lte=day, ends_on__gte=day)


class InterestQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """One's own; auditors read everyone's."""
        from crm.models import Role

        return self if user.role == Role.AUDITOR else self.filter(user=user)

    def current(self) -> Self:
        return self.filter(ended_at__isnull=True)


class RelationQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Relations of which one may see both ends."""
        one, other = reach(user, "client__"), reach(user, "party__")
        return self if one is None or other is None else self.filter(one, other)

    def changeable_by(self, user: User) -> Self:
        """Those of which one holds either end."""
        return self.visible_to(user).filter(hold(user, "client__") | hold(user, "party__"))

    def on(self, day: date) -> Self:
        """Those that hold on a day."""
        return self.filter(
            Q(since__isnull=True) | Q(since__lte=day), Q(until__isnull=True) | Q(until__gt=day)
        )


class TagQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Those of one's team; every team's for who sees every client, nobody's for who sees none."""
        if user.sees_every_client:
            return self
        return self.filter(team=user.team_id) if user.has_perm("crm.view_client") else self.none()


class NoteQuerySet(OfClientQuerySet):
    def visible_to(self, user: User) -> Self:
        """Those of clients that one may see, as long as they are not removed."""
        return super().visible_to(user).filter(removed_at__isnull=True)


class HandoverQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """A lead's, those of the team; everyone's for who reads everything."""
        from crm.models import Role

        if user.role == Role.AUDITOR:
            return self
        return self.filter(team=user.team_id) if user.role == Role.TEAM_LEAD else self.none()


class DuplicatePairQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Pairs of which one may see both, neither of them merged away."""
        one, other = reach(user, "one__"), reach(user, "other__")
        rows = self.filter(one__merged_into__isnull=True, other__merged_into__isnull=True)
        return rows if one is None or other is None else rows.filter(one, other)

    def open(self) -> Self:
        return self.filter(status="open")
