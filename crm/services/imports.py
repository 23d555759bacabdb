"""Imports: a file is staged, mapped, checked and applied; the last two in the background, each in one transaction.

A job's row is the truth: whoever works on it claims it with a lease, and the work commits only under that claim. Killing
a process at any moment loses nothing: the claim runs out and `due_imports` names the job again.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

import pghistory
from celery import current_app
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now

from crm.errors import NotPermitted
from crm.imports import mapping as mappings
from crm.imports import passes
from crm.imports.batch import Batch
from crm.imports.errors import TwinsUndecided, UnknownChoice, WrongMoment
from crm.imports.kinds import KINDS
from crm.imports.readers import read_table
from crm.imports.staging import stage
from crm.models import ImportJob, ImportTwin, User
from crm.services import claims
from crm.services.claims import MAX_ATTEMPTS
from crm.signals import records_changed

logger = logging.getLogger(__name__)

RUNNING = (ImportJob.Status.CHECKING, ImportJob.Status.APPLYING, ImportJob.Status.UNDOING)
OPEN = (ImportJob.Status.STAGED, ImportJob.Status.CHECKED, ImportJob.Status.REFUSED)
DECIDABLE = (ImportJob.Status.CHECKED, ImportJob.Status.REFUSED)
WRITTEN = (ImportJob.Status.CHECKED, ImportJob.Status.APPLIED)
REMEMBERED = 20
STATEMENT_TIMEOUT = "240s"


@transaction.atomic
def stage_file(*, by: User | None, kind: str, name: str, data: bytes, encoding: str = "") -> ImportJob:
    """Read a file and keep its rows, with a suggested mapping; `by` None is the system itself.

    Raises NotPermitted, and UnreadableFile's kinds with what to do about the file.
    """
    _require(by)
    table = read_table(name, data, encoding)
    job = ImportJob.objects.create(
        kind=kind,
        file_name=name[-255:],
        file_sha256=hashlib.sha256(data).hexdigest(),
        encoding=table.encoding,
        delimiter=table.delimiter,
        sheet=table.sheet[:100],
        header=table.header,
        uploaded_by=by,
    )
    _suggest(job)
    job.rows = stage(job, table)
    job.save(update_fields=["rows", "mapping", "constants", "translations", "records"])
    return job


def _suggest(job: ImportJob) -> None:
    """What the columns meant when a file of this kind and source was read last; else what their headers say.

    Files are of one source where the columns that were used have the same names; one's own are looked at first, then
    those of the team.
    """
    job.mapping = mappings.suggest(job.kind, job.header)
    past = ImportJob.objects.filter(kind=job.kind, status__in=WRITTEN, uploaded_by__isnull=False)
    by = job.uploaded_by
    own = past.filter(uploaded_by=by).order_by("-id")[:REMEMBERED]
    of_team = (
        past.filter(uploaded_by__team=by.team_id).order_by("-id")[:REMEMBERED] if by and by.team_id else ()
    )
    header = set(job.header)
    for earlier in (*own, *of_team):
        if earlier.mapping and header.issuperset(earlier.mapping.values()):
            fresh = header - set(earlier.header)
            added = {name: column for name, column in job.mapping.items() if column in fresh}
            job.mapping = {**added, **earlier.mapping}
            job.constants, job.translations = earlier.constants, earlier.translations
            job.records = {"remembered": earlier.pk}
            return


@dataclass(frozen=True, kw_only=True)
class Setup:
    """How a job's rows are to be read: see the fields of `ImportJob`."""

    mapping: Mapping[str, str]
    constants: Mapping[str, str] = field(default_factory=dict)
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    add_reference_data: bool = False


@transaction.atomic
def start_check(*, by: User | None, job: ImportJob, setup: Setup, ring: bool = True) -> ImportJob:
    """Check the rows without writing any: the dry run. Raises WrongMoment, and what `mapping.check` finds."""
    job = _open(by, job, OPEN)
    _set_up(job, setup)
    return _start(job, ImportJob.Status.CHECKING, ring)


