"""Where clients are in their life: the rule it follows from, what was set by hand, and how it came to be."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.history import tracked
from crm.models.clients import Client
from crm.querysets import OfClientQuerySet

ONLY = 1


class Axis(models.TextChoices):
    """The two things that a stage says: how we stand with the client, and how the client stands in its own life."""

    STATUS = "status", _("Status")
    LIFE_CYCLE = "life_cycle", _("Life-cycle stage")


@tracked()
class ClientRules(models.Model):
    """What the house derives of clients, and from when: one row, changed by administrators.

    Growth is a fraction of the revenue of the year before. Amounts are in units of the book currency.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY, editable=False)
    derives = models.BooleanField(
        _("derive stages"),
        default=False,
        help_text=_("While this is off, stages are what people and files say."),
    )
    dormant_days = models.PositiveIntegerField(
        _("dormant after days without contact and revenue"), default=180, validators=[MinValueValidator(1)]
    )
    start_up_years = models.FloatField(_("start-up for years after founding"), default=3)
    mature_years = models.FloatField(_("mature from years after founding, growth unknown"), default=10)
    growth_from = models.FloatField(_("growth from a growth of revenue"), default=0.15)
    decline_to = models.FloatField(_("decline up to a growth of revenue"), default=-0.10)
    wealthy_worth = models.FloatField(_("high net worth from"), default=6_000_000)
    wealthy_income = models.FloatField(_("or a yearly income from"), default=1_000_000)
    middle_worth = models.FloatField(_("middle from a net worth of"), default=1_000_000)
    middle_income = models.FloatField(_("or from a yearly income of"), default=200_000)

    class Meta:
        verbose_name = _("rules for clients")
        verbose_name_plural = _("rules for clients")
        constraints = [
            models.CheckConstraint(name="client_rules_are_one", condition=Q(id=ONLY)),
            models.CheckConstraint(
                name="client_rules_in_order",
                condition=Q(
                    decline_to__lt=F("growth_from"),
                    start_up_years__gte=0,
                    mature_years__gte=F("start_up_years"),
                    middle_worth__lte=F("wealthy_worth"),
                    middle_income__lte=F("wealthy_income"),
                    dormant_days__gte=1,
                ),
                violation_error_message=_(
                    "Decline ends below where growth begins, start-up before maturity, the middle below high net worth."
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


@tracked()
class StageHold(models.Model):
    """A stage that somebody set by hand for a reason: it stands until it is lifted, or through its last day.

    The reasons RECORD and BULK are of those who wrote the stage into the record, of one client or of many.
    """

    RECORD, BULK = "record", "bulk"

    client = models.ForeignKey(Client, models.PROTECT, related_name="stage_holds", verbose_name=_("client"))
    axis = models.CharField(_("what"), max_length=12, choices=Axis)
    value = models.CharField(_("stage"), max_length=12)
    reason = models.CharField(_("reason"), max_length=300)
    until = models.DateField(_("through"), null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=pgettext_lazy("of a stage", "set by"),
    )
    at = models.DateTimeField(_("at"), db_default=Now())
    lifted_at = models.DateTimeField(_("lifted at"), null=True, blank=True, editable=False)

    objects = OfClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("stage set by hand")
        verbose_name_plural = _("stages set by hand")
        constraints = [
            models.UniqueConstraint(
                fields=["client", "axis"], condition=Q(lifted_at__isnull=True), name="stage_hold_one"
            ),
            models.CheckConstraint(name="stage_hold_says_why", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} {self.axis} {self.value}"

    @property
    def why(self) -> str:
        return reason_words(self.reason)


def reason_words(reason: str) -> str:
    """A reason as people read it."""
    if reason == StageHold.RECORD:
        return str(_("Set in the client's record."))
    return str(_("Set for many clients at once.")) if reason == StageHold.BULK else reason


class StageChange(models.Model):
    """A stage that the rule gave or a person set, with why: `code` and the figures that led to it. Written once."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="stage_changes", verbose_name=_("client"))
    axis = models.CharField(_("what"), max_length=12, choices=Axis)
    before = models.CharField(max_length=12, blank=True)
    value = models.CharField(max_length=12, blank=True)
    why = models.JSONField(default=dict)
    day = models.DateField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(db_default=Now())

    objects = OfClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of stage")
        verbose_name_plural = _("changes of stage")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.client_id} {self.axis} {self.value}"


class StageSweep(models.Model):
    """How far the history of a table has been gone through for clients whose stage may be another now."""

    table = models.CharField(max_length=80, primary_key=True)
    last = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.table} {self.last}"
