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
# Barred (`tiering_is_barred` and `tiering_is_barred_from_override`, made by a migration) are the maker, the RM whom the
# client has now, and who has an open interest in it.
_VOTER_MAY_DECIDE = """
{first}
IF NOT EXISTS (SELECT FROM tiering_{subject} WHERE id = NEW.{subject}_id AND status = '{waits}') THEN
    RAISE EXCEPTION '{subject} %: it does not wait for votes', NEW.{subject}_id USING ERRCODE = 'check_violation';
END IF;
IF EXISTS (SELECT FROM unnest(ARRAY[NEW.voter_id, NEW.acting_for_id]) AS person
           WHERE person IS NOT NULL AND NOT EXISTS (
               SELECT FROM crm_user WHERE id = person AND role = 'risk_officer' AND is_active)) THEN
    RAISE EXCEPTION '{subject} %: only a risk officer decides', NEW.{subject}_id USING ERRCODE = 'check_violation';
END IF;
IF {is_barred}(NEW.{subject}_id, NEW.voter_id) OR {is_barred}(NEW.{subject}_id, NEW.acting_for_id) THEN
    RAISE EXCEPTION '{subject} %: its maker, the RM of the client and who has an interest do not decide',
        NEW.{subject}_id USING ERRCODE = 'check_violation';
END IF;
IF NEW.acting_for_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM crm_absence WHERE user_id = NEW.acting_for_id AND deputy_id = NEW.voter_id
    AND NEW.at >= starts_on - 1 AND NEW.at < ends_on + 2) THEN
    RAISE EXCEPTION '{subject} %: the voter acts for nobody of that name', NEW.{subject}_id
        USING ERRCODE = 'check_violation';
END IF;
IF (SELECT grade FROM crm_user WHERE id = coalesce(NEW.acting_for_id, NEW.voter_id)) < {grade} THEN
    RAISE EXCEPTION '{subject} %: an officer of a higher grade is asked for', NEW.{subject}_id
        USING ERRCODE = 'check_violation';
END IF;
IF EXISTS (SELECT FROM {votes} WHERE {subject}_id = NEW.{subject}_id AND (
    voter_id IN (NEW.voter_id, NEW.acting_for_id) OR acting_for_id IN (NEW.voter_id, NEW.acting_for_id))) THEN
    RAISE EXCEPTION '{subject} %: one vote for each person', NEW.{subject}_id USING ERRCODE = 'unique_violation';
END IF;
RETURN NEW;
"""


def voter_may_decide(
    subject: str, *, waits: str, votes: str, is_barred: str, grade: str, first: str = ""
) -> pgtrigger.Trigger:
    """Votes are cast on what waits (its status is `waits`), by those who may decide and have the grade that is asked for
    (the SQL `grade`), once for each person.

    `subject` names the table and the key of what is voted on, `votes` the table of votes, `is_barred` the function of a
    migration that tells who is barred; `first` goes before.
    """
    func = _VOTER_MAY_DECIDE.format(
        subject=subject, waits=waits, votes=votes, is_barred=is_barred, grade=grade, first=first
    )
    return pgtrigger.Trigger(
        name="voter_may_decide", when=pgtrigger.Before, operation=pgtrigger.Insert, func=func
    )


@tracked()
class Vote(models.Model):
    """An officer's word on a proposal, in their own name or for somebody whose deputy they are. It is never changed.

    `grade` is what was asked for of whoever votes, at that moment.
    """

    class Verdict(models.TextChoices):
        APPROVE = "approve", _("approves")
        REJECT = "reject", _("rejects")

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="votes")
    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    voter = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    acting_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    grade = models.PositiveSmallIntegerField(_("grade"), default=LOWEST_GRADE, db_default=LOWEST_GRADE)
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
            voter_may_decide(
                "proposal",
                waits="pending",
                votes="tiering_vote",
                is_barred="tiering_is_barred",
                grade="greatest(NEW.grade, (SELECT grade FROM tiering_committee WHERE proposal_id = NEW.proposal_id))",
                first="SELECT client_id INTO STRICT NEW.client_id FROM tiering_proposal WHERE id = NEW.proposal_id;",
            ),
            pgtrigger.Protect(name="stays_as_cast", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.voter_id} {self.verdict}"


COMMITTEE_IS_IN_TIME = """
SELECT client_id, waits INTO STRICT NEW.client_id, still_waits FROM (
    SELECT client_id, status = 'pending' AS waits FROM tiering_proposal WHERE id = NEW.proposal_id
    UNION ALL SELECT client_id, status = 'requested' FROM tiering_override WHERE id = NEW.override_id) AS subject;
IF NOT still_waits OR EXISTS (SELECT FROM tiering_vote WHERE proposal_id = NEW.proposal_id)
    OR EXISTS (SELECT FROM tiering_overridevote WHERE override_id = NEW.override_id) THEN
    RAISE EXCEPTION 'committee: votes were cast, or what it is to decide does not wait any more'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


@tracked()
class Committee(models.Model):
    """That `needs` of `members` officers have to approve a proposal or an override, each of a grade at least.

    Asked for by the authority (`asked_by` is None; `authority` is its version) or by an officer, before the first vote,
    and never changed. What the authority asks of an override stands with the override, so its committees are officers'.
    """

    proposal = models.OneToOneField(Proposal, models.PROTECT, null=True, blank=True, related_name="committee")
    override = models.OneToOneField(
        "tiering.Override", models.PROTECT, null=True, blank=True, related_name="committee"
    )
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
                name="committee_decides_on_one_thing",
                condition=models.Q(proposal__isnull=False, override__isnull=True)
                | models.Q(proposal__isnull=True, override__isnull=False, asked_by__isnull=False),
            ),
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
                declare=[("still_waits", "boolean")],
            ),
            pgtrigger.Protect(name="stays_as_asked", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id or self.override_id}: {self.needs} of {self.members}"
