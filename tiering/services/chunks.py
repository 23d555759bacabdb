"""Chunks of a run: claimed under a lease, counted before they start, done part by part."""

import logging
import time
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now

from crm.models import Client
from tiering.errors import LostLease, failure_text
from tiering.models import Facts, RetierRequest, RunChunk, TieringRun
from tiering.models.runs import ATTEMPTS
from tiering.selectors.versions import versions_in_effect
from tiering.services.asked import ask_again
from tiering.services.clock import ClockTimestamp
from tiering.services.following import follow
from tiering.services.opening import open_run, opened
from tiering.services.renewal import renew_facts
from tiering.services.retier import Outcome, Part, settle, stage, staged
from tiering.services.subjects import Method, Scope, method_of
from tiering.services.trials import try_out
from tiering.services.turns import Turns

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=90)
LEASE_TO_OPEN = timedelta(seconds=270)
"""While a worker opens the run, which may take a pass over the whole book; no task lasts longer."""
PAUSE = timedelta(seconds=2)
TIME_FOR_ONE_TASK = 2.0
"""Seconds, after which changed records have their turn."""
MOMENT = 0.02  # seconds
CLIENTS_PER_COMMIT = 500
COUNTS = ("clients", "assessed", "assigned", "proposed")


@dataclass(frozen=True)
class Claim:
    """The right to work on a chunk until its lease ends or somebody else claims it."""

    chunk: int
    run: int
    token: UUID
    attempt: int


@dataclass
class Course:
    """The run that a task works on and its method, looked up once instead of for each chunk: once its terms are frozen,
    neither changes. And the turns that it takes with other workers."""

    run: TieringRun | None = None
    method: Method | None = None
    turns: Turns = field(default_factory=Turns)

    def opened(self, claim: Claim, *, terms: bool) -> TieringRun:
        """The run of the chunk, under way; with `terms`, these are frozen."""
        if self.run is not None and self.run.terms:
            return self.run
        self.run = _opened(claim, terms=terms)
        return self.run

    def method_of(self, run: TieringRun) -> Method:
        """How the subjects of the run are assessed, whose terms are frozen."""
        if self.method is None:
            self.method = method_of(run)
        return self.method


def work(*, run_id: int, seconds: float = TIME_FOR_ONE_TASK) -> bool:
    """Claim and work on chunks of a run until none is due or the time is used up; True when more may be due.

    Chunks that wait for another worker, who opens the run or has the last of its facts, are waited for.
    """
    deadline, course = time.monotonic() + seconds, Course()
    while time.monotonic() < deadline:
        claim = claim_chunk(run_id=run_id)
        if claim:
            attempt_chunk(claim, course)
        elif run_id in due_runs():
            time.sleep(MOMENT)
        else:
            return False
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
    return Claim(*claimed) if claimed else None


# Tiers wait for the facts of the whole book, and a run begins with one worker, who prepares it, while others do
# something else. What was tried less often comes first: a chunk that workers die on holds up none of the others, and
# deaths that follow each other closely fall on different ones. The chunk is chosen in a CTE, which is worked out once:
# as a part of the join it may be chosen anew for each row, and then several chunks are claimed and one of them is given
# out.
CLAIM = """
WITH run AS MATERIALIZED (
    SELECT run_id, bool_or(step = 'facts') AS awaits_facts,
           coalesce(bool_or(lease_until > clock_timestamp()), false) AS is_held
    FROM tiering_runchunk WHERE status = 'pending' AND (%(run)s IS NULL OR run_id = %(run)s) GROUP BY run_id
), due AS MATERIALIZED (
    SELECT k.id FROM tiering_runchunk k JOIN run USING (run_id) JOIN tiering_tieringrun r ON r.id = k.run_id
    WHERE k.status = 'pending' AND (k.lease_until IS NULL OR k.lease_until <= clock_timestamp())
    AND k.attempts < %(attempts)s AND NOT (run.awaits_facts AND k.step <> 'facts')
    AND NOT (run.is_held AND (r.status = 'pending' OR (k.step <> 'facts' AND r.terms = '{}')))
    ORDER BY k.attempts, k.id LIMIT 1 FOR UPDATE OF k SKIP LOCKED
)
UPDATE tiering_runchunk AS c
SET attempts = attempts + 1, token = gen_random_uuid(), started_at = clock_timestamp(),
    lease_until = clock_timestamp() + %(lease)s
FROM due WHERE c.id = due.id
RETURNING c.id, c.run_id, c.token, c.attempts
"""


