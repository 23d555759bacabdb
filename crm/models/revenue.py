"""What clients bring in."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.history import tracked
from crm.models.clients import Client
from crm.models.conduct import money, today
from crm.models.projects import Project
from crm.querysets import OfClientQuerySet


@tracked()
class Revenue(models.Model):
    """What a client brought us in a calendar month, within a project or beside any, in units of the book currency.

    `month` is its first day. A restatement is a further row of the same source with a later `received_on`.
    """

    # The constraint below serves as the index of the client too.
    client = models.ForeignKey(
        Client, models.PROTECT, related_name="revenues", verbose_name=_("client"), db_index=False
    )
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="revenues", verbose_name=_("project")
    )
    month = models.DateField(_("month"))
    amount = money(_("amount"))
    received_on = models.DateField(_("received on"), default=today)
    source = models.CharField(_("source"), max_length=80, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OfClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("revenue")
        verbose_name_plural = _("revenues")
        ordering = ["-month", "-id"]
        constraints = [
            # In the order in which facts are derived, the latest receipt first, with all that they read.
            models.UniqueConstraint(
                "client",
                "month",
                "project",
                "source",
                models.F("received_on").desc(),
                include=["amount"],
                nulls_distinct=False,
                name="revenue_once_per_source",
            ),
            models.CheckConstraint(
                name="revenue_is_of_a_month",
                condition=models.Q(month__day=1),
                violation_error_message=_("A month is given by its first day."),
            ),
            models.CheckConstraint(
                name="revenue_received_after_month_began",
                condition=models.Q(received_on__gte=models.F("month")),
                violation_error_message=_("Revenue cannot be received before its month begins."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} {self.month:%Y-%m}"
