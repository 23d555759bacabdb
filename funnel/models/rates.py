"""What a unit of another currency is worth in the book's, day by day."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from crm.history import tracked

CURRENCY_CODE = r"^[A-Z]{3}$"


def book_currency() -> str:
    """The ISO code of the currency that the house keeps its book in."""
    return settings.CURRENCY


@tracked()
class ExchangeRate(models.Model):
    """From `day` on one unit of `currency` is worth `rate` units of the book's, until the next row of the currency."""

    currency = models.CharField(_("currency"), max_length=3)
    day = models.DateField(_("from"))
    rate = models.DecimalField(_("rate"), max_digits=20, decimal_places=10)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    set_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        ordering = ["currency", "-day"]
        constraints = [
            models.UniqueConstraint(fields=["currency", "day"], name="exchange_rate_once_a_day"),
            models.CheckConstraint(
                name="exchange_rate_is_positive",
                condition=models.Q(rate__gt=0),
                violation_error_message=_("A rate is more than nothing."),
            ),
            models.CheckConstraint(
                name="exchange_rate_of_a_currency",
                condition=models.Q(currency__regex=CURRENCY_CODE),
                violation_error_message=_("A currency is named by its three letters, as CNY."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.day}: {self.rate}"
