"""Overrides asked for, withdrawn and ended. How they are decided is `override_decisions`' business, how they lapse
`override_lapse`'s."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.errors import Invalid, NotPermitted
from crm.formats import day as told
from crm.models import Attachment, Client, Project, User
from crm.services.observations import faults_of
from tiering.core.authority import OverrideLimits
from tiering.errors import ClientsOwnRM
from tiering.errors_overrides import (
    AlreadyAsked,
    EndReasonRequired,
    NotAssessed,
    NotYourRequest,
    OverrideDecided,
    OverrideNotInForce,
    OwnOverride,
)
from tiering.models import Assessment, Override, Tier, TierScheme
from tiering.selectors.catalogue import catalogue
from tiering.selectors.override_authority import override_limits
from tiering.selectors.override_bearing import Bearing, assessment_of, bearing_now
from tiering.selectors.overrides import in_force_of
from tiering.services.clock import database_now
from tiering.services.override_ledger import finish, item_of
from tiering.services.override_telling import tell_asked, tell_over

FIELDS = {"text": "value"}
"""Where a request shows what is said of a field that it does not have."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What somebody asks for: a tier, or a value of a metric (a number, or the key of a category), until a last day.

    `last_day` counts; `reason` is one of `Override.Reason`, `grounds` says it in words, `evidence` shows it.
    """

    client: Client
    scheme: TierScheme
    project: Project | None = None
    tier: Tier | None = None
    metric: str = ""
    value: float | None = None
    category: str = ""
    reason: str
    grounds: str
    evidence: Attachment | None = None
    last_day: date

    @property
    def kind(self) -> Override.Kind:
        return Override.Kind.OUTPUT if self.tier else Override.Kind.INPUT


@transaction.atomic
def ask_override(*, wanted: Wanted, by: User, at: datetime | None = None) -> Override:
    """Ask that a client be held in a tier, or a metric be given a value, for a time. Nothing changes before another
    approves it.

    Where one of the same is in force, this one renews it. `at` is when it is asked for (None: now); history of past
    dates gives its own. Raises NotPermitted, NotAssessed, AlreadyAsked, or Invalid with what is wrong by field.
    """
    if not by.has_perm("tiering.request_overrides", wanted.client):
        raise NotPermitted
    Client.objects.select_for_update(no_key=True).only("pk").get(pk=wanted.client.pk)
    moment = at or database_now()
    override = _drafted(wanted, by, moment)
    assessment = assessment_of(wanted.client, wanted.scheme, wanted.project)
    if assessment is None:
        raise NotAssessed
    limits = override_limits(at)
    refusals = _refusals(wanted, override, timezone.localdate(moment), limits)
    override.renews = in_force_of(override)
    bearing = None if refusals else bearing_now(override, assessment)
    refusals = refusals or _refusals_of(bearing, wanted, limits)
    if refusals or bearing is None:
        raise Invalid(refusals)
    _pin(override, assessment, bearing)
    if _is_asked_for(override):
        raise AlreadyAsked
    override.save()
    tell_asked(override)
    return override


@transaction.atomic
def withdraw_override(*, override: Override, by: User) -> Override:
    """Take back what one asked for, before anybody decides. Raises OverrideDecided or NotYourRequest."""
    found = locked(override)
    if found.status != Override.Status.REQUESTED:
        raise OverrideDecided
    if found.requested_by_id != by.pk:
        raise NotYourRequest
    found.status, found.ended_by, found.ended_at = Override.Status.WITHDRAWN, by, database_now()
    found.save(update_fields=["status", "ended_by", "ended_at"])
    return found


@transaction.atomic
def end_override(*, override: Override, by: User, reason: str, at: datetime | None = None) -> Override:
    """Let an override end before its last day, and say why; the client is tiered by the criteria again.

    Raises NotPermitted, OwnOverride, ClientsOwnRM, OverrideNotInForce or EndReasonRequired.
    """
    if not by.has_perm("tiering.decide_proposals"):
        raise NotPermitted
    if not reason.strip():
        raise EndReasonRequired
    found = locked(override)
    if found.status != Override.Status.IN_FORCE:
        raise OverrideNotInForce
    if by.pk == found.requested_by_id:
        raise OwnOverride
    if by.pk == found.client.rm_id:
        raise ClientsOwnRM
    finish([found.pk], [found.client_id], Override.Status.ENDED, by=by.pk, reason=reason.strip(), at=at)
    found.refresh_from_db()
    tell_over([found])
    return found


def locked(override: Override) -> Override:
    """The override as it stands, its client locked until the transaction ends: runs take the same lock, so tier and
    assessment stand still."""
    Client.objects.select_for_update(no_key=True).only("pk").get(pk=override.client_id)
    rows = Override.objects.select_related("client", "scheme", "project", "tier", "assessment__facts")
    return rows.get(pk=override.pk)


def _drafted(wanted: Wanted, by: User, moment: datetime) -> Override:
    return Override(
        client=wanted.client,
        scheme=wanted.scheme,
        project=wanted.project,
        kind=wanted.kind,
        tier=wanted.tier,
        metric=wanted.metric,
        value=wanted.value,
        category=wanted.category,
        reason=wanted.reason,
        grounds=wanted.grounds.strip(),
        evidence=wanted.evidence,
        ends=end_of(wanted.last_day),
        requested_by=by,
        requested_at=moment,
    )


def end_of(last_day: date) -> datetime:
    """The moment after a day where the institution is."""
    return timezone.make_aware(datetime.combine(last_day + timedelta(days=1), time.min))


def _pin(override: Override, assessment: Assessment, bearing: Bearing) -> None:
    override.assessment = assessment
    override.direction, override.notches = bearing.direction, bearing.notches
    override.above_hard_gate = bearing.above_hard_gate


def _refusals(
    wanted: Wanted, override: Override, today: date, limits: OverrideLimits
) -> dict[str, list[str]]:
    """What is wrong with a request by itself."""
    found: dict[str, list[str]] = {}
    if not override.grounds:
        found["grounds"] = [_("Say what the criteria do not see.")]
    if wanted.reason not in Override.Reason.values:
        found["reason"] = [_("Choose a reason.")]
    if wanted.tier and wanted.tier.scheme_id != wanted.scheme.pk:
        found["tier"] = [_("This tier is of another scheme.")]
    if wanted.evidence and wanted.evidence.client_id != wanted.client.pk:
        found["evidence"] = [_("This file belongs to another client.")]
    if wanted.last_day < today:
        found["last_day"] = [_("This day is over. Choose a later one.")]
    longest = limits.longest_days
    if longest is not None and wanted.last_day > today + timedelta(days=longest):
        latest = told(today + timedelta(days=longest))
        found["last_day"] = [
            _("An override lasts %(days)d days at most: until %(latest)s.")
            % {"days": longest, "latest": latest}
        ]
    if not wanted.tier and not wanted.metric:
        found["tier"] = [_("Choose a tier.")]
    elif not wanted.tier:
        for fault in faults_of(item_of(override, today)):
            found.setdefault(FIELDS.get(fault.field, fault.field), []).append(fault.reason)
        found.update(_ages_sooner(wanted, today))
    return found


def _ages_sooner(wanted: Wanted, today: date) -> dict[str, list[str]]:
    """A value that is too old to count before the override ends would end it unnoticed."""
    metric = catalogue().get(wanted.metric)
    age = metric.max_age_days if metric else None
    if age is None or wanted.last_day <= today + timedelta(days=age):
        return {}
    text = _("A value of this metric counts for %(days)d days: until %(latest)s.")
    return {"last_day": [text % {"days": age, "latest": told(today + timedelta(days=age))}]}


def _refusals_of(bearing: Bearing | None, wanted: Wanted, limits: OverrideLimits) -> dict[str, list[str]]:
    """What is wrong with where an override leads."""
    field = "tier" if wanted.tier else "value"
    if bearing is None:
        return {
            field: [
                _("The criteria say this tier themselves.")
                if wanted.tier
                else _("This value moves neither the tier nor the score in this scheme.")
            ]
        }
    if limits.notches is not None and bearing.notches > limits.notches:
        return {
            field: [
                _(
                    "This is %(notches)d tiers from what the criteria say, %(says)s; overrides go %(most)d at most."
                )
                % {"notches": bearing.notches, "says": bearing.says.key, "most": limits.notches}
            ]
        }
    return {}


def _is_asked_for(override: Override) -> bool:
    return Override.objects.filter(
        client=override.client,
        scheme=override.scheme,
        project=override.project,
        metric=override.metric,
        status=Override.Status.REQUESTED,
    ).exists()
