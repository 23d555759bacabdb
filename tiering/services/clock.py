"""The database's clock: the one that every process shares."""

from datetime import datetime

from django.db import connection
from django.db.models import DateTimeField, Func


class ClockTimestamp(Func):
    """The moment, for a column; unlike `Now` also within a long statement or transaction."""

    function = "clock_timestamp"
    output_field = DateTimeField()


def database_now() -> datetime:
    """The moment, also within a long transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]
