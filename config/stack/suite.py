"""`./strata test`: the whole suite on servers of its own."""

import os
from collections.abc import Mapping

from config.stack import browser, messages
from config.stack.home import ROOT
from config.stack.servers import throwaway_servers
from config.stack.supervisor import Supervisor, python

MOST_WORKERS = 4


def main(arguments: list[str]) -> int:
    os.chdir(ROOT)
    found = browser.ensure()
    with throwaway_servers() as (supervisor, environment):
        messages.compile_stale(environment)
        return run_suite(supervisor, environment | found, arguments)


def run_suite(supervisor: Supervisor, environment: Mapping[str, str], arguments: list[str]) -> int:
    """Run pytest on all cores with the given environment; later arguments win over the ones set here."""
    workers = str(min(os.cpu_count() or 1, MOST_WORKERS))
    parallel = ["--numprocesses", workers, "--dist", "worksteal", "-p", "tests.workers"]
    command = python("-m", "pytest", *parallel, *arguments)
    return supervisor.run_in_foreground(command, environment)
