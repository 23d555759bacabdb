"""`./strata up`: the whole of Strata on one's own machine."""

import argparse
import time
import urllib.request
from collections.abc import Callable
from typing import NoReturn

from celery import Celery

from config.stack.child import end_leftovers, fresh_log
from config.stack.home import LOCAL, Home
from config.stack.ports import LOOPBACK, free_port_near
from config.stack.servers import NO_STATEMENT_LIMIT, local_environment, start_servers
from config.stack.supervisor import Failed, StopRequested, Supervisor, python
from config.stack.terminal import say

GUNICORN = python("-m", "gunicorn", "config.wsgi", "--threads=8", "--no-control-socket")
CELERY = python("-m", "celery", "-A", "config", "--quiet")
WORKER = [*CELERY, "worker", "--concurrency=2", "--loglevel=INFO", "--without-gossip", "--without-mingle"]
# The schedule is static, and ensure_runs catches up from the database: nothing of beat's needs a file.
BEAT = [*CELERY, "beat", "--loglevel=WARNING", "--scheduler=celery.beat:Scheduler"]
WORKER_ENVIRONMENT = {
    "STRATA_DB_STATEMENT_TIMEOUT_MS": "30000",
    "REMAP_SIGTERM": "SIGQUIT",  # SIGTERM then means: finish what fits into the soft shutdown
}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./strata up", description=__doc__)
    parser.add_argument("--port", type=int, default=8000, help="preferred port of the pages (default 8000)")
    options = parser.parse_args(arguments)
    started = time.monotonic()
    home = Home(LOCAL)
    with home.held():
        end_leftovers(home)
        with Supervisor(home) as supervisor:
            code = stay_up(supervisor, options.port, started)
        say("strata", f"all stopped; data stays in {LOCAL.name}/")
    return code


def stay_up(supervisor: Supervisor, port: int, started: float) -> int:
    """Give the exit code: 0 when somebody asked for the end, 1 when something failed."""
    try:
        bring_up(supervisor, port, started)
    except StopRequested:
        say("strata", "stopping (once more kills)")
        return 0
    except Failed as failure:
        say("strata", str(failure))
        return 1


def bring_up(supervisor: Supervisor, port: int, started: float) -> NoReturn:
    """Start everything and stay until asked to stop or until something dies."""
    home = supervisor.home
    urls = start_servers(supervisor)
    environment = local_environment(home, urls)
    supervisor.run("setup", python("-m", "config.stack.prepare"), environment | NO_STATEMENT_LIMIT)
    address = start_services(supervisor, environment, port)
    home.announce({"what": address, "urls": urls})
    say("strata", f"ready in {time.monotonic() - started:.1f} s: {address}")
    for line in (home.path / "welcome.txt").read_text().splitlines():
        say("strata", line)
    say("strata", "Ctrl-C stops everything")
    supervisor.watch()


def start_services(supervisor: Supervisor, environment: dict[str, str], preferred_port: int) -> str:
    """Start web and worker, wait until they answer, then start beat; gives the address of the pages."""
    port = free_port_near(preferred_port)
    if port != preferred_port:
        say("strata", f"port {preferred_port} is taken: the pages use {port}")
    address = f"http://{LOOPBACK}:{port}/"
    environment = {"STRATA_BASE_URL": address, **environment}
    # Requests go to a file alone: on the terminal they would push address and logins out of sight.
    requests = fresh_log(supervisor.home, "requests")
    binding = [f"--bind={LOOPBACK}:{port}", f"--access-logfile={requests}"]
    web = supervisor.start("web", [*GUNICORN, *binding], environment=environment)
    worker = supervisor.start("worker", WORKER, environment=environment | WORKER_ENVIRONMENT)
    supervisor.wait_for(web, lambda: page_answers(f"{address}healthz"))
    supervisor.wait_for(worker, worker_probe(environment["REDIS_URL"]))
    supervisor.start("beat", BEAT, environment=environment)  # last: nobody waits for its first tick
    return address


def page_answers(address: str) -> bool:
    with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 (always http on the loopback)
        return bool(answer.status == 200)


def worker_probe(broker: str) -> Callable[[], object]:
    """A function that asks any worker on the broker for a sign of life; truth when one gives it."""
    client = Celery(broker=broker, set_as_current=False)
    return lambda: client.control.ping(timeout=0.5, limit=1)
