"""Reasoned deviations from what criteria say: asked for by one person, granted by another, over by themselves."""

from datetime import date, timedelta

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.history import tracked
from crm.models import Attachment, Client, Observation, Project
from crm.querysets import OfClientQuerySet
from tiering.core.authority import LOWEST_GRADE
from tiering.models.criteria import Tier, TierScheme
from tiering.models.votes import Vote, voter_may_decide

ASKED = [
    "client", "project", "scheme", "kind", "tier", "metric", "value", "category", "reason", "grounds", "evidence",
    "ends", "renews", "requested_by", "requested_at",
]  # fmt: skip
"""What was asked for; nobody changes it, whatever is decided."""

STEPS = """
OLD.status IS DISTINCT FROM NEW.status AND (OLD.status, NEW.status) NOT IN (
    ('requested', 'in_force'), ('requested', 'rejected'), ('requested', 'withdrawn'), ('requested', 'lapsed'),
    ('in_force', 'lapsed'), ('in_force', 'ended'), ('in_force', 'replaced'))
"""

# What the decision fixes. What it takes to decide may grow with the facts until then, and never shrinks.
DECISION_IS_CHANGED = " OR ".join(
    f"OLD.{column} IS DISTINCT FROM NEW.{column}"
    for column in (
        "assessment_id", "direction", "notches", "above_hard_gate", "grade", "members", "needs", "starts",
        "decided_by_id", "decided_at", "client_rm_id", "comment", "observation_id",
    )
)  # fmt: skip

# The constraints compare the officer with `client_rm`: it has to be the RM whom the client has at that moment. Barred
# (`tiering_is_barred_from_override`, made by a migration) are who asked for it, the RM whom the client has now, and who
# has an open interest; votes of whoever has become barred since do not count.
VOTES_DECIDE = """
DECLARE
    approvals integer;
    rejections integer;
BEGIN
    IF NEW.client_rm_id IS DISTINCT FROM (SELECT rm_id FROM crm_client WHERE id = NEW.client_id) THEN
        RAISE EXCEPTION 'override %: client_rm is not the RM of the client', NEW.id
            USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (SELECT FROM tiering_committee c WHERE c.override_id = NEW.id
               AND (NEW.members < c.members OR NEW.needs < c.needs OR NEW.grade < c.grade)) THEN
        RAISE EXCEPTION 'override %: a committee that was asked for decides', NEW.id
            USING ERRCODE = 'check_violation';
    END IF;
    SELECT count(*) FILTER (WHERE v.verdict = 'approve'), count(*) FILTER (WHERE v.verdict = 'reject')
    INTO approvals, rejections FROM tiering_overridevote v WHERE v.override_id = NEW.id
    AND NOT tiering_is_barred_from_override(NEW.id, v.voter_id)
    AND NOT tiering_is_barred_from_override(NEW.id, v.acting_for_id);
    IF NEW.status = 'in_force' AND approvals < NEW.needs
        OR NEW.status = 'rejected' AND rejections <= NEW.members - NEW.needs
        OR NOT EXISTS (
            SELECT FROM tiering_overridevote v WHERE v.override_id = NEW.id AND v.voter_id = NEW.decided_by_id)
    THEN
        RAISE EXCEPTION 'override %: the votes do not decide it', NEW.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END;
"""


