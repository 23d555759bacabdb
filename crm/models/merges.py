"""That a client was merged into another, and what moved with it, so that it can be taken back."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from crm.history import tracked
from crm.models.clients import Client
from crm.querysets import OfClientQuerySet

IN_FORCE = Q(undone_at__isnull=True)


@tracked()
class Merge(models.Model):
    """That `gone` was found to be `client`, whose it all is from then on. `gone` stays as a tombstone that leads there.

    `chosen` are the fields that `client` took over; `before` has the fields of both as they were, for taking it back.
    """

    client = models.ForeignKey(Client, models.PROTECT, related_name="merges", verbose_name=_("client"))
    gone = models.ForeignKey(
        Client, models.PROTECT, related_name="merges_away", verbose_name=_("merged client")
    )
    reason = models.CharField(_("reason"), max_length=300)
    chosen = models.JSONField(_("fields taken over"), default=list)
    before = models.JSONField(default=dict)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("merged by")
    )
    at = models.DateTimeField(_("merged at"), db_default=Now())
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("taken back by"),
    )
    undone_at = models.DateTimeField(_("taken back at"), null=True, blank=True)

    objects = OfClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["gone"], condition=IN_FORCE, name="merge_once"),
            models.CheckConstraint(name="merge_of_two", condition=~Q(client=F("gone"))),
            models.CheckConstraint(name="merge_says_why", condition=~Q(reason="")),
            models.CheckConstraint(
                name="merge_undone_is_signed",
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gone_id} → {self.client_id}"

    @property
    def is_in_force(self) -> bool:
        return self.undone_at is None


class MergedRow(models.Model):
    """A record that a merge moved: its table by label, the column that names the client, its id, and a digest of it as
    it was after, by which it is seen whether somebody changed it since."""

    merge = models.ForeignKey(Merge, models.CASCADE, related_name="rows")
    label = models.CharField(max_length=80)
    column = models.CharField(max_length=40)
    row = models.BigIntegerField()
    digest = models.CharField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["merge", "label", "column", "row"], name="merged_row_once")
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.row}"
