"""Databases for the benchmark alone: made beside the configured one, dropped afterwards whatever happens."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from django.core.management import call_command
from django.db import DatabaseError, connection

from crm.models import Client
from tiering.core.sql import quoted


class Scratch:
    """Makes empty databases, one after the other; the default connection leads to each while it is used.

    The configured user has to be allowed to make databases, and to load rows with no trigger fired.
    """

    def __init__(self) -> None:
        self._configured: str = connection.settings_dict["NAME"]
        self._template: str | None = None

    @contextmanager
    def database(self) -> Iterator[None]:
        """A database with every table and no client."""
        name = self._make(self._template or self._prepare())
        try:
            _lead_to(name)
            _take_time()
            yield
        finally:
            _lead_to(self._configured)
            _drop(name)

    def clear(self) -> None:
        """Drop what further databases would be copied from."""
        if self._template:
            _drop(self._template)
        self._template = None

    def _prepare(self) -> str:
        """What to copy: made from the configured database where it is empty and nobody else uses it, else from none."""
        self._template = self._copy_of_empty() or self._make("template1")
        _lead_to(self._template)
        call_command("migrate", verbosity=0, interactive=False)
        _lead_to(self._configured)
        return self._template

    def _copy_of_empty(self) -> str | None:
        try:
            return None if Client.objects.exists() else self._make(self._configured)
        except DatabaseError:  # it has no tables yet, or somebody uses it
            return None

    def _make(self, template: str) -> str:
        name = f"strata_bench_{uuid4().hex[:8]}"
        _lead_to("postgres")  # nobody may use what is copied
        try:
            _execute(f"CREATE DATABASE {quoted(name)} TEMPLATE {quoted(template)}")
        finally:
            _lead_to(self._configured)
        return name


def _drop(name: str) -> None:
    _execute(f"DROP DATABASE {quoted(name)} WITH (FORCE)")


def _lead_to(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name


def _execute(statement: str) -> None:
    """Execute what cannot be part of a transaction."""
    _take_time()
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _take_time() -> None:
    """Millions of rows are made and dropped in longer than a person waits for a page."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
