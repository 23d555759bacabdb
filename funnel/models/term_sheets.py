"""What a case's client is offered, version by version."""

from decimal import Decimal

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from crm.history import tracked
from crm.models.conduct import money
from funnel.models.cases import Case
from funnel.querysets import OfCaseQuerySet

CONTENT = (
    "amount", "base_rate", "add_on", "tenor_months", "fee", "cover", "collateral", "covenants", "valid_until",
)  # fmt: skip
"""What a term sheet says."""
CONTENT_IS_CHANGED = f"""
OLD.status <> 'draft' AND ({", ".join(f"NEW.{name}" for name in ("case_id", "number", *CONTENT))})
    IS DISTINCT FROM ({", ".join(f"OLD.{name}" for name in ("case_id", "number", *CONTENT))})
"""


@tracked()
class TermSheet(models.Model):
    """One version of the terms offered: a draft, submitted, issued, and superseded by the next one that is issued.

    `base_rate` is the house's rate in percent a year and `add_on` basis points on top of it, `fee` percent of the amount
    paid once, `cover` basis points of the amount that collateral covers. `policy` is what the tier policy said when the
    sheet was submitted, `departures` where the sheet is more generous: such a one is issued only by somebody who is not
    among its `authors`, all who began, edited or submitted it.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        ISSUED = "issued", _("Issued")
        SUPERSEDED = "superseded", _("Superseded")

    IN_PREPARATION = (Status.DRAFT, Status.SUBMITTED)

    case = models.ForeignKey(Case, models.PROTECT, related_name="term_sheets")
    number = models.PositiveIntegerField(_("version"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    revision = models.PositiveIntegerField(default=1)
    amount = money(_("amount"))
    base_rate = models.DecimalField(_("house's rate, % a year"), max_digits=6, decimal_places=3)
    add_on = models.IntegerField(_("add-on, basis points"), default=0)
    tenor_months = models.PositiveSmallIntegerField(_("tenor, months"))
    fee = models.DecimalField(
        _("arrangement fee, % of the amount"), max_digits=5, decimal_places=3, default=0
    )
    cover = models.PositiveIntegerField(_("covered by collateral, basis points"), default=0)
    collateral = models.TextField(_("collateral"), max_length=2000, blank=True, default="")
    covenants = ArrayField(
        models.CharField(max_length=500), verbose_name=_("covenants"), default=list, blank=True
    )
    valid_until = models.DateField(_("valid until"))
    policy = models.JSONField(default=dict, blank=True)
    departures = models.JSONField(default=list, blank=True)
    why = models.TextField(_("why it departs from the policy"), max_length=2000, blank=True, default="")
    remark = models.TextField(_("remark"), max_length=2000, blank=True, default="")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    authors = ArrayField(models.BigIntegerField())
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())
    issued_at = models.DateTimeField(null=True, blank=True)

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("term sheet")
        verbose_name_plural = _("term sheets")
        ordering = ["case", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="term_sheet_once"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(status="issued"), name="term_sheet_one_issued"
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(status__in=["draft", "submitted"]),
                name="term_sheet_one_in_preparation",
            ),
            models.CheckConstraint(
                name="term_sheet_departs_by_two",
                condition=Q(status__in=["draft", "submitted"])
                | Q(departures=[])
                | Q(approved_by__isnull=False),
            ),
            models.CheckConstraint(
                name="term_sheet_amount_is_positive",
                condition=Q(amount__gt=0),
                violation_error_message=_("The amount is more than nothing. Enter the amount offered."),
            ),
            models.CheckConstraint(
                name="term_sheet_tenor_is_positive",
                condition=Q(tenor_months__gt=0),
                violation_error_message=_("A tenor is one month or more."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="only_drafts_change",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(CONTENT_IS_CHANGED),
            ),
            pgtrigger.Protect(
                name="approver_is_no_author",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("NEW.approved_by_id = ANY (NEW.authors)"),
            ),
            pgtrigger.Protect(
                name="only_drafts_go",
                operation=pgtrigger.Delete,
                condition=~pgtrigger.Q(old__status="draft"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} v{self.number}"

    @property
    def rate(self) -> Decimal:
        """What is paid in all, in percent a year."""
        return self.base_rate + Decimal(self.add_on) / 100

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT
