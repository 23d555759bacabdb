"""Schemes of tiers, and the versioned criteria that assign them."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.history import tracked
from tiering.models.lifecycle import by_no_author, kept_to_its_steps


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
        # Assessments name it with no foreign key.
        triggers = [
            pgtrigger.ReadOnly(name="keeps_its_scheme", fields=["scheme"]),
            pgtrigger.Trigger(
                name="stays_once_given",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                func="""
IF EXISTS (SELECT FROM tiering_assessment WHERE scheme_id = OLD.scheme_id) THEN
    RAISE EXCEPTION 'tier %: subjects were placed in its scheme', OLD.id USING ERRCODE = 'foreign_key_violation';
END IF;
RETURN OLD;
""",
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


# What changes from submission on. The demo book dates the making and the steps back.
DECIDED = "status,created_at,submitted_at,approved_at,published_at,approver_id,effective_from"
CALLED_OFF = "OLD.status = 'published' AND NEW.status = 'draft' AND OLD.effective_from > now()"
STEP_IS_NOT_THERE = f"""
NEW.status <> OLD.status AND NOT ({CALLED_OFF}) AND (OLD.status, NEW.status) NOT IN (
    ('draft', 'submitted'), ('submitted', 'draft'), ('submitted', 'approved'), ('approved', 'draft'),
    ('approved', 'published'), ('published', 'superseded'), ('superseded', 'published'))
"""
PUBLISHED_IS_CHANGED = f"""
OLD.status IN ('published', 'superseded') AND NOT ({CALLED_OFF})
    AND (NEW.approver_id, NEW.effective_from) IS DISTINCT FROM (OLD.approver_id, OLD.effective_from)
"""
APPROVED_BY_AN_AUTHOR = """
IF EXISTS (SELECT FROM tiering_criteriaedit WHERE version_id = NEW.id AND author_id = NEW.approver_id)
    OR NEW.approver_id = (SELECT by_id FROM tiering_criteriastep WHERE version_id = NEW.id AND act = 'submitted'
                          ORDER BY id DESC LIMIT 1) THEN
    RAISE EXCEPTION 'criteria version %: the approver edited or submitted it', NEW.id
        USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
# What came before is published again only where what came after it was called off.
FOLLOWED_BY_ANOTHER = """
IF EXISTS (SELECT FROM tiering_criteriaversion WHERE criteria_id = NEW.criteria_id
               AND status IN ('published', 'superseded') AND effective_from > NEW.effective_from) THEN
    RAISE EXCEPTION 'criteria version %: another one followed it', NEW.id USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


@tracked(exclude=["document"])
class CriteriaVersion(models.Model):
    """One criteria document, on its way from a draft to what is in effect.

    A draft is edited, `revision` counting its edits. Whoever wrote or edited it does not approve it, and from submission
    on its content does not change: an edit sends it back to be a draft first. Published for a later moment, it can be
    called off until then and is a draft again. `based_on` is the version that it was begun from. `evidence` is what its
    numbers were proposed by, where they come from history.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        APPROVED = "approved", _("Approved")
        PUBLISHED = "published", _("Published")
        SUPERSEDED = "superseded", _("Superseded")

    IN_PREPARATION = (Status.DRAFT, Status.SUBMITTED, Status.APPROVED)

    criteria = models.ForeignKey(CriteriaSet, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    based_on = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    document = models.JSONField()
    content_hash = models.CharField(max_length=64)
    revision = models.PositiveIntegerField(default=0, db_default=0)
    purpose = models.TextField(_("what changes and why"), max_length=2000, blank=True, db_default="")
    evidence = models.JSONField(null=True, blank=True)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.DRAFT)
    effective_from = models.DateTimeField(_("effective from"), null=True, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
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
                name="criteria_approved_by_another",
                condition=models.Q(status__in=["draft", "submitted"], approver__isnull=True)
                | (
                    models.Q(status__in=["approved", "published", "superseded"], approver__isnull=False)
                    & ~models.Q(approver=models.F("author"))
                ),
            ),
            models.CheckConstraint(
                name="criteria_published_takes_effect",
                condition=models.Q(status__in=["draft", "submitted", "approved"])
                | models.Q(published_at__isnull=False, effective_from__isnull=False),
            ),
        ]
        triggers = [
            *kept_to_its_steps(
                decided=DECIDED,
                step_is_not_there=STEP_IS_NOT_THERE,
                published_is_changed=PUBLISHED_IS_CHANGED,
            ),
            by_no_author("approver", APPROVED_BY_AN_AUTHOR),
            pgtrigger.Trigger(
                name="returns_as_the_last",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__status="superseded", new__status="published"),
                func=FOLLOWED_BY_ANOTHER,
            ),
            pgtrigger.Protect(
                name="published_stays",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__status__in=["published", "superseded"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criteria_id} v{self.number}"
