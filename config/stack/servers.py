"""The servers and the environment the application finds them by."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from config.stack.home import Home
from config.stack.ports import LOOPBACK
from config.stack.postgres import Postgres
from config.stack.supervisor import Supervisor
from config.stack.valkey import Valkey

NO_STATEMENT_LIMIT = {"STRATA_DB_STATEMENT_TIMEOUT_MS": "0"}


def start_servers(supervisor: Supervisor, *, throwaway: bool = False) -> dict[str, str]:
    """Start Postgres and Valkey side by side; gives DATABASE_URL and REDIS_URL.

    Of the lasting kind, a server that the environment already names is used as it is and not started.
    """
    given: Mapping[str, str] = {} if throwaway else os.environ
    servers: dict[str, Postgres | Valkey] = {
        "DATABASE_URL": Postgres(supervisor, supervisor.home, throwaway),
        "REDIS_URL": Valkey(supervisor, supervisor.home, throwaway),
    }
    own = {name: server for name, server in servers.items() if not given.get(name)}
    for server in own.values():
        server.start()
    return {name: own[name].wait() if name in own else given[name] for name in servers}


def local_environment(home: Home, urls: Mapping[str, str]) -> dict[str, str]:
    """The environment of the services on one's own machine: production's settings, without TLS."""
    own = {
        "DEBUG": "0",
        "STRATA_SECURE": "0",
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "PYTHONUNBUFFERED": "1",
        "EMAIL_URL": f"filemail:///{home.folder('mail')}",
    }
    secrets = {
        "SECRET_KEY": "django",
        "STRATA_SEALING_KEYS": "sealing",
        "STRATA_FINGERPRINT_KEY": "fingerprint",
    }
    for setting, name in secrets.items():
        if not os.environ.get(setting):
            own[setting] = home.secret(name)
    return {**own, **os.environ, **urls}


def test_environment(home: Home, urls: Mapping[str, str]) -> dict[str, str]:
    """The environment of the suite: nothing of the caller's settings leaks in."""
    own = {
        "DEBUG": "1",
        "SECRET_KEY": "the suite's own, worth nothing",
        "STRATA_DB_STATEMENT_TIMEOUT_MS": "30000",
        "STRATA_STATIC_ROOT": str(home.folder("static")),
        "OMP_NUM_THREADS": "1",  # each worker of pytest has a core: threads that wait for one another would only spin
        "DJANGO_LIVE_TEST_SERVER_ADDRESS": LOOPBACK,  # a bare system may not know the name localhost
    }
    return {**os.environ, **own, **urls}


@contextmanager
def throwaway_servers() -> Iterator[tuple[Supervisor, dict[str, str]]]:
    """Servers of their own in a temporary folder, gone afterwards; gives the test environment."""
    with TemporaryDirectory(prefix="strata-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)  # Postgres may have to run as another user
        home = Home(Path(folder) / "home")
        with Supervisor(home) as supervisor:
            yield supervisor, test_environment(home, start_servers(supervisor, throwaway=True))
