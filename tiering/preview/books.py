"""The book that a web process previews on: the newest snapshot, and what was computed of it so far.

A small book is loaded while one waits, a large one beside it: whoever asks meanwhile is told how far it is. A snapshot
that is somewhat behind is used until its successor is there.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
from django.db import connection, connections
from numpy.typing import NDArray

from tiering.core.columns import NO_TIER, Coded, Column, Columns, Counts, Ranks, Truth
from tiering.core.columns_memo import Memo
from tiering.core.document import SubjectKind
from tiering.core.metric import Catalogue
from tiering.facts import local_day
from tiering.preview.loading import (
    Needs,
    Outdated,
    add_metrics,
    add_tiers,
    age_name,
    take_snapshot,
    value_name,
)
from tiering.preview.snapshot import Snapshot, alone, latest, shelf, sweep, write_privately
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


@dataclass(frozen=True)
class Loading:
    """So many of so many subjects are loaded (0: it is not known how many there are)."""

    done: int = 0
    whole: int = 0


@dataclass(frozen=True)
class Book:
    """A snapshot, and what was computed of it in this process."""

    snapshot: Snapshot
    memo: Memo = field(default_factory=Memo)
    _mapped: dict[str, NDArray[Any]] = field(default_factory=dict, compare=False, repr=False)

    def column(self, name: str) -> NDArray[Any]:
        """A column, mapped once. Raises FileNotFoundError for one that is not there."""
        if name not in self._mapped:
            self._mapped[name] = self.snapshot.column(name)
        return self._mapped[name]

    def columns(self, scheme: int, tiers: tuple[int, ...]) -> Columns:
        """The facts, and the tiers in force of a scheme; ``tiers`` are their ids in the order of a version's ranks."""
        held = self.memo.of(("held", scheme, tiers), lambda: self._ranks(scheme, tiers))
        days = self.memo.of(("held days", scheme), lambda: self._days(scheme))
        return Columns(self.snapshot.count, _Values(self), _Ages(self), held, days)

    def provisional(self, scheme: int) -> Truth:
        """Whose assessment in force is provisional in a scheme."""
        return self.column(f"provisional-{scheme}").astype(np.bool_)

    def _ranks(self, scheme: int, tiers: tuple[int, ...]) -> Ranks:
        held, ids = np.full(self.snapshot.count, NO_TIER, np.int8), self.column(f"tier-{scheme}")
        for rank, tier in enumerate(tiers):
            if tier:
                held[ids == tier] = rank
        return held

    def _days(self, scheme: int) -> Counts:
        today = np.int32((self.snapshot.day - _ORIGIN).days)
        since = self.column(f"since-{scheme}")
        return np.where(since == 0, 0, today - since).astype(np.int32)


_ORIGIN = np.datetime64(0, "D").item()


@dataclass(frozen=True)
class _Values(Mapping[str, Column]):
    """Metrics of a snapshot, mapped when they are asked for."""

    book: Book

    def __getitem__(self, metric: str) -> Column:
        try:
            column = self.book.column(value_name(metric))
        except FileNotFoundError:
            raise KeyError(metric) from None
        words = self.book.snapshot.vocabularies.get(metric)
        return Coded(column, words) if words else column

    def __iter__(self) -> Iterator[str]:
        return (path.stem.removeprefix("value.") for path in self.book.snapshot.folder.glob("value.*.npy"))

    def __len__(self) -> int:
        return sum(1 for _ in self)


@dataclass(frozen=True)
class _Ages(Mapping[str, Counts]):
    """Ages of metrics of a snapshot, mapped when they are asked for."""

    book: Book

    def __getitem__(self, metric: str) -> Counts:
        try:
            return self.book.column(age_name(metric))
        except FileNotFoundError:
            raise KeyError(metric) from None

    def __iter__(self) -> Iterator[str]:
        return (path.stem.removeprefix("age.") for path in self.book.snapshot.folder.glob("age.*.npy"))

    def __len__(self) -> int:
        return sum(1 for _ in self)


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
    return _progress(folder, needs.subject)


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
        return known


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
    progress = _Telling(folder, needs.subject)
    snapshot = latest(folder, needs.subject)
    if snapshot and _is_usable(snapshot) and _is_fresh(snapshot, needs):
        with suppress(Outdated):
            return _completed(snapshot, needs, catalogue, progress)
    progress.begin()
    snapshot = take_snapshot(folder, needs, catalogue, progress)
    snapshot = _completed(snapshot, needs, catalogue, progress)
    sweep(folder, needs.subject)
    return snapshot


def _completed(snapshot: Snapshot, needs: Needs, catalogue: Catalogue, progress: _Telling) -> Snapshot:
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


@dataclass
class _Telling:
    """Writes how far a load is to where every process can read it."""

    folder: Path
    subject: SubjectKind
    whole: int = 0

    def begin(self) -> None:
        """Find out how many subjects there are."""
        table = "tiering_projectfacts" if self.subject == "project" else "tiering_facts"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table} WHERE valid_to IS NULL")  # noqa: S608
            (self.whole,) = cursor.fetchone()
        self(0)

    def __call__(self, rows: int) -> None:
        if self.whole > AT_ONCE:
            write_privately(_progress_file(self.folder, self.subject), json.dumps([rows, self.whole]))


def _progress(folder: Path, subject: SubjectKind) -> Loading:
    try:
        done, whole = json.loads(_progress_file(folder, subject).read_text())
    except (OSError, ValueError):
        return Loading()
    return Loading(min(done, whole), whole)


def _progress_file(folder: Path, subject: SubjectKind) -> Path:
    return folder / f"{subject}.progress"
