"""Questionnaires in versions, links by which clients answer them without an account, and answers."""

import uuid
from datetime import datetime

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.core import questions
from crm.formats import reads_chinese
from crm.history import tracked
from crm.models.clients import Client
from crm.models.people import ContactPerson
from crm.outreach_querysets import AnswerLinkQuerySet, ResponseQuerySet


@tracked()
class Questionnaire(models.Model):
    """What is asked of clients, in versions. A survey is sent to many, for its mean and trend."""

    class Kind(models.TextChoices):
        ASSESSMENT = "assessment", pgettext_lazy("questionnaire", "Assessment")
        SURVEY = "survey", pgettext_lazy("questionnaire", "Survey")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.ASSESSMENT)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)

    class Meta:
        verbose_name = _("questionnaire")
        verbose_name_plural = _("questionnaires")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


@tracked()
class QuestionnaireVersion(models.Model):
    """A questionnaire as one document (`crm.core.questions`): edited as a draft, fixed once it is published."""

    class Status(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("questionnaire", "Draft")
        PUBLISHED = "published", pgettext_lazy("questionnaire", "Published")

    questionnaire = models.ForeignKey(Questionnaire, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    revision = models.PositiveIntegerField(default=0)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("version of a questionnaire")
        verbose_name_plural = _("versions of questionnaires")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "number"], name="questionnaire_version_number"),
            models.UniqueConstraint(
                fields=["questionnaire"], name="questionnaire_one_draft", condition=Q(status="draft")
            ),
            models.CheckConstraint(
                name="questionnaire_published_by_somebody",
                condition=Q(status="draft", published_at__isnull=True, published_by__isnull=True)
                | Q(status="published", published_at__isnull=False, published_by__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="published_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__status="published"),
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """In the reader's language."""
        return questions.Words(**self.document["title"]).read(reads_chinese())

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT

    def read(self) -> questions.Document:
        """What it asks, as values."""
        return questions.read(self.document)


@tracked(exclude=["draft", "draft_saved_at", "opened_at"])
class AnswerLink(models.Model):
    """An address by which a client answers once, without an account (`crm.link_tokens`), until it expires.

    What was filled in and not sent yet is kept in `draft`, for whoever has the link to go on with.
    """

    client = models.ForeignKey(Client, models.PROTECT, related_name="answer_links", verbose_name=_("client"))
    person = models.ForeignKey(
        ContactPerson,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="answer_links",
        verbose_name=_("contact person"),
    )
    version = models.ForeignKey(QuestionnaireVersion, models.PROTECT, related_name="links")
    nonce = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    expires_at = models.DateTimeField(_("expires at"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    opened_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    draft = models.JSONField(default=dict)
    draft_saved_at = models.DateTimeField(null=True, blank=True)

    objects = AnswerLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link to a questionnaire")
        verbose_name_plural = _("links to questionnaires")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="answer_link_revoked_by_somebody",
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["version", "created_at"], name="answer_link_of_version")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.client_id}"

    def is_open(self, now: datetime) -> bool:
        """Whether it can be answered at a moment."""
        return self.answered_at is None and self.revoked_at is None and now < self.expires_at


@tracked()
class Response(models.Model):
    """What a client answered on a day: through its link, or as its RM entered it. Never changed.

    `score` is 0 to 100, empty where no question counts. What a link brought may wait for the RM's word; until then it
    feeds no metric. `fed` is what it gave to metrics, by their keys.
    """

    class Status(models.TextChoices):
        COUNTED = "counted", pgettext_lazy("answers", "Counted")
        WAITING = "waiting", pgettext_lazy("answers", "Waits for the RM")
        SET_ASIDE = "set_aside", pgettext_lazy("answers", "Set aside")

    client = models.ForeignKey(Client, models.PROTECT, related_name="responses", verbose_name=_("client"))
    version = models.ForeignKey(QuestionnaireVersion, models.PROTECT, related_name="responses")
    link = models.OneToOneField(AnswerLink, models.PROTECT, null=True, blank=True, related_name="response")
    answers = models.JSONField(_("answers"))
    score = models.FloatField(_("score"), null=True, blank=True)
    fed = models.JSONField(default=dict)
    answered_on = models.DateField(_("answered on"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.COUNTED)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("answers to a questionnaire")
        verbose_name_plural = _("answers to questionnaires")
        ordering = ["-answered_on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="response_by_link_or_by_somebody",
                condition=Q(link__isnull=False, entered_by__isnull=True)
                | Q(link__isnull=True, entered_by__isnull=False),
            ),
            models.CheckConstraint(
                name="response_set_aside_says_why", condition=~Q(status="set_aside") | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="response_score_in_range",
                condition=Q(score__isnull=True) | Q(score__gte=0, score__lte=100),
            ),
        ]
        indexes = [models.Index(fields=["version", "answered_on"], name="response_of_version")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.client_id} {self.answered_on}"
