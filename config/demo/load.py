"""Rows into Postgres by COPY: one statement a table, so that history and search triggers fire once."""

from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models.expressions import DatabaseDefault

ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def load(rows: Sequence[models.Model]) -> None:
    """Store unsaved rows of one model, with ids where they have none; what they refer to is stored already.

    Everything is written as it stands: `auto_now_add` does not apply, so rows may carry the dates they speak of.
    """
    if not rows:
        return
    model = type(rows[0])
    if rows[0].pk is None and not model._meta.pk.is_relation:
        for row, pk in zip(rows, reserve_ids(model, len(rows)), strict=True):
            row.pk = pk
    fields = [field for field in model._meta.concrete_fields if is_given(rows[0], field)]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    lines = StringIO("".join(line(row, fields) for row in rows))
    with connection.cursor() as cursor:
        cursor.copy_expert(f'COPY "{model._meta.db_table}" ({columns}) FROM STDIN', lines)
        cursor.execute(f'ANALYZE "{model._meta.db_table}"')
    for row in rows:
        row._state.adding = False


def reserve_ids(model: type[models.Model], count: int) -> list[int]:
    """The next ids of a table; nobody else gets them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [pk for (pk,) in cursor.fetchall()]


def is_given(row: models.Model, field: models.Field) -> bool:
    """False where the database is to put its default."""
    return not isinstance(getattr(row, field.attname), DatabaseDefault)


def line(row: models.Model, fields: Iterable[models.Field]) -> str:
    return "\t".join(cell(value_of(row, field)) for field in fields) + "\n"


def value_of(row: models.Model, field: models.Field) -> Any:
    if field.is_relation:  # the other row may have got its id after this one was made
        other = getattr(row, field.name)
        return other and other.pk
    value = getattr(row, field.attname)
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    return f"{{{','.join(value)}}}" if isinstance(field, ArrayField) else value


def cell(value: Any) -> str:
    return "\\N" if value is None else str(value).translate(ESCAPES)
