"""Changes to many clients at once: what was to change, what became of each client, and whether it was taken back."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.history import tracked
from crm.models.clients import Client


@tracked(exclude=["clients", "written_in"])
class BulkEdit(models.Model):
    """One change (`act`, a key of `slots.bulk_acts`, to `value`) to clients chosen one by one, or to all that a list
    shows.

    `counts` is {outcome: clients}. `written_in` is the context that the history of the changes names (`crm.undoing`).
    """

    class Status(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("bulk edit", "Draft")
        PLANNED = "planned", pgettext_lazy("bulk edit", "Ready to apply")
        APPLYING = "applying", pgettext_lazy("bulk edit", "Under way")
        APPLIED = "applied", pgettext_lazy("bulk edit", "Applied")
        UNDOING = "undoing", pgettext_lazy("bulk edit", "Being taken back")
        UNDONE = "undone", pgettext_lazy("bulk edit", "Taken back")
        FAILED = "failed", pgettext_lazy("bulk edit", "Failed")

    RUNNING = (Status.APPLYING, Status.UNDOING)

    act = models.SlugField(max_length=40, blank=True)
    value = models.CharField(max_length=200, blank=True)
    label = models.CharField(max_length=200, blank=True)
    clients = ArrayField(models.BigIntegerField())
    words = models.TextField(blank=True)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.DRAFT)
    counts = models.JSONField(default=dict)
    written_in = models.UUIDField(null=True, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="bulk_edits")
    created_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("bulk edit")
        verbose_name_plural = _("bulk edits")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.act} {self.value}"

    @property
    def is_running(self) -> bool:
        return self.status in self.RUNNING

    @property
    def changing(self) -> int:
        return int(self.counts.get(BulkItem.Outcome.CHANGE, 0))


class BulkItem(models.Model):
    """What becomes of one client: what stood there before, and why it is refused."""

    class Outcome(models.TextChoices):
        CHANGE = "change", _("Changed")
        SAME = "same", _("Unchanged")
        REFUSE = "refuse", _("Refused")

    edit = models.ForeignKey(BulkEdit, models.CASCADE, related_name="items", db_index=False)
    client = models.ForeignKey(Client, models.CASCADE, related_name="+")
    outcome = models.CharField(max_length=8, choices=Outcome)
    before = models.TextField(blank=True)
    code = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edit", "client"], name="bulk_item_once")]

    def __str__(self) -> str:
        return f"{self.edit_id} {self.client_id} {self.outcome}"
