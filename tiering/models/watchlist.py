"""Clients under closer watch, and the class of assets that supervisors ask for."""

from datetime import datetime

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.history import tracked
from crm.models import Client, Facility
from crm.querysets import OfClientQuerySet
from tiering.querysets import WatchlistQuerySet

PERSON = settings.AUTH_USER_MODEL
PRESENT = models.Q(exited_at__isnull=True)


@tracked()
class WatchlistEntry(models.Model):
    """A stretch of time that a client spends on the watch list: why, by what strategy, whose it is, how it leaves.

    `exit_when` is a condition over facts and their change, as warnings have it; `exit_criteria` says it in words or adds
    to it. Whoever asks for the exit does not decide on it; the database holds that.
    """

    class Strategy(models.TextChoices):
        MONITOR = "monitor", _("Monitor closely")
        SECURE = "secure", _("Ask for more security")
        REDUCE = "reduce", _("Reduce exposure")
        RESTRUCTURE = "restructure", _("Restructure")
        EXIT = "exit", _("End the relationship")

    client = models.ForeignKey(
        Client, models.PROTECT, related_name="watchlist_entries", verbose_name=_("client")
    )
    reason = models.TextField(_("reason for entry"), max_length=2000)
    strategy = models.CharField(_("strategy"), max_length=12, choices=Strategy)
    owner = models.ForeignKey(PERSON, models.PROTECT, related_name="watchlist", verbose_name=_("owner"))
    next_review_on = models.DateField(_("next review"))
    exit_criteria = models.TextField(_("exit criteria"), max_length=2000)
    exit_when = models.JSONField(_("exit condition"), null=True, blank=True)
    entered_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(_("entered"), db_default=Now())
    exit_reason = models.TextField(_("reason for exit"), max_length=2000, blank=True, db_default="")
    exit_asked_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    exit_asked_at = models.DateTimeField(null=True, blank=True)
    exited_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    exited_at = models.DateTimeField(_("left"), null=True, blank=True)

    exit_holds_since: datetime | None
    """Of rows that were read `with_exit()`."""

    objects = WatchlistQuerySet.as_manager()

    class Meta:
        verbose_name = _("watch list entry")
        verbose_name_plural = _("watch list entries")
        ordering = ["next_review_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["client"], condition=PRESENT, name="watchlist_once"),
            models.CheckConstraint(
                name="watchlist_exit_by_two",
                condition=PRESENT & models.Q(exited_by__isnull=True)
                | (
                    models.Q(exited_at__isnull=False, exited_by__isnull=False, exit_asked_by__isnull=False)
                    & ~models.Q(exited_by=models.F("exit_asked_by"))
                ),
            ),
            models.CheckConstraint(
                name="watchlist_exit_asked_with_reason",
                condition=models.Q(exit_asked_by__isnull=True, exit_asked_at__isnull=True)
                | (
                    models.Q(exit_asked_by__isnull=False, exit_asked_at__isnull=False)
                    & ~models.Q(exit_reason="")
                ),
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="keeps_its_entry", fields=["client", "reason", "entered_by", "entered_at"]
            ),
            pgtrigger.Protect(
                name="left_for_good",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__exited_at__isnull=False),
            ),
            pgtrigger.Protect(name="stays", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} {self.entered_at:%Y-%m-%d}"


class WatchlistReview(models.Model):
    """A look at an entry of the watch list: what was found, and when the next is due."""

    entry = models.ForeignKey(WatchlistEntry, models.PROTECT, related_name="reviews")
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())
    found = models.TextField(_("findings"), max_length=2000)
    strategy = models.CharField(_("strategy"), max_length=12, choices=WatchlistEntry.Strategy)
    next_review_on = models.DateField(_("next review"))

    class Meta:
        ordering = ["-at", "-id"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.at:%Y-%m-%d}"


class MayLeave(models.Model):
    """A stretch of time in which the exit condition of an entry held; `until` is empty while it does. `values` are what
    it rested on when it began, as `Alert` has them."""

    entry = models.ForeignKey(WatchlistEntry, models.PROTECT, related_name="may_leave", db_index=False)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    values = models.JSONField(default=dict)

    class Meta:
        ordering = ["-since", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry"], condition=models.Q(until__isnull=True), name="may_leave_once"
            ),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
                name="may_leave_ends_after_it_begins",
            ),
        ]
        indexes = [models.Index(fields=["entry", "-since"], name="may_leave_of_entry")]
        triggers = [
            pgtrigger.ReadOnly(name="only_closes", exclude=["until"]),
            pgtrigger.Protect(
                name="closed_for_good",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__until__isnull=False),
            ),
            pgtrigger.Protect(name="stays", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.since:%Y-%m-%d}"


@tracked()
class AssetClass(models.Model):
    """The class of what a client owes, as a whole or by one facility, from a day until the next takes over.

    `floor` is the best class that the records allowed on the day that it was given; see `selectors.asset_classes`.
    """

    class Grade(models.TextChoices):
        NORMAL = "normal", pgettext_lazy("asset class", "Normal")
        SPECIAL_MENTION = "special_mention", pgettext_lazy("asset class", "Special mention")
        SUBSTANDARD = "substandard", pgettext_lazy("asset class", "Substandard")
        DOUBTFUL = "doubtful", pgettext_lazy("asset class", "Doubtful")
        LOSS = "loss", pgettext_lazy("asset class", "Loss")

    client = models.ForeignKey(Client, models.PROTECT, related_name="asset_classes", verbose_name=_("client"))
    facility = models.ForeignKey(
        Facility,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="asset_classes",
        verbose_name=_("facility"),
    )
    grade = models.CharField(_("class"), max_length=16, choices=Grade)
    floor = models.CharField(_("at best"), max_length=16, choices=Grade)
    reason = models.TextField(_("reason"), max_length=2000)
    classed_on = models.DateField(_("as of"))
    classed_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("by"))
    valid_from = models.DateTimeField(db_default=Now())
    valid_to = models.DateTimeField(null=True, blank=True)

    objects = OfClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("asset class")
        verbose_name_plural = _("asset classes")
        ordering = ["-valid_from", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "facility"],
                condition=models.Q(valid_to__isnull=True),
                nulls_distinct=False,
                name="asset_class_one_in_force",
            ),
            models.CheckConstraint(
                name="asset_class_no_better_than_its_floor",
                condition=models.Q(floor="normal")
                | models.Q(
                    floor="special_mention", grade__in=["special_mention", "substandard", "doubtful", "loss"]
                )
                | models.Q(floor="substandard", grade__in=["substandard", "doubtful", "loss"])
                | models.Q(floor="doubtful", grade__in=["doubtful", "loss"])
                | models.Q(floor="loss", grade="loss"),
                violation_error_message=_("What is overdue does not allow a better class."),
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="only_closes", exclude=["valid_to"]),
            pgtrigger.Protect(
                name="closed_for_good",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__valid_to__isnull=False),
            ),
            pgtrigger.Protect(name="stays", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} {self.grade}"
