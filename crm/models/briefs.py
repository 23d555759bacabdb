"""What is taken away about a client."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.history import tracked
from crm.models.clients import Client
from crm.querysets import OfClientQuerySet


@tracked()
class Brief(models.Model):
    """That somebody took the one-page brief of a client away as a file. Written once."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="briefs", verbose_name=_("client"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=pgettext_lazy("brief", "who"),
    )
    language = models.CharField(_("language"), max_length=10)
    at = models.DateTimeField(_("at"), db_default=Now())

    objects = OfClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("one-page brief")
        verbose_name_plural = _("one-page briefs")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.client_id} {self.by_id}"