@tracked()
class Override(models.Model):
    """A deviation from what the criteria say of a subject, for a time.

    An `output` override holds a tier; an `input` override gives a metric a value (`value`, or of a category
    `category`), and the criteria make of it what they make of any value. `assessment` is what it deviates from;
    `direction` and `notches` tell how far from what the criteria say (their tier after overlays), which of an input is
    what they say with the value. `ends` is the moment after its last day.
    """

    class Kind(models.TextChoices):
        OUTPUT = "output", pgettext_lazy("override", "Tier")
        INPUT = "input", pgettext_lazy("override", "Value")

    class Direction(models.TextChoices):
        UP = "up", pgettext_lazy("override", "Up")
        DOWN = "down", pgettext_lazy("override", "Down")

    class Reason(models.TextChoices):
        NEW_INFORMATION = "new_information", _("New information")
        DATA_ERROR = "data_error", _("Error in the data")
        GROUP_SUPPORT = "group_support", _("Support by the group")
        PROJECT_SECURITY = "project_security", _("Security of the project")
        MARKET_KNOWLEDGE = "market_knowledge", _("Knowledge of the market")
        MANAGEMENT_CHANGE = "management_change", _("Change of management")
        OTHER = "other", pgettext_lazy("reason", "Other")

    class Status(models.TextChoices):
        REQUESTED = "requested", pgettext_lazy("override", "Requested")
        IN_FORCE = "in_force", pgettext_lazy("override", "In force")
        REJECTED = "rejected", pgettext_lazy("override", "Rejected")
        WITHDRAWN = "withdrawn", pgettext_lazy("override", "Withdrawn")
        LAPSED = "lapsed", pgettext_lazy("override", "Lapsed")
        REPLACED = "replaced", pgettext_lazy("override", "Replaced")
        ENDED = "ended", pgettext_lazy("override", "Ended")

    client = models.ForeignKey(Client, models.PROTECT, related_name="overrides", db_index=False)
    project = models.ForeignKey(Project, models.PROTECT, null=True, blank=True, related_name="overrides")
    scheme = models.ForeignKey(TierScheme, models.PROTECT, related_name="overrides")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    tier = models.ForeignKey(Tier, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    metric = models.CharField(_("metric"), max_length=60, blank=True)
    value = models.FloatField(_("value"), null=True, blank=True)
    category = models.CharField(_("category"), max_length=60, blank=True)
    assessment = models.ForeignKey("tiering.Assessment", models.PROTECT, related_name="overrides")
    direction = models.CharField(_("direction"), max_length=4, choices=Direction)
    notches = models.PositiveSmallIntegerField(_("notches"))
    # Better than a cap or a fixed tier allows that the criteria call hard.
    above_hard_gate = models.BooleanField(_("above a hard gate"), default=False, db_default=False)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason)
    grounds = models.TextField(_("grounds"), max_length=4000)
    evidence = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("evidence")
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("requested by")
    )
    requested_at = models.DateTimeField(db_default=Now())
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.REQUESTED)
    # What the decision asks for: `needs` approvals among `members` officers of a grade; one of one is one officer's.
    grade = models.PositiveSmallIntegerField(default=LOWEST_GRADE, db_default=LOWEST_GRADE)
    members = models.PositiveSmallIntegerField(default=1, db_default=1)
    needs = models.PositiveSmallIntegerField(default=1, db_default=1)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    client_rm = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    comment = models.TextField(_("comment"), max_length=2000, blank=True)
    starts = models.DateTimeField(_("from"), null=True, blank=True)
    ends = models.DateTimeField(_("until"))
    renews = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="renewals", verbose_name=_("renews")
    )
    # The record that an input override is. It goes with the override, and stays in the history.
    observation = models.ForeignKey(
        Observation,
        models.DO_NOTHING,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.TextField(_("reason of the end"), max_length=2000, blank=True)

    objects = OfClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("override")
        verbose_name_plural = _("overrides")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["ends"], condition=models.Q(status__in=["requested", "in_force"]), name="override_due"
            ),
            models.Index(fields=["client", "scheme", "-id"], name="override_history"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "scheme", "project"],
                condition=models.Q(kind="output", status="in_force"),
                nulls_distinct=False,
                name="override_one_tier_in_force",
            ),
            models.UniqueConstraint(
                fields=["client", "metric", "project"],
                condition=models.Q(kind="input", status="in_force"),
                nulls_distinct=False,
                name="override_one_value_in_force",
            ),
            models.UniqueConstraint(
                fields=["client", "scheme", "project", "metric"],
                condition=models.Q(status="requested"),
                nulls_distinct=False,
                name="override_asked_for_once",
            ),
            models.CheckConstraint(
                name="override_is_a_tier_or_a_value",
                condition=models.Q(
                    kind="output", tier__isnull=False, metric="", value__isnull=True, category=""
                )
                | (
                    models.Q(kind="input", tier__isnull=True)
                    & ~models.Q(metric="")
                    & (
                        models.Q(value__isnull=False, category="")
                        | (models.Q(value__isnull=True) & ~models.Q(category=""))
                    )
                ),
            ),
            models.CheckConstraint(
                name="override_of_a_tier_moves_it",
                condition=models.Q(kind="input") | models.Q(notches__gt=0),
            ),
            models.CheckConstraint(name="override_has_grounds", condition=~models.Q(grounds="")),
            models.CheckConstraint(
                name="override_ends_after_it_starts",
                condition=models.Q(starts__isnull=True) | models.Q(ends__gt=models.F("starts")),
            ),
            models.CheckConstraint(
                name="override_granted_is_signed",
                condition=models.Q(starts__isnull=True)
                | models.Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="override_holds_once_it_starts",
                condition=(models.Q(status__in=["requested", "rejected", "withdrawn"], starts__isnull=True))
                | models.Q(status="lapsed")
                | models.Q(status__in=["in_force", "replaced", "ended"], starts__isnull=False),
            ),
            models.CheckConstraint(
                name="override_is_open_or_ended",
                condition=models.Q(status__in=["requested", "in_force"], ended_at__isnull=True)
                | (~models.Q(status__in=["requested", "in_force"]) & models.Q(ended_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="override_lapses_at_its_end",
                condition=~models.Q(status="lapsed") | models.Q(ended_at__gte=models.F("ends")),
            ),
            models.CheckConstraint(
                name="override_decided_by_another",
                condition=models.Q(decided_by__isnull=True) | ~models.Q(decided_by=models.F("requested_by")),
            ),
            models.CheckConstraint(
                name="override_decided_by_no_rm",
                condition=models.Q(decided_by__isnull=True)
                | models.Q(client_rm__isnull=True)
                | ~models.Q(decided_by=models.F("client_rm")),
            ),
            models.CheckConstraint(
                name="override_rejected_with_reason",
                condition=~models.Q(status="rejected") | ~models.Q(comment=""),
            ),
            models.CheckConstraint(
                name="override_committee_can_agree",
                condition=models.Q(needs__gte=1, needs__lte=models.F("members")),
            ),
            models.CheckConstraint(
                name="override_above_a_hard_gate_by_committee",
                condition=models.Q(above_hard_gate=False)
                | ~models.Q(status="in_force")
                | models.Q(needs__gt=1),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="begins_requested",
                operation=pgtrigger.Insert,
                condition=~pgtrigger.Q(new__status="requested"),
            ),
            pgtrigger.ReadOnly(name="keeps_what_was_asked", fields=ASKED),
            pgtrigger.Protect(
                name="decided_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(f"OLD.status <> 'requested' AND ({DECISION_IS_CHANGED})"),
            ),
            pgtrigger.Protect(
                name="goes_its_way", operation=pgtrigger.Update, condition=pgtrigger.Condition(STEPS)
            ),
            pgtrigger.Protect(
                name="over_for_good",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.ended_at IS NOT NULL"),
            ),
            pgtrigger.Protect(
                name="asks_for_no_less",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("NEW.needs < OLD.needs OR NEW.grade < OLD.grade"),
            ),
            pgtrigger.Trigger(
                name="votes_decide",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.status = 'requested' AND NEW.status IN ('in_force', 'rejected')"
                ),
                func=VOTES_DECIDE,
            ),
            pgtrigger.Protect(name="stays", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.client_id}: {self.tier_id or self.metric}"

    @property
    def last_day(self) -> date:
        """The last day on which it counts, where the institution is."""
        return timezone.localdate(self.ends - timedelta(microseconds=1))

    @property
    def given(self) -> float | str | None:
        """The value that an input override gives; None of an output override."""
        return self.category or self.value


@tracked()
class OverrideVote(models.Model):
    """An officer's word on an override, in their own name or for somebody whose deputy they are. It is never changed.

    Where one person decides, the first vote is the decision.
    """

    override = models.ForeignKey(Override, models.PROTECT, related_name="votes", db_index=False)
    voter = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    acting_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    verdict = models.CharField(_("vote"), max_length=8, choices=Vote.Verdict)
    comment = models.TextField(_("comment"), max_length=2000, blank=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("vote on an override")
        verbose_name_plural = _("votes on overrides")
        ordering = ["override", "id"]
        constraints = [
            models.UniqueConstraint(fields=["override", "voter"], name="override_vote_once_by_each"),
            models.UniqueConstraint(
                "override", Coalesce("acting_for", "voter"), name="override_vote_once_for_each"
            ),
            models.CheckConstraint(
                name="override_vote_rejects_with_reason",
                condition=~models.Q(verdict="reject") | ~models.Q(comment=""),
            ),
        ]
        triggers = [
            voter_may_decide(
                "override",
                waits="requested",
                votes="tiering_overridevote",
                is_barred="tiering_is_barred_from_override",
                grade="(SELECT grade FROM tiering_override WHERE id = NEW.override_id)",
            ),
            pgtrigger.Protect(name="stays_as_cast", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.override_id} {self.voter_id} {self.verdict}"
