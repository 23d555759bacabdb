"""What early warnings raised, of whom they were raised, and the covenants that clients agreed to keep."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.history import tracked
from crm.models import Client, Facility, Task
from crm.querysets import OfClientQuerySet
from tiering.core.warning_readings import OF_A_FACILITY
from tiering.models.policies import PolicyVersion
from tiering.models.reviews import Proposal
from tiering.models.tiers import Facts
from tiering.models.watchlist import WatchlistEntry
from tiering.querysets import AlertQuerySet

PERSON = settings.AUTH_USER_MODEL


@tracked()
class Covenant(models.Model):
    """A bound on a metric that a client has agreed to keep, for one of its facilities or as a whole.

    It is breached while the metric is known and does not stand in the relation `op` to `value`. One of a facility is
    about the facility's own figures where records tell them, and is over when the facility is closed. Its terms do not
    change: another bound is another covenant.
    """

    class Op(models.TextChoices):
        AT_MOST = "<=", _("at most")
        BELOW = "<", _("below")
        AT_LEAST = ">=", _("at least")
        ABOVE = ">", _("above")

    client = models.ForeignKey(Client, models.PROTECT, related_name="covenants", verbose_name=_("client"))
    facility = models.ForeignKey(
        Facility, models.PROTECT, null=True, blank=True, related_name="covenants", verbose_name=_("facility")
    )
    metric = models.CharField(_("metric"), max_length=60)
    op = models.CharField(_("relation"), max_length=2, choices=Op)
    value = models.FloatField(_("bound"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True, db_default="")
    entered_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(db_default=Now())

    objects = OfClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("covenant")
        verbose_name_plural = _("covenants")
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="covenant_ends_after_it_starts",
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                violation_error_message=_("A covenant ends on or after the day from which it counts."),
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="terms_stay", exclude=["ends_on", "note"]),
            pgtrigger.Protect(name="stays", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} {self.metric} {self.op} {self.value}"

    @property
    def is_of_facility(self) -> bool:
        """Whether it is about the figures of its facility rather than those of the client."""
        return self.facility_id is not None and self.metric in OF_A_FACILITY


ONLY_ADVANCES = """
OLD.status <> NEW.status AND (OLD.status, NEW.status) NOT IN (
    ('open', 'acknowledged'), ('open', 'snoozed'), ('open', 'resolved'), ('acknowledged', 'snoozed'),
    ('acknowledged', 'resolved'), ('snoozed', 'open'), ('snoozed', 'acknowledged'), ('snoozed', 'resolved'))
