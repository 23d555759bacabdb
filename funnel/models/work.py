"""The work on a case: who takes part, what is checked, which documents it has, and who agreed."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.history import tracked
from crm.models import Attachment, CasePaper, Role
from crm.models.conduct import money
from funnel.models.cases import Case
from funnel.models.pipelines import Stage, named
from funnel.querysets import OfCaseQuerySet


@tracked()
class TeamMember(models.Model):
    """Somebody who works on a case beside the relationship manager of its client."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="team")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person")
    )

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of a case's team")
        verbose_name_plural = _("members of cases' teams")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["case", "user"], name="team_member_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.user_id}"


@tracked()
class CoLender(models.Model):
    """Another institution that finances the same case, with its share in the case's currency (None: not known yet)."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="co_lenders")
    name = models.CharField(_("institution"), max_length=120)
    amount = money(_("its share"), null=True, blank=True)

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("co-lender")
        verbose_name_plural = _("co-lenders")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "name"],
                name="co_lender_once",
                violation_error_message=_("This institution is among the co-lenders already."),
            ),
            models.CheckConstraint(
                name="co_lender_share_is_positive",
                condition=Q(amount__isnull=True) | Q(amount__gt=0),
                violation_error_message=_(
                    "A share is more than nothing; leave it empty while it is not known."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class CheckItem(models.Model):
    """A point to be checked before a case is decided (due diligence), or met before it is paid out (a condition
    precedent), with who looks after it, by when, what was found, and how risky that is.

    That a condition precedent need not be met is asked for by one person (`asked_by`) and granted by another
    (`finished_by`); `remark` says why it was refused. `brought_by`: the merge that the point came with.
    """

    class Kind(models.TextChoices):
        DILIGENCE = "diligence", _("Due diligence")
        PRECEDENT = "precedent", _("Condition precedent")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("check", "Open")
        ASKED = "asked", pgettext_lazy("check", "Waiver asked for")
        DONE = "done", pgettext_lazy("check", "Done")
        WAIVED = "waived", pgettext_lazy("check", "Not applicable")

    class Risk(models.TextChoices):
        UNRATED = "", pgettext_lazy("risk", "Not rated")
        LOW = "low", pgettext_lazy("risk", "Low")
        MEDIUM = "medium", pgettext_lazy("risk", "Medium")
        HIGH = "high", pgettext_lazy("risk", "High")

    case = models.ForeignKey(Case, models.CASCADE, related_name="checks")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.DILIGENCE)
    name_en = models.CharField(_("what is checked"), max_length=200)
    name_zh = models.CharField(_("Chinese name"), max_length=200, blank=True, default="")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("looked after by"),
    )
    due_on = models.DateField(pgettext_lazy("check", "due on"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    finding = models.TextField(_("what was found"), max_length=4000, blank=True, default="")
    risk = models.CharField(_("risk"), max_length=8, choices=Risk, blank=True, default=Risk.UNRATED)
    evidence = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("evidence")
    )
    revision = models.PositiveIntegerField(default=1, editable=False)
    finished_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    finished_at = models.DateTimeField(null=True, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    remark = models.TextField(_("remark"), max_length=2000, blank=True, default="", db_default="")
    brought_by = models.ForeignKey(
        "funnel.Recut",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="brought",
        editable=False,
    )

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("point of a checklist")
        verbose_name_plural = _("points of checklists")
        ordering = ["kind", "id"]
        constraints = [
            models.CheckConstraint(
                name="check_is_finished_by_somebody",
                condition=Q(state__in=["open", "asked"], finished_by__isnull=True, finished_at__isnull=True)
                | (~Q(state__in=["open", "asked"]) & Q(finished_by__isnull=False, finished_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="check_says_what_was_found", condition=Q(state="open") | ~Q(finding="")
            ),
            models.CheckConstraint(
                name="check_waiver_asked_by_somebody",
                condition=~Q(state="asked") | Q(asked_by__isnull=False),
            ),
            models.CheckConstraint(
                name="check_waived_by_a_second_person",
                condition=~Q(state="waived") | Q(asked_by__isnull=True) | ~Q(asked_by=F("finished_by")),
            ),
        ]

    def __str__(self) -> str:
        return named(self)

    @property
    def is_open(self) -> bool:
        """Whether it can be worked on."""
        return self.state == self.State.OPEN

    @property
    def is_settled(self) -> bool:
        """Whether nothing of it is left to do: done, or need not be met."""
        return self.state in (self.State.DONE, self.State.WAIVED)


class CaseDocument(models.Model):
    """A file that a case has, as what it serves. Append-only: a newer one of the kind stands above an older one."""

    Kind = CasePaper

    case = models.ForeignKey(Case, models.PROTECT, related_name="documents")
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    attachment = models.ForeignKey(
        Attachment, models.PROTECT, related_name="case_documents", verbose_name=_("file")
    )
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(db_default=Now())

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("document of a case")
        verbose_name_plural = _("documents of cases")
        ordering = ["kind", "-id"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"


APPROVED_BY_A_PARTY = """
IF EXISTS (SELECT FROM funnel_case c JOIN crm_client k ON k.id = c.client_id
           WHERE c.id = NEW.case_id AND NEW.by_id IN (c.opened_by_id, k.rm_id))
    OR EXISTS (SELECT FROM funnel_teammember m WHERE m.case_id = NEW.case_id AND m.user_id = NEW.by_id) THEN
    RAISE EXCEPTION 'case %: whoever works on it decides nothing about it', NEW.case_id
        USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class Approval(models.Model):
    """What somebody who does not work on the case says of its entering a stage, for the amount it then had. Append-only:
    of several by one person the latest counts."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="approvals")
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="+", verbose_name=_("stage"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    is_approved = models.BooleanField(_("approved"))
    amount = money(_("amount"))
    comment = models.TextField(_("comment"), max_length=2000, blank=True)
    at = models.DateTimeField(db_default=Now())

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("approval of a case")
        verbose_name_plural = _("approvals of cases")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="case_rejected_with_reason", condition=Q(is_approved=True) | ~Q(comment="")
            )
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="by_no_party",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=APPROVED_BY_A_PARTY,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.stage_id} {self.is_approved}"


class GateWaiver(models.Model):
    """Why some gates of a stage need not be met by a case: said by somebody with the authority who does not work on it.

    `gates` are the ids of those that were not met then; others still have to be. Append-only.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="waivers")
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="+", verbose_name=_("stage"))
    gates = models.JSONField()
    reason = models.TextField(_("reason"), max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("waiver of gates")
        verbose_name_plural = _("waivers of gates")
        ordering = ["id"]
        constraints = [models.CheckConstraint(name="gate_waived_with_reason", condition=~Q(reason=""))]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="by_no_party",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=APPROVED_BY_A_PARTY,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.stage_id}"
