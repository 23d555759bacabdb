"""The same fact told differently by several sources, and what people decided about it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.history import tracked
from crm.models import Client
from crm.querysets import OfClientQuerySet


class SourceConflict(models.Model):
    """A metric of a client that sources of the same time tell differently. Derived (`tiering.services.told`).

    `told` lists what each says: [{"source", "kind", "record", "value", "on"}], where `kind` is that of the record and
    `on` its day; the client's own record has none. `settled` says by what it is known which value counts; where it is
    empty the newest does, and somebody should look.
    """

    class Settled(models.TextChoices):
        OPEN = "", pgettext_lazy("sources that differ", "Open")
        ORDER = "order", _("By the order of sources")
        DECISION = "decision", _("Decided")
        OVERRIDE = "override", _("Overridden")

    client = models.ForeignKey(Client, models.CASCADE, related_name="conflicts", db_index=False)
    metric = models.CharField(max_length=60)
    told = models.JSONField()
    settled = models.CharField(max_length=8, choices=Settled, blank=True)
    since = models.DateTimeField(db_default=Now())

    objects = OfClientQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "metric"], name="source_conflict_once")]
        indexes = [models.Index(fields=["metric", "client"], name="source_conflict_metric")]

    def __str__(self) -> str:
        return f"{self.client_id} {self.metric}"


@tracked()
class SourceDecision(models.Model):
    """Which of the values that sources tell counts for a client, and why, until somebody takes it back or a source says
    something new.

    While it stands its `observation` holds the value (empty once it ended; history keeps it), dated as the newest of
    what was `told` when it was made.
    """

    class Ending(models.TextChoices):
        UNDONE = "undone", pgettext_lazy("a decision", "Taken back")
        NEWER = "newer", _("A source said something new")

    client = models.ForeignKey(Client, models.PROTECT, related_name="+", verbose_name=_("client"))
    metric = models.CharField(_("metric"), max_length=60)
    source = models.CharField(_("source"), max_length=80)
    value = models.JSONField(_("value"))
    told = models.JSONField()
    reason = models.CharField(_("reason"), max_length=500)
    observation = models.BigIntegerField(null=True, unique=True, editable=False)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    decided_at = models.DateTimeField(db_default=Now())
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ending = models.CharField(max_length=8, choices=Ending, blank=True)

    objects = OfClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision between sources")
        verbose_name_plural = _("decisions between sources")
        ordering = ["-decided_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "metric"], condition=Q(ended_at=None), name="source_decision_one_stands"
            ),
            models.CheckConstraint(
                name="source_decision_ends_whole",
                condition=Q(ended_at=None, ending="", observation__isnull=False)
                | (Q(ended_at__isnull=False, observation=None) & ~Q(ending="")),
            ),
            models.CheckConstraint(name="source_decision_has_a_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} {self.metric}"

    @property
    def stands(self) -> bool:
        return self.ended_at is None
