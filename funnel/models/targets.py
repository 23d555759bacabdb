"""What teams, relationship managers and products are to bring, month by month."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from crm.formats import localized
from crm.history import tracked
from crm.models import Facility, Team
from crm.models.conduct import money
from funnel.models.pipelines import Pipeline
from funnel.models.rates import CURRENCY_CODE
from funnel.querysets import TargetQuerySet


@tracked()
class Target(models.Model):
    """What is to be won in a month (`month` is its first day) by a team, by a manager or of a product, in cases of one
    pipeline and currency: an `amount`, a `count` of cases, or both. One of `team`, `rm` and `product` is set."""

    class Of(models.TextChoices):
        TEAM = "team", _("Teams")
        RM = "rm", _("Relationship managers")
        PRODUCT = "product", _("Products")

    pipeline = models.ForeignKey(
        Pipeline, models.CASCADE, related_name="targets", verbose_name=_("funnel"), db_index=False
    )
    month = models.DateField(_("month"))
    currency = models.CharField(_("currency"), max_length=3, validators=[RegexValidator(CURRENCY_CODE)])
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True, related_name="targets")
    rm = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="targets"
    )
    product = models.CharField(max_length=20, choices=Facility.Product, blank=True, default="")
    amount = money(_("amount"), null=True, blank=True, validators=[MinValueValidator(0)])
    count = models.PositiveIntegerField(_("number of cases"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    set_at = models.DateTimeField(db_default=Now())

    objects = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        constraints = [
            models.UniqueConstraint(
                fields=["pipeline", "month", "currency", "team", "rm", "product"],
                name="target_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="target_of_one",
                condition=Q(team__isnull=False, rm__isnull=True, product="")
                | Q(team__isnull=True, rm__isnull=False, product="")
                | (Q(team__isnull=True, rm__isnull=True) & ~Q(product="")),
            ),
            models.CheckConstraint(
                name="target_of_something", condition=Q(amount__isnull=False) | Q(count__isnull=False)
            ),
            models.CheckConstraint(
                name="target_not_negative", condition=Q(amount__isnull=True) | Q(amount__gte=0)
            ),
            models.CheckConstraint(name="target_of_a_month", condition=Q(month__day=1)),
            models.CheckConstraint(name="target_of_a_currency", condition=Q(currency__regex=CURRENCY_CODE)),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {name_of(self.of, self.whose)}"

    @property
    def of(self) -> Target.Of:
        """Of what kind of thing it is the target."""
        return self.Of.TEAM if self.team_id else self.Of.RM if self.rm_id else self.Of.PRODUCT

    @property
    def whose(self) -> Any:
        """The team, the manager, or the key of the product."""
        return getattr(self, self.of)


def name_of(of: str, whose: Any) -> str:
    """A team, a manager or a product in the reader's language."""
    if of == Target.Of.PRODUCT:
        return str(Facility.Product(whose).label)
    return str(whose) if of == Target.Of.TEAM else localized(whose)
