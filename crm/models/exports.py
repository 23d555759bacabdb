"""Files that left the house: who asked for which list, who agreed, and what was fetched."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from crm.history import tracked
from crm.models.views import COLUMN_KEY
from crm.querysets import ExportQuerySet


@tracked()
class Export(models.Model):
    """What a list showed, as a file: `query` is its address, `words` its filter as people read it, {language: words}, as
    it was called then.

    `rows` were counted when it was asked for, `sent` when it was fetched. A file above the cap of a role waits until
    somebody else agrees; every file is fetched once, by who asked for it, before it expires.
    """

    class Form(models.TextChoices):
        CSV = "csv", "CSV"
        XLSX = "xlsx", "XLSX"

    class Status(models.TextChoices):
        ASKED = "asked", pgettext_lazy("export", "Waits for approval")
        REFUSED = "refused", pgettext_lazy("export", "Refused")
        READY = "ready", pgettext_lazy("export", "May be fetched")
        FETCHED = "fetched", pgettext_lazy("export", "Fetched")

    source = models.SlugField(max_length=20)
    form = models.CharField(_("format"), max_length=4, choices=Form)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    query = models.TextField(blank=True)
    words = models.JSONField(default=dict, blank=True)
    columns = ArrayField(models.CharField(max_length=COLUMN_KEY))
    rows = models.PositiveIntegerField(_("rows"))
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    status = models.CharField(_("status"), max_length=8, choices=Status)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="exports")
    asked_at = models.DateTimeField(db_default=Now())
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    comment = models.CharField(_("comment"), max_length=300, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True)
    sent = models.PositiveIntegerField(null=True, blank=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="export_of_four_eyes",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
            ),
            models.CheckConstraint(
                name="export_ready_until",
                condition=~Q(status__in=("ready", "fetched")) | Q(expires_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["asked_by", "-id"], name="export_of_user")]

    def __str__(self) -> str:
        return f"{self.source} {self.asked_by_id} {self.rows}"

    @property
    def said(self) -> str:
        """The filter in the reader's language."""
        return self.words.get(get_language()) or self.words.get(self.language, "")
