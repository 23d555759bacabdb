import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from crm.history import tracked
from crm.models import Client, Project
from crm.querysets import OfClientQuerySet
from tiering.models.criteria import Tier, TierScheme
from tiering.models.tiers import official_only

GROUNDS = [
    "client", "project", "scheme", "from_tier", "to_tier", "assessment", "run", "exposure", "requested_by",
    "created_at",
]  # fmt: skip
"""What a proposal is and who made it; a decision does not touch it."""

# The constraints below compare the checker with `client_rm`: it has to be the RM whom the client has at that moment.
CHECKER_MAY_DECIDE = """
IF NEW.client_rm_id IS DISTINCT FROM (SELECT rm_id FROM crm_client WHERE id = NEW.client_id) THEN
    RAISE EXCEPTION 'proposal %: client_rm is not the RM of the client', NEW.id USING ERRCODE = 'check_violation';
END IF;
IF NOT EXISTS (SELECT FROM crm_user WHERE id = NEW.decided_by_id AND role = 'risk_officer' AND is_active) THEN
    RAISE EXCEPTION 'proposal %: only a risk officer decides', NEW.id USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""

# Votes of whoever has become barred since do not count. Without a committee one vote is enough.
VOTES_DECIDE = """
SELECT c.members, c.needs INTO members, needs FROM tiering_committee c WHERE c.proposal_id = NEW.id;
SELECT count(*) FILTER (WHERE v.verdict = 'approve'), count(*) FILTER (WHERE v.verdict = 'reject')
INTO approvals, rejections FROM tiering_vote v WHERE v.proposal_id = NEW.id
AND NOT tiering_is_barred(NEW.id, v.voter_id) AND NOT tiering_is_barred(NEW.id, v.acting_for_id);
IF NEW.status = 'approved' AND approvals < coalesce(needs, 1)
    OR NEW.status = 'rejected' AND rejections <= coalesce(members - needs, 0)
    OR NOT EXISTS (SELECT FROM tiering_vote v WHERE v.proposal_id = NEW.id AND v.voter_id = NEW.decided_by_id)
THEN
    RAISE EXCEPTION 'proposal %: the votes do not decide it', NEW.id USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
COUNTED = [(name, "integer") for name in ("members", "needs", "approvals", "rejections")]


def decision_triggers() -> list[pgtrigger.Trigger]:
    """A proposal begins pending, is decided once by who may, and then stays as it is, whoever writes SQL."""
    return [
        pgtrigger.Protect(
            name="begins_pending", operation=pgtrigger.Insert, condition=~pgtrigger.Q(new__status="pending")
        ),
        pgtrigger.ReadOnly(name="keeps_its_grounds", fields=GROUNDS),
        pgtrigger.Trigger(
            name="checker_may_decide",
            when=pgtrigger.Before,
            operation=pgtrigger.Update,
            condition=pgtrigger.Q(new__status__in=["approved", "rejected"]),
            func=CHECKER_MAY_DECIDE,
        ),
        pgtrigger.Trigger(
            name="votes_decide",
            when=pgtrigger.Before,
            operation=pgtrigger.Update,
            condition=pgtrigger.Q(new__status__in=["approved", "rejected"], old__status="pending"),
            func=VOTES_DECIDE,
            declare=COUNTED,
        ),
        pgtrigger.Protect(
            name="ended_for_good", operation=pgtrigger.Update, condition=~pgtrigger.Q(old__status="pending")
        ),
        pgtrigger.Protect(name="stays", operation=pgtrigger.Delete),
    ]


