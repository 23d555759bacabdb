"""Which sources come before which, where they tell the same thing of a client differently."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.history import tracked

TOLERANCE, DAYS_APART = 0.05, 400


@tracked()
class SourceOrder(models.Model):
    """The sources of a metric, the one to believe first; with an empty `metric`, of every metric that has no own order.

    One that is not listed comes after those that are, and among these the newest value counts. Numbers differ from
    `tolerance` of the larger one on (0.05 is 5%), and values are of the same time when they are at most `days_apart`.
    """

    metric = models.CharField(_("metric"), max_length=60, blank=True, unique=True)
    sources = models.JSONField(_("sources"), default=list, db_default=[], blank=True)
    tolerance = models.FloatField(_("numbers differ from"), default=TOLERANCE)
    days_apart = models.PositiveIntegerField(_("days between values of the same time"), default=DAYS_APART)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("order of sources")
        verbose_name_plural = _("orders of sources")
        ordering = ["metric"]
        constraints = [
            models.CheckConstraint(
                name="source_order_tolerance_is_a_share",
                condition=models.Q(tolerance__gte=0, tolerance__lt=1),
                violation_error_message=_("A tolerance is from 0% to less than 100%."),
            )
        ]

    def __str__(self) -> str:
        return self.metric or "*"
