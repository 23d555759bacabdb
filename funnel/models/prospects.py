"""Prospects: who might become a client, where it is known from, and what was found of it so far (docs/adr/0016)."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.history import tracked
from crm.models import Client, ContactPerson, Facility, Industry, Interaction, Region, Team
from crm.models.conduct import money
from crm.sealing import masked
from funnel.models.cases import Case
from funnel.models.lead_sources import LeadSource
from funnel.models.rates import CURRENCY_CODE, book_currency
from funnel.prospect_querysets import (
    OPEN,
    OfProspectQuerySet,
    ProspectQuerySet,
    TwinQuerySet,
)
from tiering.models import CriteriaVersion, Tier


@tracked()
class Prospect(models.Model):
    """Somebody who might become a client: named, with what is known so far and whom to speak to.

    It is no client: it has no tier in force, no book and no ledger. `facts` holds values of metrics by key, as somebody
    else says them. `team` is its source's. Qualified, it became `client` with `case`; a duplicate is `client`, or the
    prospect `same_as`. The telephone number is sealed as those of contact persons are.
    """

    class Status(models.TextChoices):
        NEW = "new", pgettext_lazy("prospect", "New")
        CONTACTED = "contacted", pgettext_lazy("prospect", "Contacted")
        QUALIFIED = "qualified", pgettext_lazy("prospect", "Qualified")
        REJECTED = "rejected", pgettext_lazy("prospect", "Rejected")
        DUPLICATE = "duplicate", pgettext_lazy("prospect", "Duplicate")

    class Reason(models.TextChoices):
        NO_NEED = "no_need", pgettext_lazy("why rejected", "No need of finance")
        UNFIT = "unfit", pgettext_lazy("why rejected", "Outside what we finance")
        TOO_WEAK = "too_weak", pgettext_lazy("why rejected", "Too weak")
        UNREACHABLE = "unreachable", pgettext_lazy("why rejected", "Cannot be reached")
        REFUSES = "refuses", pgettext_lazy("why rejected", "Does not want to be contacted")
        NOT_REAL = "not_real", pgettext_lazy("why rejected", "Not a real enquiry")
        OTHER = "other", pgettext_lazy("why rejected", "Other")

    OPEN = OPEN

    source = models.ForeignKey(LeadSource, models.PROTECT, related_name="prospects", verbose_name=_("source"))
    external_reference = models.CharField(
        _("reference"), max_length=80, blank=True, default="", db_default=""
    )
    team = models.ForeignKey(Team, models.PROTECT, related_name="prospects", verbose_name=_("team"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="prospects",
        verbose_name=_("owner"),
    )
    kind = models.CharField(
        _("kind"), max_length=12, choices=Client.Kind, default=Client.Kind.CORPORATE, db_default="corporate"
    )
    name_en = models.CharField(_("English name"), max_length=300, blank=True, default="", db_default="")
    name_zh = models.CharField(_("Chinese name"), max_length=300, blank=True, default="", db_default="")
    sort_key = models.CharField(max_length=400, editable=False)
    registration_number = models.CharField(
        _("registration number"), max_length=40, blank=True, default="", db_default=""
    )
    industry = models.ForeignKey(
        Industry, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("industry")
    )
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("region")
    )
    facts = models.JSONField(_("facts"), default=dict, db_default={}, blank=True)
    product = models.CharField(
        _("product"), max_length=20, choices=Facility.Product, blank=True, default="", db_default=""
    )
    amount = money(_("amount"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default=book_currency)
    message = models.TextField(_("message"), max_length=2000, blank=True, default="", db_default="")
    person_name = models.CharField(_("contact person"), max_length=120, blank=True, default="", db_default="")
    person_position = models.CharField(_("position"), max_length=120, blank=True, default="", db_default="")
    email = models.EmailField(_("e-mail"), blank=True, default="", db_default="")
    phone_sealed = models.TextField(blank=True, editable=False, default="", db_default="")
    phone_fingerprint = models.CharField(max_length=64, blank=True, editable=False, default="", db_default="")
    phone_hint = models.CharField(max_length=4, blank=True, editable=False, default="", db_default="")
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES, blank=True, default="", db_default=""
    )
    consent = models.CharField(
        _("consent"),
        max_length=10,
        choices=ContactPerson.Consent,
        default=ContactPerson.Consent.NOT_ASKED,
        db_default="not_asked",
    )
    consent_on = models.DateField(_("consent given or refused on"), null=True, blank=True)
    consent_words = models.TextField(
        _("words of consent"), max_length=1000, blank=True, default="", db_default=""
    )
    status = models.CharField(
        _("status"), max_length=10, choices=Status, default=Status.NEW, db_default="new"
    )
    reason = models.CharField(
        pgettext_lazy("why rejected", "reason"),
        max_length=12,
        choices=Reason,
        blank=True,
        default="",
        db_default="",
    )
    remark = models.CharField(_("remark"), max_length=300, blank=True, default="", db_default="")
    later_until = models.DateField(_("not before"), null=True, blank=True)
    touched_at = models.DateTimeField(_("last contact"), null=True, blank=True)
    client = models.ForeignKey(
        Client, models.PROTECT, null=True, blank=True, related_name="prospects", verbose_name=_("client")
    )
    case = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="prospects", verbose_name=_("case")
    )
    same_as = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="doubles", verbose_name=_("same as")
    )
    arrived_at = models.DateTimeField(_("arrived"), db_default=Now())
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    objects = ProspectQuerySet.as_manager()

    class Meta:
        verbose_name = _("prospect")
        verbose_name_plural = _("prospects")
        indexes = [
            models.Index(fields=["team", "status", "-arrived_at", "id"], name="prospect_list"),
            models.Index(fields=["owner", "status"], name="prospect_owner"),
            models.Index(
                fields=["team", "-arrived_at", "id"], name="prospect_open", condition=Q(status__in=OPEN)
            ),
            models.Index(
                fields=["-arrived_at", "id"], name="prospect_open_all", condition=Q(status__in=OPEN)
            ),
            models.Index(fields=["sort_key", "id"], name="prospect_by_name", condition=Q(status__in=OPEN)),
            models.Index(
                fields=["-touched_at", "id"],
                name="prospect_touched",
                condition=Q(status__in=OPEN, touched_at__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_reference"],
                condition=~Q(external_reference=""),
                name="prospect_reference_once",
            ),
            models.CheckConstraint(
                name="prospect_has_a_name",
                condition=~Q(name_en="", name_zh=""),
                violation_error_message=_("Give an English or a Chinese name."),
            ),
            models.CheckConstraint(
                name="prospect_consent_has_its_day",
                condition=Q(consent="not_asked", consent_on__isnull=True)
                | (~Q(consent="not_asked") & Q(consent_on__isnull=False)),
                violation_error_message=_("Say on which day consent was given or refused, and only then."),
            ),
            models.CheckConstraint(
                name="prospect_phone_is_sealed_whole",
                condition=Q(phone_sealed="", phone_fingerprint="", phone_hint="")
                | (~Q(phone_sealed="") & ~Q(phone_fingerprint="")),
            ),
            models.CheckConstraint(
                name="prospect_ends_as_something",
                condition=Q(status__in=["new", "contacted"], reason="", client=None, case=None, same_as=None)
                | Q(status="qualified", reason="", client__isnull=False, case__isnull=False, same_as=None)
                | (Q(status="rejected", client=None, case=None, same_as=None) & ~Q(reason=""))
                | Q(status="duplicate", reason="", client__isnull=False, case=None, same_as=None)
                | Q(status="duplicate", reason="", client=None, case=None, same_as__isnull=False),
            ),
            models.CheckConstraint(
                name="prospect_individual_has_no_number",
                condition=~Q(kind="individual") | Q(registration_number=""),
                violation_error_message=_("An individual has no registration number; leave it empty."),
            ),
            models.CheckConstraint(
                name="prospect_amount_positive",
                condition=Q(amount__isnull=True) | Q(amount__gt=0),
                violation_error_message=_("An amount is above zero."),
            ),
            models.CheckConstraint(
                name="prospect_of_a_currency",
                condition=Q(currency__regex=CURRENCY_CODE),
                violation_error_message=_("A currency is named by its three letters, as CNY."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Chinese where there is one."""
        return self.name_zh or self.name_en

    @property
    def second_name(self) -> str:
        return self.name_en if self.name_zh else ""

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN

    @property
    def phone_masked(self) -> str:
        return masked(self.phone_hint) if self.phone_sealed else ""


