"""What history proposes: bands and weights as a draft, and segments that were not thought of before."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from tiering.models.criteria import CriteriaVersion
from tiering.models.jobs import Job, Question, finished_is_final


class Calibration(Question):
    """Bands and weights for a version's indicators, from what became of clients.

    What is proposed is a draft with its evidence, which a person edits and a second one publishes.
    """

    version = models.ForeignKey(CriteriaVersion, models.CASCADE, related_name="calibrations")
    draft = models.ForeignKey(
        CriteriaVersion, models.SET_NULL, null=True, blank=True, related_name="proposed_by"
    )

    class Meta:
        verbose_name = _("calibration")
        verbose_name_plural = _("calibrations")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="calibration_has_days", condition=models.Q(days__len__gte=1)),
            models.CheckConstraint(name="calibration_looks_ahead", condition=models.Q(months__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.version_id}: {self.outcome} in {self.months} months"


class Segmentation(Job):
    """Clients grouped by likeness in some metrics, to look at and perhaps to make a scheme of.

    `findings` are the profiles (`tiering.calibration.segments`), empty until it is done.
    """

    metrics = ArrayField(models.CharField(max_length=60), verbose_name=_("metrics"))
    segments = models.PositiveSmallIntegerField(_("number of segments"), null=True, blank=True)
    findings = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("segmentation")
        verbose_name_plural = _("segmentations")
        ordering = ["-id"]
        triggers = [finished_is_final()]

    def __str__(self) -> str:
        return ", ".join(self.metrics)
