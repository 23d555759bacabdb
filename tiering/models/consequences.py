"""What a change of tier sets off: the queue of changes, and what they propose for facilities."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.history import tracked
from crm.models import Client, Facility
from crm.querysets import OfClientQuerySet
from tiering.models.criteria import Tier, TierScheme
from tiering.models.policies import PolicyVersion
from tiering.models.tiers import Assignment

ATTEMPTS = 5
"""How often a change is tried to be worked off before it waits for a person."""


class TierChange(models.Model):
    """A client as a whole got another tier than it had, in a scheme whose policy says what follows.

    Written by a database trigger with the assignment, and worked off once: `worked_at` is when. One that failed waits
    until `due_at`; after `ATTEMPTS` it stays behind with its last failure.
    """

    client = models.ForeignKey(Client, models.PROTECT, related_name="tier_changes", db_index=False)
    scheme = models.ForeignKey(TierScheme, models.PROTECT, related_name="+", db_index=False)
    assignment = models.OneToOneField(Assignment, models.PROTECT, related_name="change")
    from_tier = models.ForeignKey(Tier, models.PROTECT, related_name="+", db_index=False)
    to_tier = models.ForeignKey(Tier, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    due_at = models.DateTimeField(db_default=Now())
    attempts = models.PositiveSmallIntegerField(db_default=0)
    failure = models.CharField(max_length=500, blank=True, db_default="")
    worked_at = models.DateTimeField(null=True, blank=True)

    objects = OfClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of tier")
        verbose_name_plural = _("changes of tier")
        indexes = [
            models.Index(fields=["id"], condition=models.Q(worked_at=None), name="tier_change_waiting"),
            models.Index(fields=["client", "-at"], name="tier_change_of_client"),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="keeps_what_changed",
                fields=["client", "scheme", "assignment", "from_tier", "to_tier", "at"],
            ),
            pgtrigger.Protect(
                name="worked_off_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__worked_at__isnull=False),
            ),
            pgtrigger.Protect(name="stays", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} {self.from_tier_id} → {self.to_tier_id}"


# The constraints below compare the decider with `client_rm`: it has to be the RM whom the client has at that moment.
DECIDER_MAY_DECIDE = """
IF NEW.client_rm_id IS DISTINCT FROM (SELECT rm_id FROM crm_client WHERE id = NEW.client_id) THEN
    RAISE EXCEPTION 'facility change %: client_rm is not the RM of the client', NEW.id USING ERRCODE = 'check_violation';
END IF;
IF NOT EXISTS (
    SELECT FROM crm_user u JOIN crm_client c ON c.id = NEW.client_id
    WHERE u.id = NEW.decided_by_id AND u.is_active
    AND (u.role = 'risk_officer' OR (u.role = 'team_lead' AND u.team_id = c.team_id))) THEN
    RAISE EXCEPTION 'facility change %: only a risk officer or the lead of the RM decides', NEW.id
        USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


@tracked()
class FacilityChange(models.Model):
    """What a change of tier proposes for a facility: another limit, or another yearly rate.

    The facility stays as it is until somebody accepts it, who is not the client's RM. `stops_drawing`: the limit that
    follows lies below what is drawn, so it comes down to that and nothing more is drawn. `from_tier` is the tier whose
    add-on the rate has now.
    """

    class Term(models.TextChoices):
        LIMIT = "limit", _("Limit")
        RATE = "rate", _("Yearly rate")

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", pgettext_lazy("change of a facility", "Declined")
        SUPERSEDED = "superseded", _("Superseded")

    client = models.ForeignKey(
        Client, models.PROTECT, related_name="facility_changes", verbose_name=_("client")
    )
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="changes", verbose_name=_("facility"))
    change = models.ForeignKey(TierChange, models.PROTECT, related_name="facility_changes")
    policy = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="+")
    from_tier = models.ForeignKey(Tier, models.PROTECT, related_name="+")
    to_tier = models.ForeignKey(Tier, models.PROTECT, related_name="+")
    term = models.CharField(_("term"), max_length=5, choices=Term)
    before = models.DecimalField(_("before"), max_digits=20, decimal_places=6)
    after = models.DecimalField(_("after"), max_digits=20, decimal_places=6)
    stops_drawing = models.BooleanField(_("no further drawing"), default=False)
    ceiling = models.FloatField(_("limit ceiling of the client"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.PROPOSED)
    created_at = models.DateTimeField(db_default=Now())
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    client_rm = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.TextField(_("reason"), max_length=2000, blank=True, default="")

    objects = OfClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("facility change")
        verbose_name_plural = _("facility changes")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "term"],
                condition=models.Q(status="proposed"),
                name="facility_change_one_open",
            ),
            models.CheckConstraint(
                name="facility_change_changes",
                condition=~models.Q(before=models.F("after")),
            ),
            models.CheckConstraint(
                name="facility_change_decided_is_signed",
                condition=models.Q(status__in=["proposed", "superseded"], decided_by__isnull=True)
                | (
                    models.Q(
                        status__in=["accepted", "declined"],
                        decided_by__isnull=False,
                        decided_at__isnull=False,
                    )
                    & ~models.Q(reason="")
                ),
            ),
            models.CheckConstraint(
                name="facility_change_decider_is_not_rm",
                condition=models.Q(decided_by__isnull=True)
                | models.Q(client_rm__isnull=True)
                | ~models.Q(decided_by=models.F("client_rm")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["-id"], condition=models.Q(status="proposed"), name="facility_change_waiting"
            )
        ]
        triggers = [
            pgtrigger.Protect(
                name="begins_proposed",
                operation=pgtrigger.Insert,
                condition=~pgtrigger.Q(new__status="proposed"),
            ),
            pgtrigger.ReadOnly(
                name="keeps_its_grounds",
                fields=[
                    "client", "facility", "change", "policy", "from_tier", "to_tier", "term", "before", "after",
                    "stops_drawing", "ceiling",
                ],
            ),
            pgtrigger.Trigger(
                name="decider_may_decide",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__status__in=["accepted", "declined"]),
                func=DECIDER_MAY_DECIDE,
            ),
            pgtrigger.Protect(
                name="ended_for_good",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__status="proposed"),
            ),
            pgtrigger.Protect(name="stays", operation=pgtrigger.Delete),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.facility_id} {self.term}"
