"""The book that a web process previews on: the newest snapshot, and what was computed of it so far.

A small book is loaded while one waits, a large one beside it: whoever asks meanwhile is told how far it is. A snapshot
that is somewhat behind is used until its successor is there.
"""

from __future__ import annotations

import logging
import threading
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Final, get_args

from django.db import connection, connections
from django.utils import timezone

from tiering.core.document import SubjectKind
from tiering.core.metric import Catalogue
from tiering.facts import local_day
from tiering.preview.book import Book
from tiering.preview.loading import (
    Needs,
    Outdated,
    add_metrics,
    add_tiers,
    take_snapshot,
)
from tiering.preview.progress import Loading, Telling, progress_of
from tiering.preview.snapshot import Snapshot, alone, latest, shelf, sweep
from tiering.services.clock import database_now

logger = logging.getLogger(__name__)

FRESH: Final = timedelta(minutes=5)
"""For so long nothing is asked of a snapshot but that little has changed."""
LASTS: Final = timedelta(hours=1)
MATERIAL: Final = 0.01
"""The share of subjects whose facts or tiers may have changed since."""
AT_ONCE: Final = 50_000
"""Subjects of a book that is loaded while somebody waits for the page."""
PATIENCE: Final = 0.3
"""Seconds that a page waits for a large one before it shows how far it is."""


def book_for(needs: Needs, catalogue: Catalogue, *, wait: bool = False) -> Book | Loading:
    """The book with what is needed, or how far it is; with ``wait`` the book, however long it takes.

    Raises whatever went wrong while it was loaded.
    """
    folder = shelf()
    snapshot = latest(folder, needs.subject)
    if snapshot and _is_complete(snapshot, needs) and _is_usable(snapshot):
        if _is_fresh(snapshot, needs):
            return _opened(snapshot)
        if snapshot.count > AT_ONCE and not wait:
            _start(folder, needs, catalogue)
            return _opened(snapshot)
    if wait or _is_small(needs.subject):
        with alone(folder, needs.subject, wait=True):
            return _opened(_load(folder, needs, catalogue))
    job = _start(folder, needs, catalogue)
    job.over.wait(PATIENCE)
    if job.failure:
        raise job.failure
    if job.snapshot and _is_complete(job.snapshot, needs):
        return _opened(job.snapshot)
    return progress_of(folder, needs.subject)


_books: dict[SubjectKind, Book] = {}
_jobs: dict[SubjectKind, _Job] = {}
_lock = threading.Lock()


def _opened(snapshot: Snapshot) -> Book:
    """The book of a snapshot with what this process knows of it; one of each kind of subject is kept."""
    with _lock:
        known = _books.get(snapshot.subject)
        if known is None or known.snapshot.folder != snapshot.folder:
            known = Book(snapshot)
        elif known.snapshot != snapshot:  # further words
            known = replace(known, snapshot=snapshot)
        _books[snapshot.subject] = known
        _tidy_later(snapshot.folder.parent)
        return known


_tidying: threading.Timer | None = None


def _tidy_later(folder: Path) -> None:
    """Let go of what nobody can use any more, some time after nobody came for it; the caller holds the lock."""
    global _tidying
    if _tidying is None or not _tidying.is_alive():
        _tidying = threading.Timer(LASTS.total_seconds(), _tidy, [folder])
        _tidying.daemon = True
        _tidying.start()


def _tidy(folder: Path) -> None:
    """Forget the books that are too old, and sweep their files."""
    global _tidying
    with _lock:
        _tidying = None
        for subject, book in list(_books.items()):
            if timezone.now() - book.snapshot.taken >= LASTS:
                del _books[subject]
        for subject in get_args(SubjectKind):
            sweep(folder, subject)
        if _books or any(folder.glob("*-*")):
            _tidy_later(folder)


