"""Numbers that states and registers know a client by, sealed; and who looked at one."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.history import tracked
from crm.models.clients import Client
from crm.models.people import NOT_OVER
from crm.querysets import OfClientQuerySet
from crm.sealing import masked


@tracked()
class IdentityNumber(models.Model):
    """A number of one kind that a client is known by, until the day on which it was given up or found wrong.

    The number itself is sealed (`crm.sealing`): the row holds what can be read with a key, the last characters, and a
    fingerprint by which equal ones are found.
    """

    class Kind(models.TextChoices):
        USCC = "uscc", _("Unified social credit code")
        LEI = "lei", _("Legal entity identifier (LEI)")
        TAX = "tax", _("Tax number")
        REGISTER = "register", _("Number in another register")
        ID_CARD = "id_card", _("Resident identity card")
        PASSPORT = "passport", _("Passport")
        OTHER = "other", pgettext_lazy("identity number", "Other")

    OF_PERSONS = (Kind.ID_CARD, Kind.PASSPORT)
    OF_ORGANISATIONS = (Kind.USCC, Kind.LEI, Kind.REGISTER)

    client = models.ForeignKey(Client, models.PROTECT, related_name="numbers", verbose_name=_("client"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    country = models.CharField(
        _("country"),
        max_length=2,
        blank=True,
        help_text=_("Two letters, as CN or DE: whose authority gave it."),
    )
    sealed = models.TextField(editable=False)
    fingerprint = models.CharField(max_length=64, editable=False)
    hint = models.CharField(_("last characters"), max_length=4, blank=True, editable=False)
    expires_on = models.DateField(_("valid until"), null=True, blank=True)
    note = models.CharField(pgettext_lazy("of a number", "note"), max_length=200, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(db_default=Now())

    objects = OfClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("identity number")
        verbose_name_plural = _("identity numbers")
        ordering = [F("ended_on").desc(nulls_first=True), "kind", "id"]
        indexes = [models.Index(fields=["fingerprint"], condition=NOT_OVER, name="identity_fingerprint")]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "fingerprint"],
                condition=NOT_OVER,
                name="identity_number_once",
                violation_error_message=_("The client has this number already."),
            ),
            models.CheckConstraint(name="identity_is_sealed", condition=~Q(sealed="") & ~Q(fingerprint="")),
            models.CheckConstraint(
                name="identity_country_is_a_code",
                condition=Q(country="") | Q(country__regex="^[A-Z]{2}$"),
                violation_error_message=_("A country is two letters, as CN or DE."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def masked(self) -> str:
        """What everybody may see of it."""
        return masked(self.hint)


@tracked()
class IdentityReveal(models.Model):
    """That somebody looked at an identity number of a client, and why. Written once."""

    client = models.ForeignKey(
        Client, models.PROTECT, related_name="identity_reveals", verbose_name=_("client")
    )
    number = models.ForeignKey(
        IdentityNumber, models.PROTECT, related_name="reveals", verbose_name=_("identity number")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=pgettext_lazy("reveal", "who"),
    )
    reason = models.CharField(_("reason"), max_length=300)
    at = models.DateTimeField(_("at"), db_default=Now())

    objects = OfClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("look at an identity number")
        verbose_name_plural = _("looks at identity numbers")
        ordering = ["-id"]
        constraints = [models.CheckConstraint(name="identity_reveal_says_why", condition=~Q(reason=""))]

    def __str__(self) -> str:
        return f"{self.by_id} {self.number_id}"