@transaction.atomic
def start_import(
    *, by: User | None, job: ImportJob, setup: Setup, keep_good_rows: bool, ring: bool = True
) -> ImportJob:
    """Check and apply in one go; rows that look like a record make new ones unless the setup says otherwise.

    Raises WrongMoment, and what `mapping.check` finds.
    """
    job = _open(by, job, OPEN)
    _set_up(job, setup)
    if KINDS[job.kind].has_twins:
        job.constants.setdefault(mappings.ALIKE, ImportTwin.Choice.NEW)
    job.keep_good_rows = keep_good_rows
    return _start(job, ImportJob.Status.APPLYING, ring)


@transaction.atomic
def start_apply(*, by: User | None, job: ImportJob, keep_good_rows: bool, ring: bool = True) -> ImportJob:
    """Write the good rows, or nothing where `keep_good_rows` is false and a row is refused.

    Raises WrongMoment, and TwinsUndecided where somebody has to choose first what becomes of rows.
    """
    job = _open(by, job, DECIDABLE)
    if undecided := job.twins.filter(choice="").count():
        raise TwinsUndecided(rows=undecided)
    job.keep_good_rows = keep_good_rows
    return _start(job, ImportJob.Status.APPLYING, ring)


@transaction.atomic
def choose_twins(
    *, by: User | None, job: ImportJob, choice: str, lines: Collection[int] | None = None
) -> int:
    """Say what becomes of rows that look like a record: of these lines, or (None) of all that nobody has chosen for.

    How many rows it holds for: those that look like an earlier row, or a client of somebody else, update nothing.
    Raises WrongMoment, and UnknownChoice.
    """
    job = _open(by, job, DECIDABLE)
    if choice not in ImportTwin.Choice.values:
        raise UnknownChoice(value=choice)
    twins = job.twins.filter(choice="") if lines is None else job.twins.filter(line__in=lines)
    if choice == ImportTwin.Choice.UPDATE:
        twins = twins.filter(may_update=True)
    return twins.update(choice=choice)


@transaction.atomic
def check_again(*, by: User | None, job: ImportJob, ring: bool = True) -> ImportJob:
    """Check the rows once more as they were set up, with what was chosen since. Raises WrongMoment."""
    return _start(_open(by, job, DECIDABLE), ImportJob.Status.CHECKING, ring)


@transaction.atomic
def reopen(*, by: User | None, job: ImportJob) -> ImportJob:
    """Back to the mapping. Raises WrongMoment for a job that runs or is done."""
    job = _open(by, job, OPEN)
    job.status = ImportJob.Status.STAGED
    job.save(update_fields=["status"])
    return job


@transaction.atomic
def start_undo(*, by: User | None, job: ImportJob, ring: bool = True) -> ImportJob:
    """Take back what an import wrote, its changes too; what somebody went on with stays. Raises WrongMoment."""
    job = _open(by, job, (ImportJob.Status.APPLIED,))
    if job.written_in is None:
        raise WrongMoment
    return _start(job, ImportJob.Status.UNDOING, ring)


def due_imports() -> list[int]:
    """Jobs that wait for work and that nobody holds."""
    return claims.due(ImportJob, RUNNING)


def run_import(job_id: int) -> None:
    """Do the work a job waits for, unless somebody else holds it. Safe to repeat.

    Two imports may create the same record at once: the later one fails on the constraint, and checks its rows again.
    """
    for _ in range(MAX_ATTEMPTS):
        job = _claim(job_id)
        if job is None:
            return
        try:
            _work(job)
            return
        except IntegrityError:
            logger.warning("Import %s met a concurrent change; checking again", job_id)
            claims.release(job)
        except BaseException:
            claims.release(job)
            raise


def _require(by: User | None) -> None:
    if by is not None and not by.has_perm("crm.import_records"):
        raise NotPermitted


def _open(by: User | None, job: ImportJob, statuses: tuple[str, ...]) -> ImportJob:
    """The job, locked. A job is its uploader's alone."""
    _require(by)
    job = ImportJob.objects.select_for_update().get(pk=job.pk)
    if job.uploaded_by_id != (by.pk if by else None):
        raise NotPermitted
    if job.status not in statuses:
        raise WrongMoment
    return job


