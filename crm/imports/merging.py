"""SQL terms for rows over records: what a row gives counts, what it does not give stays as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crm.imports.batch import Batch

LINKS = ("industry", "region", "rm", "project", "assignee", "author", "owner")
"""Fields whose cells name another row; their columns hold its id."""

SHOWN = {
    "industry": "(SELECT o.name FROM crm_industry o WHERE o.id = {0}.industry_id)",
    "region": "(SELECT o.name FROM crm_region o WHERE o.id = {0}.region_id)",
    "rm": "(SELECT o.username FROM crm_user o WHERE o.id = {0}.rm_id)",
    "assignee": "(SELECT o.username FROM crm_user o WHERE o.id = {0}.assignee_id)",
    "author": "(SELECT o.username FROM crm_user o WHERE o.id = {0}.author_id)",
    "owner": "(SELECT o.username FROM crm_user o WHERE o.id = {0}.owner_id)",
    "project": "(SELECT o.code FROM crm_project o WHERE o.id = {0}.project_id)",
    "phone_fingerprint": "concat('•••• ', {0}.phone_hint)",
}
"""How a value is shown that says nothing by itself."""


def given(batch: Batch, fields: Iterable[str]) -> list[str]:
    """Those of the fields that rows can have a value for; a name may turn out to be of either language."""
    split = {"name_en", "name_zh"} if "name" in batch.given else set()
    return [field for field in fields if field in batch.given | split]


def differs(fields: Iterable[str], row: str, record: str) -> str:
    """Whether the row gives anything that the record has otherwise."""
    return " OR ".join(_differs(field, row, record) for field in fields) or "false"


def changes(fields: Iterable[str], row: str, record: str) -> str:
    """What of the record the row changes, {field: [before, after]}, as a jsonb term; NULL for nothing."""
    values = ", ".join(
        f"('{field}', {_differs(field, row, record)}, {_shown(field, record)}, {_shown(field, row)})"
        for field in fields
    )
    return f"""(SELECT jsonb_object_agg(v.field, jsonb_build_array(v.before, v.after))
                FROM (VALUES {values}) v (field, differs, before, after) WHERE v.differs)"""


def merged(fields: Iterable[str], row: str, record: str) -> str:
    """Assignments of what the row gives, and of what the record has for the rest."""
    return ", ".join(
        f'"{column}" = coalesce({row}."{column}", {record}."{column}")' for column in map(column_of, fields)
    )


def initial(fields: Iterable[str], row: str, nullable: Iterable[str], defaults: Mapping[str, str]) -> str:
    """The values of a new record: what the row gives, else NULL, the field's default or an empty text."""
    return ", ".join(
        f"{row}.{field}" if field in nullable else f"coalesce({row}.{field}, {defaults.get(field, repr(''))})"
        for field in fields
    )


def column_of(field: str) -> str:
    return f"{field}_id" if field in LINKS else field


def _differs(field: str, row: str, record: str) -> str:
    column = column_of(field)
    return f'({row}."{column}" IS NOT NULL AND {row}."{column}" IS DISTINCT FROM {record}."{column}")'


def _shown(field: str, alias: str) -> str:
    return f"to_jsonb({SHOWN[field].format(alias)})" if field in SHOWN else f'to_jsonb({alias}."{field}")'