def attempt_chunk(claim: Claim, course: Course) -> Outcome | None:
    """Work on a claimed chunk; a failure is recorded on it, and the last one allowed quarantines it."""
    try:
        return work_chunk(claim, course)
    except LostLease:
        logger.info("Chunk %s went to another worker", claim.chunk)
    except Exception as error:  # whatever it is, it is this chunk's, and the others go on
        logger.exception("Chunk %s of run %s failed, attempt %s", claim.chunk, claim.run, claim.attempt)
        _record_failure(claim, error)
    return None


def work_chunk(claim: Claim, course: Course | None = None) -> Outcome:
    """Bring the clients of a claimed chunk up to date and mark it done; what this attempt led to. Raises LostLease.

    `course` is what is known from chunks of the same run before.

    What changes is found first, then committed in parts of some hundred clients, so that nobody waits for long who
    edits one of them, and nobody at all for clients that stay as they are. Clients that somebody else is changing at
    this moment are not waited for: they get a request of their own.
    """
    with transaction.atomic():
        chunk = _held(claim)
    course = course or Course()
    run = course.opened(claim, terms=chunk.step != RunChunk.Step.FACTS)
    if run.kind != TieringRun.Kind.OFFICIAL:
        course.turns.wait()
        return _try_chunk(claim, run)
    if chunk.step != RunChunk.Step.TIERS:
        course.turns.wait()
        _renew_chunk(claim, run)
    if chunk.step == RunChunk.Step.FACTS:
        return Outcome()
    return _retier_chunk(claim, course, chunk, run)


def _opened(claim: Claim, *, terms: bool) -> TieringRun:
    """The run of the chunk, under way; whoever opens it holds the chunk for as long as that may last."""
    run = opened(claim.run, terms=terms)
    if run is None:
        _keep(claim, LEASE_TO_OPEN)
        run = open_run(claim.run, terms=terms)
        _keep(claim, LEASE)
    return run


@transaction.atomic
def _try_chunk(claim: Claim, run: TieringRun) -> Outcome:
    chunk = _held(claim)
    outcome = try_out(run, Scope(chunk.first_client, chunk.last_client), _clients_of(chunk))
    _advance(chunk, outcome, chunk.last_client)
    return outcome


@transaction.atomic
def _renew_chunk(claim: Claim, run: TieringRun) -> None:
    """Derive the facts of the chunk's clients, and answer the requests that ask for no more than that.

    Other schemes see the new facts at once, unless they have a run of their own that follows.
    """
    chunk = _held(claim)
    clients = _clients_of(chunk)
    waiting = _requests_of(run, chunk)
    versions = versions_in_effect(run.as_of)
    renewed, left = renew_facts(clients=clients, as_of=run.as_of, versions=versions)
    others = [version for version in versions if version.criteria_id != run.version.criteria_id]
    followed = bool(others) and run.trigger == TieringRun.Trigger.SCHEDULE
    if renewed and not followed:
        follow(clients=sorted(renewed), as_of=run.as_of, versions=others)
    # Facts of a retried chunk come after the tiers of their run.
    late = chunk.step == RunChunk.Step.FACTS and bool(run.terms)
    ask_again(left | (renewed if late else set()) - set(waiting.values()))
    _forget(run, chunk, waiting, left | renewed if late or followed else left)
    if chunk.step == RunChunk.Step.FACTS:
        _advance(chunk, Outcome(), chunk.last_client)


