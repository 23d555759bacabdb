"""Words of a team's own that its clients are marked by."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.history import tracked
from crm.models.clients import Client
from crm.models.users import Team
from crm.querysets import OfClientQuerySet, TagQuerySet

COLOURS = 6


@tracked()
class Tag(models.Model):
    """A word that everybody in a team marks clients by, on one of six colours."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="tags", verbose_name=_("team"))
    name = models.CharField(pgettext_lazy("of a tag", "name"), max_length=40)
    colour = models.PositiveSmallIntegerField(_("colour"), default=1, validators=[MaxValueValidator(COLOURS)])

    objects = TagQuerySet.as_manager()

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = [Lower("name"), "id"]
        constraints = [
            models.UniqueConstraint(
                "team",
                Lower("name"),
                name="tag_once_in_a_team",
                violation_error_message=_("The team has a tag of this name already."),
            ),
            models.CheckConstraint(
                name="tag_has_a_colour",
                condition=Q(colour__gte=1, colour__lte=COLOURS),
                violation_error_message=_("Choose one of the colours."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class ClientTag(models.Model):
    """That a client is marked by a tag."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="taggings", verbose_name=_("client"))
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="taggings", verbose_name=_("tag"))
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(db_default=Now())

    objects = OfClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("tag of a client")
        verbose_name_plural = _("tags of clients")
        constraints = [models.UniqueConstraint(fields=["client", "tag"], name="client_tag_once")]

    def __str__(self) -> str:
        return f"{self.client_id} {self.tag_id}"