def _set_up(job: ImportJob, setup: Setup) -> None:
    job.mapping, job.constants = dict(setup.mapping), dict(setup.constants)
    job.translations = {name: dict(words) for name, words in setup.translations.items()}
    job.add_reference_data = setup.add_reference_data
    mappings.check(job, may_add_metrics=Batch(job, job.uploaded_by).may_add_reference_data)


def _start(job: ImportJob, status: str, ring: bool) -> ImportJob:
    job.status, job.attempts, job.lease_until, job.failure = status, 0, None, ""
    job.save()
    if ring:
        transaction.on_commit(partial(_ring, job.pk), robust=True)
    return job


def _ring(job_id: int) -> None:
    """Only a doorbell: when the broker is away, the sweeper finds the job."""
    current_app.send_task("crm.tasks.run_import", args=[job_id])


def _look_for_duplicates() -> None:
    """Only a doorbell, too: what the import made is compared with the book before the night, which looks anyway."""
    current_app.send_task("crm.tasks.look_for_duplicates")


def _claim(job_id: int) -> ImportJob | None:
    """The job with a lease; None where it is held, done or given up."""
    job = claims.claim(
        ImportJob, job_id, RUNNING, status=ImportJob.Status.FAILED, failure="too_many_attempts"
    )
    given_up = ImportJob.objects.filter(
        pk=job_id, failure="too_many_attempts", status=ImportJob.Status.FAILED
    )
    if job is None and given_up.exists():
        logger.error("Import %s failed %s times and is given up", job_id, MAX_ATTEMPTS)
        # What could not be taken back stands as it was applied.
        given_up.filter(written_in__isnull=False).update(
            status=ImportJob.Status.APPLIED, failure="undo_given_up"
        )
    return job


def _work(claimed: ImportJob) -> None:
    author: dict[str, Any] = {"user": claimed.uploaded_by_id} if claimed.uploaded_by_id else {}
    act = "undone_import" if claimed.status == ImportJob.Status.UNDOING else "import_job"
    with pghistory.context(**{act: claimed.pk}, **author) as context, transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = %s", [STATEMENT_TIMEOUT])
            # Statistics never fit a file that has just come in, and one nested loop over two large sets takes hours.
            cursor.execute("SET LOCAL enable_nestloop = off")
            # A file of a hundred thousand rows is sorted and joined in memory rather than on the disk.
            cursor.execute("SET LOCAL work_mem = '64MB'")
        held = ImportJob.objects.select_for_update(of=("self",)).select_related("uploaded_by")
        job = held.filter(pk=claimed.pk, attempts=claimed.attempts, status=claimed.status).first()
        if job is None:  # the lease ran out and another worker took over
            return
        if job.uploaded_by and not job.uploaded_by.has_perm("crm.import_records"):
            _finish(job, ImportJob.Status.FAILED, failure="not_permitted")
        elif job.status == ImportJob.Status.UNDOING:
            _undo(job)
        else:
            _check_or_apply(job, context.id)


def _undo(job: ImportJob) -> None:
    undone = passes.take_back(job)
    job.records |= {"removed": sum(undone.removed.values()), "restored": sum(undone.restored.values())}
    job.records["kept"] = undone.kept
    records_changed()
    _finish(job, ImportJob.Status.UNDONE)


def _check_or_apply(job: ImportJob, written_in: UUID) -> None:
    batch = Batch(job, job.uploaded_by)
    passes.check(batch)
    if job.status == ImportJob.Status.CHECKING:
        status = ImportJob.Status.CHECKED
    elif job.held_back and not job.keep_good_rows:
        status = ImportJob.Status.REFUSED
    else:
        passes.write(batch)
        status, job.written_in = ImportJob.Status.APPLIED, written_in
        if job.changes:
            records_changed()
        if job.kind == ImportJob.Kind.CLIENTS and job.changes:
            transaction.on_commit(_look_for_duplicates, robust=True)
    job.records = batch.records
    _finish(job, status)


def _finish(job: ImportJob, status: str, failure: str = "") -> None:
    job.status, job.failure, job.lease_until = status, failure, None
    job.finished_at = Now()
    job.save()
