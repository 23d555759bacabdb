"""What a worker is asked to find out, and is done with once it has: under way at most once, final at the end."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

FINISHED_IS_CHANGED = "OLD.status IN ('done', 'failed') AND NEW.* IS DISTINCT FROM OLD.*"


def finished_is_final() -> pgtrigger.Trigger:
    """What was found, or that nothing was, stays."""
    return pgtrigger.Protect(
        name="finished_is_final",
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition(FINISHED_IS_CHANGED),
    )


class Job(models.Model):
    """Work for a worker. `failure` says in the end what went wrong; before that an attempt may follow."""

    class Status(models.TextChoices):
        PENDING = "pending", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.PENDING)
    failure = models.CharField(max_length=500, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


class Question(Job):
    """A question to the past: what became, within so many months, of clients as they were known on some days."""

    days = ArrayField(models.DateField(), verbose_name=_("days"))
    outcome = models.CharField(_("outcome"), max_length=20)
    months = models.PositiveSmallIntegerField(_("horizon in months"))

    class Meta:
        abstract = True
