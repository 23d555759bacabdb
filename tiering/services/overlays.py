"""Overlays of criteria, switched on for a time by two people. The run that applies a switch is `schedule`'s."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from crm.errors import NotPermitted
from crm.models import User
from tiering.errors import (
    AlreadyApproved,
    NoCriteria,
    OverlayAlreadyOn,
    OverlayEndsTooEarly,
    OverlayOver,
    OwnActivation,
    UnknownOverlay,
)
from tiering.models import OverlayActivation, TierScheme
from tiering.models.overlays import TICK
from tiering.selectors.criteria import document_of, effective_version
from tiering.services.clock import database_now
from tiering.services.schedule import ensure_runs


@transaction.atomic
def request_overlay(
    *,
    scheme: TierScheme,
    overlay: str,
    reason: str,
    requested_by: User,
    starts: datetime | None = None,
    ends: datetime | None = None,
) -> OverlayActivation:
    """Ask that an overlay of the criteria in effect be on from a moment (None: from now) until another (None: until
    somebody ends it). Nothing changes before a second person approves it.

    Raises NotPermitted, NoCriteria, UnknownOverlay, OverlayEndsTooEarly, or OverlayAlreadyOn.
    """
    if not requested_by.has_perm("tiering.write_criteria"):
        raise NotPermitted
    TierScheme.objects.select_for_update(no_key=True).get(pk=scheme.pk)
    now = database_now()
    starts = starts or now
    if ends is not None and ends <= max(starts, now):
        raise OverlayEndsTooEarly
    _must_exist(scheme, overlay, now)
    overlapping = OverlayActivation.objects.filter(
        Q(ends=None) | (Q(ends__gt=starts) & Q(ends__gt=F("starts") + TICK)), scheme=scheme, overlay=overlay
    )
    if ends is not None:
        overlapping = overlapping.filter(starts__lt=ends)
    if overlapping.exists():
        raise OverlayAlreadyOn
    return OverlayActivation.objects.create(
        scheme=scheme, overlay=overlay, reason=reason, requested_by=requested_by, starts=starts, ends=ends
    )


@transaction.atomic
def approve_overlay(*, activation: OverlayActivation, approved_by: User) -> OverlayActivation:
    """Let an overlay be on for the time that was asked for, and from now at the earliest.

    Raises NotPermitted, OwnActivation, AlreadyApproved, OverlayOver, NoCriteria, or UnknownOverlay when the criteria
    in effect have lost it meanwhile.
    """
    if not approved_by.has_perm("tiering.publish_criteria"):
        raise NotPermitted
    found = _locked(activation)
    now = database_now()
    if found.requested_by_id == approved_by.pk:
        raise OwnActivation
    if found.approved_by_id is not None:
        raise AlreadyApproved
    if _is_over(found, now):
        raise OverlayOver
    _must_exist(found.scheme, found.overlay, now)
    found.approved_by, found.approved_at = approved_by, now
    found.save(update_fields=["approved_by", "approved_at"])
    transaction.on_commit(ensure_runs, robust=True)
    return found


@transaction.atomic
def end_overlay(
    *, activation: OverlayActivation, ended_by: User, at: datetime | None = None
) -> OverlayActivation:
    """End an overlay at a moment (None: now), earlier than it would; one that has not begun never will.

    Raises NotPermitted, OverlayOver, or OverlayEndsTooEarly for a moment in the past or after its end.
    """
    if not ended_by.has_perm("tiering.write_criteria"):
        raise NotPermitted
    found = _locked(activation)
    now = database_now()
    at = at or now
    if _is_over(found, now):
        raise OverlayOver
    if at < now or (found.ends is not None and at > found.ends):
        raise OverlayEndsTooEarly
    found.ends = max(at, found.starts + TICK)
    found.save(update_fields=["ends"])
    transaction.on_commit(ensure_runs, robust=True)
    return found


def _locked(activation: OverlayActivation) -> OverlayActivation:
    rows = OverlayActivation.objects.select_related("scheme").select_for_update(of=["self"])
    return rows.get(pk=activation.pk)


def _is_over(activation: OverlayActivation, now: datetime) -> bool:
    return activation.is_void or (activation.ends is not None and activation.ends <= now)


def _must_exist(scheme: TierScheme, overlay: str, now: datetime) -> None:
    version = effective_version(scheme, now)
    if version is None:
        raise NoCriteria
    if overlay not in {known.key for known in document_of(version).overlays}:
        raise UnknownOverlay(overlay=overlay)
