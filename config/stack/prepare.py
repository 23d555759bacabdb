"""Bring database, translations, static files and demo book up to date; says what it does, does only what is needed.

Runs as a process of its own inside the application's environment, so that a warm start loads Django once for all.
"""

import hashlib
import io
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command

from config.stack import messages
from config.stack.home import LOCAL
from config.stack.supervisor import manage

WELCOME = LOCAL / "welcome.txt"


def main() -> None:
    messages.compile_stale(os.environ)
    django.setup()
    collecting = start_collecting_static()
    migrate()
    call_command("seed_demo", "--yes-demo", "--if-empty")
    logins = io.StringIO()
    call_command("demo_logins", stdout=logins)
    WELCOME.write_text(logins.getvalue())
    if collecting:
        finish_collecting_static(collecting)


def migrate() -> None:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say("migrating the database")
        call_command("migrate", verbosity=1, interactive=False)


def start_collecting_static() -> "subprocess.Popen[bytes] | None":
    """Collect beside the other work, when a source file changed since the last time."""
    stamp = static_stamp()
    if stamp.exists() and stamp.read_text() == digest_of_sources():
        return None
    say("collecting static files")
    return subprocess.Popen(manage("collectstatic", "--noinput", "--clear", "--verbosity", "0"))


def finish_collecting_static(process: "subprocess.Popen[bytes]") -> None:
    if process.wait():
        sys.exit("collecting the static files failed")
    static_stamp().write_text(digest_of_sources())


def static_stamp() -> Path:
    return Path(settings.STATIC_ROOT) / ".sources"


def digest_of_sources() -> str:
    digest = hashlib.sha256()
    for path in static_sources():
        status = path.stat()
        digest.update(f"{path} {status.st_mtime_ns} {status.st_size}\n".encode())
    return digest.hexdigest()


def static_sources() -> Iterator[Path]:
    from django.contrib.staticfiles.finders import get_finders

    for finder in get_finders():
        for name, storage in finder.list([]):
            yield Path(storage.path(name))


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
