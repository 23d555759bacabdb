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
    """Let no trigger of ours fire and no foreign key be checked, in one transaction of the tables' owner.

    Millions of made-up rows need neither history nor requests to re-tier, and they refer to what is there. Foreign
    keys come back unvalidated: what is written afterwards is checked again.
    """
    with transaction.atomic():
        execute("SET CONSTRAINTS ALL IMMEDIATE")
        keys = _foreign_keys()
        for table in sorted({table for table, *_ in keys}):
            execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for table, name, _definition in keys:
            execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        yield
        for table, name, definition in keys:
            execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition} NOT VALID")
        for table in sorted({table for table, *_ in keys}):
            execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def _foreign_keys() -> list[tuple[str, str, str]]:
    """Table, name and definition of each foreign key of records and ledgers."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE contype = 'f' AND conrelid::regclass::text ~ '^(crm|tiering)_' ORDER BY 1, 2"
        )
        return cursor.fetchall()


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
