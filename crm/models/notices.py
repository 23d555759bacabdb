"""What people are told: notices, how each wants to be told, and the mails that notices go out in."""

from typing import Final

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.history import tracked
from crm.models.clients import Client
from crm.querysets import NoticeQuerySet

MAX_ATTEMPTS: Final = 5
MORNING: Final = 8


class Digest(models.Model):
    """A mail of notices to one person, for one slot of their rhythm (`day:2026-11-22`): there is at most one.

    Whoever sends it holds it until `free_at`; after a failure that is when it is tried again. A digest is `dropped` when
    nothing of it may be told any more, and `failed` after five attempts.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("digest", "Waiting")
        SENT = "sent", pgettext_lazy("digest", "Sent")
        DROPPED = "dropped", pgettext_lazy("digest", "Nothing left to tell")
        FAILED = "failed", pgettext_lazy("digest", "Failed")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="digests", verbose_name=_("recipient")
    )
    slot = models.CharField(_("slot"), max_length=40)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), db_default=0)
    free_at = models.DateTimeField(_("free at"), db_default=Now())
    created_at = models.DateTimeField(_("made at"), db_default=Now())
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    failure = models.CharField(_("last failure"), max_length=300, db_default="", blank=True)

    class Meta:
        verbose_name = _("e-mail of notices")
        verbose_name_plural = _("e-mails of notices")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["user", "slot"], name="digest_once")]
        indexes = [
            models.Index(fields=["free_at"], name="digest_waiting", condition=models.Q(status="waiting"))
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.slot}"


class Notice(models.Model):
    """That something happened, told to one person once: `event` names it, and is unique for the recipient.

    `in_app` and `to_mail` are what the recipient's settings said at that time; `digest` is the mail it went into.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="notices", db_index=False
    )
    kind = models.CharField(max_length=60)
    event = models.CharField(max_length=200)
    params = models.JSONField(default=dict)
    client = models.ForeignKey(Client, models.PROTECT, null=True, blank=True, related_name="notices")
    in_app = models.BooleanField(db_default=True)
    to_mail = models.BooleanField(db_default=False)
    created_at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(null=True, blank=True)
    digest = models.ForeignKey(Digest, models.PROTECT, null=True, blank=True, related_name="notices")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["recipient", "event"], name="notice_once")]
        indexes = [
            models.Index(fields=["recipient", "-id"], name="notice_of_recipient"),
            models.Index(
                fields=["recipient", "-id"],
                name="notice_unread",
                condition=models.Q(read_at__isnull=True, in_app=True),
            ),
            models.Index(
                fields=["recipient", "created_at"],
                name="notice_unmailed",
                condition=models.Q(to_mail=True, digest__isnull=True, read_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.event}"


@tracked()
class NoticeSettings(models.Model):
    """When a person gets mails, in the house's time zone, and in which language ("": the house's).

    Quiet hours (from, until; over midnight where the end is earlier) hold back mails that would go out at once.
    """

    class Rhythm(models.TextChoices):
        AT_ONCE = "at_once", pgettext_lazy("mails", "At once")
        DAILY = "daily", pgettext_lazy("mails", "Once a day")
        WEEKLY = "weekly", pgettext_lazy("mails", "Once a week")
        NONE = "none", pgettext_lazy("mails", "Never")

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="notice_settings")
    rhythm = models.CharField(_("mails"), max_length=8, choices=Rhythm, default=Rhythm.DAILY)
    hour = models.PositiveSmallIntegerField(_("hour"), default=MORNING)
    weekday = models.PositiveSmallIntegerField(_("day of the week"), default=0)
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    language = models.CharField(_("language of mails"), max_length=10, blank=True)

    class Meta:
        verbose_name = _("notice settings")
        verbose_name_plural = _("notice settings")
        constraints = [
            models.CheckConstraint(name="notice_hour_of_a_day", condition=models.Q(hour__lte=23)),
            models.CheckConstraint(name="notice_day_of_a_week", condition=models.Q(weekday__lte=6)),
            models.CheckConstraint(
                name="notice_quiet_has_both_ends",
                condition=models.Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | models.Q(quiet_from__isnull=False, quiet_until__isnull=False),
                violation_error_message=_("Quiet hours have a beginning and an end; give both, or neither."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.rhythm}"


@tracked()
class NoticePreference(models.Model):
    """How a person wants to be told of one kind of notice."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="notice_preferences", db_index=False
    )
    kind = models.CharField(max_length=60)
    in_app = models.BooleanField(_("in the page"))
    mail = models.BooleanField(_("by mail"))

    class Meta:
        verbose_name = _("notice preference")
        verbose_name_plural = _("notice preferences")
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="notice_preference_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind}"
