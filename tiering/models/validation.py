"""Whether criteria do what they are for: validations against what became of clients, and challengers."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from crm.history import tracked
from tiering.models.criteria import CriteriaVersion, TierScheme
from tiering.models.drafting import CriteriaStep
from tiering.models.jobs import Question, finished_is_final
from tiering.models.runs import TieringRun


class Validation(Question):
    """How well a version told an outcome.

    `findings` are the figures (`tiering.validation.findings`), empty until it is done.
    """

    class Basis(models.TextChoices):
        HELD = "held", _("Tiers as they were in force")
        VERSION = "version", _("Tiers as the version would have placed")

    version = models.ForeignKey(CriteriaVersion, models.CASCADE, related_name="validations")
    basis = models.CharField(_("basis"), max_length=8, choices=Basis, default=Basis.HELD)
    findings = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("validation")
        verbose_name_plural = _("validations")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="validation_has_days", condition=models.Q(days__len__gte=1)),
            models.CheckConstraint(name="validation_looks_ahead", condition=models.Q(months__gte=1)),
        ]
        triggers = [finished_is_final()]

    def __str__(self) -> str:
        return f"{self.version_id}: {self.outcome} in {self.months} months"


@tracked()
class Challenger(models.Model):
    """A version that runs beside what is in effect, night after night, and changes no tier (a shadow run each).

    `ended_with` is the step by which its version became a draft again, which ended it; None where somebody ended it.
    """

    scheme = models.ForeignKey(TierScheme, models.PROTECT, related_name="challengers")
    version = models.ForeignKey(CriteriaVersion, models.PROTECT, related_name="challenges")
    reason = models.TextField(_("what it is to show"), max_length=2000)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    started_at = models.DateTimeField(db_default=Now())
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_with = models.ForeignKey(
        CriteriaStep, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        verbose_name = _("challenger")
        verbose_name_plural = _("challengers")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["version"], condition=models.Q(ended_at__isnull=True), name="challenger_runs_once"
            ),
            models.CheckConstraint(
                name="challenger_ended_by_somebody",
                condition=models.Q(ended_at__isnull=True, ended_by__isnull=True)
                | models.Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="keeps_its_start", fields=["scheme", "version", "reason", "started_by", "started_at"]
            ),
            pgtrigger.Protect(name="stays", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.scheme_id}: {self.version_id}"


class ChallengeNight(models.Model):
    """How a challenger agreed with the tiers in force in one night; it stays when the results it was counted from go.

    Of subjects with a tier in force: `same` got it from the challenger too, `higher` a better one, `lower` a worse one.
    """

    challenger = models.ForeignKey(Challenger, models.PROTECT, related_name="nights")
    run = models.OneToOneField(TieringRun, models.CASCADE, related_name="night")
    day = models.DateField()
    subjects = models.PositiveIntegerField()
    same = models.PositiveIntegerField()
    higher = models.PositiveIntegerField()
    lower = models.PositiveIntegerField()
    is_kept = models.BooleanField(db_default=True)
    """Whether the results for each subject are still there."""

    class Meta:
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(fields=["challenger", "day"], name="challenge_night_once"),
            models.CheckConstraint(
                name="challenge_night_adds_up",
                condition=models.Q(subjects=models.F("same") + models.F("higher") + models.F("lower")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.challenger_id}: {self.day}"

    @property
    def agreement(self) -> float | None:
        """The share with the same tier; None for an empty book."""
        return self.same / self.subjects if self.subjects else None
