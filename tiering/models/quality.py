"""How well a client is known: what its criteria and its record ask for, and which of it is missing or too old."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.models import Client
from crm.querysets import OfClientQuerySet


class DataQuality(models.Model):
    """Of a client: how many things are asked for, how many of them are known, and how many are known and not too old.

    `score` is the last of these in percent. Derived (`tiering.services.quality`).
    """

    client = models.OneToOneField(Client, models.CASCADE, primary_key=True, related_name="quality")
    asked = models.PositiveSmallIntegerField()
    known = models.PositiveSmallIntegerField()
    fresh = models.PositiveSmallIntegerField()
    score = models.PositiveSmallIntegerField(_("data quality"))

    objects = OfClientQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["score", "client"], name="data_quality_score")]
        constraints = [
            models.CheckConstraint(
                name="data_quality_adds_up", condition=Q(fresh__lte=F("known"), known__lte=F("asked"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.client_id}: {self.score} %"


class DataGap(models.Model):
    """A thing that is missing of a client, too old, or told differently by sources: a metric by its key, or `record.`
    and a field of the record.

    `distance` is how many points its score lies from the next border of a tier (empty: not placed by score), `exposure`
    what it owes: by these the work is ordered.
    """

    class State(models.TextChoices):
        MISSING = "missing", pgettext_lazy("a value", "Missing")
        STALE = "stale", pgettext_lazy("a value", "Too old")
        CONFLICT = "conflict", pgettext_lazy("a value", "Sources differ")

    client = models.ForeignKey(Client, models.CASCADE, related_name="gaps", db_index=False)
    thing = models.CharField(max_length=60)
    state = models.CharField(max_length=8, choices=State)
    distance = models.FloatField(null=True)
    exposure = models.FloatField(null=True)
    since = models.DateTimeField(db_default=Now())

    objects = OfClientQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "thing"], name="data_gap_once")]
        indexes = [
            models.Index(fields=["distance", "id"], name="data_gap_near"),
            models.Index(fields=["-exposure", "id"], name="data_gap_exposed"),
            models.Index(fields=["thing", "distance", "id"], name="data_gap_thing"),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} {self.thing}"


class QualityRound(models.Model):
    """A look at the clients that changed since the one before: up to which facts and events of history, of how many."""

    facts = models.BigIntegerField()
    clients = models.BigIntegerField()
    people = models.BigIntegerField()
    addresses = models.BigIntegerField()
    observations = models.BigIntegerField(db_default=0)
    statements = models.BigIntegerField(db_default=0)
    reports = models.BigIntegerField(db_default=0)
    orders = models.BigIntegerField(db_default=0)
    looked_at = models.PositiveIntegerField()
    at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
