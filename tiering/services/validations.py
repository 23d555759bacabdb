"""Validations: asked for by a person, worked by a worker, kept for good."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from crm.errors import NotPermitted
from crm.models import User
from tiering.models import CriteriaVersion, Validation
from tiering.services.jobs import work
from tiering.services.questions import check_terms
from tiering.signals import job_waiting
from tiering.validation.outcomes import OUTCOMES


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

    Raises NotPermitted, or what `check_terms` does.
    """
    if not requested_by.has_perm("tiering.validate_criteria"):
        raise NotPermitted
    chosen = check_terms(version, days, outcome, months)
    validation = Validation.objects.create(
        version=version,
        basis=basis,
        days=chosen,
        outcome=outcome,
        months=months,
        requested_by=requested_by,
    )
    transaction.on_commit(lambda: job_waiting.send(sender=Validation, job=validation.pk))
    return validation


def work_validation(pk: int) -> Validation | None:
    """Do a validation that waits; None when somebody else does, or nothing is left to do."""
    return work(Validation, pk, _found)


def figures(
    version: CriteriaVersion, days: Sequence[date], outcome: str, months: int, basis: str
) -> dict[str, Any]:
    """The answer (`tiering.validation.findings`) to a question that `check_terms` let pass. It looks at the whole book
    once for each day."""
    # Only here: NumPy and its libraries take a second to import.
    from tiering.validation.cohorts import cohort_of
    from tiering.validation.findings import findings

    cohorts = [cohort_of(version, day, OUTCOMES[outcome], months) for day in days]
    return findings(cohorts, "held" if basis == Validation.Basis.HELD else "version", months)


def _found(one: Validation) -> dict[str, Any]:
    return {"findings": figures(one.version, one.days, one.outcome, one.months, one.basis)}
