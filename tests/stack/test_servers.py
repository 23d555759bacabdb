"""The embedded servers, really started."""

import os
import signal
from pathlib import Path

import psycopg2
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from config.stack import servers
from config.stack.home import LOCAL
from config.stack.ports import LOOPBACK
from config.stack.postgres import Postgres
from config.stack.supervisor import Failed, Supervisor
from config.stack.valkey import Valkey


def start_postgres(supervisor: Supervisor, throwaway: bool = True) -> tuple[Postgres, str]:
    server = Postgres(supervisor, supervisor.home, throwaway)
    server.start()
    return server, server.wait()


def ask(url: str, sql: str):
    connection = psycopg2.connect(url)
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchone()
    finally:
        connection.close()


def test_postgres_cuts_chinese_names_into_trigrams(home):
    with Supervisor(home, quiet=True) as supervisor:
        _, url = start_postgres(supervisor)
        (count,) = ask(url, "CREATE EXTENSION pg_trgm; SELECT cardinality(show_trgm('华东重工'))")
        (is_superuser,) = ask(url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        with pytest.raises(psycopg2.OperationalError, match="password"):
            ask(url.replace(home.secret("postgres"), "wrong"), "SELECT 1")
    assert count == 5
    assert not is_superuser


def test_data_survives_a_killed_server_and_its_stale_pid_file_is_said(home, capsys):
    with Supervisor(home, quiet=True) as supervisor:
        server, url = start_postgres(supervisor, throwaway=False)
        ask(url, "CREATE TABLE kept AS SELECT 42 AS answer; COMMIT; SELECT 1")
        os.kill(server.child.process.pid, signal.SIGKILL)
        server.child.process.wait()
    assert (server.data / "postmaster.pid").exists()
    with Supervisor(home, quiet=True) as supervisor:
        _, url = start_postgres(supervisor, throwaway=False)
        assert ask(url, "SELECT answer FROM kept") == (42,)
    assert "left a pid file of Postgres" in capsys.readouterr().out


def test_pid_file_that_names_a_stranger_is_removed(home):
    with Supervisor(home, quiet=True) as supervisor:
        server, _ = start_postgres(supervisor)
    pid_file = Path(server.data / "postmaster.pid")
    pid_file.write_text(f"{os.getpid()}\n{server.data}\n")
    with Supervisor(home, quiet=True) as supervisor:
        _, url = start_postgres(supervisor)
        assert ask(url, "SELECT 1") == (1,)


def test_foreign_server_on_the_data_is_not_touched(home):
    with Supervisor(home, quiet=True) as supervisor:
        server, url = start_postgres(supervisor)
        with pytest.raises(Failed, match="stop it first"):
            Postgres(supervisor, home, throwaway=True).start()
        assert ask(url, "SELECT 1") == (1,)
    assert server.child.exit_code == 0


def test_broker_never_evicts_and_wants_its_password(home):
    with Supervisor(home, quiet=True) as supervisor:
        valkey = Valkey(supervisor, home)
        valkey.start()
        url = valkey.wait()
        with redis.Redis.from_url(url) as client:
            kept = client.config_get("maxmemory-policy") | client.config_get("append*")
        stranger = redis.Redis(host=LOOPBACK, port=valkey.port, retry=Retry(NoBackoff(), 0))
        with stranger, pytest.raises(redis.AuthenticationError):
            stranger.ping()
    assert kept["maxmemory-policy"] == "noeviction"
    assert (kept["appendonly"], kept["appendfsync"]) == ("yes", "everysec")


def test_servers_named_by_the_environment_are_not_started(home, monkeypatch):
    named = {"DATABASE_URL": "postgres://db.example/strata", "REDIS_URL": "redis://broker.example/0"}
    for name, url in named.items():
        monkeypatch.setenv(name, url)
    with Supervisor(home, quiet=True) as supervisor:
        assert servers.start_servers(supervisor) == named
        assert supervisor.children == []


def test_suite_never_uses_the_servers_of_the_caller(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://db.example/book")
    monkeypatch.setenv("REDIS_URL", "redis://broker.example/0")
    with servers.throwaway_servers() as (supervisor, environment):
        folder = supervisor.home.path
        assert "127.0.0.1" in environment["DATABASE_URL"]
        assert "127.0.0.1" in environment["REDIS_URL"]
        assert not folder.is_relative_to(LOCAL)
    assert not folder.exists()
