"""SQL terms for rows over records: what a row gives counts, what it does not give stays as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from crm.imports.batch import Batch

LINKS = ("industry", "region", "rm")
"""Fields whose cells name another row; their columns hold its id."""


def given(batch: Batch, fields: Iterable[str]) -> list[str]:
    """Those of the fields that rows can have a value for; a name may turn out to be of either language."""
    split = {"name_en", "name_zh"} if "name" in batch.given else set()
    return [field for field in fields if field in batch.given | split]


def differs(fields: Iterable[str], row: str, record: str) -> str:
    """Whether the row gives anything that the record has otherwise."""
    terms = (
        f"{row}.{column} IS NOT NULL AND {row}.{column} IS DISTINCT FROM {record}.{column}"
        for column in map(_column, fields)
    )
    return " OR ".join(terms) or "false"


def merged(fields: Iterable[str], row: str, record: str) -> str:
    """Assignments of what the row gives, and of what the record has for the rest."""
    return ", ".join(
        f"{column} = coalesce({row}.{column}, {record}.{column})" for column in map(_column, fields)
    )


def initial(fields: Iterable[str], row: str, nullable: Iterable[str], defaults: Mapping[str, str]) -> str:
    """The values of a new record: what the row gives, else NULL, the field's default or an empty text."""
    return ", ".join(
        f"{row}.{field}" if field in nullable else f"coalesce({row}.{field}, {defaults.get(field, repr(''))})"
        for field in fields
    )


def _column(field: str) -> str:
    return f"{field}_id" if field in LINKS else field
