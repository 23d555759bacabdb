"""What the house decides about tiers beside the criteria, as versioned documents that two people put in effect."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from crm.history import tracked
from tiering.models.criteria import TierScheme
from tiering.models.lifecycle import VersionStep, by_no_author, kept_to_its_steps


@tracked()
class Policy(models.Model):
    """What its versions are versions of: one for each kind, of tier policies one for each scheme."""

    class Kind(models.TextChoices):
        AUTHORITY = "authority", _("Authority")
        TIER_POLICY = "tier_policy", _("Tier policy")
        PRODUCTS = "products", _("Products")
        WARNINGS = "warnings", _("Early warnings")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    scheme = models.ForeignKey(
        TierScheme, models.PROTECT, null=True, blank=True, related_name="policies", verbose_name=_("scheme")
    )

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        constraints = [
            models.UniqueConstraint(fields=["kind", "scheme"], nulls_distinct=False, name="policy_once"),
            models.CheckConstraint(
                name="policy_of_a_scheme_where_tiers_are_meant",
                condition=models.Q(kind="tier_policy", scheme__isnull=False)
                | (~models.Q(kind="tier_policy") & models.Q(scheme__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return self.kind


# What changes from submission on; from publication on nothing does but its being superseded.
DECIDED = "status,submitted_at,submitted_by_id,published_at,publisher_id,effective_from"
STEP_IS_NOT_THERE = """
NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (
    ('draft', 'submitted'), ('submitted', 'draft'), ('submitted', 'published'), ('published', 'superseded'))
"""
PUBLISHED_IS_CHANGED = """
OLD.status IN ('published', 'superseded')
    AND (NEW.publisher_id, NEW.effective_from, NEW.published_at, NEW.submitted_by_id)
    IS DISTINCT FROM (OLD.publisher_id, OLD.effective_from, OLD.published_at, OLD.submitted_by_id)
"""
PUBLISHED_BY_AN_AUTHOR = """
IF EXISTS (SELECT FROM tiering_policystep
           WHERE version_id = NEW.id AND by_id = NEW.publisher_id AND act IN ('begun', 'edited', 'submitted'))
    OR NEW.publisher_id = NEW.submitted_by_id THEN
    RAISE EXCEPTION 'policy version %: whoever publishes it wrote, edited or submitted it', NEW.id
        USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


@tracked(exclude=["document"])
class PolicyVersion(models.Model):
    """One document of a policy, on its way from a draft to what is in effect.

    A draft is saved whole, `revision` counting how often. Whoever began, edited or submitted it does not publish it,
    and from its submission on its content does not change.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        PUBLISHED = "published", _("Published")
        SUPERSEDED = "superseded", _("Superseded")

    IN_PREPARATION = (Status.DRAFT, Status.SUBMITTED)

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    based_on = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    document = models.JSONField()
    content_hash = models.CharField(max_length=64)
    revision = models.PositiveIntegerField(default=0, db_default=0)
    purpose = models.TextField(_("what changes and why"), max_length=2000, blank=True, db_default="")
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.DRAFT)
    effective_from = models.DateTimeField(_("effective from"), null=True, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    publisher = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())
    submitted_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("policy version")
        verbose_name_plural = _("policy versions")
        constraints = [
            models.UniqueConstraint(fields=["policy", "number"], name="policy_version_once"),
            models.UniqueConstraint(
                fields=["policy"], condition=models.Q(status="published"), name="policy_one_published"
            ),
            models.CheckConstraint(
                name="policy_published_by_another",
                condition=models.Q(status__in=["draft", "submitted"], publisher__isnull=True)
                | (
                    models.Q(
                        status__in=["published", "superseded"],
                        publisher__isnull=False,
                        published_at__isnull=False,
                        effective_from__isnull=False,
                    )
                    & ~models.Q(publisher=models.F("author"))
                ),
            ),
        ]
        triggers = [
            *kept_to_its_steps(
                decided=DECIDED,
                step_is_not_there=STEP_IS_NOT_THERE,
                published_is_changed=PUBLISHED_IS_CHANGED,
            ),
            by_no_author("publisher", PUBLISHED_BY_AN_AUTHOR),
            pgtrigger.Protect(
                name="only_drafts_go",
                operation=pgtrigger.Delete,
                condition=~pgtrigger.Q(old__status="draft"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy_id} v{self.number}"


class PolicyStep(VersionStep):
    """One step of a version of policies."""

    class Act(models.TextChoices):
        BEGUN = "begun", _("began it")
        EDITED = "edited", _("edited it")
        SUBMITTED = "submitted", _("submitted it")
        WITHDRAWN = "withdrawn", _("withdrew it")
        REJECTED = "rejected", _("sent it back")
        PUBLISHED = "published", _("published it")

    version = models.ForeignKey(PolicyVersion, models.CASCADE, related_name="steps")
    act = models.CharField(_("act"), max_length=12, choices=Act)

    class Meta(VersionStep.Meta):
        constraints = [
            models.CheckConstraint(
                name="policy_rejected_with_reason",
                condition=~models.Q(act="rejected") | ~models.Q(comment=""),
            )
        ]
        triggers = [
            pgtrigger.Protect(name="stays_as_it_was", operation=pgtrigger.Update),
            pgtrigger.Trigger(
                name="goes_with_its_draft",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                func="""
IF EXISTS (SELECT FROM tiering_policyversion WHERE id = OLD.version_id AND status <> 'draft') THEN
    RAISE EXCEPTION 'step %: its version is no draft', OLD.id USING ERRCODE = 'check_violation';
END IF;
RETURN OLD;
""",
            ),
        ]
