"""Dated values of metrics from anywhere: bureaus, questionnaires, judgements, third parties."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.formats import reads_chinese
from crm.history import tracked
from crm.models.clients import Client
from crm.models.conduct import today
from crm.querysets import OfClientQuerySet


@tracked()
class CustomMetric(models.Model):
    """A metric the institution adds to the catalogue; observations may be recorded for it at once."""

    key = models.SlugField(_("key"), max_length=60, unique=True)
    label_en = models.CharField(_("English label"), max_length=120)
    label_zh = models.CharField(_("Chinese label"), max_length=120, blank=True)
    unit = models.CharField(_("unit"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("custom metric")
        verbose_name_plural = _("custom metrics")
        ordering = ["key"]

    def __str__(self) -> str:
        return self.label_en

    @property
    def label(self) -> str:
        """In the reader's language, where it has one."""
        return self.label_zh if self.label_zh and reads_chinese() else self.label_en


@tracked()
class Observation(models.Model):
    """One metric of one client on one day: a number (`value`) or a category (`text`), with its source."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="observations", verbose_name=_("client"))
    metric = models.CharField(_("metric"), max_length=60)
    value = models.FloatField(_("value"), null=True, blank=True)
    text = models.CharField(_("category"), max_length=60, blank=True)
    observed_on = models.DateField(_("observed on"))
    received_on = models.DateField(_("received on"), default=today)
    source = models.CharField(_("source"), max_length=80)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OfClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("observation")
        verbose_name_plural = _("observations")
        ordering = ["-observed_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "metric", "observed_on", "source", "received_on"],
                name="observation_once_per_source",
            ),
            models.CheckConstraint(
                name="observation_has_one_value",
                condition=models.Q(value__isnull=False, text="")
                | (models.Q(value__isnull=True) & ~models.Q(text="")),
                violation_error_message=_("An observation is a number or a category, and one of them."),
            ),
            models.CheckConstraint(
                name="observation_received_after_observed",
                condition=models.Q(received_on__gte=models.F("observed_on")),
                violation_error_message=_("An observation cannot be received before its date."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.observed_on}"
