"""Runs over the whole book: when one is due, how it is cut, and when it is over."""

import logging
import time
import uuid
from datetime import datetime, timedelta
from datetime import time as clock_time

from django.db import connection, transaction
from django.utils import timezone

from crm.errors import NotPermitted
from crm.models import User
from tiering.errors import NoCriteria, NotYetPossible, RunInTheFuture
from tiering.facts import local_day
from tiering.models import CriteriaVersion, TieringRun, TierScheme
from tiering.selectors.criteria import effective_version, primary_scheme
from tiering.services import chunks
from tiering.services.clock import database_now
from tiering.signals import run_waiting

logger = logging.getLogger(__name__)

DAILY_AT = clock_time(2, 0)
LATE = timedelta(minutes=10)
CLIENTS_PER_CHUNK = 500


def ensure_runs() -> list[TieringRun]:
    """Make the scheduled run that is due and missing; safe to call at any time, from anywhere, as often as one likes.

    One run for each day (from 02:00 where the institution is) and version of the primary scheme, so a version that
    takes effect during the day is applied the same day. Only the latest day is made up for: a run looks at the book
    as it is now, and would find for the days before it what it finds today.
    """
    scheme, now = primary_scheme(), database_now()
    version = effective_version(scheme, now) if scheme else None
    if version is None:
        return []
    due = _latest_slot(now)
    run = _make_run(TieringRun.Trigger.SCHEDULE, due.date().isoformat(), version, now, None)
    if run is None:
        return []
    if now - due > LATE:
        logger.warning("The run of %s starts %s late", run.slot, now - due)
    return [run]


def start_run(
    *,
    requested_by: User | None,
    trigger: str = TieringRun.Trigger.MANUAL,
    as_of: datetime | None = None,
    kind: str = TieringRun.Kind.OFFICIAL,
    scheme: TierScheme | None = None,
    slot: str | None = None,
) -> TieringRun:
    """Start a run over every client, as of a moment (None: now) and by the criteria in effect at it.

    `slot` makes it the one run of some event: a second call with the same one returns the first's. `requested_by` is
    the maker of the proposals that come of it (None: the system). Work begins when the transaction commits.
    Raises NotPermitted, NotYetPossible for a kind that is not carried out yet, RunInTheFuture, NoCriteria.
    """
    if requested_by is not None and not requested_by.has_perm("tiering.start_runs"):
        raise NotPermitted
    if kind != TieringRun.Kind.OFFICIAL:
        raise NotYetPossible
    now = database_now()
    as_of = as_of or now
    if as_of > now:
        raise RunInTheFuture
    scheme = scheme or primary_scheme()
    version = effective_version(scheme, as_of) if scheme else None
    if version is None:
        raise NoCriteria
    slot = slot or str(uuid.uuid4())
    made = _make_run(trigger, slot, version, as_of, requested_by)
    return made or TieringRun.objects.get(kind=kind, trigger=trigger, slot=slot, version=version)


def change_run(version: CriteriaVersion, as_of: datetime) -> TieringRun:
    """The run that gathers what changed records led to during a day; its assessments hold from moments of their own."""
    run, _ = TieringRun.objects.get_or_create(
        kind=TieringRun.Kind.OFFICIAL,
        trigger=TieringRun.Trigger.CHANGE,
        slot=local_day(as_of).isoformat(),
        version=version,
        defaults={"as_of": as_of, "status": TieringRun.Status.RUNNING},
    )
    run.version = version
    return run


def work_through(run: TieringRun) -> TieringRun:
    """Work on a run in this process, beside any worker, until it is over."""
    while True:
        chunks.work(run_id=run.pk)
        finish_runs()
        run.refresh_from_db()
        if run.finished_at:
            return run
        time.sleep(0.2)


def finish_runs() -> int:
    """Close the runs none of whose chunks waits, and the change runs of earlier days; the number of closed runs."""
    with connection.cursor() as cursor:
        cursor.execute(FINISH, {"today": local_day(database_now()).isoformat()})
        finished = cursor.fetchall()
    for pk, status in finished:
        if status == TieringRun.Status.QUARANTINED:
            logger.error("Run %s ended with quarantined chunks", pk)
    return len(finished)


FINISH = """
UPDATE tiering_tieringrun AS r
SET finished_at = clock_timestamp(), status = CASE
    WHEN EXISTS (SELECT FROM tiering_runchunk c WHERE c.run_id = r.id AND c.status = 'quarantined')
    THEN 'quarantined' ELSE 'done' END
WHERE r.finished_at IS NULL
AND NOT EXISTS (SELECT FROM tiering_runchunk c WHERE c.run_id = r.id AND c.status = 'pending')
AND (r.trigger <> 'change' OR r.slot < %(today)s)
RETURNING r.id, r.status
"""


@transaction.atomic
def _make_run(
    trigger: str, slot: str, version: CriteriaVersion, as_of: datetime, requested_by: User | None
) -> TieringRun | None:
    """The run of the slot with its chunks, or None when the slot has one already."""
    run, is_new = TieringRun.objects.get_or_create(
        kind=TieringRun.Kind.OFFICIAL,
        trigger=trigger,
        slot=slot,
        version=version,
        defaults={"as_of": as_of, "requested_by": requested_by},
    )
    if not is_new:
        return None
    with connection.cursor() as cursor:
        cursor.execute(CUT, {"run": run.pk, "size": CLIENTS_PER_CHUNK})
    transaction.on_commit(lambda: run_waiting.send(sender=TieringRun, run=run.pk))
    return run


CUT = """
INSERT INTO tiering_runchunk
    (run_id, first_client, last_client, status, attempts, failure, clients, assessed, assigned, proposed)
SELECT %(run)s, min(id), max(id), 'pending', 0, '', 0, 0, 0, 0
FROM (SELECT id, (row_number() OVER (ORDER BY id) - 1) / %(size)s AS part FROM crm_client) AS numbered
GROUP BY part
"""


def _latest_slot(now: datetime) -> datetime:
    """When the latest day's run was due."""
    local = now.astimezone(timezone.get_default_timezone())
    day = local.date() if local.time() >= DAILY_AT else local.date() - timedelta(days=1)
    return datetime.combine(day, DAILY_AT, tzinfo=local.tzinfo)
