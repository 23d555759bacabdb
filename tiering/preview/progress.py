"""How far the loading of a book is, for every process of the machine to read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from tiering.core.document import SubjectKind
from tiering.preview.snapshot import write_privately


@dataclass(frozen=True)
class Loading:
    """So many of so many subjects are loaded (0: it is not known how many there are)."""

    done: int = 0
    whole: int = 0


@dataclass
class Telling:
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
        if self.whole:
            write_privately(_file(self.folder, self.subject), json.dumps([rows, self.whole]))


def progress_of(folder: Path, subject: SubjectKind) -> Loading:
    try:
        done, whole = json.loads(_file(folder, subject).read_text())
    except (OSError, ValueError):
        return Loading()
    return Loading(min(done, whole), whole)


def _file(folder: Path, subject: SubjectKind) -> Path:
    return folder / f"{subject}.progress"
