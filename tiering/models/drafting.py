"""How a criteria version came to be: the edits of its draft, the steps of its way, the cases it has to get right."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from crm.history import tracked
from tiering.models.criteria import CriteriaVersion
from tiering.models.lifecycle import VersionStep

VERSION_IS_NO_DRAFT = """
IF EXISTS (SELECT FROM tiering_criteriaversion WHERE id = {row}.version_id AND status <> 'draft') THEN
    RAISE EXCEPTION '% belongs to a version that is no draft', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END IF;
RETURN {row};
"""


def only_of_drafts() -> list[pgtrigger.Trigger]:
    """What belongs to a version comes, changes and goes only while it is a draft."""
    written = pgtrigger.Insert | pgtrigger.Update
    return [
        pgtrigger.Trigger(
            name="written_with_a_draft",
            when=pgtrigger.Before,
            operation=written,
            func=VERSION_IS_NO_DRAFT.format(row="NEW"),
        ),
        pgtrigger.Trigger(
            name="goes_with_a_draft",
            when=pgtrigger.Before,
            operation=pgtrigger.Delete,
            func=VERSION_IS_NO_DRAFT.format(row="OLD"),
        ),
    ]


class CriteriaEdit(models.Model):
    """What one person changed in a draft at once: the step to `revision`.

    `edits` is a list of what `tiering.core.editing` applies, each with what stood there before, so that every step can
    be taken back. `undoes` is the step that this one takes back.
    """

    version = models.ForeignKey(CriteriaVersion, models.CASCADE, related_name="edits")
    revision = models.PositiveIntegerField()
    edits = models.JSONField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())
    undoes = models.OneToOneField("self", models.CASCADE, null=True, blank=True, related_name="undone_by")

    class Meta:
        ordering = ["version", "revision"]
        constraints = [models.UniqueConstraint(fields=["version", "revision"], name="criteria_edit_once")]
        triggers = [
            *only_of_drafts(),
            pgtrigger.Protect(name="stays_as_it_was", operation=pgtrigger.Update),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} r{self.revision}"


class CriteriaStep(VersionStep):
    """One step of a version of criteria."""

    class Act(models.TextChoices):
        SUBMITTED = "submitted", _("submitted it")
        WITHDRAWN = "withdrawn", _("withdrew it")
        REJECTED = "rejected", _("sent it back")
        REOPENED = "reopened", _("edited it, so it is a draft again")
        APPROVED = "approved", _("approved it")
        PUBLISHED = "published", _("published it")
        CALLED_OFF = "called_off", _("called it off before it took effect")

    version = models.ForeignKey(CriteriaVersion, models.CASCADE, related_name="steps")
    act = models.CharField(_("act"), max_length=12, choices=Act)

    class Meta(VersionStep.Meta):
        constraints = [
            models.CheckConstraint(
                name="criteria_rejected_with_reason",
                condition=~models.Q(act__in=["rejected", "called_off"]) | ~models.Q(comment=""),
            )
        ]
        triggers = [
            pgtrigger.Protect(name="stays_as_it_was", operation=pgtrigger.Update),
            pgtrigger.Trigger(
                name="goes_with_a_draft",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                func=VERSION_IS_NO_DRAFT.format(row="OLD"),
            ),
        ]


@tracked()
class CriteriaTest(models.Model):
    """A test case of a version: facts, and what has to come of them.

    `facts` are values by metric key. `held` is the key of the tier in force, empty where there is none, and `overlays`
    are the keys of those switched on. What is None is not asked: `gates` are the keys of exactly those that fire,
    `score` is in points. `held_days` None is long enough for the migration policy to let the tier move.
    """

    version = models.ForeignKey(CriteriaVersion, models.CASCADE, related_name="tests")
    name = models.CharField(_("name"), max_length=120)
    facts = models.JSONField(_("facts"))
    held = models.CharField(_("tier in force"), max_length=60, blank=True)
    held_days = models.PositiveIntegerField(_("days it has been held"), null=True, blank=True)
    overlays = models.JSONField(_("overlays that are on"), default=list, blank=True)
    tier = models.CharField(_("expected tier"), max_length=60)
    gates = models.JSONField(_("expected gates"), null=True, blank=True)
    score = models.DecimalField(_("expected score"), max_digits=11, decimal_places=8, null=True, blank=True)

    class Meta:
        verbose_name = _("test case")
        verbose_name_plural = _("test cases")
        ordering = ["version", "id"]
        constraints = [models.UniqueConstraint(fields=["version", "name"], name="criteria_test_once")]
        triggers = only_of_drafts()

    def __str__(self) -> str:
        return self.name
