"""What somebody has to do, by when."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.history import tracked
from crm.models.clients import Client
from crm.querysets import TaskQuerySet


@tracked()
class Task(models.Model):
    """Something to do, for a client or not: in words of its own (`title`), or of a `kind` with params.

    `origin` is the event that a task of the house comes from: there is one task for it. Without an assignee a task waits
    for the client's team. `created_by` None is the house itself.
    """

    class Status(models.TextChoices):
        OPEN = "open", pgettext_lazy("task", "Open")
        DONE = "done", pgettext_lazy("task", "Done")
        CANCELLED = "cancelled", pgettext_lazy("task", "Cancelled")

    client = models.ForeignKey(
        Client, models.PROTECT, null=True, blank=True, related_name="tasks", verbose_name=_("client")
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tasks",
        verbose_name=_("assigned to"),
    )
    kind = models.CharField(max_length=60, blank=True)
    title = models.CharField(_("what is to be done"), max_length=200, blank=True)
    params = models.JSONField(default=dict, blank=True)
    due_on = models.DateField(pgettext_lazy("task", "due on"))
    status = models.CharField(
        _("status"), max_length=10, choices=Status, default=Status.OPEN, db_default=Status.OPEN
    )
    origin = models.CharField(max_length=200, null=True, blank=True, unique=True)
    outcome = models.TextField(_("outcome"), max_length=2000, blank=True, db_default="")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())
    finished_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="task_says_what",
                condition=(Q(kind="") & ~Q(title="")) | (~Q(kind="") & Q(title="")),
                violation_error_message=_("Say what is to be done."),
            ),
            models.CheckConstraint(
                name="task_is_somebodys",
                condition=Q(assignee__isnull=False) | Q(client__isnull=False),
                violation_error_message=_("A task is of a person or of a client."),
            ),
            models.CheckConstraint(
                name="task_finished_when_not_open",
                condition=Q(status="open", finished_at__isnull=True)
                | (~Q(status="open") & Q(finished_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(fields=["assignee", "due_on"], name="task_due", condition=Q(status="open")),
            models.Index(fields=["client", "due_on"], name="task_of_client", condition=Q(status="open")),
        ]

    def __str__(self) -> str:
        return self.title or self.kind

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.OPEN
