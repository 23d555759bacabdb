"""Real Celery processes on the test's own database and broker, each in a process group of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from redis import Redis

from tiering.bench.worker import address

CELERY = [sys.executable, "-m", "celery", "-A", "config"]
WORKER = ["worker", "--concurrency=2", "--loglevel=WARNING", "--without-gossip", "--without-mingle"]


class Station:
    """Where processes are started and killed; what they say goes to a log."""

    def __init__(self, folder: Path) -> None:
        Redis.from_url(settings.REDIS_URL).flushdb()
        self.log, self._folder = folder / "celery.log", folder
        self._env = os.environ | {"DATABASE_URL": address(), "STRATA_DB_STATEMENT_TIMEOUT_MS": "30000"}

    @contextmanager
    def worker(self) -> Iterator[subprocess.Popen]:
        """Two processes that work, and the one above them."""
        with self._running(*WORKER) as process:
            yield process

    @contextmanager
    def beat(self) -> Iterator[subprocess.Popen]:
        """The clock: rings each minute and every five seconds."""
        schedule = f"--schedule={self._folder / 'beat'}"
        with self._running("beat", "--loglevel=WARNING", schedule) as process:
            yield process

    @contextmanager
    def _running(self, *arguments: str) -> Iterator[subprocess.Popen]:
        with self.log.open("a") as log:
            process = subprocess.Popen(
                [*CELERY, *arguments], env=self._env, cwd=settings.BASE_DIR, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        try:
            yield process
        finally:
            kill(process)


def kill(process: subprocess.Popen) -> None:
    """kill -9, parent and children."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def until(holds: Callable[[], object], seconds: float) -> None:
    """Wait for a condition. Raises AssertionError when it takes longer."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.02)
