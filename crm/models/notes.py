"""What is kept in mind of a client, and who wants to be told of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from crm.history import tracked
from crm.models.clients import Client
from crm.querysets import NoteQuerySet


@tracked()
class Note(models.Model):
    """A note about a client, in plain text; what it said before is in its history. Removed ones stay, unseen.

    A pinned note leads the timeline. `version` counts its changes.
    """

    client = models.ForeignKey(
        Client, models.PROTECT, related_name="notes", verbose_name=_("client"), db_index=False
    )
    text = models.TextField(_("note"), max_length=10_000)
    is_pinned = models.BooleanField(_("pinned"), default=False, db_default=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("author")
    )
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("on behalf of"),
    )
    version = models.PositiveIntegerField(default=1, db_default=1)
    created_at = models.DateTimeField(db_default=Now())
    edited_at = models.DateTimeField(_("edited"), null=True, blank=True)
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)

    objects = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["-created_at", "-id"]
        constraints = [models.CheckConstraint(name="note_says_something", condition=~Q(text=""))]
        indexes = [models.Index(fields=["client", "-created_at"], name="note_client_at")]

    def __str__(self) -> str:
        return self.text[:80]


@tracked()
class Follow(models.Model):
    """That somebody wants to be told of what happens to a client."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="follows", verbose_name=_("person")
    )
    client = models.ForeignKey(Client, models.CASCADE, related_name="follows", verbose_name=_("client"))
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("follow")
        verbose_name_plural = _("follows")
        constraints = [models.UniqueConstraint(fields=["user", "client"], name="follow_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.client_id}"