@dataclass
class _Job:
    """A thread that loads."""

    over: threading.Event = field(default_factory=threading.Event)
    snapshot: Snapshot | None = None
    failure: Exception | None = None

    def run(self, folder: Path, needs: Needs, catalogue: Catalogue) -> None:
        try:
            with alone(folder, needs.subject, wait=False) as ours:
                self.snapshot = _load(folder, needs, catalogue) if ours else None
        except Exception as error:  # told to whoever asks next
            logger.exception("The book could not be loaded for a preview")
            self.failure = error
        finally:
            connections.close_all()
            self.over.set()


def _start(folder: Path, needs: Needs, catalogue: Catalogue) -> _Job:
    """The thread that loads, or is loading already."""
    with _lock:
        job = _jobs.get(needs.subject)
        if job is None or job.over.is_set():
            job = _jobs[needs.subject] = _Job()
            threading.Thread(target=job.run, args=(folder, needs, catalogue), daemon=True).start()
        return job


def _load(folder: Path, needs: Needs, catalogue: Catalogue) -> Snapshot:
    """The newest snapshot with all that is needed, or another one; nobody else loads meanwhile."""
    progress = Telling(folder, needs.subject)
    snapshot = latest(folder, needs.subject)
    if snapshot and _is_usable(snapshot) and _is_fresh(snapshot, needs):
        with suppress(Outdated):
            return _completed(snapshot, needs, catalogue, progress)
    progress.begin()
    snapshot = take_snapshot(folder, needs, catalogue, progress)
    snapshot = _completed(snapshot, needs, catalogue, progress)
    sweep(folder, needs.subject)
    return snapshot


def _completed(snapshot: Snapshot, needs: Needs, catalogue: Catalogue, progress: Telling) -> Snapshot:
    if not snapshot.has(needs.facts):
        snapshot = add_metrics(snapshot, needs, catalogue, progress)
    if not snapshot.has(needs.tiers):
        add_tiers(snapshot, needs.scheme, progress)
    return snapshot


def _is_complete(snapshot: Snapshot, needs: Needs) -> bool:
    return snapshot.has(needs.facts) and snapshot.has(needs.tiers)


def _is_usable(snapshot: Snapshot) -> bool:
    """Whether it is of today and not too old."""
    now = database_now()
    return timedelta() <= now - snapshot.taken < LASTS and snapshot.day == local_day(now)


def _is_fresh(snapshot: Snapshot, needs: Needs) -> bool:
    """Whether next to nothing changed since it was taken, or nothing at all once some minutes have passed."""
    most = int(MATERIAL * snapshot.count) if database_now() - snapshot.taken < FRESH else 0
    with connection.cursor() as cursor:
        cursor.execute(
            _CHANGED,
            {
                **vars(snapshot.marks),
                "scheme": needs.scheme,
                "project": needs.subject == "project",
                "most": most + 1,
            },
        )
        changed, restored = cursor.fetchone()
    return changed <= most and not restored


_CHANGED: Final = """
SELECT (SELECT count(*) FROM (SELECT FROM tiering_facts WHERE id > %(facts)s LIMIT %(most)s) AS f)
     + (SELECT count(*) FROM (
            SELECT FROM tiering_projectfacts WHERE %(project)s AND id > %(within)s LIMIT %(most)s) AS p)
     + (SELECT count(*) FROM (
            SELECT FROM tiering_assignment WHERE id > %(tiers)s AND scheme_id = %(scheme)s LIMIT %(most)s) AS g),
       coalesce((SELECT max(id) FROM tiering_facts), 0) < %(facts)s
"""


def _is_small(subject: SubjectKind) -> bool:
    """Whether so few are in force that loading them keeps nobody waiting."""
    table = "tiering_projectfacts" if subject == "project" else "tiering_facts"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM (SELECT FROM {table} WHERE valid_to IS NULL LIMIT %s) AS f",  # noqa: S608
            [AT_ONCE + 1],
        )
        return bool(cursor.fetchone()[0] <= AT_ONCE)
