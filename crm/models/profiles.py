"""What is known of clients beyond the fields that all of them have: declared fields, and the values in them."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.formats import reads_chinese
from crm.history import tracked
from crm.models.clients import Client
from crm.models.observations import CustomMetric
from crm.querysets import OfClientQuerySet

LONGEST_TEXT = 300


@tracked()
class ProfileField(models.Model):
    """A field that clients of some kinds have, declared by an administrator or shipped with Strata (`of_the_house`).

    `choices` lists what may be chosen, [{"key": "high", "en": "High", "zh": "高"}]; of other types it is empty. The
    values of one with a `metric` are observations of that metric, dated and from any source. Of a retired field nothing
    is asked any more; what was said in it stays.
    """

    class Type(models.TextChoices):
        TEXT = "text", pgettext_lazy("type of field", "Text")
        NUMBER = "number", pgettext_lazy("type of field", "Number")
        DATE = "date", pgettext_lazy("type of field", "Date")
        CHOICE = "choice", pgettext_lazy("type of field", "Choice")
        FLAG = "flag", pgettext_lazy("type of field", "Yes or no")

    key = models.CharField(_("key"), max_length=40, unique=True)
    label_en = models.CharField(_("English label"), max_length=80)
    label_zh = models.CharField(_("Chinese label"), max_length=80, blank=True)
    meaning_en = models.CharField(_("definition in English"), max_length=300, blank=True)
    meaning_zh = models.CharField(_("definition in Chinese"), max_length=300, blank=True)
    type = models.CharField(_("type"), max_length=8, choices=Type, default=Type.TEXT)
    unit = models.CharField(_("unit"), max_length=20, choices=CustomMetric.Unit, blank=True, default="")
    choices = models.JSONField(_("choices"), default=list, blank=True)
    kinds = ArrayField(
        models.CharField(max_length=12, choices=Client.Kind), verbose_name=_("kinds of client")
    )
    required = models.BooleanField(_("required"), default=False)
    metric = models.CharField(_("metric"), max_length=60, blank=True, editable=False)
    place = models.PositiveSmallIntegerField(_("place in the list"), default=100)
    of_the_house = models.BooleanField(_("shipped with Strata"), default=False, editable=False)
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("field of clients")
        verbose_name_plural = _("fields of clients")
        ordering = ["place", "id"]
        constraints = [
            models.CheckConstraint(
                name="profile_field_key_is_plain",
                condition=Q(key__regex=r"^[a-z][a-z0-9_]*$"),
                violation_error_message=_(
                    "A key begins with a letter and holds small letters, digits and underscores."
                ),
            ),
            models.CheckConstraint(
                name="profile_field_has_its_choices",
                condition=(Q(type="choice") & ~Q(choices=[])) | (~Q(type="choice") & Q(choices=[])),
                violation_error_message=_("A field to choose in has a list of choices; others have none."),
            ),
            models.CheckConstraint(
                name="profile_field_unit_is_of_a_number",
                condition=Q(unit="") | Q(type="number"),
                violation_error_message=_("Only a number has a unit."),
            ),
            models.CheckConstraint(
                name="profile_field_metric_is_number_or_choice",
                condition=Q(metric="") | Q(type__in=["number", "choice"]),
                violation_error_message=_("Only numbers and choices can be metrics."),
            ),
        ]
        triggers = [pgtrigger.ReadOnly(name="keeps_its_meaning", fields=["key", "type", "metric"])]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """In the reader's language, where it has one."""
        return self.label_zh if self.label_zh and reads_chinese() else self.label_en

    @property
    def meaning(self) -> str:
        return self.meaning_zh if self.meaning_zh and reads_chinese() else self.meaning_en

    @property
    def name(self) -> str:
        """What forms, files and conditions call it."""
        return f"field.{self.key}"

    @property
    def options(self) -> dict[str, str]:
        """What may be chosen, by key, in the reader's language; yes and no of a flag."""
        if self.type == self.Type.FLAG:
            return {"yes": str(_("yes")), "no": str(_("no"))}
        chinese = reads_chinese()
        return {
            choice["key"]: choice["zh"] if chinese and choice.get("zh") else choice["en"]
            for choice in self.choices
        }

    @property
    def column(self) -> str:
        """Where `ProfileValue` keeps its values."""
        return {"number": "number", "date": "day"}.get(self.type, "text")


@tracked()
class ProfileValue(models.Model):
    """What stands in one field of one client: a number, a day, or a text (the key of a choice, yes or no of a flag)."""

    SOURCE = "Client record"
    """The source of observations that are made by filling in a field."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="profile", verbose_name=_("client"))
    field = models.ForeignKey(
        ProfileField, models.PROTECT, related_name="values", verbose_name=_("field"), db_index=False
    )
    number = models.FloatField(pgettext_lazy("in a field", "value"), null=True, blank=True)
    day = models.DateField(pgettext_lazy("in a field", "value"), null=True, blank=True)
    text = models.CharField(pgettext_lazy("in a field", "value"), max_length=LONGEST_TEXT, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = OfClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("value of a field")
        verbose_name_plural = _("values of fields")
        indexes = [
            models.Index(
                fields=["field", "number"], condition=Q(number__isnull=False), name="profile_number"
            ),
            models.Index(fields=["field", "day"], condition=Q(day__isnull=False), name="profile_day"),
            models.Index(fields=["field", "text"], condition=~Q(text=""), name="profile_text"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["client", "field"], name="profile_value_once"),
            models.CheckConstraint(
                name="profile_value_is_one",
                condition=Q(number__isnull=False, day__isnull=True, text="")
                | Q(number__isnull=True, day__isnull=False, text="")
                | (Q(number__isnull=True, day__isnull=True) & ~Q(text="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} {self.field_id}"
