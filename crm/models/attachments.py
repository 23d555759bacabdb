"""Files that serve as evidence, kept next to what they prove."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from crm.models.clients import Client
from crm.querysets import AttachmentQuerySet


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
