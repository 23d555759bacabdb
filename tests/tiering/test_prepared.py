"""Statements that are planned once for each connection."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection, transaction

from tiering.services import prepared

pytestmark = pytest.mark.django_db


def answer(statement: str, **params: Any) -> Any:
    with connection.cursor() as cursor:
        prepared.execute(cursor, statement, params)
        return cursor.fetchone()


def plans(statement: str) -> list[int]:
    """How often it was planned for parameters of its own, for each time that it was prepared."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT custom_plans FROM pg_prepared_statements WHERE statement LIKE %s", [f"%AS {statement}"]
        )
        return [planned for (planned,) in cursor.fetchall()]


def test_statement_is_planned_once_and_answers_each_time():
    statement = "SELECT %(given)s * 2 AS planned_once, %(given)s"
    assert [answer(statement, given=given) for given in (1, 2, 2**40)] == [(2, 1), (4, 2), (2**41, 2**40)]
    assert plans("SELECT $1 * 2 AS planned_once, $1") == [0]


def test_every_type_keeps_its_value():
    moment, day = datetime(2026, 6, 30, 4, tzinfo=UTC), date(2026, 6, 30)
    given = {
        "at": moment,
        "day": day,
        "text": "5 % of 'it'",
        "share": 0.1,
        "yes": True,
        "ids": [3, 4],
        "none": None,
    }
    statement = (
        "SELECT %(at)s, %(day)s, %(text)s, %(share)s, %(yes)s, %(ids)s::bigint[], %(none)s::bigint, 7 %% 4"
    )
    assert answer(statement, **given) == (*given.values(), 3)
    assert answer(statement, **{**given, "ids": [], "none": 9})[5:] == ([], 9, 3)


def test_constants_are_part_of_the_statement():
    statement = prepared.with_constants(
        "SELECT %(share)s::text AS constants, 7 %% 4, %(given)s", {"share": "5 %(given)s"}
    )
    assert answer(statement, given=1) == ("5 %(given)s", 3, 1)
    assert plans("SELECT '5 %(given)s'::text AS constants, 7 % 4, $1") == [0]


def test_plan_outlives_a_transaction_that_failed():
    statement = "SELECT 1 / %(given)s AS outlives"
    assert answer(statement, given=1) == (1,)
    with pytest.raises(Exception, match="division by zero"), transaction.atomic():
        answer(statement, given=0)
    assert answer(statement, given=-1) == (-1,)
    assert plans("SELECT 1 / $1 AS outlives") == [0]


def test_rows_are_kept_for_what_follows():
    with connection.cursor() as cursor:
        keep = "CREATE TEMPORARY TABLE kept ON COMMIT DROP AS"
        prepared.execute(cursor, "SELECT generate_series(1, %(most)s) AS n", {"most": 3}, keep=keep)
        cursor.execute("SELECT sum(n) FROM kept")
        assert cursor.fetchone() == (6,)


def test_connection_remembers_so_many_statements(monkeypatch):
    monkeypatch.setattr(prepared, "MOST", 2)
    for number in range(5):
        assert answer(f"SELECT {number} AS forgotten_{number}, %(given)s", given=1) == (number, 1)
    assert len(plans("SELECT % AS forgotten_%, $1")) <= 2
    assert answer("SELECT 0 AS forgotten_0, %(given)s", given=2) == (0, 2)


def test_small_table_is_not_scanned_for_what_it_may_grow_to():
    """A plan outlives what the planner knew of a table when it was made."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE small (id bigint PRIMARY KEY) ON COMMIT DROP")
        cursor.execute("ANALYZE small")
        prepared.execute(
            cursor, "SELECT FROM small WHERE id = %(id)s", {"id": 1}, plan={"enable_bitmapscan": "off"}
        )
        cursor.execute(
            "SELECT name FROM pg_prepared_statements WHERE statement LIKE '%%FROM small WHERE id%%'"
        )
        (name,) = cursor.fetchone()
        cursor.execute(f"EXPLAIN EXECUTE {name}(1)")
        assert "Seq Scan" not in str(cursor.fetchall())
        cursor.execute("SHOW enable_bitmapscan")
        assert cursor.fetchone() == ("on",)
