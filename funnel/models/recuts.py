"""Cases cut anew: one split into parts, or one merged into another."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from crm.history import tracked
from crm.models.conduct import money
from funnel.models.cases import Case
from funnel.querysets import OfCaseQuerySet


@tracked()
class Recut(models.Model):
    """`case` was split into its `parts`, or another one was merged into it; what was dissolved by it is `dissolved`.

    `amount` is what the case asked for before. `revision` and `version` are those that a merge left the case at: it is
    taken back only as long as nobody has gone on from there.
    """

    class Kind(models.TextChoices):
        SPLIT = "split", _("Split")
        MERGE = "merge", _("Merged")

    kind = models.CharField(max_length=5, choices=Kind)
    case = models.ForeignKey(Case, models.PROTECT, related_name="recuts")
    amount = money(_("amount"))
    version = models.PositiveIntegerField()
    revision = models.PositiveIntegerField()
    reason = models.TextField(_("reason"), max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_because = models.TextField(max_length=2000, blank=True, default="")

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("split or merge of cases")
        verbose_name_plural = _("splits and merges of cases")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="recut_with_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="recut_undone_with_reason",
                condition=Q(undone_by__isnull=True, undone_at__isnull=True, undone_because="")
                | (Q(undone_by__isnull=False, undone_at__isnull=False) & ~Q(undone_because="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.case_id}"
