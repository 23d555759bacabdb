"""Pipelines, their stages, what must hold to enter them, and why cases end."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.formats import reads_chinese
from crm.history import tracked
from tiering.models import Tier


def named(instance) -> str:
    """The name in the reader's language."""
    return instance.name_zh if reads_chinese() and instance.name_zh else instance.name_en


@tracked()
class Pipeline(models.Model):
    """A funnel for some kinds of product (`products`; none named: for all). A retired one takes no further cases.

    Its rows are what is in effect; `PipelineVersion` says who put it in effect. `checklist` are the points that each new
    case is to be checked for: `{"name_en", "name_zh", "kind"}`.
    """

    key = models.SlugField(_("key"), max_length=40, unique=True)
    name_en = models.CharField(_("English name"), max_length=80)
    name_zh = models.CharField(_("Chinese name"), max_length=80, blank=True)
    products = ArrayField(
        models.CharField(max_length=20), verbose_name=_("products"), default=list, blank=True
    )
    checklist = models.JSONField(_("checklist of each case"), default=list, db_default=[], blank=True)
    is_retired = models.BooleanField(_("retired"), default=False)

    class Meta:
        verbose_name = _("pipeline")
        verbose_name_plural = _("pipelines")

    def __str__(self) -> str:
        return named(self)


@tracked()
class Stage(models.Model):
    """A step of a pipeline; a card is late after `limit_days` in it.

    `probability` (0–1) is how likely a case in the stage is to be won, `expected_days` how long it usually stays: what
    forecasts are made of, None where nobody said. A stage that a later version of the pipeline left out is retired:
    it keeps the history of its cases, and no case enters it.
    """

    class Outcome(models.TextChoices):
        OPEN = "open", _("Open")
        WON = "won", _("Approved")
        LOST = "lost", _("Declined")

    class Colour(models.TextChoices):
        NONE = "", pgettext_lazy("colour", "None")
        GREY = "grey", _("Grey")
        BLUE = "blue", _("Blue")
        TEAL = "teal", _("Teal")
        AMBER = "amber", _("Amber")
        ORANGE = "orange", _("Orange")
        VIOLET = "violet", _("Violet")

    pipeline = models.ForeignKey(Pipeline, models.PROTECT, related_name="stages", verbose_name=_("pipeline"))
    key = models.SlugField(_("key"), max_length=40)
    name_en = models.CharField(_("English name"), max_length=80)
    name_zh = models.CharField(_("Chinese name"), max_length=80, blank=True)
    position = models.PositiveSmallIntegerField(_("position"))
    outcome = models.CharField(_("outcome"), max_length=6, choices=Outcome, default=Outcome.OPEN)
    limit_days = models.PositiveSmallIntegerField(_("days allowed"), null=True, blank=True)
    probability = models.FloatField(_("probability of winning"), null=True, blank=True)
    expected_days = models.PositiveSmallIntegerField(_("expected days"), null=True, blank=True)
    colour = models.CharField(
        _("colour"), max_length=10, choices=Colour, blank=True, default=Colour.NONE, db_default=""
    )
    is_retired = models.BooleanField(_("retired"), default=False, db_default=False)

    class Meta:
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        ordering = ["pipeline", "position"]
        constraints = [
            models.UniqueConstraint(fields=["pipeline", "key"], name="stage_key_once"),
            # Looked at when a transaction ends, so that stages can change places.
            models.UniqueConstraint(
                fields=["pipeline", "position"],
                name="stage_place_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                name="stage_probability_is_one",
                condition=models.Q(probability__isnull=True)
                | models.Q(probability__gte=0, probability__lte=1),
                violation_error_message=_("A probability lies between 0 and 1."),
            ),
        ]

    def __str__(self) -> str:
        return named(self)

    @property
    def is_closed(self) -> bool:
        return self.outcome != self.Outcome.OPEN


@tracked()
class ClosingReason(models.Model):
    """Why cases end in a closed stage; cases keep its `key`. A retired one is no longer offered."""

    stage = models.ForeignKey(Stage, models.PROTECT, related_name="reasons", verbose_name=_("stage"))
    key = models.SlugField(_("key"), max_length=40)
    name_en = models.CharField(_("English name"), max_length=80)
    name_zh = models.CharField(_("Chinese name"), max_length=80, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_retired = models.BooleanField(_("retired"), default=False)

    class Meta:
        verbose_name = _("closing reason")
        verbose_name_plural = _("closing reasons")
        ordering = ["stage", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["stage", "key"], name="closing_reason_once")]

    def __str__(self) -> str:
        return named(self)


@tracked()
class StageGate(models.Model):
    """One thing that must hold to enter a stage. `params` say what, by kind (`funnel.core.gates` reads them).

    A gate of kind `tier` asks for `minimum_tier` or better in that tier's scheme: of the leading client, or where
    `params` name `parts`, of every further client with one of these parts in the case, each of which has to be there
    unless they say `if_any`.
    """

    class Kind(models.TextChoices):
        TIER = "tier", _("Minimum tier")
        SCORE = "score", _("Minimum score")
        FIELDS = "fields", _("Required fields")
        DOCUMENTS = "documents", _("Required documents")
        CHECKLIST = "checklist", _("Completed checklist")
        APPROVALS = "approvals", _("Approvals")
        CONDITION = "condition", _("Condition over facts")
        TERM_SHEET = "term_sheet", _("Term sheet issued")

    stage = models.ForeignKey(Stage, models.CASCADE, related_name="gates", verbose_name=_("stage"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.TIER, db_default=Kind.TIER)
    minimum_tier = models.ForeignKey(
        Tier,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="stage_gates",
        verbose_name=_("minimum tier"),
    )
    params = models.JSONField(_("what it asks for"), default=dict, db_default={}, blank=True)

    class Meta:
        verbose_name = _("stage gate")
        verbose_name_plural = _("stage gates")
        constraints = [
            models.CheckConstraint(
                name="stage_gate_of_a_tier",
                condition=models.Q(kind="tier", minimum_tier__isnull=False)
                | (~models.Q(kind="tier") & models.Q(minimum_tier__isnull=True)),
            )
        ]

    def __str__(self) -> str:
        return f"{self.stage}: {self.get_kind_display()}"

    @property
    def parts(self) -> list[str]:
        """Of which further clients the tier is asked; none named: of the leading one."""
        parts: list[str] = self.params.get("parts", [])
        return parts

    @property
    def is_if_any(self) -> bool:
        """Whether it is met by a case in which nobody has one of the `parts`."""
        return bool(self.params.get("if_any"))
