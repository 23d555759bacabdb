"""What a run that is not official finds: kept beside the ledgers, and no tier touched."""

from typing import Any

from django.db import connection

from tiering.facts import derive
from tiering.facts.projects import derive_projects
from tiering.models import TieringRun
from tiering.services.planner import HASHING, planning
from tiering.services.retier import Outcome
from tiering.services.staging import results
from tiering.services.subjects import STORED, Relations, Scope, method_of


def try_out(run: TieringRun, scope: Scope, clients: list[int]) -> Outcome:
    """Write what a run finds for the subjects of a scope, in the transaction of the caller.

    By records, facts are derived as of the run's moment and kept nowhere; else those count that held at it.
    """
    method = method_of(run)
    relations, params, plan = STORED, dict[str, Any](), HASHING
    if run.basis == TieringRun.Basis.RECORDS:
        facts, of_clients = derive(clients, run.as_of)
        within, of_projects = derive_projects(clients, run.as_of)
        relations = Relations(DERIVED.format(derived=facts), DERIVED.format(derived=within))
        params, plan = {**of_clients, **of_projects}, {}
    tried = TRY.format(results=results(method, scope, relations))
    with connection.cursor() as cursor, planning(cursor, plan):
        cursor.execute(tried, {**params, **scope.params, **method.params})
        count = cursor.rowcount
    return Outcome(clients=count, assessed=count)


# Derived facts stand nowhere, so they hold for as long as the statement runs.
DERIVED = """(
    SELECT *, NULL::bigint AS id, %(as_of)s::timestamptz AS valid_from, NULL::timestamptz AS valid_to
    FROM ({derived}) AS d OFFSET 0)"""

TRY = """
INSERT INTO tiering_trialresult
    (run_id, client_id, project_id, scorecard, score, held_rank, model_rank, base_rank, overlay_rank, rank, provisional,
     gates, overlays)
WITH {results}
SELECT %(run)s, x.client_id, x.project_id, x.scorecard, x.score,
       (array_position(%(tiers)s::bigint[], x.held_id) - 1)::smallint,
       x.model_tier, x.base_tier, x.overlay_tier, x.tier, x.provisional, x.gates, x.overlays
FROM result x
"""
