"""Where prospects come from, and by which criteria they are scored."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from crm.formats import reads_chinese
from crm.history import tracked
from crm.models import Team
from funnel.models.cases import Case
from funnel.prospect_querysets import SourceQuerySet
from tiering.models import TierScheme


@tracked()
class LeadSource(models.Model):
    """Where prospects of a team come from: a list, a partner, an address on the web.

    `owner` is who gets them (empty: the lead gives them out). `nonce` is what the address of its form is made of; the
    form takes nobody's words unless `is_open`. The consent words are kept with every lead as they were read.
    """

    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=20, choices=Case.Source, default=Case.Source.PROSPECTING)
    team = models.ForeignKey(Team, models.PROTECT, related_name="lead_sources", verbose_name=_("team"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    nonce = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    is_open = models.BooleanField(_("web form open"), default=False)
    title_en = models.CharField(_("English title of the form"), max_length=120, blank=True)
    title_zh = models.CharField(_("Chinese title of the form"), max_length=120, blank=True)
    consent_en = models.TextField(_("English words of consent"), max_length=1000, blank=True)
    consent_zh = models.TextField(_("Chinese words of consent"), max_length=1000, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(db_default=Now())

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("source of leads")
        verbose_name_plural = _("sources of leads")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["team", "name"],
                name="lead_source_named_once",
                violation_error_message=_("The team has a source of this name already."),
            ),
            models.CheckConstraint(
                name="lead_source_form_says_all",
                condition=Q(is_open=False)
                | ~Q(title_en="") & ~Q(title_zh="") & ~Q(consent_en="") & ~Q(consent_zh=""),
                violation_error_message=_(
                    "An open form needs a title and the words of consent in both languages."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def title(self) -> str:
        return self.title_zh if reads_chinese() else self.title_en

    @property
    def consent_words(self) -> str:
        return self.consent_zh if reads_chinese() else self.consent_en


@tracked()
class Screening(models.Model):
    """By whose criteria prospects are scored, and how many of each tier one person can work on at once. One row.

    `capacity` is {key of a tier: prospects}; a tier that is not in it has no limit.
    """

    ONLY = 1

    scheme = models.ForeignKey(TierScheme, models.PROTECT, related_name="+", verbose_name=_("tier scheme"))
    capacity = models.JSONField(_("capacity"), default=dict, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("screening of prospects")
        verbose_name_plural = _("screening of prospects")
        constraints = [models.CheckConstraint(name="screening_is_one", condition=Q(id=1))]

    def __str__(self) -> str:
        return str(self.scheme)
