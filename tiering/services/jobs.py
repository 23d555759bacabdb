"""Work that one worker does at most at a time, and that another takes up when its worker died."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final, TypeVar

from django.db.models import F, Q

from crm.errors import DomainError
from tiering.models.jobs import Job
from tiering.services.clock import database_now

logger = logging.getLogger(__name__)

ATTEMPTS: Final = 3
LONGEST: Final = timedelta(minutes=10)
"""What has been under way for longer was left by a worker that died: its task has a limit below that."""
Status = Job.Status
AnyJob = TypeVar("AnyJob", bound=Job)


def waiting(model: type[Job]) -> list[int]:
    """The ids of jobs that nobody works on."""
    return list(model._default_manager.filter(_free()).order_by("pk").values_list("pk", flat=True))


def work(model: type[AnyJob], pk: int, find: Callable[[AnyJob], dict[str, Any]]) -> AnyJob | None:
    """Do a job that waits, and keep what `find` gives for its fields; None when somebody else is at it, or it is done.

    A refusal is final and told as it is; after another failure the job waits for the next attempt, the third of which
    is the last.
    """
    job = _claimed(model, pk)
    if job is None:
        return None
    try:
        found = find(job)
    except DomainError as error:
        return _finished(job, {"failure": str(error)[:500]})
    except Exception as error:
        logger.exception("%s %s failed", model.__name__, pk)
        return _failed(job, type(error).__name__)
    return _finished(job, found)


def _free() -> Q:
    return Q(status=Status.PENDING) | Q(status=Status.RUNNING, started_at__lt=database_now() - LONGEST)


def _claimed(model: type[AnyJob], pk: int) -> AnyJob | None:
    now, free = database_now(), model._default_manager.filter(_free(), pk=pk)
    free.filter(attempts__gte=ATTEMPTS).update(status=Status.FAILED, finished_at=now)
    taken = free.update(status=Status.RUNNING, started_at=now, attempts=F("attempts") + 1)
    return model._default_manager.get(pk=pk) if taken else None


def _failed(job: AnyJob, failure: str) -> AnyJob:
    if job.attempts >= ATTEMPTS:
        return _finished(job, {"failure": failure})
    job.status, job.failure = Status.PENDING, failure
    job.save(update_fields=["status", "failure"])
    return job


def _finished(job: AnyJob, found: dict[str, Any]) -> AnyJob:
    told = {"failure": "", **found, "finished_at": database_now()}
    told["status"] = Status.FAILED if told["failure"] else Status.DONE
    for name, value in told.items():
        setattr(job, name, value)
    job.save(update_fields=list(told))
    return job
