"""Pipelines, their stages and gates, and the financing cases that move through them."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.formats import days_since
from crm.history import tracked
from crm.models import Client, Facility, Project
from crm.models.conduct import money
from funnel.querysets import CaseQuerySet
from tiering.models import Tier


def named(instance) -> str:
    """The name in the reader's language."""
    chinese = (get_language() or "").startswith("zh")
    return instance.name_zh if chinese and instance.name_zh else instance.name_en


@tracked()
class Pipeline(models.Model):
    key = models.SlugField(_("key"), max_length=40, unique=True)
    name_en = models.CharField(_("English name"), max_length=80)
    name_zh = models.CharField(_("Chinese name"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("pipeline")
        verbose_name_plural = _("pipelines")

    def __str__(self) -> str:
        return named(self)


@tracked()
class Stage(models.Model):
    """A step of a pipeline; a card is late after `limit_days` in it."""

    class Outcome(models.TextChoices):
        OPEN = "open", _("Open")
        WON = "won", _("Approved")
        LOST = "lost", _("Declined")

    pipeline = models.ForeignKey(Pipeline, models.PROTECT, related_name="stages", verbose_name=_("pipeline"))
    key = models.SlugField(_("key"), max_length=40)
    name_en = models.CharField(_("English name"), max_length=80)
    name_zh = models.CharField(_("Chinese name"), max_length=80, blank=True)
    position = models.PositiveSmallIntegerField(_("position"))
    outcome = models.CharField(_("outcome"), max_length=6, choices=Outcome, default=Outcome.OPEN)
    limit_days = models.PositiveSmallIntegerField(_("days allowed"), null=True, blank=True)

    class Meta:
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        ordering = ["pipeline", "position"]
        constraints = [
            models.UniqueConstraint(fields=["pipeline", "key"], name="stage_key_once"),
            models.UniqueConstraint(fields=["pipeline", "position"], name="stage_position_once"),
        ]

    def __str__(self) -> str:
        return named(self)

    @property
    def is_closed(self) -> bool:
        return self.outcome != self.Outcome.OPEN


@tracked()
class StageGate(models.Model):
    """What must hold to enter a stage: the client's tier is `minimum_tier` or better in that tier's scheme."""

    stage = models.ForeignKey(Stage, models.CASCADE, related_name="gates", verbose_name=_("stage"))
    minimum_tier = models.ForeignKey(
        Tier, models.PROTECT, related_name="stage_gates", verbose_name=_("minimum tier")
    )

    class Meta:
        verbose_name = _("stage gate")
        verbose_name_plural = _("stage gates")

    def __str__(self) -> str:
        return f"{self.stage} ≥ {self.minimum_tier}"


@tracked()
class Case(models.Model):
    """A financing case of a client. `amount` is in units of the book currency."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    client = models.ForeignKey(Client, models.PROTECT, related_name="cases", verbose_name=_("client"))
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name=_("project")
    )
    product = models.CharField(_("product"), max_length=20, choices=Facility.Product)
    amount = money(_("amount"))
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="cases", verbose_name=_("stage"))
    entered_stage_at = models.DateTimeField(_("in this stage since"), db_default=Now())
    version = models.PositiveIntegerField(default=1, editable=False)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("financing case")
        verbose_name_plural = _("financing cases")
        indexes = [models.Index(fields=["stage", "-amount", "id"], name="case_board")]
        constraints = [
            models.CheckConstraint(
                name="case_amount_is_positive",
                condition=models.Q(amount__gt=0),
                violation_error_message=_("The amount is more than nothing."),
            )
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def days_in_stage(self) -> int:
        """Whole calendar days since the case entered its stage; 0 on the first."""
        return days_since(self.entered_stage_at) or 0

    @property
    def is_late(self) -> bool:
        """Longer in its stage than that allows; a closed stage allows any time."""
        limit = self.stage.limit_days
        return limit is not None and self.days_in_stage > limit


class StageMove(models.Model):
    """One step of a case, with the tier its client then had. Append-only."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="moves")
    from_stage = models.ForeignKey(Stage, models.PROTECT, null=True, blank=True, related_name="+")
    to_stage = models.ForeignKey(Stage, models.PROTECT, related_name="+")
    tier = models.ForeignKey(Tier, models.PROTECT, null=True, blank=True, related_name="+")
    moved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    moved_at = models.DateTimeField(db_default=Now())
    comment = models.TextField(_("comment"), max_length=2000, blank=True)

    class Meta:
        ordering = ["id"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.from_stage_id} → {self.to_stage_id}"
