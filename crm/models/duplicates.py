"""Clients that may be one and the same: by what they are looked up, which pairs were found, what became of them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.history import tracked
from crm.models.clients import Client
from crm.querysets import DuplicatePairQuerySet


class DuplicateKey(models.Model):
    """Something that clients have in common when they are one: names without their company form, numbers, telephones.

    Derived (`crm.selectors.alike`); a client has a handful, and only those who share one are compared.
    """

    client = models.ForeignKey(Client, models.CASCADE, related_name="duplicate_keys")
    kind = models.CharField(max_length=8)
    key = models.CharField(max_length=400)

    class Meta:
        indexes = [models.Index(fields=["key", "kind", "client"], name="duplicate_key_shared")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


@tracked()
class DuplicatePair(models.Model):
    """Two clients that look like one, and what somebody decided about them. `one` came into the book first.

    `score` (0–100) and `evidence` ({what: "agrees", "near" or "differs"}) are those of the last time they were compared.
    What is not the same stays decided until somebody opens it again; what waits comes back on a day.
    """

    class Status(models.TextChoices):
        OPEN = "open", pgettext_lazy("possible duplicate", "Open")
        NOT_SAME = "not_same", _("Not the same")
        LATER = "later", pgettext_lazy("possible duplicate", "Later")
        MERGED = "merged", pgettext_lazy("possible duplicate", "Merged")

    one = models.ForeignKey(Client, models.CASCADE, related_name="+", verbose_name=_("client"))
    other = models.ForeignKey(Client, models.CASCADE, related_name="+", verbose_name=_("other client"))
    score = models.PositiveSmallIntegerField(_("score"))
    evidence = models.JSONField(_("evidence"), default=dict)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.OPEN)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    found_at = models.DateTimeField(db_default=Now())

    objects = DuplicatePairQuerySet.as_manager()

    class Meta:
        verbose_name = _("possible duplicate")
        verbose_name_plural = _("possible duplicates")
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="duplicate_pair_once"),
            models.CheckConstraint(name="duplicate_pair_in_order", condition=Q(one__lt=F("other"))),
            models.CheckConstraint(
                name="duplicate_pair_decided_is_signed",
                condition=Q(status="open") | Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="duplicate_pair_not_same_says_why", condition=~Q(status="not_same", reason="")
            ),
            models.CheckConstraint(
                name="duplicate_pair_later_has_a_day",
                condition=Q(status="later", until__isnull=False)
                | (~Q(status="later") & Q(until__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(fields=["-score", "id"], condition=Q(status="open"), name="duplicate_pair_open"),
            models.Index(fields=["until"], condition=Q(status="later"), name="duplicate_pair_later"),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} ~ {self.other_id}"


class DuplicateRound(models.Model):
    """A look at the clients that changed since the one before: up to which event of history, and what it came to."""

    client_event = models.BigIntegerField()
    person_event = models.BigIntegerField()
    looked_at = models.PositiveIntegerField(help_text="Clients whose keys were made anew.")
    compared = models.PositiveIntegerField(help_text="Pairs that share a key.")
    found = models.PositiveIntegerField(help_text="Pairs that are kept.")
    seconds = models.FloatField()
    at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
