"""Whose work a proposal is and until when, and the filters of the queue that people keep."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from crm.history import tracked
from tiering.models.reviews import Proposal


class ReviewWork(models.Model):
    """Who works on a proposal, and by when it has to be decided.

    Without an assignee it waits for one; `assigned_by` is then who gave it back, else who handed it over: None is the
    house. `due_at` is None where no
    service level was agreed; it moves by as long as the RM takes to answer. A proposal that replaces another of the
    same move takes its work over.
    """

    proposal = models.OneToOneField(Proposal, models.PROTECT, primary_key=True, related_name="work")
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    assigned_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("work on a proposal")
        verbose_name_plural = _("work on proposals")
        constraints = [
            models.CheckConstraint(
                name="work_assigned_at_some_time",
                condition=models.Q(assignee__isnull=True) | models.Q(assigned_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} → {self.assignee_id}"


@tracked()
class ReviewView(models.Model):
    """A filter of the queue under a name: its owner's, or shared with everybody who decides.

    Only its owner changes it, against the `revision` that they saw.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="review_views")
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=2000, blank=True)
    is_shared = models.BooleanField(_("shared"), default=False)
    revision = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("view of the queue")
        verbose_name_plural = _("views of the queue")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="review_view_name_of_owner"),
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(is_shared=True), name="review_view_name_shared"
            ),
            models.CheckConstraint(name="review_view_has_a_name", condition=~models.Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name
