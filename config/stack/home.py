"""Where a stack keeps what it owns, and the lock that keeps two stacks out of one folder."""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LOCAL = ROOT / ".strata"


class AlreadyRunning(Exception):
    """Another process holds the folder; `about` is what it wrote of itself, empty while it starts."""

    def __init__(self, about: dict[str, Any]) -> None:
        super().__init__("already running")
        self.about = about


@dataclass(frozen=True)
class Home:
    """A folder with one stack's data, logs, secrets and process records.

    What is in it is for its owner only; the folder itself can be passed through, as Postgres may run as another user.
    """

    path: Path

    def folder(self, name: str, mode: int = 0o700) -> Path:
        folder = self.path / name
        folder.mkdir(mode=mode, parents=True, exist_ok=True)
        return folder

    def secret_file(self, name: str) -> Path:
        """A file with a random secret, made at first use and kept."""
        path = self.folder("secrets") / name
        if not path.exists():
            write_private(path, secrets.token_urlsafe(48))
        return path

    def secret(self, name: str) -> str:
        return self.secret_file(name).read_text()

    @property
    def about_file(self) -> Path:
        """What the running stack says of itself: its address and the environment of its services."""
        return self.path / "running.json"

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep everyone else out of the folder. Raises AlreadyRunning when someone else holds it."""
        self.path.mkdir(mode=0o711, parents=True, exist_ok=True)
        with (self.path / "lock").open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise AlreadyRunning(self._read_about()) from None
            self.about_file.unlink(missing_ok=True)
            yield
            self.about_file.unlink(missing_ok=True)

    def announce(self, about: dict[str, Any]) -> None:
        write_private(self.about_file, json.dumps(about))

    def _read_about(self) -> dict[str, Any]:
        try:
            return dict(json.loads(self.about_file.read_text()))
        except (OSError, ValueError):
            return {}


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    draft.replace(path)
