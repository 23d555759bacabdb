"""Processes that work on runs side by side, as workers on any machine would, and tell what they needed for it.

Run as ``python -m tiering.bench.worker`` with settings and database in the environment, one reads ids of runs, a line
each, or that records changed; when there is no more work for it, it answers with what it needed, as JSON.
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import django
from django.conf import settings
from django.db import connection

from tiering.bench.clocks import Backend

READY: Final = "ready"
CHANGED: Final = "changed"
STATEMENT_TIMEOUT_MS: Final = 30_000
"""What workers are given in production."""
MEBIBYTE: Final = 1024 * 1024


@dataclass(frozen=True)
class Needs:
    """The most memory that a worker used so far, in MiB, and the seconds of CPU time that its work on a run took, its
    server process included (None: the server runs elsewhere)."""

    memory: float
    cpu: float | None


@dataclass(frozen=True)
class Crew:
    """Workers that have started and wait for a run."""

    processes: list[subprocess.Popen[str]]

    def work(self, run: int) -> Needs:
        """Let all of them work on a run until nothing is left for them: the memory of one, the CPU time of all."""
        return self._let(str(run))

    def drain(self) -> Needs:
        """Let all of them re-tier clients whose records changed, until none is left for them."""
        return self._let(CHANGED)

    def _let(self, act: str) -> Needs:
        for process in self.processes:
            _say(process, act)
        needs = [Needs(**json.loads(_hear(process))) for process in self.processes]
        cpu = [one.cpu for one in needs if one.cpu is not None]
        return Needs(max(one.memory for one in needs), sum(cpu) if len(cpu) == len(needs) else None)


@contextmanager
def crew(size: int = 2, everybody: bool = False) -> Iterator[Crew]:
    """Workers on the database that the default connection leads to; in runs they assess those who may come out
    differently, or `everybody`."""
    environment = os.environ | {
        "DATABASE_URL": address(),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "STRATA_DB_STATEMENT_TIMEOUT_MS": str(STATEMENT_TIMEOUT_MS),
        "STRATA_ASSESS_EVERYBODY": str(everybody),
    }
    processes = [_start(environment) for _ in range(size)]
    try:
        for process in processes:
            _hear(process)
        yield Crew(processes)
    finally:
        for process in processes:
            process.kill()
            process.communicate()


def _start(environment: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - ourselves
        [sys.executable, "-m", __name__],
        env=environment, cwd=settings.BASE_DIR, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def _say(process: subprocess.Popen[str], text: str) -> None:
    assert process.stdin
    process.stdin.write(f"{text}\n")
    process.stdin.flush()


def _hear(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    line = process.stdout.readline()
    if not line:
        raise RuntimeError(f"A worker ended with {process.wait()}.")
    return line.strip()


def address() -> str:
    """The URL of the database that the default connection leads to now."""
    to = connection.settings_dict
    return f"postgres://{to['USER']}:{to['PASSWORD']}@{to['HOST']}:{to['PORT']}/{to['NAME']}"


def main() -> None:
    """Work on each run that is named on the standard input, or on what changed."""
    django.setup()
    from tiering.services import chunks, requests

    server = Backend()
    print(READY, flush=True)  # noqa: T201 - this is how it is heard
    for line in sys.stdin:
        own, before = time.process_time(), server.cpu()
        while requests.drain() if line.strip() == CHANGED else chunks.work(run_id=int(line)):
            pass
        after = server.cpu()
        cpu = None if before is None or after is None else after - before + time.process_time() - own
        print(json.dumps({"memory": peak_memory(), "cpu": cpu}), flush=True)  # noqa: T201


def peak_memory() -> float:
    """The most memory that this process used so far, in MiB."""
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:  # elsewhere than on Linux, where the other figure would count the parent's memory in
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEBIBYTE
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


if __name__ == "__main__":
    main()
