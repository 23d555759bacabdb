"""What a test that commits leaves behind is taken out of the tables that hold something.

Django would empty all of them, and write the permissions of every model anew: most of the time that such a test takes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pgtrigger
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

import crm.setup
import funnel.setup

LASTING: Final = frozenset({"django_content_type", "auth_permission", "django_migrations"})
"""Made with the database itself."""
APPENDED: Final = "pghistory_context"
"""A trigger of its own keeps its rows from being deleted, but nothing refers to it. To truncate it has the plans thrown
away that look into it."""


def empty_tables() -> None:
    """Leave what a migrated database holds. What triggers write on the way, such as requests to tier anew, goes too."""
    with transaction.atomic(), connection.cursor() as cursor, pgtrigger.ignore():
        while filled := _filled(cursor):
            cursor.execute("; ".join(f"DELETE FROM {connection.ops.quote_name(table)}" for table in filled))
        cursor.execute(f"SELECT EXISTS (SELECT FROM {APPENDED})")
        if cursor.fetchone() == (True,):
            cursor.execute(f"TRUNCATE {APPENDED}")
    crm.setup.after_migrate()
    funnel.setup.after_migrate()


def _filled(cursor: CursorWrapper) -> Sequence[str]:
    """Planning a look into hundreds of tables takes a hundred times as long as the look: a connection plans it once."""
    cursor.execute("SELECT 1 FROM pg_prepared_statements WHERE name = 'filled'")
    if cursor.fetchone() is None:
        every = connection.introspection.django_table_names(only_existing=True, include_views=False)
        parts = [
            f"SELECT '{table}' WHERE EXISTS (SELECT FROM {connection.ops.quote_name(table)})"
            for table in sorted(set(every) - LASTING - {APPENDED})
        ]
        cursor.execute(f"PREPARE filled AS {' UNION ALL '.join(parts)}")
    cursor.execute("EXECUTE filled")
    return [table for (table,) in cursor.fetchall()]
