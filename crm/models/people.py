"""Whom we speak to at a client and where it is; and who looked at what is sealed."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.history import tracked
from crm.models.clients import Client, Region
from crm.models.sort_keys import SortKeyField
from crm.querysets import OfClientQuerySet
from crm.sealing import masked

NOT_OVER = Q(ended_on__isnull=True)


@tracked(exclude=["sort_key"])
class ContactPerson(models.Model):
    """Somebody at a client, in one or more roles, until the day on which they left or were entered by mistake.

    The telephone number is sealed (`crm.sealing`): the row holds what can be read with a key, the last digits, and a
    fingerprint by which it is found. `consent` is to being told of offers and events; whoever is not to be contacted
    is spoken to only when they ask.
    """

    class Role(models.TextChoices):
        DECISION_MAKER = "decision_maker", _("Decision maker")
        OWNER = "owner", pgettext_lazy("role of a person", "Owner")
        FINANCE = "finance", _("Finance")
        LEGAL = "legal", pgettext_lazy("role of a person", "Legal")
        OPERATIONS = "operations", pgettext_lazy("role of a person", "Operations")
        GUARANTOR = "guarantor", pgettext_lazy("role of a person", "Guarantor")
        OTHER = "other", pgettext_lazy("role of a person", "Other")

    class Consent(models.TextChoices):
        NOT_ASKED = "not_asked", pgettext_lazy("consent", "Not asked")
        GIVEN = "given", pgettext_lazy("consent", "Given")
        REFUSED = "refused", pgettext_lazy("consent", "Refused")

    client = models.ForeignKey(Client, models.PROTECT, related_name="people", verbose_name=_("client"))
    name = models.CharField(_("name"), max_length=120)
    sort_key = SortKeyField()
    position = models.CharField(_("position"), max_length=120, blank=True)
    roles = ArrayField(
        models.CharField(max_length=16, choices=Role), verbose_name=_("roles"), default=list, blank=True
    )
    email = models.EmailField(_("e-mail"), blank=True)
    phone_sealed = models.TextField(blank=True, editable=False)
    phone_fingerprint = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    phone_hint = models.CharField(
        _("last digits of the telephone number"), max_length=4, blank=True, editable=False
    )
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, blank=True)
    do_not_contact = models.BooleanField(_("not to be contacted"), default=False)
    consent = models.CharField(_("consent"), max_length=10, choices=Consent, default=Consent.NOT_ASKED)
    consent_on = models.DateField(_("consent given or refused on"), null=True, blank=True)
    note = models.CharField(pgettext_lazy("of a person", "note"), max_length=500, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(db_default=Now())

    objects = OfClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact person")
        verbose_name_plural = _("contact persons")
        ordering = [F("ended_on").desc(nulls_first=True), "name", "id"]
        constraints = [
            models.CheckConstraint(
                name="person_consent_has_its_day",
                condition=Q(consent="not_asked", consent_on__isnull=True)
                | (~Q(consent="not_asked") & Q(consent_on__isnull=False)),
                violation_error_message=_("Say on which day consent was given or refused, and only then."),
            ),
            models.CheckConstraint(
                name="person_phone_is_sealed_whole",
                condition=Q(phone_sealed="", phone_fingerprint="", phone_hint="")
                | (~Q(phone_sealed="") & ~Q(phone_fingerprint="")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def phone_masked(self) -> str:
        """What everybody may see of the number; empty without one."""
        return masked(self.phone_hint) if self.phone_sealed else ""

    @property
    def role_names(self) -> list[str]:
        return [str(self.Role(role).label) for role in self.roles]


@tracked()
class Address(models.Model):
    """Where a client is, for one purpose, until the day on which it was given up."""

    class Kind(models.TextChoices):
        REGISTERED = "registered", pgettext_lazy("address", "Registered")
        OFFICE = "office", pgettext_lazy("address", "Office")
        MAILING = "mailing", pgettext_lazy("address", "For mail")
        SITE = "site", pgettext_lazy("address", "Plant or site")
        HOME = "home", pgettext_lazy("address", "Home")

    client = models.ForeignKey(Client, models.PROTECT, related_name="addresses", verbose_name=_("client"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.OFFICE)
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="addresses", verbose_name=_("region")
    )
    text = models.CharField(_("address"), max_length=300)
    postcode = models.CharField(_("postcode"), max_length=12, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(db_default=Now())

    objects = OfClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        ordering = [F("ended_on").desc(nulls_first=True), "kind", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["client"],
                name="address_one_registered",
                condition=Q(kind="registered") & NOT_OVER,
                violation_error_message=_("The client has a registered address already. End that one first."),
            )
        ]

    def __str__(self) -> str:
        return self.text


@tracked()
class Reveal(models.Model):
    """That somebody looked at a sealed value of a client, and why. Written once."""

    class Value(models.TextChoices):
        PHONE = "phone", _("Telephone number")

    client = models.ForeignKey(Client, models.PROTECT, related_name="reveals", verbose_name=_("client"))
    person = models.ForeignKey(
        ContactPerson, models.PROTECT, related_name="reveals", verbose_name=_("contact person")
    )
    value = models.CharField(_("what"), max_length=12, choices=Value)
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
        verbose_name = _("look at a sealed value")
        verbose_name_plural = _("looks at sealed values")
        ordering = ["-id"]
        constraints = [models.CheckConstraint(name="reveal_says_why", condition=~Q(reason=""))]

    def __str__(self) -> str:
        return f"{self.by_id} {self.value} {self.person_id}"
