"""Chunks of a run: claimed under a lease, done in one transaction, counted before they start."""

import logging
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models.functions import Now

from crm.models import Client
from tiering.errors import LostLease, failure_text
from tiering.models import RetierRequest, RunChunk, TieringRun
from tiering.models.runs import ATTEMPTS
from tiering.services.retier import Outcome, lock_clients, retier

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=90)
PAUSE = timedelta(seconds=2)
TIME_FOR_ONE_TASK = 10.0


@dataclass(frozen=True)
class Claim:
    """The right to work on a chunk until its lease ends or somebody else claims it."""

    chunk: int
    run: int
    token: UUID
    attempt: int


def work(*, run_id: int, seconds: float = TIME_FOR_ONE_TASK) -> bool:
    """Claim and work on chunks of a run until none is due or the time is used up; True when more may be due."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        claim = claim_chunk(run_id=run_id)
        if claim is None:
            return False
        attempt_chunk(claim)
    return True


@transaction.atomic
def claim_chunk(*, run_id: int | None = None) -> Claim | None:
    """Take the next due chunk, of a run or of any, in a transaction of its own; None when none is due.

    The attempt is counted here: a worker that dies on the chunk cannot take the count back with it.
    """
    due: dict[str, Any] = {"run": run_id, "lease": LEASE, "attempts": ATTEMPTS}
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, due)
        claimed = cursor.fetchone()
    if claimed is None:
        return None
    claim = Claim(*claimed)
    TieringRun.objects.filter(pk=claim.run, status=TieringRun.Status.PENDING).update(
        status=TieringRun.Status.RUNNING
    )
    return claim


CLAIM = """
UPDATE tiering_runchunk AS c
SET attempts = attempts + 1, token = gen_random_uuid(), lease_until = clock_timestamp() + %(lease)s
FROM (
    SELECT id FROM tiering_runchunk
    WHERE status = 'pending' AND (lease_until IS NULL OR lease_until <= clock_timestamp())
    AND attempts < %(attempts)s AND (%(run)s IS NULL OR run_id = %(run)s)
    ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
) AS due
WHERE c.id = due.id
RETURNING c.id, c.run_id, c.token, c.attempts
"""


def attempt_chunk(claim: Claim) -> Outcome | None:
    """Work on a claimed chunk; a failure is recorded on it, and the last one allowed quarantines it."""
    try:
        return work_chunk(claim)
    except LostLease:
        logger.info("Chunk %s went to another worker", claim.chunk)
    except Exception as error:  # whatever it is, it is this chunk's, and the others go on
        logger.exception("Chunk %s of run %s failed, attempt %s", claim.chunk, claim.run, claim.attempt)
        _record_failure(claim, error)
    return None


@transaction.atomic
def work_chunk(claim: Claim) -> Outcome:
    """Re-tier the clients of a claimed chunk and mark it done, all of it or nothing. Raises LostLease.

    Clients that somebody else is changing at this moment are not waited for: they get a request of their own.
    """
    chunk = RunChunk.objects.select_for_update().filter(pk=claim.chunk, token=claim.token).first()
    if chunk is None or chunk.status != RunChunk.Status.PENDING:
        raise LostLease
    run = TieringRun.objects.select_related("version__criteria").defer("version__document").get(pk=claim.run)
    wanted = list(
        Client.objects.filter(pk__range=(chunk.first_client, chunk.last_client)).values_list("pk", flat=True)
    )
    locked = lock_clients(wanted)
    RetierRequest.objects.bulk_create(
        RetierRequest(client_id=client) for client in sorted(set(wanted).difference(locked))
    )
    waiting = _requests_of(run, locked)
    outcome = retier(run=run, as_of=run.as_of, clients=locked)
    answered = [pk for pk, client in waiting.items() if client in outcome.looked_at]
    RetierRequest.objects.filter(pk__in=answered).delete()
    chunk.status, chunk.finished_at, chunk.failure = RunChunk.Status.DONE, Now(), ""
    for name in ("clients", "assessed", "assigned", "proposed"):
        setattr(chunk, name, getattr(outcome, name))
    chunk.save()
    return outcome


def quarantine_spent() -> int:
    """Set aside the chunks whose last attempt ended without a word: their workers died or ran out of time."""
    spent = RunChunk.objects.filter(
        status=RunChunk.Status.PENDING, attempts__gte=ATTEMPTS, lease_until__lte=Now()
    )
    for chunk in spent:
        logger.error("Chunk %s of run %s is quarantined: its workers died", chunk.pk, chunk.run_id)
    return spent.update(status=RunChunk.Status.QUARANTINED, failure="worker died")


def due_runs() -> dict[int, int]:
    """By run id, how many of its chunks could be claimed now."""
    with connection.cursor() as cursor:
        cursor.execute(DUE, {"attempts": ATTEMPTS})
        return dict(cursor.fetchall())


DUE = """
SELECT run_id, count(*) FROM tiering_runchunk
WHERE status = 'pending' AND attempts < %(attempts)s
AND (lease_until IS NULL OR lease_until <= clock_timestamp())
GROUP BY run_id ORDER BY run_id
"""


def _requests_of(run: TieringRun, clients: list[int]) -> dict[int, int]:
    """The requests that a run can answer, locked: by their id, the client.

    Those written before its as-of moment: their records are committed, and the run is about to read them. Not answered
    are those of clients that it then passes over: what is known of these may be older than the record.
    """
    requests = RetierRequest.objects.filter(client__in=clients, requested_at__lte=run.as_of)
    return dict(requests.select_for_update(skip_locked=True).values_list("pk", "client"))


def _record_failure(claim: Claim, error: Exception) -> None:
    failure: dict[str, Any] = {
        "chunk": claim.chunk,
        "token": claim.token,
        "failure": failure_text(error),
        "pause": PAUSE * claim.attempt,
        "attempts": ATTEMPTS,
    }
    with connection.cursor() as cursor:
        cursor.execute(FAIL, failure)
        failed = cursor.fetchone()
    if failed and failed[0] == RunChunk.Status.QUARANTINED:
        logger.error("Chunk %s of run %s is quarantined", claim.chunk, claim.run)


FAIL = """
UPDATE tiering_runchunk
SET failure = %(failure)s, token = NULL, lease_until = clock_timestamp() + %(pause)s,
    status = CASE WHEN attempts >= %(attempts)s THEN 'quarantined' ELSE 'pending' END
WHERE id = %(chunk)s AND token = %(token)s AND status = 'pending'
RETURNING status
"""
