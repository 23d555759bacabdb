"""What the whole book was like at a moment: the measure of every metric that compares a client with the others."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now


class PortfolioBenchmark(models.Model):
    """The revenue of the book, and the least values from which a client belongs to a part of it.

    Facts derived as of a later moment read the latest benchmark, so that nobody's facts change because somebody
    else's revenue did. `monetary_edges`, `frequency_edges` and `recency_edges` hold the four edges between quintiles,
    `revenue_steps` the least revenue that comes after less than one, two, … thousandths of the total; all rising.
    Recency is the number of days from 1970-01-01 to the latest month with revenue.
    """

    as_of = models.DateTimeField(unique=True)
    recorded_at = models.DateTimeField(db_default=Now())
    clients = models.PositiveIntegerField()
    total_revenue = models.FloatField()
    revenue_steps = ArrayField(models.FloatField())
    monetary_edges = ArrayField(models.FloatField())
    frequency_edges = ArrayField(models.FloatField())
    recency_edges = ArrayField(models.FloatField())

    class Meta:
        triggers = [pgtrigger.Protect(name="stays_as_taken", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.as_of:%Y-%m-%d %H:%M}"
