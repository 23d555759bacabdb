"""What derives the facts of few clients never finds rows by what most of a table have in common, however little the
planner knew of the table when it made the plan that is kept."""

import pytest
from django.db import connection

from tiering.facts import derive
from tiering.services import prepared
from tiering.services.clock import database_now

pytestmark = pytest.mark.django_db


def test_observations_are_found_by_their_clients():
    statement, params = derive([1, 2, 3], database_now())
    with connection.cursor() as cursor:
        prepared.execute(cursor, statement, params)
        kept = prepared._KNOWN[cursor.connection][statement]
        cursor.execute(f"EXPLAIN {kept.execution}", params)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "on crm_observation" in plan
    assert "crm_observation_project_id" not in plan
