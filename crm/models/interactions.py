from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.history import tracked
from crm.models.clients import Client
from crm.models.people import ContactPerson
from crm.querysets import OfClientQuerySet


@tracked()
class Interaction(models.Model):
    """A contact with a client: what was said, when, by whom. Plain text.

    `on_behalf_of` is the absent colleague for whom the author stood in.
    """

    class Kind(models.TextChoices):
        MEETING = "meeting", _("Meeting")
        CALL = "call", _("Call")
        EMAIL = "email", _("E-mail")
        SITE_VISIT = "site_visit", _("Site visit")

    class Outcome(models.TextChoices):
        GOOD = "good", pgettext_lazy("outcome of a contact", "Went well")
        OPEN = "open", pgettext_lazy("outcome of a contact", "To be continued")
        BAD = "bad", pgettext_lazy("outcome of a contact", "Difficult")
        NOT_REACHED = "not_reached", pgettext_lazy("outcome of a contact", "Not reached")

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
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome, blank=True, db_default="")
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("on behalf of"),
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


@tracked()
class Participant(models.Model):
    """Somebody who took part in a contact beside its author: a person of the client, or a colleague."""

    interaction = models.ForeignKey(Interaction, models.CASCADE, related_name="participants")
    person = models.ForeignKey(
        ContactPerson,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="participations",
        verbose_name=_("contact person"),
    )
    colleague = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("colleague"),
    )

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="participant_is_person_or_colleague",
                condition=Q(person__isnull=False, colleague__isnull=True)
                | Q(person__isnull=True, colleague__isnull=False),
            ),
            models.UniqueConstraint(fields=["interaction", "person"], name="participant_person_once"),
            models.UniqueConstraint(fields=["interaction", "colleague"], name="participant_colleague_once"),
        ]

    def __str__(self) -> str:
        return str(self.person or self.colleague)
