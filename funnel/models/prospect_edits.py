"""Acts on many prospects at once: what was to be done, what became of each, and whether it was taken back."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.history import tracked
from crm.models import BulkEdit, BulkItem
from funnel.models.prospects import Prospect


@tracked(exclude=["prospects", "written_in"])
class ProspectEdit(models.Model):
    """One act on prospects chosen one by one, or on all that a list shows; its steps are those of `crm.BulkEdit`.

    `params` says how (the id of an owner, pipeline, client or other prospect; product, amount, reason); `counts` is
    {outcome: prospects}.
    """

    class Act(models.TextChoices):
        QUALIFY = "qualify", pgettext_lazy("act on prospects", "Qualify")
        ASSIGN = "assign", pgettext_lazy("act on prospects", "Assign")
        REJECT = "reject", pgettext_lazy("act on prospects", "Reject")
        MERGE = "merge", pgettext_lazy("act on prospects", "Merge")

    Status = BulkEdit.Status
    RUNNING = BulkEdit.RUNNING

    act = models.CharField(max_length=8, choices=Act, blank=True)
    params = models.JSONField(default=dict)
    prospects = ArrayField(models.BigIntegerField())
    status = models.CharField(
        _("status"), max_length=8, choices=BulkEdit.Status, default=BulkEdit.Status.DRAFT
    )
    counts = models.JSONField(default=dict)
    written_in = models.UUIDField(null=True, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="prospect_edits")
    created_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("act on prospects")
        verbose_name_plural = _("acts on prospects")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.act} {self.pk}"

    @property
    def is_running(self) -> bool:
        return self.status in self.RUNNING

    @property
    def changing(self) -> int:
        return int(self.counts.get(ProspectEditItem.Outcome.CHANGE, 0))


class ProspectEditItem(models.Model):
    """What becomes of one prospect, at the version that it was planned for; why it is refused."""

    Outcome = BulkItem.Outcome

    edit = models.ForeignKey(ProspectEdit, models.CASCADE, related_name="items", db_index=False)
    prospect = models.ForeignKey(Prospect, models.CASCADE, related_name="+")
    outcome = models.CharField(max_length=8, choices=BulkItem.Outcome)
    version = models.PositiveIntegerField()
    code = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edit", "prospect"], name="prospect_edit_item_once")]

    def __str__(self) -> str:
        return f"{self.edit_id} {self.prospect_id} {self.outcome}"
