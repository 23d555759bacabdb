"""Papers of a client: each a document in versions, whose files are attachments."""

from datetime import date, timedelta

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.history import tracked
from crm.models.attachments import Attachment
from crm.models.clients import Client
from crm.querysets import DocumentQuerySet, DocumentVersionQuerySet


@tracked()
class Document(models.Model):
    """A paper of a client, with what it is and how long it holds; its file is that of its latest version.

    `valid_until` is the last day on which it holds (empty: for ever). `remind_days` before it the client's holder is
    told. One that is withdrawn stays, with its versions, and reminds nobody.
    """

    class Kind(models.TextChoices):
        LICENCE = "licence", _("Business licence")
        ARTICLES = "articles", _("Articles of association")
        IDENTITY = "identity", _("Proof of identity")
        STATEMENT = "statement", _("Financial statement")
        AUDIT = "audit", _("Audit report")
        CONTRACT = "contract", _("Contract")
        COLLATERAL = "collateral", _("Collateral paper")
        PERMIT = "permit", _("Permit or approval")
        MODEL = "model", _("Financing model")
        OTHER = "other", pgettext_lazy("document", "Other")

    client = models.ForeignKey(Client, models.PROTECT, related_name="documents", verbose_name=_("client"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    title = models.CharField(_("title"), max_length=200)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    remind_days = models.PositiveSmallIntegerField(_("days of notice"), default=30, db_default=30)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)
    created_at = models.DateTimeField(db_default=Now())

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = [models.F("withdrawn_on").desc(nulls_first=True), "kind", "title", "id"]
        constraints = [
            models.CheckConstraint(
                name="document_reminds_within_a_year",
                condition=models.Q(remind_days__lte=366),
                violation_error_message=_("A reminder comes at most 366 days before the end."),
            )
        ]
        indexes = [
            models.Index(
                "valid_until",
                name="documents_that_end",
                condition=models.Q(valid_until__isnull=False, withdrawn_on__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def ends_soon(self, day: date) -> bool:
        """Whether on a day it is over, or will be within the days of notice."""
        return self.valid_until is not None and self.valid_until <= day + timedelta(days=self.remind_days)

    def is_over(self, day: date) -> bool:
        return self.valid_until is not None and self.valid_until < day


class DocumentVersion(models.Model):
    """One file of a document; the highest `number` is the one that counts. It is never changed."""

    # The constraint below serves as the index of the document too.
    document = models.ForeignKey(
        Document, models.PROTECT, related_name="versions", verbose_name=_("document"), db_index=False
    )
    number = models.PositiveIntegerField(_("version"))
    attachment = models.OneToOneField(
        Attachment, models.PROTECT, related_name="document_version", verbose_name=_("attachment")
    )
    note = models.CharField(_("what is new"), max_length=200, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False, verbose_name=_("added by")
    )
    at = models.DateTimeField(_("added at"), db_default=Now())

    objects = DocumentVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a document")
        verbose_name_plural = _("versions of documents")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="document_version_numbered_once")
        ]
        triggers = [
            pgtrigger.Protect(name="stays_as_handed_in", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.document_id} v{self.number}"