def of_its_assessment() -> pgtrigger.Trigger:
    """A proposal is of the subject and scheme of the assessment that it pins, between tiers of that scheme, by a run
    that there is; none of these is ever deleted."""
    return pgtrigger.Trigger(
        name="of_its_assessment",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="written"),
        func="""
IF EXISTS (SELECT FROM written w LEFT JOIN LATERAL (
               SELECT client_id, scheme_id, project_id FROM tiering_assessment WHERE id = w.assessment_id OFFSET 0
           ) a ON true
           WHERE (a.client_id, a.scheme_id, a.project_id) IS DISTINCT FROM (w.client_id, w.scheme_id, w.project_id))
OR EXISTS (SELECT FROM (SELECT DISTINCT run_id FROM written) w
           LEFT JOIN tiering_tieringrun r ON r.id = w.run_id WHERE r.id IS NULL)
OR EXISTS (SELECT FROM (SELECT DISTINCT scheme_id, unnest(ARRAY[from_tier_id, to_tier_id]) AS tier_id FROM written) w
           LEFT JOIN tiering_tier t ON t.id = w.tier_id
           WHERE t.scheme_id IS DISTINCT FROM w.scheme_id) THEN
    RAISE EXCEPTION '%: the assessment is of another subject, or run or tier are not there', TG_TABLE_NAME
        USING ERRCODE = 'foreign_key_violation';
END IF;
RETURN NULL;
""",
    )


@tracked()
class Proposal(models.Model):
    """A change of tier that needs a decision. It pins the assessment, and so the facts, it rests on.

    Maker (whoever asked for the run), checker and the client's RM are three people; the database holds that too.
    """

    class Status(models.TextChoices):
        PENDING = "pending", _("Pending")
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")
        SUPERSEDED = "superseded", _("Superseded")

    # As with assessments, what proposals name is looked at once a statement (`of_its_assessment`), and no named row is
    # locked for each; the rows of a client are found by `proposal_history`.
    client = models.ForeignKey(
        Client, models.PROTECT, related_name="proposals", db_index=False, db_constraint=False
    )
    project = models.ForeignKey(Project, models.PROTECT, null=True, blank=True, related_name="proposals")
    scheme = models.ForeignKey(
        TierScheme, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    from_tier = models.ForeignKey(Tier, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    to_tier = models.ForeignKey(Tier, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    assessment = models.ForeignKey(
        "tiering.Assessment", models.PROTECT, related_name="proposals", db_constraint=False
    )
    run = models.ForeignKey(
        "tiering.TieringRun", models.PROTECT, related_name="proposals", db_constraint=False
    )
    exposure = models.FloatField(_("exposure"), default=0)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.PENDING)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())
    # Since when the move waits; earlier than `created_at` when this proposal replaced one of the same move.
    waiting_since = models.DateTimeField(db_default=Now())
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    client_rm = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    comment = models.TextField(_("comment"), max_length=2000, blank=True)

    objects = OfClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        indexes = [
            models.Index(
                fields=["-exposure", "id"], condition=models.Q(status="pending"), name="proposal_queue"
            ),
            models.Index(fields=["client", "scheme", "-id"], name="proposal_history"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "scheme", "project"],
                condition=models.Q(status="pending"),
                nulls_distinct=False,
                name="proposal_one_pending",
            ),
            models.CheckConstraint(name="proposal_moves", condition=~models.Q(from_tier=models.F("to_tier"))),
            models.CheckConstraint(
                name="proposal_decided_is_signed",
                condition=models.Q(status__in=["pending", "superseded"])
                | models.Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="proposal_checker_is_not_maker",
                condition=models.Q(decided_by__isnull=True)
                | models.Q(requested_by__isnull=True)
                | ~models.Q(decided_by=models.F("requested_by")),
            ),
            models.CheckConstraint(
                name="proposal_checker_is_not_rm",
                condition=models.Q(decided_by__isnull=True)
                | models.Q(client_rm__isnull=True)
                | ~models.Q(decided_by=models.F("client_rm")),
            ),
            models.CheckConstraint(
                name="proposal_rejected_with_reason",
                condition=~models.Q(status="rejected") | ~models.Q(comment=""),
            ),
        ]
        triggers = [*decision_triggers(), official_only(), of_its_assessment()]

    def __str__(self) -> str:
        return f"{self.client_id}: {self.from_tier_id} → {self.to_tier_id}"
