"""When the overlays of a scheme's criteria are switched on, and by which two people."""

from datetime import timedelta

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from crm.history import tracked
from tiering.models.criteria import TierScheme

TICK = timedelta(microseconds=1)
"""How long lasts what was taken back before it began: the shortest time there is."""


@tracked()
class OverlayActivation(models.Model):
    """A stretch of time for which an overlay (by its key) is on for a scheme, once a second person has approved it.

    An approved one changes in one way only: it can be ended earlier, and not in the past.
    """

    scheme = models.ForeignKey(TierScheme, models.PROTECT, related_name="activations")
    overlay = models.CharField(_("overlay"), max_length=60)
    starts = models.DateTimeField(_("from"))
    ends = models.DateTimeField(_("until"), null=True, blank=True)
    reason = models.TextField(_("reason"), max_length=2000)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(db_default=Now())
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("overlay activation")
        verbose_name_plural = _("overlay activations")
        ordering = ["-starts", "-id"]
        constraints = [
            models.CheckConstraint(
                name="overlay_ends_after_it_starts",
                condition=models.Q(ends__isnull=True) | models.Q(ends__gt=models.F("starts")),
            ),
            models.CheckConstraint(
                name="overlay_approved_by_another",
                condition=models.Q(approved_by__isnull=True, approved_at__isnull=True)
                | (
                    models.Q(approved_by__isnull=False, approved_at__isnull=False)
                    & ~models.Q(approved_by=models.F("requested_by"))
                ),
            ),
            models.CheckConstraint(name="overlay_has_a_reason", condition=~models.Q(reason="")),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="keeps_what_was_asked",
                fields=["scheme", "overlay", "starts", "reason", "requested_by", "requested_at"],
            ),
            pgtrigger.Protect(
                name="approved_stays",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__approved_by__isnull=False),
            ),
            pgtrigger.Protect(
                name="approval_is_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.approved_by_id IS NOT NULL AND (NEW.approved_by_id, NEW.approved_at)"
                    " IS DISTINCT FROM (OLD.approved_by_id, OLD.approved_at)"
                ),
            ),
            pgtrigger.Protect(
                name="only_ends_earlier",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.approved_by_id IS NOT NULL AND NEW.ends IS DISTINCT FROM OLD.ends"
                    " AND (NEW.ends IS NULL OR NEW.ends > OLD.ends OR NEW.ends < now() OR OLD.ends <= now())"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.overlay} {self.starts:%Y-%m-%d}"

    @property
    def is_void(self) -> bool:
        """Whether it was taken back before it began."""
        return self.ends is not None and self.ends <= self.starts + TICK
