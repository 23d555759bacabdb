"""Reviews of clients that fall due by the cycle of their tier."""

from datetime import timedelta

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.history import tracked
from crm.models import Client
from crm.querysets import OfClientQuerySet
from tiering.models.criteria import TierScheme
from tiering.models.policies import PolicyVersion
from tiering.models.tiers import Assessment, Assignment

# The constraints below compare who signs with `client_rm`: it has to be the RM whom the client has at that moment.
SIGNER_MAY_SIGN = """
IF NEW.client_rm_id IS DISTINCT FROM (SELECT rm_id FROM crm_client WHERE id = NEW.client_id) THEN
    RAISE EXCEPTION 'review %: client_rm is not the RM of the client', NEW.id USING ERRCODE = 'check_violation';
END IF;
IF NOT EXISTS (SELECT FROM crm_user WHERE id = NEW.signed_by_id AND role = 'risk_officer' AND is_active) THEN
    RAISE EXCEPTION 'review %: only a risk officer signs', NEW.id USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
WAY_IS_NOT_THERE = """
NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (
    ('open', 'prepared'), ('prepared', 'open'), ('prepared', 'done'))
"""


@tracked()
class PeriodicReview(models.Model):
    """The review of a client in a scheme that falls due on a day, prepared by one person and signed by another.

    Every client who has a tier has one that is not done: `due_on` follows from the tier in force, `last_on` is the day
    of the review before, or of the first tier. When it is signed it pins what it rests on: the assessment, the tier, the
    policy, and in `evidence` the figures that no ledger keeps.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("To prepare")
        PREPARED = "prepared", _("To sign")
        DONE = "done", _("Done")

    class Conclusion(models.TextChoices):
        KEEP = "keep", _("Go on as before")
        CLOSER = "closer", _("Watch more closely")
        REDUCE = "reduce", _("Reduce what is lent")
        END = "end", _("End the relationship")
        GROW = "grow", _("Do more business")

    client = models.ForeignKey(
        Client, models.PROTECT, related_name="periodic_reviews", verbose_name=_("client")
    )
    scheme = models.ForeignKey(TierScheme, models.PROTECT, related_name="+")
    due_on = models.DateField(pgettext_lazy("review", "due on"))
    last_on = models.DateField(_("last assessed on"))
    opened_at = models.DateTimeField(db_default=Now())
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.OPEN)
    conclusion = models.CharField(_("conclusion"), max_length=8, choices=Conclusion, blank=True, default="")
    findings = models.TextField(_("findings"), max_length=10_000, blank=True, default="")
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("prepared by"),
    )
    prepared_at = models.DateTimeField(_("prepared at"), null=True, blank=True)
    remark = models.TextField(_("remark of who signs"), max_length=2000, blank=True, default="")
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("signed by"),
    )
    signed_at = models.DateTimeField(_("signed at"), null=True, blank=True)
    client_rm = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    assessment = models.ForeignKey(Assessment, models.PROTECT, null=True, blank=True, related_name="+")
    assignment = models.ForeignKey(Assignment, models.PROTECT, null=True, blank=True, related_name="+")
    policy = models.ForeignKey(PolicyVersion, models.PROTECT, null=True, blank=True, related_name="+")
    evidence = models.JSONField(default=dict, db_default={})

    objects = OfClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("periodic review")
        verbose_name_plural = _("periodic reviews")
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "scheme"],
                condition=~models.Q(status="done"),
                name="periodic_review_one_open",
            ),
            models.CheckConstraint(
                name="periodic_review_within_a_year",
                condition=models.Q(due_on__gte=models.F("last_on"))
                & models.Q(due_on__lte=models.F("last_on") + timedelta(days=366)),
            ),
            models.CheckConstraint(
                name="periodic_review_prepared_is_told",
                condition=models.Q(status="open")
                | (
                    models.Q(prepared_by__isnull=False, prepared_at__isnull=False)
                    & ~models.Q(conclusion="")
                    & ~models.Q(findings="")
                ),
            ),
            models.CheckConstraint(
                name="periodic_review_done_is_signed",
                condition=models.Q(status="done", signed_by__isnull=False, signed_at__isnull=False)
                | (~models.Q(status="done") & models.Q(signed_by__isnull=True, signed_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="periodic_review_signed_by_another",
                condition=models.Q(signed_by__isnull=True) | ~models.Q(signed_by=models.F("prepared_by")),
            ),
            models.CheckConstraint(
                name="periodic_review_signer_is_not_rm",
                condition=models.Q(signed_by__isnull=True)
                | models.Q(client_rm__isnull=True)
                | ~models.Q(signed_by=models.F("client_rm")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on", "id"], condition=~models.Q(status="done"), name="periodic_review_due"
            ),
            models.Index(fields=["client", "scheme", "-signed_at"], name="periodic_review_last"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="begins_open",
                operation=pgtrigger.Insert,
                condition=~pgtrigger.Q(new__status="open"),
            ),
            pgtrigger.Protect(
                name="step_by_step",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(WAY_IS_NOT_THERE),
            ),
            pgtrigger.Trigger(
                name="signer_may_sign",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__status="done"),
                func=SIGNER_MAY_SIGN,
            ),
            pgtrigger.Protect(
                name="done_is_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__status="done"),
            ),
            pgtrigger.Protect(name="stays", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} {self.due_on}"


class ReviewDay(models.Model):
    """That the calendar of a scheme was kept on a day, and what was found: how many reviews were overdue, and how many
    clients nobody had reviewed for more than twelve months."""

    scheme = models.ForeignKey(TierScheme, models.PROTECT, related_name="+")
    day = models.DateField()
    kept_at = models.DateTimeField(db_default=Now())
    overdue = models.PositiveIntegerField(default=0)
    beyond = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["scheme", "day"], name="review_day_once")]

    def __str__(self) -> str:
        return f"{self.scheme_id} {self.day}"
