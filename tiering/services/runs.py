"""Runs over the whole book: how one is started and cut, and when it is over."""

import logging
import time
import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from crm.errors import NotPermitted
from crm.models import User
from tiering.core.check import check
from tiering.errors import (
    CriteriaRefused,
    NoCriteria,
    NotInEffect,
    RanksNeedFacts,
    RunInTheFuture,
    ShadowOfADraft,
)
from tiering.facts import local_day
from tiering.models import CriteriaVersion, RunChunk, TieringRun, TierScheme
from tiering.selectors.catalogue import open_catalogue
from tiering.selectors.criteria import document_of, effective_version, primary_scheme
from tiering.services import chunks
from tiering.services.clock import database_now
from tiering.signals import run_waiting

logger = logging.getLogger(__name__)

CLIENTS_PER_CHUNK = 4_000
"""Of a run whose facts are derived; twice as many gain nothing more."""
CLIENTS_BY_FACTS = 50_000
"""Of one that reads facts and writes what changes: of half as many each costs some five per cent more."""
CLIENTS_BY_TRIAL = 10_000
"""Of one that reads facts and writes a row for everybody."""


def start_run(
    *,
    requested_by: User | None,
    trigger: str = TieringRun.Trigger.MANUAL,
    as_of: datetime | None = None,
    kind: str = TieringRun.Kind.OFFICIAL,
    basis: str = TieringRun.Basis.RECORDS,
    scheme: TierScheme | None = None,
    version: CriteriaVersion | None = None,
    slot: str | None = None,
) -> TieringRun:
    """Start a run over every client, as of a moment (None: now).

    Officially by the criteria in effect at that moment, of a scheme (None: the primary one). What only tries something
    out may name any `version` that could be published: a draft as well, except that a shadow of what is in effect is
    of one that somebody approved. `basis` says whether facts are derived from the records or those in force are read.

    `slot` makes it the one run of some event: a second call with the same one returns the first's. `requested_by` is
    the maker of the proposals that come of it (None: the system). Work begins when the transaction commits.
    Raises NotPermitted, RunInTheFuture, NoCriteria, NotInEffect, ShadowOfADraft, CriteriaRefused, or RanksNeedFacts.
    """
    if requested_by is not None and not requested_by.has_perm("tiering.start_runs"):
        raise NotPermitted
    now = database_now()
    as_of = as_of or now
    if as_of > now:
        raise RunInTheFuture
    version = _version_for(kind, scheme, version, as_of)
    # Ranks are among the stored facts of everybody, and a trial stores none of those that it derives.
    by_records = kind != TieringRun.Kind.OFFICIAL and basis == TieringRun.Basis.RECORDS
    if by_records and document_of(version).rank_placements:
        raise RanksNeedFacts
    terms = RunTerms(kind, trigger, slot or str(uuid.uuid4()), version, as_of, basis)
    return make_run(terms, requested_by) or TieringRun.objects.get(
        kind=kind, trigger=trigger, slot=terms.slot, version=version
    )


def _version_for(
    kind: str, scheme: TierScheme | None, version: CriteriaVersion | None, as_of: datetime
) -> CriteriaVersion:
    scheme = version.criteria.scheme if version else scheme or primary_scheme()
    in_effect = effective_version(scheme, as_of) if scheme else None
    if version is None:
        if in_effect is None:
            raise NoCriteria
        return in_effect
    if kind == TieringRun.Kind.OFFICIAL and version != in_effect:
        raise NotInEffect
    not_approved = (CriteriaVersion.Status.DRAFT, CriteriaVersion.Status.SUBMITTED)
    if kind == TieringRun.Kind.SHADOW and version.status in not_approved:
        raise ShadowOfADraft
    if version.status in CriteriaVersion.IN_PREPARATION:
        refusals = check(document_of(version), open_catalogue())
        if refusals:
            raise CriteriaRefused(refusals)
    return version


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


@dataclass(frozen=True)
class RunTerms:
    """What makes a run the one that it is."""

    kind: str
    trigger: str
    slot: str
    version: CriteriaVersion
    as_of: datetime
    basis: str


@transaction.atomic
def make_run(terms: RunTerms, requested_by: User | None = None) -> TieringRun | None:
    """The run with its chunks, or None when its slot has one already."""
    run, is_new = TieringRun.objects.get_or_create(
        kind=terms.kind,
        trigger=terms.trigger,
        slot=terms.slot,
        version=terms.version,
        defaults={"as_of": terms.as_of, "basis": terms.basis, "requested_by": requested_by},
    )
    if not is_new:
        return None
    for step, size in _steps(run):
        with connection.cursor() as cursor:
            cursor.execute(CUT, {"run": run.pk, "step": step, "size": size})
    transaction.on_commit(lambda: run_waiting.send(sender=TieringRun, run=run.pk))
    return run


def _steps(run: TieringRun) -> list[tuple[str, int]]:
    """How the book is cut. Facts of everybody come first where tiers depend on everybody's; large chunks where little
    is written, small ones where each client costs something."""
    step = RunChunk.Step
    if run.basis == TieringRun.Basis.FACTS:
        official = run.kind == TieringRun.Kind.OFFICIAL
        return [(step.TIERS, CLIENTS_BY_FACTS if official else CLIENTS_BY_TRIAL)]
    if run.kind == TieringRun.Kind.OFFICIAL and document_of(run.version).rank_placements:
        return [(step.FACTS, CLIENTS_PER_CHUNK), (step.TIERS, CLIENTS_BY_FACTS)]
    return [(step.WHOLE, CLIENTS_PER_CHUNK)]


# As many ids as that belong to no more clients, so that nobody is counted; ids that nobody has are passed over.
CUT = """
WITH RECURSIVE cut (first) AS (
    SELECT min(id) FROM crm_client
    UNION ALL
    SELECT (SELECT min(id) FROM crm_client WHERE id >= cut.first + %(size)s)
    FROM cut WHERE cut.first IS NOT NULL
)
INSERT INTO tiering_runchunk
    (run_id, step, first_client, last_client, status, attempts, failure, clients, assessed, assigned, proposed)
SELECT %(run)s, %(step)s, first, coalesce(lead(first) OVER (ORDER BY first) - 1, (SELECT max(id) FROM crm_client)),
       'pending', 0, '', 0, 0, 0, 0
FROM cut WHERE first IS NOT NULL ORDER BY first
"""
