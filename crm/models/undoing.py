"""What stayed as it was when work on many records was taken back."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class KeptRecord(models.Model):
    """A record that could not be brought back to what it was before the work whose history has the context
    `written_in`: which, and why, as code and parameters (`crm.undoing.words`). Written once."""

    written_in = models.UUIDField(db_index=True)
    model = models.CharField(max_length=60)
    record_id = models.BigIntegerField()
    name = models.CharField(_("name"), max_length=300, blank=True)
    code = models.CharField(max_length=40)
    params = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("record that stayed as it was")
        verbose_name_plural = _("records that stayed as they were")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["written_in", "model", "record_id"], name="kept_record_once")
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.record_id}"
