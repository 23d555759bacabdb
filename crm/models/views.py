"""Lists as people keep them: a filter under a name, and which columns they want to see."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.history import tracked
from crm.models.users import Team
from crm.querysets import SavedViewQuerySet

COLUMN_KEY = 60


@tracked()
class SavedView(models.Model):
    """What a list showed, under a name: `query` is the part of its address after the question mark.

    Only its owner changes it, against the `revision` that they saw. Whoever else uses it sees in it what they may see.
    """

    class Reach(models.TextChoices):
        PRIVATE = "private", pgettext_lazy("view", "For me")
        TEAM = "team", pgettext_lazy("view", "For my team")
        HOUSE = "house", pgettext_lazy("view", "For everybody")

    list_key = models.SlugField(max_length=20)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="saved_views")
    name = models.CharField(_("name"), max_length=60)
    query = models.TextField(blank=True)
    columns = ArrayField(models.CharField(max_length=COLUMN_KEY), default=list, blank=True)
    reach = models.CharField(_("for whom"), max_length=8, choices=Reach, default=Reach.PRIVATE)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    revision = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "list_key", "name"], name="saved_view_name_of_owner"),
            models.CheckConstraint(name="saved_view_has_a_name", condition=~models.Q(name="")),
            models.CheckConstraint(
                name="saved_view_of_a_team_has_one",
                condition=models.Q(reach="team", team__isnull=False)
                | ~models.Q(reach="team") & models.Q(team__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ColumnChoice(models.Model):
    """Which columns somebody wants in a view of a list, instead of those that it has anyway."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="column_choices")
    list_key = models.SlugField(max_length=20)
    view = models.CharField(max_length=60)
    columns = ArrayField(models.CharField(max_length=COLUMN_KEY))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "list_key", "view"], name="column_choice_of_view")
        ]

    def __str__(self) -> str:
        return f"{self.list_key} {self.view}: {', '.join(self.columns)}"
