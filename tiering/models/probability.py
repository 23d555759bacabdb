"""The probability of default by score: a curve that one person asks for and another lets be used."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tiering.models.criteria import CriteriaVersion
from tiering.models.jobs import Question

KEPT = (
    "status, failure, version_id, days, outcome, months, intercept, slope, findings, metric, requested_by_id, "
    "created_at"
)
"""What of a curve stays once it is found."""


def _of(row: str, columns: str) -> str:
    return ", ".join(f"{row}.{column.strip()}" for column in columns.split(","))


def _changed(columns: str) -> str:
    return f"ROW({_of('OLD', columns)}) IS DISTINCT FROM ROW({_of('NEW', columns)})"


class ScoreCurve(Question):
    """ln (p / (1 − p)) = `intercept` + `slope` · score in points, through what became of clients of a published version.

    Once approved, and until it is ended, the probability of everybody whom the version assessed is an observation of
    `metric`, renewed after each run (`written_at`). `findings` hold how often the outcome came, `standing` the means by
    tier as of `written_at`.
    """

    version = models.ForeignKey(CriteriaVersion, models.PROTECT, related_name="curves")
    metric = models.CharField(_("metric"), max_length=60)
    intercept = models.FloatField(null=True, blank=True)
    slope = models.FloatField(null=True, blank=True)
    findings = models.JSONField(default=dict)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    written_at = models.DateTimeField(null=True, blank=True)
    standing = models.JSONField(default=list)

    class Meta:
        verbose_name = _("probability curve")
        verbose_name_plural = _("probability curves")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="curve_has_days", condition=models.Q(days__len__gte=1)),
            models.CheckConstraint(name="curve_looks_ahead", condition=models.Q(months__gte=1)),
            models.CheckConstraint(
                name="curve_approved_by_another",
                condition=models.Q(approved_by__isnull=True, approved_at__isnull=True)
                | (
                    models.Q(approved_by__isnull=False, approved_at__isnull=False)
                    & ~models.Q(approved_by=models.F("requested_by"))
                ),
            ),
            models.CheckConstraint(
                name="curve_approved_falls",
                condition=models.Q(approved_at__isnull=True)
                | models.Q(status="done", slope__lt=0, intercept__isnull=False),
            ),
            models.CheckConstraint(
                name="curve_ended_by_somebody",
                condition=models.Q(ended_by__isnull=True, ended_at__isnull=True)
                | models.Q(ended_by__isnull=False, ended_at__isnull=False, approved_at__isnull=False),
            ),
            models.UniqueConstraint(
                name="curve_one_in_use",
                fields=["metric"],
                condition=models.Q(approved_at__isnull=False, ended_at__isnull=True),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="finished_is_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(f"OLD.status IN ('done', 'failed') AND {_changed(KEPT)}"),
            ),
            pgtrigger.Protect(
                name="approval_is_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    f"OLD.approved_by_id IS NOT NULL AND {_changed('approved_by_id, approved_at')}"
                    f" OR OLD.ended_at IS NOT NULL AND {_changed('ended_by_id, ended_at')}"
                ),
            ),
            pgtrigger.Protect(
                name="approved_stays",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__approved_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id}: {self.metric}"

    @property
    def is_in_use(self) -> bool:
        return self.approved_at is not None and self.ended_at is None
