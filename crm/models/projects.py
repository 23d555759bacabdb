from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.history import tracked
from crm.models.clients import Client, Industry, Region
from crm.models.conduct import money
from crm.querysets import OfClientQuerySet, ProjectQuerySet


@tracked(exclude=["sort_key"])
class Project(models.Model):
    """A project that is or may be financed. `amount` and `capex` are in units of `currency`."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        APPROVED = "approved", _("Approved")
        ACTIVE = "active", pgettext_lazy("project status", "Active")
        COMPLETED = "completed", _("Completed")
        CANCELLED = "cancelled", _("Cancelled")

    code = models.CharField(_("code"), max_length=40, unique=True)
    name_en = models.CharField(_("English name"), max_length=300, blank=True)
    name_zh = models.CharField(_("Chinese name"), max_length=300, blank=True)
    sort_key = models.CharField(max_length=400, editable=False, db_default="", default="")
    industry = models.ForeignKey(
        Industry, models.PROTECT, null=True, blank=True, related_name="projects", verbose_name=_("industry")
    )
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="projects", verbose_name=_("region")
    )
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.PROPOSED)
    es_category = models.CharField(_("environmental and social category"), max_length=8, blank=True)
    amount = money(_("financing amount"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    disclosed_on = models.DateField(_("disclosed on"), null=True, blank=True)
    approved_on = models.DateField(_("approved on"), null=True, blank=True)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    invested_on = models.DateField(_("invested on"), null=True, blank=True)
    capex = money(_("capital expenditure"), null=True, blank=True)
    completed_on = models.DateField(_("completed on"), null=True, blank=True)
    description = models.TextField(_("description"), max_length=4000, blank=True, default="", db_default="")
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="project_has_a_name",
                condition=~models.Q(name_en="", name_zh=""),
                violation_error_message=_("Give the project an English or a Chinese name."),
            ),
            models.CheckConstraint(
                name="project_amounts_not_negative",
                condition=(models.Q(capex__isnull=True) | models.Q(capex__gte=0)),
                violation_error_message=_("Amounts of a project are not negative."),
            ),
        ]

    def __str__(self) -> str:
        return self.name_zh or self.name_en


@tracked()
class Participation(models.Model):
    """A client's part in a project; `revenue_share` is its share of the project's revenue to us (0–1).

    It lasts from `since` to the day before `until`; an empty date leaves that end open.
    """

    class Part(models.TextChoices):
        BORROWER = "borrower", _("Borrower")
        SPONSOR = "sponsor", _("Sponsor")
        CONTRACTOR = "contractor", _("Contractor")
        OFFTAKER = "offtaker", _("Off-taker")
        GUARANTOR = "guarantor", _("Guarantor")

    client = models.ForeignKey(
        Client, models.PROTECT, related_name="participations", verbose_name=_("client")
    )
    project = models.ForeignKey(
        Project, models.PROTECT, related_name="participations", verbose_name=_("project")
    )
    part = models.CharField(_("part"), max_length=12, choices=Part, default=Part.BORROWER)
    revenue_share = models.FloatField(_("share of revenue"), null=True, blank=True)
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    objects = OfClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        constraints = [
            models.UniqueConstraint(fields=["client", "project", "part"], name="participation_once"),
            models.CheckConstraint(
                name="participation_share_is_a_fraction",
                condition=models.Q(revenue_share__isnull=True)
                | models.Q(revenue_share__gte=0, revenue_share__lte=1),
                violation_error_message=_("A share lies between 0 and 1."),
            ),
            models.CheckConstraint(
                name="participation_ends_after_it_begins",
                condition=models.Q(until__gt=models.F("since"))
                | models.Q(since__isnull=True)
                | models.Q(until__isnull=True),
                violation_error_message=_("A part in a project ends after it begins."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} {self.part} {self.project_id}"