class ProspectScore(models.Model):
    """What the criteria of the screening say of a prospect: derived, and worked out anew when either changes.

    `score` is in score units, `gates` are keys of gates that fired, `of_version` the version of the prospect that it
    holds of. A tier of this kind is never in force.
    """

    prospect = models.OneToOneField(Prospect, models.CASCADE, primary_key=True, related_name="score")
    version = models.ForeignKey(CriteriaVersion, models.PROTECT, related_name="+")
    of_version = models.PositiveIntegerField()
    score = models.BigIntegerField()
    tier = models.ForeignKey(Tier, models.PROTECT, related_name="+")
    scorecard = models.CharField(max_length=80)
    gates = ArrayField(models.CharField(max_length=80), default=list)
    is_incomplete = models.BooleanField()
    scored_at = models.DateTimeField(db_default=Now())

    class Meta:
        # With the tier, so that the best of some tiers are found on a walk that reads no row of the others.
        indexes = [models.Index(fields=["-score", "prospect"], include=["tier"], name="prospect_best")]

    def __str__(self) -> str:
        return f"{self.prospect_id} {self.score}"


class ProspectKey(models.Model):
    """By what a prospect is looked up among clients and other prospects; derived, as `crm.DuplicateKey`."""

    prospect = models.ForeignKey(Prospect, models.CASCADE, related_name="keys")
    kind = models.CharField(max_length=8)
    key = models.CharField(max_length=400)

    class Meta:
        indexes = [models.Index(fields=["key", "kind", "prospect"], name="prospect_key_shared")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


@tracked()
class ProspectTwin(models.Model):
    """A client, or a prospect that came earlier, that a prospect looks like; and whether somebody said they are apart.

    `score` (0–100) and `evidence` are as in `crm.DuplicatePair`.
    """

    prospect = models.ForeignKey(Prospect, models.CASCADE, related_name="twins")
    client = models.ForeignKey(Client, models.CASCADE, null=True, blank=True, related_name="+")
    other = models.ForeignKey(Prospect, models.CASCADE, null=True, blank=True, related_name="later_twins")
    score = models.PositiveSmallIntegerField(_("score"))
    evidence = models.JSONField(_("evidence"), default=dict, blank=True)
    is_apart = models.BooleanField(_("not the same"), default=False, db_default=False)
    reason = models.CharField(_("reason"), max_length=300, blank=True, default="", db_default="")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    found_at = models.DateTimeField(db_default=Now())

    objects = TwinQuerySet.as_manager()

    class Meta:
        verbose_name = _("likely twin of a prospect")
        verbose_name_plural = _("likely twins of prospects")
        ordering = ["-score", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["prospect", "client", "other"], nulls_distinct=False, name="prospect_twin_once"
            ),
            models.CheckConstraint(
                name="prospect_twin_of_one",
                condition=Q(client__isnull=False, other=None) | Q(client=None, other__isnull=False),
            ),
            models.CheckConstraint(
                name="prospect_twin_apart_says_why",
                condition=Q(is_apart=False) | ~Q(reason="") & Q(decided_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prospect_id} {self.score}"


@tracked()
class ProspectContact(models.Model):
    """That somebody spoke with a prospect, or tried to. On qualification it becomes an interaction of the client."""

    prospect = models.ForeignKey(Prospect, models.PROTECT, related_name="contacts")
    kind = models.CharField(_("kind"), max_length=12, choices=Interaction.Kind)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Interaction.Outcome)
    note = models.CharField(_("note"), max_length=500, blank=True, default="", db_default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    objects = OfProspectQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact with a prospect")
        verbose_name_plural = _("contacts with prospects")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.prospect_id} {self.kind}"


@tracked()
class ProspectReveal(models.Model):
    """That somebody looked at the telephone number of a prospect, and why. Written once."""

    prospect = models.ForeignKey(Prospect, models.PROTECT, related_name="reveals")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=300)
    at = models.DateTimeField(db_default=Now())

    objects = OfProspectQuerySet.as_manager()

    class Meta:
        verbose_name = _("look at a prospect's telephone number")
        verbose_name_plural = _("looks at prospects' telephone numbers")
        ordering = ["-id"]
        constraints = [models.CheckConstraint(name="prospect_reveal_says_why", condition=~Q(reason=""))]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.by_id} {self.prospect_id}"
