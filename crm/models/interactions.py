from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.history import tracked
from crm.models.clients import Client
from crm.querysets import OfClientQuerySet


@tracked()
class Interaction(models.Model):
    """A contact with a client: what was said, when, by whom. Plain text."""

    class Kind(models.TextChoices):
        MEETING = "meeting", _("Meeting")
        CALL = "call", _("Call")
        EMAIL = "email", _("E-mail")
        SITE_VISIT = "site_visit", _("Site visit")

    # The index below serves as that of the client too.
    client = models.ForeignKey(
        Client, models.PROTECT, related_name="interactions", verbose_name=_("client"), db_index=False
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    at = models.DateTimeField(_("when"))
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("notes"), max_length=10_000, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="interactions", verbose_name=_("author")
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OfClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("interaction")
        verbose_name_plural = _("interactions")
        ordering = ["-at"]
        # With what facts read of an interaction, so that they are derived from the index alone.
        indexes = [models.Index(fields=["client", "-at"], include=["kind"], name="interaction_client_at")]

    def __str__(self) -> str:
        return self.subject
