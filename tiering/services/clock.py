"""The database's clock: the one that every process shares."""

from datetime import datetime

from django.db import connection


def database_now() -> datetime:
    """The moment, also within a long transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]
