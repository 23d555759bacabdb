"""Segments: clients under a name, those of a day or those of whom something holds now."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.history import tracked
from crm.models.clients import Client
from crm.models.users import Team
from crm.models.views import SavedView
from crm.outreach_querysets import SegmentQuerySet
from crm.querysets import OfClientQuerySet


@tracked()
class Segment(models.Model):
    """Clients under a name. A static one has members; a live one is what a filter of the client list shows its owner.

    `query` is that filter, as the part of the list's address after the question mark. Whoever else uses a segment sees
    those of its clients that they may see. Only its owner changes it, against the `revision` that they saw.
    """

    class Kind(models.TextChoices):
        LIVE = "live", pgettext_lazy("segment", "Live")
        STATIC = "static", pgettext_lazy("segment", "Static")

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="segments")
    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    query = models.TextField(blank=True)
    reach = models.CharField(
        _("for whom"), max_length=8, choices=SavedView.Reach, default=SavedView.Reach.PRIVATE
    )
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    revision = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = SegmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("segment of clients")
        verbose_name_plural = _("segments of clients")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"],
                name="segment_name_of_owner",
                condition=Q(removed_at__isnull=True),
                violation_error_message=_("You have a segment of this name already."),
            ),
            models.CheckConstraint(
                name="segment_has_a_name",
                condition=~Q(name=""),
                violation_error_message=_("Give the segment a name."),
            ),
            models.CheckConstraint(
                name="segment_of_a_team_has_one",
                condition=Q(reach="team", team__isnull=False) | ~Q(reach="team") & Q(team__isnull=True),
            ),
            models.CheckConstraint(
                name="segment_static_has_no_filter", condition=Q(kind="live") | Q(query="")
            ),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class SegmentMember(models.Model):
    """That a client is in a static segment."""

    segment = models.ForeignKey(Segment, models.CASCADE, related_name="members")
    client = models.ForeignKey(
        Client, models.CASCADE, related_name="segment_members", verbose_name=_("client")
    )

    objects = OfClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("client of a segment")
        verbose_name_plural = _("clients of segments")
        constraints = [models.UniqueConstraint(fields=["segment", "client"], name="segment_member_once")]

    def __str__(self) -> str:
        return f"{self.segment_id} {self.client_id}"
