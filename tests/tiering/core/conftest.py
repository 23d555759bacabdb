"""A Postgres to run compiled SQL on, and how many examples Hypothesis tries: few unless ``heavy`` is asked for."""

from collections.abc import Iterator

import pytest
from hypothesis import settings
from psycopg2.extensions import connection as Connection

from tests.tiering.core.postgres import COMPARED, connect

settings.register_profile("heavy", max_examples=10_000)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Connection]:
    opened = connect()
    yield opened
    opened.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for what, count in COMPARED.items():
        terminalreporter.write_line(f"{count:,} {what} gave the same in Python and in SQL")
