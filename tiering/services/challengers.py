"""Versions that run beside what is in effect, night after night, and change no tier."""

from django.db import IntegrityError, transaction

from crm.errors import NotPermitted
from crm.models import User
from tiering.errors import ShadowOfADraft
from tiering.errors_validation import AlreadyChallenging, ChallengeOver, ChallengerInEffect, ReasonRequired
from tiering.models import Challenger, CriteriaStep, CriteriaVersion
from tiering.selectors.criteria import effective_version
from tiering.services.clock import database_now


def start_challenge(*, version: CriteriaVersion, reason: str, started_by: User) -> Challenger:
    """Let an approved or published version run beside what is in effect, from the next night on.

    Raises NotPermitted, ReasonRequired, ShadowOfADraft, ChallengerInEffect or AlreadyChallenging.
    """
    if not started_by.has_perm("tiering.write_criteria"):
        raise NotPermitted
    if not reason.strip():
        raise ReasonRequired
    if version.status in (CriteriaVersion.Status.DRAFT, CriteriaVersion.Status.SUBMITTED):
        raise ShadowOfADraft
    scheme = version.criteria.scheme
    if version == effective_version(scheme, database_now()):
        raise ChallengerInEffect
    try:
        with transaction.atomic():
            return Challenger.objects.create(
                scheme=scheme, version=version, reason=reason, started_by=started_by
            )
    except IntegrityError as error:
        raise AlreadyChallenging from error


@transaction.atomic
def end_challenge(*, challenger: Challenger, ended_by: User) -> Challenger:
    """Let a version run beside the others no longer; what it found stays. Raises NotPermitted or ChallengeOver."""
    if not ended_by.has_perm("tiering.write_criteria"):
        raise NotPermitted
    found = Challenger.objects.select_for_update().get(pk=challenger.pk)
    if found.ended_at is not None:
        raise ChallengeOver
    found.ended_at, found.ended_by = database_now(), ended_by
    found.save(update_fields=["ended_at", "ended_by"])
    return found


def end_challenges_of(*, step: CriteriaStep) -> int:
    """End the challenge of a version that a step made a draft again, in the transaction of the caller; how many there
    were. A draft runs beside nothing: what it says may change."""
    running = Challenger.objects.filter(version=step.version_id, ended_at=None)
    return running.update(ended_at=database_now(), ended_by=step.by_id, ended_with=step)
