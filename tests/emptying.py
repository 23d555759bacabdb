"""What a test that commits leaves behind is taken out of the tables that hold something.

Django would empty all of them, and write the permissions of every model anew: most of the time that such a test takes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pgtrigger
from django.db import connection, transaction

import crm.setup
import funnel.setup

LASTING: Final = frozenset({"django_content_type", "auth_permission", "django_migrations"})
"""Made with the database itself."""
APPENDED: Final = "pghistory_context"
"""A trigger of its own keeps its rows from being deleted, but nothing refers to it."""


def empty_tables() -> None:
    """Leave what a migrated database holds. What triggers write on the way, such as requests to tier anew, goes too."""
    with transaction.atomic(), connection.cursor() as cursor, pgtrigger.ignore():
        while filled := _filled():
            cursor.execute("; ".join(map(_emptied, filled)))
    crm.setup.after_migrate()
    funnel.setup.after_migrate()


def _filled() -> Sequence[str]:
    every = connection.introspection.django_table_names(only_existing=True, include_views=False)
    parts = [
        f"SELECT '{table}' WHERE EXISTS (SELECT FROM {connection.ops.quote_name(table)})"
        for table in sorted(set(every) - LASTING)
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return [table for (table,) in cursor.fetchall()]


def _emptied(table: str) -> str:
    name = connection.ops.quote_name(table)
    return f"TRUNCATE {name}" if table == APPENDED else f"DELETE FROM {name}"
