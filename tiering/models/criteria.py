"""Schemes of tiers, and the versioned criteria that assign them."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.history import tracked


@tracked()
class TierScheme(models.Model):
    """A named ordered scale of tiers, given to clients or to clients within projects.

    One scheme of clients is primary: its tier is *the* tier of a client.
    """

    class Subject(models.TextChoices):
        CLIENT = "client", _("Clients")
        PROJECT = "project", _("Clients within projects")

    key = models.SlugField(_("key"), max_length=40, unique=True)
    name_en = models.CharField(_("English name"), max_length=120)
    name_zh = models.CharField(_("Chinese name"), max_length=120, blank=True)
    subject = models.CharField(_("subject"), max_length=8, choices=Subject, default=Subject.CLIENT)
    is_primary = models.BooleanField(_("primary"), default=False)

    class Meta:
        verbose_name = _("tier scheme")
        verbose_name_plural = _("tier schemes")
        constraints = [
            models.UniqueConstraint(
                fields=["is_primary"], condition=models.Q(is_primary=True), name="scheme_one_primary"
            ),
            models.CheckConstraint(
                name="scheme_primary_is_of_clients",
                condition=models.Q(is_primary=False) | models.Q(subject="client"),
                violation_error_message=_("The primary scheme is one of clients."),
            ),
        ]

    def __str__(self) -> str:
        return self.name_en

    @property
    def label(self) -> str:
        return self.name_zh if (get_language() or "").startswith("zh") and self.name_zh else self.name_en


@tracked()
class Tier(models.Model):
    """A step of a scheme. `rank` 0 is the best; `colour_step` 1–7 picks the badge."""

    scheme = models.ForeignKey(TierScheme, models.PROTECT, related_name="tiers", verbose_name=_("scheme"))
    key = models.CharField(_("key"), max_length=12)
    label_en = models.CharField(_("English label"), max_length=80)
    label_zh = models.CharField(_("Chinese label"), max_length=80, blank=True)
    rank = models.PositiveSmallIntegerField(_("rank"))
    colour_step = models.PositiveSmallIntegerField(_("colour step"))

    class Meta:
        verbose_name = _("tier")
        verbose_name_plural = _("tiers")
        ordering = ["scheme", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "key"], name="tier_key_once"),
            models.UniqueConstraint(fields=["scheme", "rank"], name="tier_rank_once"),
            models.CheckConstraint(
                name="tier_colour_step_exists", condition=models.Q(colour_step__gte=1, colour_step__lte=7)
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def label(self) -> str:
        return self.label_zh if (get_language() or "").startswith("zh") and self.label_zh else self.label_en


@tracked()
class CriteriaSet(models.Model):
    """The method for one scheme, over its versions."""

    scheme = models.OneToOneField(TierScheme, models.PROTECT, related_name="criteria")
    name_en = models.CharField(_("English name"), max_length=120)
    name_zh = models.CharField(_("Chinese name"), max_length=120, blank=True)

    def __str__(self) -> str:
        return self.name_en


# It can be superseded, and the demo book dates its making back; the row of `to_jsonb` holds every other column.
PUBLISHED_IS_CHANGED = """
OLD.status <> 'draft' AND (
    to_jsonb(NEW) - '{status,created_at,published_at}'::text[]
    IS DISTINCT FROM to_jsonb(OLD) - '{status,created_at,published_at}'::text[]
    OR (OLD.status, NEW.status) NOT IN (
        ('published', 'published'), ('published', 'superseded'), ('superseded', 'superseded')))
"""


@tracked(exclude=["document"])
class CriteriaVersion(models.Model):
    """One criteria document. Once published it never changes, and its author did not approve it."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        SUPERSEDED = "superseded", _("Superseded")

    criteria = models.ForeignKey(CriteriaSet, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    document = models.JSONField()
    content_hash = models.CharField(max_length=64)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.DRAFT)
    effective_from = models.DateTimeField(_("effective from"), null=True, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("criteria version")
        verbose_name_plural = _("criteria versions")
        constraints = [
            models.UniqueConstraint(fields=["criteria", "number"], name="criteria_version_once"),
            models.UniqueConstraint(
                fields=["criteria"],
                condition=models.Q(status="published"),
                name="criteria_one_published",
            ),
            models.CheckConstraint(
                name="criteria_published_by_another",
                condition=models.Q(status="draft")
                | (
                    models.Q(approver__isnull=False, published_at__isnull=False, effective_from__isnull=False)
                    & ~models.Q(approver=models.F("author"))
                ),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="published_is_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(PUBLISHED_IS_CHANGED),
            ),
            pgtrigger.Protect(
                name="published_stays",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__status__in=["published", "superseded"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criteria_id} v{self.number}"
