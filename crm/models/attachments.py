"""Files that serve as evidence, kept next to what they prove."""

from typing import Final

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from crm.models.clients import Client
from crm.querysets import AttachmentQuerySet

PREVIEWED: Final = ("image/png", "image/jpeg", "text/plain", "text/csv")
"""What a browser shows without running anything of it; everything else is downloaded."""


class Attachment(models.Model):
    """A file as it was handed in; it is never changed. `content_type` is what the content was found to be."""

    name = models.CharField(_("file name"), max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)
    client = models.ForeignKey(
        Client, models.PROTECT, null=True, blank=True, related_name="attachments", verbose_name=_("client")
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="attachments", verbose_name=_("uploaded by")
    )
    at = models.DateTimeField(_("uploaded at"), db_default=Now())

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["-id"]
        triggers = [
            pgtrigger.Protect(name="stays_as_handed_in", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_previewed(self) -> bool:
        """Whether a browser may show it in the page."""
        return self.content_type in PREVIEWED


class AttachmentContent(models.Model):
    """The bytes of an attachment, apart from it so that lists do not carry them."""

    attachment = models.OneToOneField(
        Attachment, models.PROTECT, primary_key=True, related_name="content", verbose_name=_("attachment")
    )
    data = models.BinaryField()

    class Meta:
        verbose_name = _("content of an attachment")
        verbose_name_plural = _("contents of attachments")
        triggers = [
            pgtrigger.Protect(name="stays_as_handed_in", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return str(self.attachment_id)


class AttachmentScan(models.Model):
    """What the virus scanner said of a file. Without a row it was not scanned: no scanner was set when it came.

    One that waits or is infected is handed out to nobody.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits for the virus scanner")
        CLEAN = "clean", _("Scanned, clean")
        INFECTED = "infected", _("Infected, in quarantine")

    attachment = models.OneToOneField(
        Attachment, models.PROTECT, primary_key=True, related_name="scan", verbose_name=_("attachment")
    )
    state = models.CharField(_("state"), max_length=8, choices=State)
    finding = models.CharField(_("finding"), max_length=200, blank=True)
    scanned_at = models.DateTimeField(_("scanned at"), null=True, blank=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)

    class Meta:
        verbose_name = _("scan of an attachment")
        verbose_name_plural = _("scans of attachments")
        indexes = [
            models.Index("attachment", name="attachment_scans_waiting", condition=models.Q(state="waiting"))
        ]

    def __str__(self) -> str:
        return f"{self.attachment_id} {self.state}"


class AttachmentDownload(models.Model):
    """That somebody was handed a file; it is never changed."""

    attachment = models.ForeignKey(
        Attachment, models.PROTECT, related_name="downloads", verbose_name=_("attachment")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False, verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("download of an attachment")
        verbose_name_plural = _("downloads of attachments")
        ordering = ["-id"]
        triggers = [
            pgtrigger.Protect(name="stays_as_it_happened", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.attachment_id} {self.by_id}"