def _retier_chunk(claim: Claim, course: Course, chunk: RunChunk, run: TieringRun) -> Outcome:
    """Stage what is left of the chunk and carry it out part by part."""
    method, everybody = course.method_of(run), _looks_at_everybody(run)
    reached = chunk.first_client - 1 if chunk.reached is None else chunk.reached
    course.turns.wait()
    stage(method, Scope(reached + 1, chunk.last_client), everybody=everybody)
    total, parts = Outcome(), staged(CLIENTS_PER_COMMIT)
    for part in parts:
        course.turns.wait()
        last = chunk.last_client if part is parts[-1] else part.last
        total += _settle_part(claim, method, part, reached, last)
        reached = last
    return total


def _looks_at_everybody(run: TieringRun) -> bool:
    """A run that derives facts assesses everybody, whatever the ledger says: that costs little beside the facts."""
    return run.basis == TieringRun.Basis.RECORDS or settings.ASSESS_EVERYBODY


@transaction.atomic
def _settle_part(claim: Claim, method: Method, part: Part, after: int, last: int) -> Outcome:
    chunk = _held(claim)
    outcome = settle(method, part.changed)
    ask_again(outcome.left | part.unseen)
    looked_at = _known_between(after, last) - len(part.passed_over) - len(outcome.left)
    outcome = replace(outcome, clients=looked_at)
    _advance(chunk, outcome, last)
    return outcome


def _held(claim: Claim) -> RunChunk:
    """The chunk, locked, as long as the claim holds. Raises LostLease."""
    chunk = RunChunk.objects.select_for_update().filter(pk=claim.chunk, token=claim.token).first()
    if chunk is None or chunk.status != RunChunk.Status.PENDING:
        raise LostLease
    return chunk


@transaction.atomic
def _keep(claim: Claim, lease: timedelta) -> None:
    """Hold the chunk for so long from now on. Raises LostLease."""
    chunk = _held(claim)
    chunk.lease_until = ClockTimestamp() + lease
    chunk.save(update_fields=["lease_until"])


def _advance(chunk: RunChunk, outcome: Outcome, last: int) -> None:
    """Add what was done to the counts of the chunk, and go on from there; the end of the range is the end of it."""
    chunk.reached, chunk.failure = last, ""
    for name in COUNTS:
        setattr(chunk, name, getattr(chunk, name) + getattr(outcome, name))
    if last == chunk.last_client:
        chunk.status, chunk.finished_at = RunChunk.Status.DONE, ClockTimestamp()
    else:
        chunk.lease_until = ClockTimestamp() + LEASE
    chunk.save()


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


def _clients_of(chunk: RunChunk) -> list[int]:
    return list(Client.objects.filter(pk__range=_ids(chunk)).values_list("pk", flat=True))


def _ids(chunk: RunChunk) -> tuple[int, int]:
    """The first and the last id. To name a chunk's clients one by one costs as much as half of deriving their facts."""
    return chunk.first_client, chunk.last_client


def _known_between(after: int, last: int) -> int:
    """How many clients with facts have an id in the range."""
    return Facts.objects.filter(client__gt=after, client__lte=last, valid_to=None).count()


def _requests_of(run: TieringRun, chunk: RunChunk) -> dict[int, int]:
    """The requests of a chunk's clients that a run can answer, locked: by their id, the client.

    Those written before its as-of moment: their records are committed, and the run is about to read them.
    """
    requests = RetierRequest.objects.filter(client__pk__range=_ids(chunk), requested_at__lte=run.as_of)
    return dict(requests.select_for_update(skip_locked=True).values_list("pk", "client"))


def _forget(run: TieringRun, chunk: RunChunk, waiting: dict[int, int], unsettled: set[int]) -> None:
    """Delete the requests of a chunk that ask for nothing beyond this run: besides those of the unsettled clients, who
    could not be dealt with or whose new facts another scheme has to see, not those of whom something newer is known,
    which may be older than the record."""
    if not waiting:
        return
    newer = Facts.objects.filter(client__pk__range=_ids(chunk), valid_to=None, valid_from__gt=run.as_of)
    others = unsettled.union(newer.values_list("client", flat=True))
    answered = [pk for pk, client in waiting.items() if client not in others]
    RetierRequest.objects.filter(pk__in=answered).delete()


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
