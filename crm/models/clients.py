"""Clients, and the reference data that describes them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.formats import localized
from crm.history import tracked
from crm.models.users import Team
from crm.querysets import ClientQuerySet

STANDING = models.Q(merged_into__isnull=True)


@tracked()
class Industry(models.Model):
    """An industry with its risk coefficient (1.0 = average; above is riskier) and the group by whose rule the size of
    its companies is classed."""

    class SizeRule(models.TextChoices):
        AGRICULTURE = "agriculture", _("Agriculture, forestry and fishing")
        MANUFACTURING = "manufacturing", _("Mining, manufacturing and utilities")
        CONSTRUCTION = "construction", _("Construction")
        WHOLESALE = "wholesale", _("Wholesale")
        RETAIL = "retail", _("Retail")
        TRANSPORT = "transport", _("Transport")
        STORAGE = "storage", _("Storage")
        POST = "post", _("Post")
        LODGING = "lodging", _("Lodging")
        CATERING = "catering", _("Catering")
        TELECOMMUNICATIONS = "telecommunications", _("Telecommunications")
        SOFTWARE = "software", _("Software and information services")
        REAL_ESTATE = "real_estate", _("Real-estate development")
        PROPERTY_MANAGEMENT = "property_management", _("Property management")
        BUSINESS_SERVICES = "business_services", _("Leasing and business services")
        OTHER = "other", _("Any other industry")

    code = models.SlugField(_("code"), max_length=60, unique=True, allow_unicode=True)
    name = models.CharField(_("name"), max_length=120)
    name_zh = models.CharField(_("Chinese name"), max_length=120, blank=True)
    risk_coefficient = models.FloatField(_("risk coefficient"), null=True, blank=True)
    size_rule = models.CharField(
        _("group of the size rule"), max_length=20, choices=SizeRule, blank=True, default="", db_default=""
    )

    class Meta:
        verbose_name = _("industry")
        verbose_name_plural = _("industries")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="industry_risk_coefficient_positive",
                condition=models.Q(risk_coefficient__isnull=True) | models.Q(risk_coefficient__gt=0),
                violation_error_message=_("A risk coefficient is above zero; 1.0 is average."),
            )
        ]

    def __str__(self) -> str:
        return localized(self)


@tracked()
class Region(models.Model):
    """A city, province or country with its economic factor (1.0 = average; above is stronger)."""

    class CityTier(models.TextChoices):
        TIER_1 = "tier_1", _("First tier")
        NEW_TIER_1 = "new_tier_1", _("New first tier")
        TIER_2 = "tier_2", _("Second tier")
        OTHER = "other", _("Other")

    code = models.SlugField(_("code"), max_length=60, unique=True, allow_unicode=True)
    name = models.CharField(_("name"), max_length=120)
    name_zh = models.CharField(_("Chinese name"), max_length=120, blank=True)
    factor = models.FloatField(_("economic factor"), null=True, blank=True)
    city_tier = models.CharField(_("city tier"), max_length=12, choices=CityTier, blank=True)

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="region_factor_positive",
                condition=models.Q(factor__isnull=True) | models.Q(factor__gt=0),
                violation_error_message=_("An economic factor is above zero; 1.0 is average."),
            )
        ]

    def __str__(self) -> str:
        return localized(self)


@tracked()
class Client(models.Model):
    """A party that finances or is financed. Its tier is not here: see tiering.Assignment."""

    class Kind(models.TextChoices):
        CORPORATE = "corporate", _("Corporate")
        INSTITUTION = "institution", _("Institution")
        INDIVIDUAL = "individual", _("Individual")

    class LifeCycle(models.TextChoices):
        START_UP = "start_up", _("Start-up")
        GROWTH = "growth", _("Growth")
        MATURE = "mature", _("Mature")
        DECLINE = "decline", _("Decline")

    class SizeClass(models.TextChoices):
        LARGE = "large", _("Large")
        MEDIUM = "medium", _("Medium")
        SMALL = "small", _("Small")
        MICRO = "micro", _("Micro")

    class RiskAppetite(models.TextChoices):
        CONSERVATIVE = "conservative", _("Conservative")
        BALANCED = "balanced", _("Balanced")
        AGGRESSIVE = "aggressive", _("Aggressive")

    class DemandLevel(models.TextChoices):
        BASIC = "basic", _("Basic")
        COMPREHENSIVE = "comprehensive", _("Comprehensive")
        PREMIUM = "premium", _("Premium")

    class Status(models.TextChoices):
        POTENTIAL = "potential", _("Potential")
        ACTIVE = "active", _("Active")
        DORMANT = "dormant", _("Dormant")

    code = models.CharField(_("code"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.CORPORATE)
    name_en = models.CharField(_("English name"), max_length=300, blank=True)
    name_zh = models.CharField(_("Chinese name"), max_length=300, blank=True)
    # Chinese names by pinyin, others by themselves: no embedded server carries ICU collations.
    sort_key = models.CharField(max_length=400, editable=False)
    registration_number = models.CharField(
        _("registration number"), max_length=40, null=True, blank=True, unique=True
    )
    industry = models.ForeignKey(
        Industry, models.PROTECT, null=True, blank=True, verbose_name=_("industry"), related_name="clients"
    )
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, verbose_name=_("region"), related_name="clients"
    )
    life_cycle = models.CharField(_("life-cycle stage"), max_length=12, choices=LifeCycle, blank=True)
    size_class = models.CharField(_("size class"), max_length=12, choices=SizeClass, blank=True)
    risk_appetite = models.CharField(_("risk appetite"), max_length=12, choices=RiskAppetite, blank=True)
    demand_level = models.CharField(_("demand level"), max_length=16, choices=DemandLevel, blank=True)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.POTENTIAL)
    registered_capital = models.DecimalField(
        _("registered capital"), max_digits=20, decimal_places=2, null=True, blank=True
    )
    employees = models.PositiveIntegerField(_("employees"), null=True, blank=True)
    client_since = models.DateField(_("client since"), null=True, blank=True)
    rm = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="book",
        verbose_name=_("relationship manager"),
    )
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="clients", verbose_name=_("team")
    )
    # Set on what is left of a client that is one with another: its records stand there (docs/adr/0014).
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
        db_index=False,
        verbose_name=_("merged into"),
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("client")
        verbose_name_plural = _("clients")
        indexes = [
            # Of those alone that are read: a list is counted and walked in them without a look at the table.
            models.Index(fields=["sort_key", "id"], name="client_sort", condition=STANDING),
            models.Index(fields=["rm", "sort_key", "id"], name="client_rm_sort", condition=STANDING),
            models.Index(fields=["team", "sort_key", "id"], name="client_team_sort", condition=STANDING),
            models.Index(fields=["industry", "sort_key", "id"], name="client_industry_sort"),
            models.Index(
                fields=["merged_into"], name="client_merged", condition=models.Q(merged_into__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="client_has_a_name",
                condition=~models.Q(name_en="", name_zh=""),
                violation_error_message=_("Give the client an English or a Chinese name."),
            ),
            models.CheckConstraint(
                name="client_individual_has_no_registration_number",
                condition=~models.Q(kind="individual") | models.Q(registration_number__isnull=True),
                violation_error_message=_("An individual has no registration number; leave it empty."),
            ),
            models.CheckConstraint(
                name="client_not_merged_into_itself", condition=~models.Q(merged_into=models.F("id"))
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The legal name: Chinese where there is one."""
        return self.name_zh or self.name_en

    @property
    def second_name(self) -> str:
        return self.name_en if self.name_zh else ""
