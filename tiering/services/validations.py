"""Validations: asked for by a person, worked by a worker, kept for good."""

import logging
from collections.abc import Collection
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.db.models import F, Min, Q

from crm.errors import DomainError, NotPermitted
from crm.formats import day as told
from crm.models import User
from tiering.errors import CriteriaRefused
from tiering.errors_validation import (
    HorizonNotOver,
    HorizonTooShort,
    NothingKnownThen,
    TooManyDays,
    UnknownOutcome,
    ValidatesClientsOnly,
)
from tiering.facts import local_day
from tiering.models import CriteriaVersion, Facts, Validation
from tiering.selectors.criteria import document_of
from tiering.services.clock import database_now
from tiering.services.lifecycle import checked
from tiering.signals import validation_waiting
from tiering.validation.outcomes import OUTCOMES

logger = logging.getLogger(__name__)

MOST_DAYS = 24
ATTEMPTS = 3
LONGEST = timedelta(minutes=10)
"""A validation that has been running for longer was left by a worker that died."""
Status = Validation.Status


@transaction.atomic
def request_validation(
    *,
    version: CriteriaVersion,
    days: Collection[date],
    outcome: str,
    months: int,
    requested_by: User,
    basis: str = Validation.Basis.HELD,
) -> Validation:
    """Ask how well a version tells an outcome within so many months, of clients as they were known on some days.

    The horizon of each day must be over, and facts must be known of it. Raises NotPermitted, UnknownOutcome,
    HorizonTooShort, HorizonNotOver, NothingKnownThen, TooManyDays, ValidatesClientsOnly, or CriteriaRefused for a draft
    that makes no sense.
    """
    if not requested_by.has_perm("tiering.validate_criteria"):
        raise NotPermitted
    if document_of(version).subject != "client":
        raise ValidatesClientsOnly
    checked(version)
    _can_be_told(outcome, months)
    chosen = sorted(set(days))
    if len(chosen) > MOST_DAYS:
        raise TooManyDays(most=MOST_DAYS)
    _is_known(chosen, months)
    validation = Validation.objects.create(
        version=version,
        basis=basis,
        days=chosen,
        outcome=outcome,
        months=months,
        requested_by=requested_by,
    )
    transaction.on_commit(lambda: validation_waiting.send(sender=Validation, validation=validation.pk))
    return validation


def _can_be_told(outcome: str, months: int) -> None:
    if outcome not in OUTCOMES:
        raise UnknownOutcome
    least = OUTCOMES[outcome].least_months
    if months < least:
        raise HorizonTooShort(months=least)


def _is_known(days: Collection[date], months: int) -> None:
    """Whether everything needed of those days is known by now."""
    today = local_day(database_now())
    latest = today - relativedelta(months=months)
    if max(days) > latest:
        raise HorizonNotOver(end=told(max(days) + relativedelta(months=months)), latest=told(latest))
    earliest = Facts.objects.aggregate(at=Min("valid_from"))["at"]
    first = local_day(earliest) if earliest else None
    if first is None or min(days) < first:
        raise NothingKnownThen(day=told(min(days)), first=told(first or today))


def waiting() -> list[int]:
    """The ids of validations that nobody works on."""
    left = Q(status=Status.RUNNING, started_at__lt=database_now() - LONGEST)
    found = Validation.objects.filter(Q(status=Status.PENDING) | left)
    return list(found.order_by("pk").values_list("pk", flat=True))


def work_validation(pk: int) -> Validation | None:
    """Work on a validation that waits; None when somebody else does, or nothing is left to do.

    What goes wrong is told on its page; the third attempt is the last.
    """
    validation = _claimed(pk)
    if validation is None:
        return None
    try:
        found = _found(validation)
    except (DomainError, CriteriaRefused) as error:
        return _finished(validation, failure=str(error))
    except Exception as error:
        logger.exception("Validation %s failed", pk)
        return _failed(validation, error)
    return _finished(validation, findings=found)


def _found(validation: Validation) -> dict[str, object]:
    # Only here: NumPy and its libraries take a second to import.
    from tiering.validation.cohorts import cohort_of
    from tiering.validation.findings import findings

    outcome = OUTCOMES[validation.outcome]
    cohorts = [cohort_of(validation.version, day, outcome, validation.months) for day in validation.days]
    return findings(cohorts, "held" if validation.basis == Validation.Basis.HELD else "version")


def _claimed(pk: int) -> Validation | None:
    now = database_now()
    free = Q(status=Status.PENDING) | Q(status=Status.RUNNING, started_at__lt=now - LONGEST)
    spent = Validation.objects.filter(free, pk=pk, attempts__gte=ATTEMPTS)
    spent.update(status=Status.FAILED, finished_at=now)
    claimed = Validation.objects.filter(free, pk=pk).update(
        status=Status.RUNNING, started_at=now, attempts=F("attempts") + 1
    )
    if not claimed:
        return None
    return Validation.objects.select_related("version__criteria__scheme").get(pk=pk)


def _failed(validation: Validation, error: Exception) -> Validation:
    """Kept for another attempt, or given up."""
    if validation.attempts >= ATTEMPTS:
        return _finished(validation, failure=type(error).__name__)
    validation.status, validation.failure = Status.PENDING, type(error).__name__
    validation.save(update_fields=["status", "failure"])
    return validation


def _finished(
    validation: Validation, findings: dict[str, object] | None = None, failure: str = ""
) -> Validation:
    validation.status = Status.FAILED if failure else Status.DONE
    validation.failure, validation.findings = failure[:500], findings or {}
    validation.finished_at = database_now()
    validation.save(update_fields=["status", "failure", "findings", "finished_at"])
    return validation
