"""What clients and their people have said about being contacted, by channel and from a day until a day."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.history import tracked
from crm.models.clients import Client
from crm.models.conduct import today
from crm.models.people import ContactPerson
from crm.querysets import OfClientQuerySet


class Channel(models.TextChoices):
    PHONE = "phone", pgettext_lazy("channel", "Telephone")
    EMAIL = "email", pgettext_lazy("channel", "E-mail")
    POST = "post", pgettext_lazy("channel", "Post")
    MESSAGING = "messaging", pgettext_lazy("channel", "Messaging")


@tracked()
class ConsentRecord(models.Model):
    """That a client, or one of its people, gave or refused consent to offers, or is not to be contacted at all.

    For one channel or, where it is empty, for every one; from a day, and where it is known until one (exclusive). What
    was said later does not change it: it is ended, and another record says otherwise.
    """

    class Stance(models.TextChoices):
        GIVEN = "given", pgettext_lazy("consent", "Consent given")
        REFUSED = "refused", pgettext_lazy("consent", "Consent refused")
        BLOCKED = "blocked", pgettext_lazy("consent", "Not to be contacted")

    client = models.ForeignKey(Client, models.PROTECT, related_name="consents", verbose_name=_("client"))
    person = models.ForeignKey(
        ContactPerson,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="consents",
        verbose_name=_("contact person"),
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Channel, blank=True)
    stance = models.CharField(_("what was said"), max_length=8, choices=Stance)
    source = models.CharField(_("source"), max_length=120)
    since = models.DateField(pgettext_lazy("consent", "since"), default=today)
    until = models.DateField(pgettext_lazy("consent", "until"), null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    created_at = models.DateTimeField(db_default=Now())

    objects = OfClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-since", "-id"]
        constraints = [
            models.CheckConstraint(
                name="consent_says_whence",
                condition=~Q(source=""),
                violation_error_message=_("Say where this is known from."),
            ),
            models.CheckConstraint(
                name="consent_until_after_since",
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                violation_error_message=_("It cannot end before it begins."),
            ),
        ]
        indexes = [models.Index(fields=["client", "channel"], name="consent_of_client")]

    def __str__(self) -> str:
        return f"{self.client_id} {self.channel} {self.stance}"
