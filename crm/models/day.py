"""What belongs to somebody's day: lines of Today that are put off, and the feed of their calendar."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from crm.history import tracked


class Snooze(models.Model):
    """That a line of somebody's Today, a thing of a source, does not show before a day."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="snoozes", db_index=False)
    source = models.CharField(max_length=40)
    item = models.BigIntegerField()
    until = models.DateField(_("until"))

    class Meta:
        verbose_name = _("snoozed line")
        verbose_name_plural = _("snoozed lines")
        constraints = [models.UniqueConstraint(fields=["user", "source", "item"], name="snooze_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.source} {self.item}"


@tracked(exclude=["token_hash", "read_at"])
class CalendarFeed(models.Model):
    """The secret address at which a calendar program reads somebody's days. Only a digest of the secret is kept."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feed", verbose_name=_("person")
    )
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("made"), db_default=Now())
    read_at = models.DateTimeField(_("last read"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")

    def __str__(self) -> str:
        return str(self.user_id)
