"""The clients that take part in a case beside the one who leads it."""

from decimal import Decimal

import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.history import tracked
from crm.models import Client, Participation
from funnel.models.cases import Case
from funnel.querysets import CasePartyQuerySet

NOT_THE_LEADING_CLIENT = """
IF EXISTS (SELECT FROM funnel_case c WHERE c.id = NEW.case_id AND c.client_id = NEW.client_id) THEN
    RAISE EXCEPTION 'case %: its leading client is no further party', NEW.case_id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'case_party_is_not_the_leading_client';
END IF;
RETURN NEW;
"""


@tracked()
class CaseParty(models.Model):
    """A further client of a case, and its part in it: the parts that clients have in projects.

    `share` is the percentage of the case's amount that it stands for (None: nobody said). Those of a part that is shared
    out come to 100 at most, co-borrowers with the leading client, who has what they leave; guarantors may each stand for
    the whole. A row whose client was merged into another
    one, or leads the case since a merge, is kept and counts no more (`standing()`).
    """

    class Part(models.TextChoices):
        BORROWER = Participation.Part.BORROWER.value, _("Co-borrower")
        GUARANTOR = Participation.Part.GUARANTOR.value, _("Guarantor")
        SPONSOR = Participation.Part.SPONSOR.value, _("Sponsor")
        OFFTAKER = Participation.Part.OFFTAKER.value, _("Off-taker")
        CONTRACTOR = Participation.Part.CONTRACTOR.value, _("Contractor")

    NOT_SHARED_OUT = Part.GUARANTOR
    """Guarantors are liable jointly and severally unless agreed otherwise, so that their shares have no common whole."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="parties", db_index=False)
    client = models.ForeignKey(Client, models.PROTECT, related_name="case_parties", verbose_name=_("client"))
    part = models.CharField(_("part"), max_length=12, choices=Part)
    share = models.DecimalField(
        _("share, %"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(100)],
    )
    note = models.CharField(_("note"), max_length=200, blank=True, default="", db_default="")
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    objects = CasePartyQuerySet.as_manager()

    class Meta:
        verbose_name = _("party of a case")
        verbose_name_plural = _("parties of cases")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "client"], name="case_party_once"),
            models.CheckConstraint(
                name="case_party_share_is_a_percentage",
                condition=models.Q(share__isnull=True) | models.Q(share__gt=0, share__lte=100),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="not_the_leading_client",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("case_id", "client_id"),
                func=NOT_THE_LEADING_CLIENT,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.client_id}"
