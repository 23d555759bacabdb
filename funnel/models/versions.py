"""The documents that pipelines were made of, and the two people behind each."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from crm.history import tracked
from funnel.models.pipelines import Pipeline

CONTENT_IS_CHANGED = """
NOT (OLD.status = 'draft' AND NEW.status = 'draft')
    AND (NEW.pipeline_id, NEW.number, NEW.document, NEW.author_id, NEW.authors)
    IS DISTINCT FROM (OLD.pipeline_id, OLD.number, OLD.document, OLD.author_id, OLD.authors)
"""
STEP_IS_NOT_THERE = """
NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (
    ('draft', 'submitted'), ('submitted', 'draft'), ('submitted', 'published'), ('published', 'superseded'))
"""


@tracked(exclude=["document", "replaced"])
class PipelineVersion(models.Model):
    """A pipeline as one document: a draft saved whole, submitted, published by a second person, superseded.

    `authors` are all who began, edited or submitted it; none of them publishes it, and from its submission on its
    content does not change. `remark` says why it was sent back, `replaced` what was in effect until it was published.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        PUBLISHED = "published", _("Published")
        SUPERSEDED = "superseded", _("Superseded")

    IN_PREPARATION = (Status.DRAFT, Status.SUBMITTED)

    pipeline = models.ForeignKey(Pipeline, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    document = models.JSONField()
    replaced = models.JSONField(null=True, blank=True, editable=False)
    revision = models.PositiveIntegerField(default=0)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.DRAFT)
    purpose = models.TextField(_("what changes and why"), max_length=2000, blank=True, default="")
    remark = models.TextField(_("remark"), max_length=2000, blank=True, default="")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    authors = ArrayField(models.BigIntegerField())
    publisher = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("version of a pipeline")
        verbose_name_plural = _("versions of pipelines")
        ordering = ["pipeline", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["pipeline", "number"], name="pipeline_version_once"),
            models.UniqueConstraint(
                fields=["pipeline"], condition=models.Q(status="published"), name="pipeline_one_published"
            ),
            models.UniqueConstraint(
                fields=["pipeline"],
                condition=models.Q(status__in=["draft", "submitted"]),
                name="pipeline_one_in_preparation",
            ),
            models.CheckConstraint(
                name="pipeline_published_by_somebody",
                condition=models.Q(status__in=["draft", "submitted"], publisher__isnull=True)
                | models.Q(
                    status__in=["published", "superseded"],
                    publisher__isnull=False,
                    published_at__isnull=False,
                ),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="begins_as_a_draft",
                operation=pgtrigger.Insert,
                condition=~pgtrigger.Q(new__status="draft"),
            ),
            pgtrigger.Protect(
                name="only_drafts_change",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(CONTENT_IS_CHANGED),
            ),
            pgtrigger.Protect(
                name="step_by_step",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(STEP_IS_NOT_THERE),
            ),
            pgtrigger.Protect(
                name="publisher_is_no_author",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("NEW.publisher_id = ANY (NEW.authors)"),
            ),
            pgtrigger.Protect(
                name="only_drafts_go",
                operation=pgtrigger.Delete,
                condition=~pgtrigger.Q(old__status="draft"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pipeline_id} v{self.number}"
