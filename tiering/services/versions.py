"""What becomes of versions alike, of criteria and of policies: one supersedes the other, and drafts are removed."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Max, ProtectedError, QuerySet

from tiering.errors import DraftIsUsed, EffectiveTooEarly, EffectiveTooLate, NotADraft
from tiering.models import CriteriaVersion, PolicyVersion

AT_ONCE = "Put in effect at once."
MOST_YEARS = 10
"""How far ahead a version takes effect at most: no other one can take effect before it."""

Status = CriteriaVersion.Status


def supersede_former(
    versions: QuerySet[CriteriaVersion] | QuerySet[PolicyVersion], now: datetime, effective_from: datetime
) -> None:
    """Let what is published of `versions` make room for what takes effect. Raises EffectiveTooLate, or EffectiveTooEarly
    where another one takes effect later."""
    if effective_from > now + timedelta(days=MOST_YEARS * 365):
        raise EffectiveTooLate(years=MOST_YEARS)
    decided = versions.exclude(status__in=CriteriaVersion.IN_PREPARATION)
    latest = decided.aggregate(at=Max("effective_from"))["at"]
    if latest and effective_from <= latest:
        raise EffectiveTooEarly
    decided.filter(status=Status.PUBLISHED).update(status=Status.SUPERSEDED)


def remove_draft(version: CriteriaVersion | PolicyVersion) -> None:
    """Raises NotADraft, or DraftIsUsed when a run or another draft rests on it."""
    if version.status != Status.DRAFT:
        raise NotADraft
    try:
        version.delete()
    except ProtectedError as error:
        raise DraftIsUsed from error
