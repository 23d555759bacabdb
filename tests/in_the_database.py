"""What the database itself refuses, whoever writes it."""

from django.db import DatabaseError, connection, transaction


def refused_by_the_database(sql: str, *params: str | int) -> bool:
    """Whether the database refuses a statement that goes past every service."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, params)
            connection.check_constraints()
    except DatabaseError:
        return True
    return False
