"""Campaigns to segments: what is told to whom, in which words, and what came of it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.history import tracked
from crm.models.clients import Client
from crm.models.consent import Channel
from crm.models.people import ContactPerson
from crm.models.questionnaires import AnswerLink, Questionnaire
from crm.models.segments import Segment
from crm.models.users import Team
from crm.outreach_querysets import CampaignQuerySet, InvitationQuerySet

MAX_ATTEMPTS = 5
"""How often a mail is tried before it is given up."""


@tracked()
class Campaign(models.Model):
    """Something that clients of a segment are invited to, from a day until a day, by one channel.

    A draft is changed against the `version` that was seen. Once launched, its audience is fixed: `Invitation`.
    """

    class Kind(models.TextChoices):
        EVENT = "event", pgettext_lazy("campaign", "Event")
        TRAINING = "training", pgettext_lazy("campaign", "Training")
        PRODUCT = "product", pgettext_lazy("campaign", "Product")
        SURVEY = "survey", pgettext_lazy("campaign", "Survey")

    class Status(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("campaign", "Draft")
        RUNNING = "running", pgettext_lazy("campaign", "Running")
        CLOSED = "closed", pgettext_lazy("campaign", "Closed")

    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.EVENT)
    goal = models.CharField(_("goal"), max_length=300)
    segment = models.ForeignKey(
        Segment, models.PROTECT, related_name="campaigns", verbose_name=pgettext_lazy("of clients", "segment")
    )
    questionnaire = models.ForeignKey(
        Questionnaire,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="campaigns",
        verbose_name=_("questionnaire"),
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Channel, default=Channel.EMAIL)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="campaigns", verbose_name=_("owner")
    )
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="campaigns")
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    launched_at = models.DateTimeField(_("launched at"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(db_default=Now())

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="campaign_ends_after_it_starts",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("It cannot end before it begins."),
            ),
            models.CheckConstraint(
                name="campaign_survey_has_questions",
                condition=~Q(kind="survey") | Q(questionnaire__isnull=False),
                violation_error_message=_("A survey needs a questionnaire."),
            ),
            models.CheckConstraint(
                name="campaign_launched_unless_draft",
                condition=Q(status="draft", launched_at__isnull=True)
                | ~Q(status="draft") & Q(launched_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT


@tracked()
class CampaignText(models.Model):
    """The words of a campaign in a language: for a tier and a demand level, or (empty) for who has no nearer ones."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    tier = models.CharField(_("tier"), max_length=40, blank=True)
    demand_level = models.CharField(_("demand level"), max_length=16, choices=Client.DemandLevel, blank=True)
    subject = models.CharField(_("subject"), max_length=150)
    body = models.TextField(_("text"), max_length=5000)

    class Meta:
        verbose_name = _("text of a campaign")
        verbose_name_plural = _("texts of campaigns")
        ordering = ["language", "tier", "demand_level"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "language", "tier", "demand_level"],
                name="campaign_text_once",
                violation_error_message=_("There are words for these clients in this language already."),
            )
        ]

    def __str__(self) -> str:
        return self.subject


@tracked(exclude=["attempts", "free_at", "failure"])
class Invitation(models.Model):
    """A client of a campaign's audience as it was at launch: invited, or left out and why; and what came of it.

    `case` is the id of the case that came of it, in the app that has cases. A mail is claimed by a lease (`free_at`).
    """

    class LeftOut(models.TextChoices):
        BLOCKED = "blocked", pgettext_lazy("left out", "Not to be contacted")
        NO_PERSON = "no_person", pgettext_lazy("left out", "No contact person")
        NO_CONSENT = "no_consent", pgettext_lazy("left out", "No consent for the channel")
        NO_ADDRESS = "no_address", pgettext_lazy("left out", "No address for the channel")
        RM_AWAY = "rm_away", pgettext_lazy("left out", "RM away, without a deputy")
        NO_TEXT = "no_text", pgettext_lazy("left out", "No text in their language")

    class Delivery(models.TextChoices):
        NONE = "", pgettext_lazy("mail", "None")
        WAITING = "waiting", pgettext_lazy("mail", "Waiting")
        SENT = "sent", pgettext_lazy("mail", "Sent")
        FAILED = "failed", pgettext_lazy("mail", "Given up")

    class Answer(models.TextChoices):
        NONE = "", pgettext_lazy("answer to an invitation", "No answer")
        YES = "yes", pgettext_lazy("answer to an invitation", "Yes")
        NO = "no", pgettext_lazy("answer to an invitation", "No")
        LATER = "later", pgettext_lazy("answer to an invitation", "Later")

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="invitations")
    client = models.ForeignKey(Client, models.PROTECT, related_name="invitations", verbose_name=_("client"))
    person = models.ForeignKey(
        ContactPerson, models.PROTECT, null=True, blank=True, related_name="invitations"
    )
    text = models.ForeignKey(CampaignText, models.PROTECT, null=True, blank=True, related_name="invitations")
    link = models.OneToOneField(AnswerLink, models.PROTECT, null=True, blank=True, related_name="invitation")
    tier = models.CharField(_("tier"), max_length=40, blank=True)
    left_out = models.CharField(_("left out"), max_length=12, choices=LeftOut, blank=True)
    delivery = models.CharField(_("mail"), max_length=8, choices=Delivery, blank=True, default=Delivery.NONE)
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    free_at = models.DateTimeField(db_default=Now())
    failure = models.CharField(max_length=300, blank=True, db_default="")
    sent_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=6, choices=Answer, blank=True, default=Answer.NONE)
    attended = models.BooleanField(_("attended"), default=False)
    case = models.BigIntegerField(_("case"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "client"], name="invitation_once"),
            models.CheckConstraint(
                name="invitation_left_out_gets_nothing",
                condition=Q(left_out="")
                | Q(delivery="", answer="", attended=False, case__isnull=True, link__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["free_at"], name="invitation_to_mail", condition=Q(delivery="waiting"))
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.client_id}"
