"""The book as columns on disk: written once, mapped by every web process of the machine, copied by none.

A snapshot is a folder of ``.npy`` files and a ``snapshot.json``. It appears under its name whole or not at all; columns
may join it later, each as a file of its own. Folders and files are for their owner only.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from numpy.typing import NDArray

from tiering.core.document import SubjectKind

KEPT_HOURS: Final = 1
"""Older snapshots are swept, and so are those of which a newer one is older than a moment."""
REPLACED_SECONDS: Final = 600
NAME: Final = re.compile(r"[a-z][a-z0-9_@.-]*")
ABOUT: Final = "snapshot.json"


@dataclass(frozen=True)
class Marks:
    """The newest rows of the ledgers when a snapshot was taken, by which it is told what changed since."""

    facts: int
    within: int
    tiers: int


@dataclass(frozen=True)
class Snapshot:
    """So many subjects as they were known at a moment; ``vocabularies`` are the words of categories by metric."""

    folder: Path
    subject: SubjectKind
    taken: datetime
    day: date
    count: int
    marks: Marks
    vocabularies: Mapping[str, tuple[str, ...]]

    @classmethod
    def read(cls, folder: Path) -> Snapshot:
        """The snapshot in a folder. Raises OSError or ValueError where there is none that is whole."""
        about = json.loads((folder / ABOUT).read_text())
        return cls(
            folder=folder,
            subject=about["subject"],
            taken=datetime.fromisoformat(about["taken"]),
            day=date.fromisoformat(about["day"]),
            count=about["count"],
            marks=Marks(**about["marks"]),
            vocabularies={key: tuple(words) for key, words in about["vocabularies"].items()},
        )

    def write(self) -> None:
        """Say what the folder holds; its columns are there already."""
        about = {
            "subject": self.subject,
            "taken": self.taken.isoformat(),
            "day": self.day.isoformat(),
            "count": self.count,
            "marks": asdict(self.marks),
            "vocabularies": self.vocabularies,
        }
        write_privately(self.folder / ABOUT, json.dumps(about))

    def has(self, names: Iterable[str]) -> bool:
        """Whether the columns are there."""
        return all(self._file(name).exists() for name in names)

    def column(self, name: str) -> NDArray[Any]:
        """A column, mapped and not read. Raises FileNotFoundError for one that is not there."""
        return np.asarray(np.load(self._file(name), mmap_mode="r"))

    def add(self, name: str, values: NDArray[Any]) -> None:
        """Let a further column join."""
        path = self._file(name)
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        with private_file(draft) as file:
            np.save(file, values)
        draft.replace(path)

    def add_vocabularies(self, words: Mapping[str, tuple[str, ...]]) -> Snapshot:
        """The snapshot with the words of further categories."""
        if not words:
            return self
        wider = Snapshot(**{**vars(self), "vocabularies": {**self.vocabularies, **words}})
        wider.write()
        return wider

    def _file(self, name: str) -> Path:
        if not NAME.fullmatch(name):
            raise ValueError(name)
        return self.folder / f"{name}.npy"


def shelf() -> Path:
    """The folder of the snapshots of this database, made where it is not there yet.

    Raises ImproperlyConfigured when somebody else could write into it or read from it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT oid FROM pg_database WHERE datname = current_database()")
        (oid,) = cursor.fetchone()
    used = connection.settings_dict
    identity = f"{used['HOST']}:{used['PORT']}/{used['NAME']}/{oid}"
    root = own_folder(Path(settings.PREVIEW_DIR))
    return own_folder(root / hashlib.sha256(identity.encode()).hexdigest()[:16])


def own_folder(path: Path) -> Path:
    """A folder for nobody but us."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = path.lstat()
    if path.is_symlink() or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise ImproperlyConfigured(f"{path} must be a folder that belongs to us and is open to nobody else.")
    return path


def latest(folder: Path, subject: SubjectKind) -> Snapshot | None:
    """The newest snapshot of subjects of a kind."""
    for path in sorted(folder.glob(f"{subject}-*"), reverse=True):
        try:
            return Snapshot.read(path)
        except (OSError, ValueError, KeyError, TypeError):  # swept meanwhile, or of another release
            continue
    return None


@contextmanager
def draft_of(folder: Path, subject: SubjectKind, taken: datetime) -> Iterator[tuple[Path, Path]]:
    """A folder to write a snapshot into, and the one that it becomes when all went well; it is gone otherwise."""
    final = folder / f"{subject}-{taken:%Y%m%dT%H%M%S%f}"
    draft = folder / f".{final.name}.{os.getpid()}"
    draft.mkdir(mode=0o700)
    try:
        yield draft, final
        draft.rename(final)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


@contextmanager
def alone(folder: Path, subject: SubjectKind, *, wait: bool) -> Iterator[bool]:
    """Whether nobody else on this machine takes such a snapshot; with ``wait`` that is waited for."""
    with private_file(folder / f"{subject}.lock", "ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True


def sweep(folder: Path, subject: SubjectKind) -> None:
    """Remove what nobody uses any more. Who still maps a column keeps it."""
    now = time.time()
    snapshots = sorted(folder.glob(f"{subject}-*"), reverse=True)
    for newer, path in zip([None, *snapshots], snapshots, strict=False):
        replaced = newer is not None and age_of(newer, now) > REPLACED_SECONDS
        if replaced or age_of(path, now) > KEPT_HOURS * 3600:
            shutil.rmtree(path, ignore_errors=True)
    for path in folder.glob(f".{subject}-*"):
        if age_of(path, now) > KEPT_HOURS * 3600:
            shutil.rmtree(path, ignore_errors=True)


def age_of(path: Path, now: float) -> float:
    """Seconds since a folder was made or added to; 0 of one that is gone."""
    try:
        return now - path.stat().st_mtime
    except OSError:
        return 0.0


def private_file(path: Path, mode: str = "wb") -> Any:
    """A file that only its owner may read, open for writing."""
    flags = os.O_RDWR | os.O_CREAT | (os.O_APPEND if "a" in mode else os.O_TRUNC)
    return os.fdopen(os.open(path, flags, 0o600), mode)


def write_privately(path: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with private_file(draft) as file:
        file.write(text.encode())
    draft.replace(path)
