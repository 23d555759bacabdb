"""What officers say to a proposed change of tier, and when more than one has to."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext_lazy as _

from crm.history import tracked
from crm.models import Client
from crm.querysets import OfClientQuerySet
from tiering.core.authority import HIGHEST_GRADE, LOWEST_GRADE
from tiering.models.policies import PolicyVersion
from tiering.models.reviews import Proposal

# A deputy may act on the days of the absence. The database does not know the house's time zone, so it gives them a day
# more at either end; the service goes by the house's days.
# `tiering_is_barred`, made by the migration: the proposal's maker, the RM whom the client has now, who has an open
# interest in it.
VOTER_MAY_DECIDE = """
SELECT client_id INTO STRICT NEW.client_id FROM tiering_proposal WHERE id = NEW.proposal_id;
IF NOT EXISTS (SELECT FROM tiering_proposal WHERE id = NEW.proposal_id AND status = 'pending') THEN
    RAISE EXCEPTION 'proposal %: it does not wait for votes', NEW.proposal_id USING ERRCODE = 'check_violation';
END IF;
IF EXISTS (SELECT FROM unnest(ARRAY[NEW.voter_id, NEW.acting_for_id]) AS person
           WHERE person IS NOT NULL AND NOT EXISTS (
               SELECT FROM crm_user WHERE id = person AND role = 'risk_officer' AND is_active)) THEN
    RAISE EXCEPTION 'proposal %: only a risk officer decides', NEW.proposal_id USING ERRCODE = 'check_violation';
END IF;
IF tiering_is_barred(NEW.proposal_id, NEW.voter_id) OR tiering_is_barred(NEW.proposal_id, NEW.acting_for_id) THEN
    RAISE EXCEPTION 'proposal %: its maker, the RM of the client and who has an interest do not decide',
        NEW.proposal_id USING ERRCODE = 'check_violation';
END IF;
IF NEW.acting_for_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM crm_absence WHERE user_id = NEW.acting_for_id AND deputy_id = NEW.voter_id
    AND NEW.at >= starts_on - 1 AND NEW.at < ends_on + 2) THEN
    RAISE EXCEPTION 'proposal %: the voter acts for nobody of that name', NEW.proposal_id
        USING ERRCODE = 'check_violation';
END IF;
IF EXISTS (SELECT FROM tiering_vote WHERE proposal_id = NEW.proposal_id AND (
    voter_id IN (NEW.voter_id, NEW.acting_for_id) OR acting_for_id IN (NEW.voter_id, NEW.acting_for_id))) THEN
    RAISE EXCEPTION 'proposal %: one vote for each person', NEW.proposal_id USING ERRCODE = 'unique_violation';
END IF;
RETURN NEW;
"""


@tracked()
class Vote(models.Model):
    """An officer's word on a proposal, in their own name or for somebody whose deputy they are. It is never changed."""

    class Verdict(models.TextChoices):
        APPROVE = "approve", _("approves")
        REJECT = "reject", _("rejects")

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="votes")
    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    voter = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    acting_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    verdict = models.CharField(_("vote"), max_length=8, choices=Verdict)
    comment = models.TextField(_("comment"), max_length=2000, blank=True)
    at = models.DateTimeField(db_default=Now())

    objects = OfClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        ordering = ["proposal", "id"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "voter"], name="vote_once_by_each"),
            models.UniqueConstraint("proposal", Coalesce("acting_for", "voter"), name="vote_once_for_each"),
            models.CheckConstraint(
                name="vote_rejects_with_reason", condition=~models.Q(verdict="reject") | ~models.Q(comment="")
            ),
            models.CheckConstraint(
                name="vote_acts_for_another",
                condition=models.Q(acting_for__isnull=True) | ~models.Q(acting_for=models.F("voter")),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="voter_may_decide",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=VOTER_MAY_DECIDE,
            ),
            pgtrigger.Protect(name="stays_as_cast", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.voter_id} {self.verdict}"


COMMITTEE_IS_IN_TIME = """
SELECT client_id INTO STRICT NEW.client_id FROM tiering_proposal WHERE id = NEW.proposal_id;
IF EXISTS (SELECT FROM tiering_proposal WHERE id = NEW.proposal_id AND status <> 'pending')
    OR EXISTS (SELECT FROM tiering_vote WHERE proposal_id = NEW.proposal_id) THEN
    RAISE EXCEPTION 'proposal %: votes were cast, or it does not wait any more', NEW.proposal_id
        USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


@tracked()
class Committee(models.Model):
    """That `needs` of `members` officers have to approve a proposal, each of a grade at least.

    Asked for by the authority (`asked_by` is None; `authority` is its version) or by an officer, before the first vote,
    and never changed.
    """

    proposal = models.OneToOneField(Proposal, models.PROTECT, related_name="committee")
    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    members = models.PositiveSmallIntegerField(_("members"))
    needs = models.PositiveSmallIntegerField(_("approvals needed"))
    grade = models.PositiveSmallIntegerField(_("grade"), default=LOWEST_GRADE)
    authority = models.ForeignKey(PolicyVersion, models.PROTECT, null=True, blank=True, related_name="+")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    asked_at = models.DateTimeField(db_default=Now())

    objects = OfClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("committee")
        verbose_name_plural = _("committees")
        constraints = [
            models.CheckConstraint(
                name="committee_can_agree",
                condition=models.Q(members__gte=2, needs__gte=1, needs__lte=models.F("members")),
            ),
            models.CheckConstraint(
                name="committee_grade_exists",
                condition=models.Q(grade__gte=LOWEST_GRADE, grade__lte=HIGHEST_GRADE),
            ),
            models.CheckConstraint(
                name="committee_has_a_reason",
                condition=models.Q(asked_by__isnull=True) | ~models.Q(reason=""),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="asked_before_votes",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=COMMITTEE_IS_IN_TIME,
            ),
            pgtrigger.Protect(name="stays_as_asked", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id}: {self.needs} of {self.members}"
