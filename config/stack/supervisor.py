"""Start processes, watch them, stop them in order."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from types import FrameType
from typing import NoReturn

from config.stack.child import Child, spawn
from config.stack.home import ROOT, Home
from config.stack.terminal import say
from config.stack.unroot import AS_ONESELF, Demotion

PAUSE_SECONDS = 0.05
WATCH_SECONDS = 0.25
HEEDED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
GRACE_SECONDS = 30  # more than the worker's soft shutdown


class Rank(IntEnum):
    """Who needs whom: a higher rank is stopped before a lower one."""

    DATABASE = 1
    BROKER = 2
    SERVICE = 3


class StopRequested(Exception):
    """Somebody asked for the end: Ctrl-C, SIGTERM or a closed terminal."""


class Failed(Exception):
    """Something did not start, or ended by itself; the message names it and its log."""


@dataclass
class Supervisor:
    """Owns the children of one stack. Use as a context: leaving it stops all of them."""

    home: Home
    quiet: bool = False
    children: list[Child] = field(default_factory=list)
    requests: list[int] = field(default_factory=list)

    def __enter__(self) -> "Supervisor":
        self.handlers = {number: signal.signal(number, self._on_signal) for number in HEEDED}
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        for number, handler in self.handlers.items():
            signal.signal(number, handler)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        self.requests.append(number)

    def start(
        self,
        name: str,
        command: Sequence[str | os.PathLike[str]],
        *,
        rank: Rank = Rank.SERVICE,
        environment: Mapping[str, str] | None = None,
        echo: bool = True,
        stop_signal: signal.Signals = signal.SIGTERM,
        demotion: Demotion = AS_ONESELF,
    ) -> Child:
        """Start a child in a session of its own; its output goes to its log and, with `echo`, to the terminal."""
        child = spawn(
            self.home,
            name,
            [os.fspath(part) for part in command],
            rank=rank,
            stop_signal=stop_signal,
            environment=environment,
            echo=echo and not self.quiet,
            demotion=demotion,
        )
        self.children.append(child)
        return child

    def run(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Run a child to its end. Raises Failed when it exits with anything but 0."""
        child = self.start(name, command, environment=environment)
        while child.is_alive():
            self._heed_requests()
            self._heed_deaths(apart_from=child)
            time.sleep(PAUSE_SECONDS)
        self._forget(child)
        if child.exit_code:
            raise Failed(f"{name} failed ({child.exit_code}); see {child.log}")

    def wait_for(self, child: Child, is_ready: Callable[[], object], seconds: float = 60) -> None:
        """Wait until `is_ready()` returns truth. Raises Failed when the child dies or takes too long."""
        deadline = time.monotonic() + seconds
        while not self._answers(is_ready):
            self._heed_requests()
            self._heed_deaths()
            if time.monotonic() > deadline:
                raise Failed(f"{child.name} did not become ready within {seconds:.0f} s; see {child.log}")
            time.sleep(PAUSE_SECONDS)

    @staticmethod
    def _answers(is_ready: Callable[[], object]) -> bool:
        with contextlib.suppress(Exception):  # not there yet, in whichever way its client puts it
            return bool(is_ready())
        return False

    def watch(self) -> NoReturn:
        """End only by exception: StopRequested, or Failed when a child ends."""
        while True:
            self._heed_requests()
            self._heed_deaths()
            time.sleep(WATCH_SECONDS)

    def run_in_foreground(self, command: Sequence[str], environment: Mapping[str, str]) -> int:
        """Run a command on this terminal and give its exit code.

        A Ctrl-C reaches it directly, as the terminal sends it to both; a SIGTERM is passed on.
        """
        process = subprocess.Popen(command, env=dict(environment))
        while process.poll() is None:
            if signal.SIGTERM in self.requests:
                self.requests.remove(signal.SIGTERM)
                process.terminate()
            time.sleep(PAUSE_SECONDS)
        code = process.returncode
        return code if code >= 0 else 128 - code

    def _heed_requests(self) -> None:
        if self.requests:
            raise StopRequested

    def _heed_deaths(self, apart_from: Child | None = None) -> None:
        for child in self.children:
            if child is not apart_from and not child.is_alive():
                raise Failed(f"{child.name} ended by itself ({child.exit_code}); see {child.log}")

    def _forget(self, child: Child) -> None:
        child.bury()
        self.children.remove(child)

    def stop(self) -> None:
        """Stop all, services first, the database last. A second request from outside ends the patience."""
        for rank in sorted(Rank, reverse=True):
            group = [child for child in self.children if child.rank == rank]
            for child in group:
                child.ask_to_stop()
            self._await_end(group)
            for child in group:
                if child.is_alive():
                    say("strata", f"{child.name} did not stop in time: killed")
                self._forget(child)

    def _await_end(self, group: list[Child]) -> None:
        deadline = time.monotonic() + GRACE_SECONDS
        while (
            any(child.is_alive() for child in group)
            and time.monotonic() < deadline
            and len(self.requests) < 2
        ):
            time.sleep(PAUSE_SECONDS)


def python(*arguments: str) -> list[str]:
    """The command that runs this environment's Python."""
    return [sys.executable, *arguments]


def manage(*arguments: str) -> list[str]:
    return python(str(ROOT / "manage.py"), *arguments)
