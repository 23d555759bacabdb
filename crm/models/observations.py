"""Dated values of metrics from anywhere: bureaus, questionnaires, judgements, third parties."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.core.sources import DECIDED, GOVERNED
from crm.formats import reads_chinese
from crm.history import tracked
from crm.models.clients import Client
from crm.models.conduct import today
from crm.models.projects import Project
from crm.querysets import OfClientQuerySet


@tracked()
class CustomMetric(models.Model):
    """A metric the institution adds to the catalogue: observations and criteria may name it at once.

    `categories` lists the key and the labels of each category, [{"key": "high", "en": "High", "zh": "高"}]; that of a
    number is empty. An observation counts for `max_age_days` (empty: for ever). Of a retired one nothing more is
    observed and no further criteria may read it; those in effect go on.
    """

    class Type(models.TextChoices):
        NUMBER = "number", pgettext_lazy("type of metric", "Number")
        CATEGORY = "category", _("Category")

    class Direction(models.TextChoices):
        HIGHER = "higher", _("Higher is better")
        LOWER = "lower", _("Lower is better")
        NEUTRAL = "neutral", _("Neither is better")

    class Unit(models.TextChoices):
        NONE = "", _("No unit")
        FRACTION = "fraction", _("Fraction (0.62 is 62%)")
        MULTIPLE = "multiple", _("Multiple")
        MONEY = "money", _("Money")
        DAYS = "days", _("Days")
        YEARS = "years", _("Years")
        COUNT = "count", _("Count")
        POINTS = "points", _("Points")
        GRADE = "grade", _("Grade from 1 to 5")

    key = models.CharField(_("key"), max_length=60, unique=True)
    label_en = models.CharField(_("English label"), max_length=120)
    label_zh = models.CharField(_("Chinese label"), max_length=120, blank=True)
    type = models.CharField(_("type"), max_length=8, choices=Type, default=Type.NUMBER, db_default="number")
    unit = models.CharField(_("unit"), max_length=20, choices=Unit, blank=True, default=Unit.NONE)
    direction = models.CharField(
        _("direction"), max_length=8, choices=Direction, default=Direction.NEUTRAL, db_default="neutral"
    )
    categories = models.JSONField(_("categories"), default=list, db_default=[], blank=True)
    max_age_days = models.PositiveIntegerField(_("maximum age in days"), null=True, blank=True)
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("custom metric")
        verbose_name_plural = _("custom metrics")
        ordering = ["key"]
        constraints = [
            models.CheckConstraint(
                name="custom_metric_key_is_plain",
                condition=models.Q(key__regex=r"^[a-z][a-z0-9_]*$"),
                violation_error_message=_(
                    "A key begins with a letter and holds small letters, digits and underscores."
                ),
            ),
            models.CheckConstraint(
                name="custom_metric_has_its_categories",
                condition=models.Q(type="number", categories=[])
                | (models.Q(type="category", unit="") & ~models.Q(categories=[])),
                violation_error_message=_(
                    "A category has a list of categories and no unit; a number has none."
                ),
            ),
        ]
        triggers = [pgtrigger.ReadOnly(name="keeps_its_meaning", fields=["key", "type"])]

    def __str__(self) -> str:
        return self.label_en

    @property
    def label(self) -> str:
        """In the reader's language, where it has one."""
        return self.label_zh if self.label_zh and reads_chinese() else self.label_en


@tracked()
class Observation(models.Model):
    """One metric of one client on one day: a number (`value`) or a category (`text`), with its source.

    With a project it is about the client within that project, and says nothing of the client as a whole. What has the
    source GOVERNED was agreed to by those who decide, and what has DECIDED by who chose between sources: nobody records,
    imports or changes such by hand.
    """

    GOVERNED, DECIDED = GOVERNED, DECIDED

    client = models.ForeignKey(Client, models.PROTECT, related_name="observations", verbose_name=_("client"))
    project = models.ForeignKey(
        Project,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="observations",
        verbose_name=_("project"),
    )
    metric = models.CharField(_("metric"), max_length=60)
    value = models.FloatField(_("value"), null=True, blank=True)
    text = models.CharField(_("category"), max_length=60, blank=True)
    observed_on = models.DateField(_("observed on"))
    received_on = models.DateField(_("received on"), default=today)
    source = models.CharField(_("source"), max_length=80)
    evidence = models.TextField(_("evidence"), max_length=2000, blank=True, default="", db_default="")
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
                fields=["client", "metric", "observed_on", "source", "received_on", "project"],
                nulls_distinct=False,
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
        triggers = [
            pgtrigger.Protect(
                name="governed_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__source="override") | pgtrigger.Q(new__source="override"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.observed_on}"
