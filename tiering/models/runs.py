"""Runs, their chunks, and requests to re-tier what changed. Postgres holds the work; Redis only rings."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from crm.models import Client, Project
from crm.querysets import OfClientQuerySet
from tiering.models.criteria import CriteriaVersion

ATTEMPTS = 5
"""How often a chunk or a request is tried before it waits for a person."""


# A run that was stopped may be opened again, and the demo book dates its making back; the row of `to_jsonb` holds every
# other column, and what a chunk did never changes.
FINISHED_IS_CHANGED = """
OLD.finished_at IS NOT NULL AND OLD.kind = 'official' AND
    to_jsonb(NEW) - '{status,created_at,finished_at}'::text[]
    IS DISTINCT FROM to_jsonb(OLD) - '{status,created_at,finished_at}'::text[]
"""
DONE_IS_CHANGED = """
OLD.status = 'done' AND
    to_jsonb(NEW) - '{lease_until,started_at,finished_at}'::text[]
    IS DISTINCT FROM to_jsonb(OLD) - '{lease_until,started_at,finished_at}'::text[]
"""
TERMS_ARE_CHANGED = "OLD.terms <> '{}' AND NEW.terms IS DISTINCT FROM OLD.terms"


class TieringRun(models.Model):
    """One execution over the book. Version and as-of moment are frozen when it is made."""

    class Kind(models.TextChoices):
        OFFICIAL = "official", _("Official")
        SIMULATION = "simulation", _("Simulation")
        SHADOW = "shadow", _("Shadow")
        BACKTEST = "backtest", _("Backtest")

    class Trigger(models.TextChoices):
        SCHEDULE = "schedule", _("Schedule")
        MANUAL = "manual", _("Started by hand")
        CHANGE = "change", _("Changed records")
        PUBLICATION = "publication", _("Criteria published")
        OVERLAY = "overlay", _("Overlay switched")

    class Status(models.TextChoices):
        PENDING = "pending", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        QUARANTINED = "quarantined", _("Stopped with quarantined chunks")

    class Basis(models.TextChoices):
        RECORDS = "records", _("Facts derived from records")
        FACTS = "facts", _("Facts in force")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.OFFICIAL)
    trigger = models.CharField(_("trigger"), max_length=12, choices=Trigger)
    # What makes the run the one of its slot: the business date of a schedule, or an event's own id.
    slot = models.CharField(max_length=60)
    version = models.ForeignKey(CriteriaVersion, models.PROTECT, related_name="runs")
    as_of = models.DateTimeField(_("as of"))
    basis = models.CharField(max_length=8, choices=Basis, default=Basis.RECORDS)
    # What `tiering.core.terms` reads: overlays that are on, thresholds of ranks. Empty until it is frozen, before the
    # first client is assessed.
    terms = models.JSONField(default=dict)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.PENDING)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("tiering run")
        verbose_name_plural = _("tiering runs")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "trigger", "slot", "version"], name="run_once_per_slot")
        ]
        triggers = [
            # What results rest on, and who asked for them: the checker of a proposal must be somebody else.
            pgtrigger.ReadOnly(
                name="keeps_its_terms",
                fields=["kind", "trigger", "slot", "version", "as_of", "basis", "requested_by"],
            ),
            pgtrigger.Protect(
                name="terms_are_frozen",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(TERMS_ARE_CHANGED),
            ),
            pgtrigger.Protect(
                name="finished_is_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(FINISHED_IS_CHANGED),
            ),
            pgtrigger.Protect(
                name="official_stays", operation=pgtrigger.Delete, condition=pgtrigger.Q(old__kind="official")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.trigger} {self.slot}"


class TrialResult(models.Model):
    """What a run that is not official found for a subject; it changes no tier. Ranks are of the run's version."""

    run = models.ForeignKey(TieringRun, models.CASCADE, related_name="results")
    client = models.ForeignKey(Client, models.CASCADE, related_name="+")
    project = models.ForeignKey(Project, models.CASCADE, null=True, blank=True, related_name="+")
    scorecard = models.CharField(max_length=60)
    score = models.BigIntegerField()  # units of 1e-8 points
    held_rank = models.PositiveSmallIntegerField(null=True, blank=True)
    model_rank = models.PositiveSmallIntegerField()
    base_rank = models.PositiveSmallIntegerField()
    overlay_rank = models.PositiveSmallIntegerField()
    rank = models.PositiveSmallIntegerField()
    provisional = models.BooleanField(_("provisional"))
    gates = ArrayField(models.CharField(max_length=60))
    overlays = ArrayField(models.CharField(max_length=60), default=list, db_default=[])

    objects = OfClientQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "client", "project"], nulls_distinct=False, name="trial_result_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.client_id} {self.rank}"


class RunChunk(models.Model):
    """A range of client ids of a run: claimed under a lease, counted before it starts.

    Its changes are committed in parts, each with its counts and with `reached`, the id up to which the range is dealt
    with: whoever claims it next goes on from there. `started_at` is when the latest attempt began.
    """

    class Step(models.TextChoices):
        WHOLE = "whole", _("Facts and tiers")
        FACTS = "facts", _("Facts")
        TIERS = "tiers", _("Tiers")

    class Status(models.TextChoices):
        PENDING = "pending", _("Waiting")
        DONE = "done", _("Done")
        QUARANTINED = "quarantined", _("Quarantined")

    run = models.ForeignKey(TieringRun, models.CASCADE, related_name="chunks")
    step = models.CharField(_("step"), max_length=5, choices=Step, default=Step.WHOLE)
    first_client = models.BigIntegerField()
    last_client = models.BigIntegerField()
    reached = models.BigIntegerField(null=True, blank=True)
    status = models.CharField(max_length=12, choices=Status, default=Status.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=500, blank=True)
    clients = models.PositiveIntegerField(default=0)
    assessed = models.PositiveIntegerField(default=0)
    assigned = models.PositiveIntegerField(default=0)
    proposed = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "step", "first_client"], name="chunk_once_per_range")
        ]
        indexes = [
            models.Index(fields=["lease_until"], condition=models.Q(status="pending"), name="chunk_due")
        ]
        triggers = [
            pgtrigger.Protect(
                name="done_is_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(DONE_IS_CHANGED),
            )
        ]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.first_client}-{self.last_client}"

    @property
    def seconds(self) -> float | None:
        """How long the attempt took that finished it; None while it is under way."""
        if self.started_at is None or self.finished_at is None:
            return None
        return (self.finished_at - self.started_at).total_seconds()


class RetierRequest(models.Model):
    """A client whose records changed; written by database triggers in the transaction of the change.

    One that failed waits until `due_at`; after `ATTEMPTS` it stays behind, with its last failure, for a person to look
    at.
    """

    client = models.ForeignKey(Client, models.CASCADE, related_name="+")
    requested_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField(db_default=Now())
    attempts = models.PositiveSmallIntegerField(db_default=0)
    failure = models.CharField(max_length=500, blank=True, db_default="")

    objects = OfClientQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.client_id)
