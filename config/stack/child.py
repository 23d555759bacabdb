"""One process of the stack: its log, its record on disk, its end."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from config.stack.home import ROOT, Home
from config.stack.identity import start_mark
from config.stack.terminal import say
from config.stack.unroot import Demotion

LEASH = Path(__file__).with_name("leash.py")
ORPHAN_GRACE_SECONDS = 15


@dataclass
class Child:
    """A running process and what is needed to end it and all it started."""

    name: str
    rank: int
    process: subprocess.Popen[bytes]
    stop_signal: signal.Signals
    log: Path
    record: Path
    pump: threading.Thread

    def is_alive(self) -> bool:
        return self.process.poll() is None

    @property
    def exit_code(self) -> int | None:
        return self.process.returncode

    def ask_to_stop(self) -> None:
        if self.is_alive():
            self.process.send_signal(self.stop_signal)

    def bury(self) -> None:
        """End what is left of the process and its session, and forget its record."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.pump.join(timeout=1)
        self.record.unlink(missing_ok=True)


def spawn(
    home: Home,
    name: str,
    command: list[str],
    *,
    rank: int,
    stop_signal: signal.Signals,
    environment: Mapping[str, str] | None,
    echo: bool,
    demotion: Demotion,
) -> Child:
    """Start a command in a session of its own and write down who it is."""
    # As another user the leash's interpreter may be out of reach: leftovers are then ended at the next start.
    leash = [] if demotion.changes_user else _leash(stop_signal)
    process = subprocess.Popen(
        [*demotion.prefix, *leash, *command],
        env=None if environment is None else dict(environment),
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        **demotion.popen,
    )
    record = home.folder("processes") / name
    known = {"pid": process.pid, "mark": start_mark(process.pid), "signal": int(stop_signal)}
    record.write_text(json.dumps(known))
    log = fresh_log(home, name)
    pump = threading.Thread(target=_pump, args=(process.stdout, log, name, echo), daemon=True)
    pump.start()
    return Child(name, rank, process, stop_signal, log, record, pump)


def _leash(stop_signal: signal.Signals) -> list[str]:
    return [sys.executable, "-I", "-S", str(LEASH), str(os.getpid()), str(int(stop_signal))]


def fresh_log(home: Home, name: str) -> Path:
    """The log of this start; the one of the start before is kept beside it as NAME.log.1."""
    log = home.folder("logs") / f"{name}.log"
    if log.exists():
        log.replace(log.with_suffix(".log.1"))
    log.touch()
    return log


def _pump(output: IO[bytes], log: Path, name: str, echo: bool) -> None:
    with log.open("ab", buffering=0) as file:
        for line in output:
            file.write(line)
            if echo:
                say(name, line.decode("utf-8", "replace"))


def end_leftovers(home: Home) -> None:
    """End what a killed run left running, and say so. Call only while holding the home's lock."""
    for record in sorted(home.folder("processes").iterdir(), reverse=True):
        known = _read_record(record)
        if known and start_mark(known["pid"]) == known["mark"]:
            say("strata", f"a killed run left {record.name} (pid {known['pid']}) running: stopping it")
            _end(known["pid"], known["mark"], known["signal"])
        record.unlink()


def _read_record(record: Path) -> dict[str, Any]:
    """What is written of a process; nothing when its writer was killed in the act."""
    try:
        return dict(json.loads(record.read_text()))
    except ValueError:
        return {}


def _end(pid: int, mark: str, number: int) -> None:
    """Ask the process to stop, then kill it with all of its session; back when it is gone."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)
        _await_end(pid, mark)
        os.killpg(pid, signal.SIGKILL)
        _await_end(pid, mark)


def _await_end(pid: int, mark: str) -> None:
    deadline = time.monotonic() + ORPHAN_GRACE_SECONDS
    while start_mark(pid) == mark and time.monotonic() < deadline:
        time.sleep(0.1)
