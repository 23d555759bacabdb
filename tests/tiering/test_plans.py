"""What statements about few clients find their rows by, while the planner knows nothing of the tables: never by what
most rows of a table have in common."""

from collections.abc import Mapping
from typing import Any

import pytest
from django.db import connection

from tests.tiering.helpers import publish
from tiering.facts import derive
from tiering.models import TieringRun
from tiering.services import prepared
from tiering.services.clock import database_now
from tiering.services.planner import HASHING
from tiering.services.runs import start_run
from tiering.services.staging import changes
from tiering.services.subjects import Scope, method_of

pytestmark = pytest.mark.django_db

CLIENTS = [1, 2, 3]


def plan_of(statement: str, params: Mapping[str, Any], plan: dict[str, str]) -> str:
    """How a worker's connection carries it out from then on."""
    with connection.cursor() as cursor:
        prepared.execute(cursor, statement, params, plan=plan)
        known = prepared._KNOWN[cursor.connection][statement]
        cursor.execute(f"EXPLAIN {known.execution}", params)
        return "\n".join(line for (line,) in cursor.fetchall())


def test_observations_are_found_by_their_clients():
    plan = plan_of(*derive(CLIENTS, database_now()), {})
    assert "on crm_observation" in plan
    assert "crm_observation_project_id" not in plan


def test_proposals_that_wait_are_found_by_their_clients():
    publish()
    method = method_of(start_run(requested_by=None, basis=TieringRun.Basis.FACTS))
    plan = plan_of(*changes(method, Scope(listed=CLIENTS)), HASHING)
    assert "on tiering_proposal" in plan
    assert "proposal_queue" not in plan
    assert "tiering_proposal_project_id" not in plan
