"""Books of clients that go from one RM to others."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.history import tracked
from crm.models.clients import Client
from crm.models.users import Team
from crm.querysets import HandoverQuerySet


@tracked()
class Handover(models.Model):
    """Clients of an RM, with what goes with them, given to colleagues of the team in one act; taken back in one, too."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="handovers", verbose_name=_("team"))
    from_rm = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="handovers", verbose_name=_("from")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("handed over by")
    )
    reason = models.CharField(_("reason"), max_length=300)
    at = models.DateTimeField(_("at"), db_default=Now())
    undo_until = models.DateTimeField(_("can be undone until"))
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="handover_says_why", condition=~Q(reason="")),
            models.CheckConstraint(
                name="handover_undone_by_somebody",
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.reason


class HandoverItem(models.Model):
    """One thing that changed hands: a client, or, by the key of its part, what went with it (`item` is its id).

    What is of no client went with the book.
    """

    class State(models.TextChoices):
        MOVED = "moved", pgettext_lazy("handover", "Handed over")
        RETURNED = "returned", pgettext_lazy("handover", "Taken back")
        KEPT = "kept", pgettext_lazy("handover", "Changed since; stays as it is")

    handover = models.ForeignKey(Handover, models.PROTECT, related_name="items", db_index=False)
    part = models.CharField(max_length=20)
    item = models.BigIntegerField()
    client = models.ForeignKey(
        Client, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("client")
    )
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("to"))
    state = models.CharField(_("state"), max_length=8, choices=State, db_default=State.MOVED)

    class Meta:
        verbose_name = _("thing handed over")
        verbose_name_plural = _("things handed over")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["handover", "part", "item"], name="handover_item_once")
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.item}"
