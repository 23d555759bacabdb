"""The financing cases that move through a pipeline, and their steps."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from crm.formats import days_since
from crm.history import tracked
from crm.models import Client, Facility, ImportJob, Project
from crm.models.conduct import money
from funnel.models.pipelines import Stage
from funnel.models.rates import CURRENCY_CODE, book_currency
from funnel.querysets import CaseQuerySet
from tiering.models import Tier

DETAILS = (
    "project",
    "product",
    "amount",
    "purpose",
    "expected_close",
    "source",
    "competition",
    "next_step",
    "next_step_on",
)
"""What may be said of a case anew as long as it is open."""

STANDING = models.Q(dissolved_by__isnull=True)
"""Neither split nor merged into another."""


@tracked()
class Case(models.Model):
    """A financing case of a client. `amount` is in units of `currency`, which stays what it was at opening; 0 stands for
    an amount that history does not know.

    `reason` is the key of a closing reason of the stage that the case ended in, empty while it is open. `version` counts
    its steps, `revision` how often its details were edited: both are what somebody who changes it has to have seen.

    `made_by` is the split that it is a part of. A case that was split, or merged into another, is dissolved: it counts
    nowhere, nobody goes on with it, and it stays to be read (`Recut`).
    """

    class Source(models.TextChoices):
        PROSPECTING = "prospecting", _("Prospecting")
        EXISTING_CLIENT = "existing_client", _("Existing client")
        REFERRAL = "referral", _("Referral")
        PARTNER = "partner", _("Partner institution")
        CAMPAIGN = "campaign", _("Campaign")
        WEB = "web", _("Web form")
        IMPORT = "import", _("Imported list")
        OTHER = "other", _("Other source")

    code = models.CharField(_("code"), max_length=40, unique=True)
    client = models.ForeignKey(Client, models.PROTECT, related_name="cases", verbose_name=_("client"))
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name=_("project")
    )
    product = models.CharField(_("product"), max_length=20, choices=Facility.Product)
    amount = money(_("amount"))
    currency = models.CharField(_("currency"), max_length=3, default=book_currency)
    expected_close = models.DateField(_("expected close"), null=True, blank=True)
    source = models.CharField(
        _("source"), max_length=20, choices=Source, blank=True, default="", db_default=""
    )
    reason = models.CharField(_("reason"), max_length=40, blank=True, default="", db_default="")
    purpose = models.TextField(_("purpose"), max_length=2000, blank=True, default="", db_default="")
    competition = models.TextField(_("competition"), max_length=2000, blank=True, default="", db_default="")
    next_step = models.CharField(_("next step"), max_length=200, blank=True, default="", db_default="")
    next_step_on = models.DateField(_("next step due"), null=True, blank=True)
    cloned_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="clones", verbose_name=_("cloned from")
    )
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="cases", verbose_name=_("stage"))
    entered_stage_at = models.DateTimeField(_("in this stage since"), db_default=Now())
    version = models.PositiveIntegerField(default=1, editable=False)
    revision = models.PositiveIntegerField(default=1, db_default=1, editable=False)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    made_by = models.ForeignKey(
        "funnel.Recut",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        db_index=False,
        editable=False,
    )
    dissolved_by = models.ForeignKey(
        "funnel.Recut",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="dissolved",
        db_index=False,
        editable=False,
    )

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("financing case")
        verbose_name_plural = _("financing cases")
        indexes = [
            models.Index(fields=["stage", "-amount", "id"], name="case_board"),
            # What columns come to, without the rows of their cases; the client says who sees them.
            models.Index(
                fields=["stage", "currency"],
                include=["amount", "client"],
                name="case_totals",
                condition=STANDING,
            ),
            # The largest first: the list, and columns that are no stages.
            models.Index(fields=["-amount", "id"], name="case_amount", condition=STANDING),
            models.Index(
                fields=["expected_close"],
                name="case_closes",
                condition=STANDING & models.Q(expected_close__isnull=False),
            ),
            models.Index(
                fields=["next_step_on"],
                name="case_steps",
                condition=STANDING & models.Q(next_step_on__isnull=False),
            ),
            models.Index(fields=["made_by"], name="case_made_by", condition=models.Q(made_by__isnull=False)),
            models.Index(
                fields=["dissolved_by"],
                name="case_dissolved_by",
                condition=models.Q(dissolved_by__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="case_amount_not_negative",
                condition=models.Q(amount__gte=0),
                violation_error_message=_("An amount is not negative."),
            ),
            models.CheckConstraint(
                name="case_of_a_currency",
                condition=models.Q(currency__regex=CURRENCY_CODE),
                violation_error_message=_("A currency is named by its three letters, as CNY."),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_open(self) -> bool:
        """Whether it can be worked on: it stands, in an open stage."""
        return self.dissolved_by_id is None and not self.stage.is_closed

    @property
    def days_in_stage(self) -> int:
        """Whole calendar days since the case entered its stage; 0 on the first."""
        return days_since(self.entered_stage_at) or 0

    @property
    def is_late(self) -> bool:
        """Longer in its stage than that allows; a closed stage allows any time."""
        limit = self.stage.limit_days
        return limit is not None and self.days_in_stage > limit


class StageMove(models.Model):
    """One step of a case, with the tier its client then had and the amount then asked for, in the case's currency.

    Append-only. History that comes from elsewhere gives `moved_at`, when the step was made; `id` orders them. An
    inherited one was made by the case that this one was split from, with this one's share of the amount.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="moves", db_index=False)
    from_stage = models.ForeignKey(Stage, models.PROTECT, null=True, blank=True, related_name="+")
    to_stage = models.ForeignKey(Stage, models.PROTECT, related_name="+")
    tier = models.ForeignKey(Tier, models.PROTECT, null=True, blank=True, related_name="+")
    amount = money(_("amount"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=40, blank=True, default="", db_default="")
    moved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    moved_at = models.DateTimeField(db_default=Now())
    comment = models.TextField(_("comment"), max_length=2000, blank=True)
    is_inherited = models.BooleanField(default=False, db_default=False)
    imported_by = models.ForeignKey(
        ImportJob, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        ordering = ["id"]
        indexes = [
            # The way of every case, in order and without its row: what figures are made of.
            models.Index(fields=["case", "id"], include=["to_stage", "moved_at", "amount"], name="move_way"),
            models.Index(
                fields=["imported_by"], name="move_imported_by", condition=models.Q(imported_by__isnull=False)
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.from_stage_id} → {self.to_stage_id}"
