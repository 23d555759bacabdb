"""`./strata check`: every automatic judgement on the code, then the test suite."""

import os
import subprocess
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from config.stack import browser, messages
from config.stack.home import ROOT
from config.stack.servers import throwaway_servers
from config.stack.suite import run_suite
from config.stack.supervisor import manage, python
from config.stack.terminal import say

# What a production site sets; `check --deploy` must have nothing to say about it.
PRODUCTION = {
    "DEBUG": "0",
    "STRATA_SECURE": "1",
    "SECRET_KEY": "a long one, made of more than fifty different characters: 0123456789",
    "STRATA_SEALING_KEYS": "a long one, made of more than fifty different characters: 0123456789",
    "STRATA_FINGERPRINT_KEY": "a long one, made of more than fifty different characters: 0123456789",
    "ALLOWED_HOSTS": "strata.example",
}
FIX = "fix: .venv/bin/ruff check --fix . && .venv/bin/ruff format ."


@dataclass(frozen=True)
class Step:
    """One judgement: a command that exits with 0 when all is well."""

    name: str
    command: list[str]
    settings: Mapping[str, str] | None = None
    hint: str = ""


@dataclass(frozen=True)
class Verdict:
    name: str
    passed: bool
    seconds: float
    complaints: str = ""


def steps() -> list[Step]:
    """The longest first, so that two cores finish together."""
    return [
        Step("types", python("-m", "mypy", ".")),
        Step("lint", python("-m", "ruff", "check", "."), hint=FIX),
        Step("format", python("-m", "ruff", "format", "--check", "."), hint=FIX),
        Step("layers", python("-c", "from importlinter.cli import lint_imports_command as lint; lint()")),
        Step("migrations", manage("makemigrations", "--check", "--dry-run")),
        Step("deployment", manage("check", "--deploy", "--fail-level", "WARNING"), PRODUCTION),
        Step("api schema", manage("spectacular", "--validate", "--fail-on-warn", "--file", os.devnull)),
        Step("translations", manage("messages", "check"), hint="fix: ./strata manage messages update"),
    ]


def main(arguments: list[str]) -> int:
    os.chdir(ROOT)
    found = browser.ensure()
    with throwaway_servers() as (supervisor, environment):
        messages.compile_stale(environment)
        failed = [verdict.name for verdict in judge(environment) if not verdict.passed]
        started = time.monotonic()
        passed = run_suite(supervisor, environment | found, arguments) == 0
        show(Verdict("tests", passed, time.monotonic() - started))
    failed += [] if passed else ["tests"]
    say("check", f"FAILED: {', '.join(failed)}" if failed else "all is well")
    return 1 if failed else 0


def judge(environment: Mapping[str, str]) -> list[Verdict]:
    """Run all steps, as many at a time as there are cores, and print each verdict as it comes."""

    def run(step: Step) -> Verdict:
        verdict = try_step(step, environment)
        show(verdict)
        return verdict

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(run, steps()))


def try_step(step: Step, environment: Mapping[str, str]) -> Verdict:
    started = time.monotonic()
    done = subprocess.run(
        step.command,
        env={**environment, **(step.settings or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    complaints = "" if done.returncode == 0 else f"{done.stdout.rstrip()}\n{step.hint}"
    return Verdict(step.name, done.returncode == 0, time.monotonic() - started, complaints)


def show(verdict: Verdict) -> None:
    judged = "ok" if verdict.passed else "FAILED"
    say("check", f"{verdict.name:<14}{judged:<8}{verdict.seconds:5.1f} s")
    for line in verdict.complaints.splitlines():
        say(verdict.name[:8], line)