"""
GROUNDS = ["client", "segment", "indicator", "policy", "facts", "facts_then", "values", "opened_at"]
"""What was found, and when: that stays as it was."""


@tracked()
class Alert(models.Model):
    """What an indicator of a policy found of a client, or of a segment of the book, and what was done about it.

    Of a client and an indicator one alert is open at most. `values` are what it rested on: the facts in force (`now`),
    those it compared with by the number of days (`then`), `ages`, and the ids of breached or untested `covenants` and of
    `partners`; of a segment the average `now` and `then`, and the number of `clients`.
    """

    class Severity(models.TextChoices):
        INFO = "info", pgettext_lazy("severity", "Info")
        WATCH = "watch", pgettext_lazy("severity", "Watch")
        SERIOUS = "serious", pgettext_lazy("severity", "Serious")
        CRITICAL = "critical", pgettext_lazy("severity", "Critical")

    class Status(models.TextChoices):
        OPEN = "open", pgettext_lazy("alert", "Open")
        ACKNOWLEDGED = "acknowledged", pgettext_lazy("alert", "Acknowledged")
        SNOOZED = "snoozed", pgettext_lazy("alert", "Snoozed")
        RESOLVED = "resolved", pgettext_lazy("alert", "Resolved")

    class OwnerRole(models.TextChoices):
        RM = "rm", _("Relationship manager")
        LEAD = "lead", _("Team lead")
        OFFICER = "officer", _("Risk officer")

    client = models.ForeignKey(
        Client, models.PROTECT, null=True, blank=True, related_name="alerts", verbose_name=_("client")
    )
    segment = models.CharField(_("segment"), max_length=120, blank=True, db_default="")
    indicator = models.CharField(_("indicator"), max_length=60)
    policy = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="+", db_index=False)
    facts = models.ForeignKey(Facts, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    facts_then = models.ForeignKey(
        Facts, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    values = models.JSONField(default=dict)
    severity = models.CharField(_("severity"), max_length=10, choices=Severity)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.OPEN)
    owner_role = models.CharField(_("for whom"), max_length=10, choices=OwnerRole)
    owner = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="alerts", verbose_name=_("owner")
    )
    opened_at = models.DateTimeField(_("opened"), db_default=Now())
    due_at = models.DateTimeField(_("due"))
    escalated_at = models.DateTimeField(_("escalated"), null=True, blank=True)
    acknowledged_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, blank=True)
    snoozed_until = models.DateField(_("snoozed until"), null=True, blank=True)
    snooze_reason = models.TextField(_("reason for snoozing"), max_length=2000, blank=True, db_default="")
    no_longer_since = models.DateTimeField(_("no longer holds since"), null=True, blank=True)
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    # Empty: by itself, because the condition no longer held.
    resolved_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    resolution = models.TextField(_("resolution"), max_length=2000, blank=True, db_default="")
    task = models.ForeignKey(Task, models.PROTECT, null=True, blank=True, related_name="alerts")
    proposal = models.ForeignKey(Proposal, models.PROTECT, null=True, blank=True, related_name="alerts")
    watchlist = models.ForeignKey(
        WatchlistEntry, models.PROTECT, null=True, blank=True, related_name="alerts"
    )

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "indicator", "segment"],
                condition=~models.Q(status="resolved"),
                nulls_distinct=False,
                name="alert_one_open",
            ),
            models.CheckConstraint(
                name="alert_of_a_client_or_a_segment",
                condition=models.Q(client__isnull=False, segment="", facts__isnull=False)
                | (models.Q(client__isnull=True, facts__isnull=True) & ~models.Q(segment="")),
            ),
            models.CheckConstraint(
                name="alert_resolved_for_a_reason",
                condition=(~models.Q(status="resolved") & models.Q(resolved_at__isnull=True))
                | (
                    models.Q(status="resolved", resolved_at__isnull=False)
                    & (
                        models.Q(resolved_by__isnull=True, no_longer_since__isnull=False)
                        | (models.Q(resolved_by__isnull=False) & ~models.Q(resolution=""))
                    )
                ),
            ),
            models.CheckConstraint(
                name="alert_snoozed_for_a_reason",
                condition=~models.Q(status="snoozed")
                | (models.Q(snoozed_until__isnull=False) & ~models.Q(snooze_reason="")),
            ),
        ]
        indexes = [
            models.Index(fields=["status", "due_at"], name="alert_due", condition=models.Q(status="open")),
            models.Index(fields=["owner", "status"], name="alert_owner"),
            models.Index(fields=["client", "indicator", "-resolved_at"], name="alert_cooldown"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="begins_open", operation=pgtrigger.Insert, condition=~pgtrigger.Q(new__status="open")
            ),
            pgtrigger.ReadOnly(name="keeps_its_grounds", fields=GROUNDS),
            pgtrigger.Protect(
                name="only_advances",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(ONLY_ADVANCES),
            ),
            pgtrigger.Protect(
                name="resolved_for_good",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__status="resolved"),
            ),
            pgtrigger.Protect(name="stays", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.client_id or self.segment} {self.indicator}"


class WarningRound(models.Model):
    """A day's look at everybody for what time alone brings about, range by range of client ids.

    `after` is the last id that was looked at. Whoever works on it holds the row locked.
    """

    day = models.DateField(unique=True)
    after = models.BigIntegerField(default=0, db_default=0)
    raised = models.PositiveIntegerField(default=0, db_default=0)
    started_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.day}"
