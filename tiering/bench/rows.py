"""Rows of a model made by one INSERT … SELECT, and nothing of what usually follows from a row."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.models import Field, Model
from django.db.models.fields import NOT_PROVIDED

from tiering.core.sql import quoted


@contextmanager
def bulk_load() -> Iterator[None]:
    """Let no trigger fire and no foreign key be checked, in one transaction; its user has to be a superuser.

    Millions of made-up rows need neither history nor requests to re-tier.
    """
    with transaction.atomic():
        execute("SET LOCAL session_replication_role = replica")
        execute("SET LOCAL statement_timeout = 0")
        yield


def insert(model: type[Model], source: str, given: Mapping[str, str], params: Mapping[str, Any]) -> int:
    """INSERT a row for each row of ``source``, what stands after FROM; ``given`` are expressions over it by column.

    Every other column gets what a new object of the model has there. The number of rows.
    """
    written: dict[str, str] = {name: _default(field) for name, field in _filled(model, given).items()}
    written |= given
    columns = ", ".join(map(quoted, written))
    values = ", ".join(written.values())
    return execute(
        f"INSERT INTO {quoted(model._meta.db_table)} ({columns}) SELECT {values} FROM {source}",  # noqa: S608
        params,
    )


def execute(statement: str, params: Mapping[str, Any] | None = None) -> int:
    """Execute a statement; the number of rows that it concerned."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.rowcount


def _filled(model: type[Model], given: Mapping[str, str]) -> dict[str, Field]:
    """The columns that have to be given something, beside the ``given`` ones."""
    return {
        field.column or field.name: field
        for field in model._meta.concrete_fields
        if not (field.primary_key or field.null or field.db_default is not NOT_PROVIDED)
        and field.column not in given
    }


def _default(field: Field) -> str:
    if getattr(field, "auto_now_add", False):
        return "CURRENT_TIMESTAMP"
    value = field.get_db_prep_save(field.get_default(), connection)
    with connection.cursor() as cursor:
        written: str = cursor.mogrify("%s", [value]).decode()
    return written.replace("%", "%%")
