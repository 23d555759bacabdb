"""Which project decides for a client: by rank or by value, with ties broken the same way in Python and in SQL."""

import math
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tiering.core.generators import EDGES, STRANGE
from tests.tiering.core.parity import parity
from tests.tiering.core.postgres import rows_over
from tiering.core.compile_rollup import compile_roll_up
from tiering.core.document import RollUp
from tiering.core.rollup import InProject, deciding

RULES = {
    "best": RollUp("best", None),
    "worst": RollUp("worst", None),
    "largest": RollUp("largest", "exposure"),
}
COLUMNS = {
    "client_id": "bigint", "project_id": "bigint", "rank": "smallint", "score": "bigint", "value": "float8",
}  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "results", "project"),
    [
        ("best", [InProject(1, 2, 50), InProject(2, 0, 80), InProject(3, 1, 90)], 2),
        ("best", [InProject(1, 0, 50), InProject(2, 0, 80)], 2),
        ("best", [InProject(2, 0, 80), InProject(1, 0, 80)], 1),
        ("worst", [InProject(1, 2, 50), InProject(2, 0, 80), InProject(3, 3, 90)], 3),
        ("worst", [InProject(1, 2, 50), InProject(2, 2, 20)], 2),
        ("worst", [InProject(2, 2, 20), InProject(1, 2, 20)], 1),
        ("largest", [InProject(1, 0, 90, 5.0), InProject(2, 3, 10, 5.5)], 2),
        ("largest", [InProject(1, 0, 90, 5.0), InProject(2, 3, 10, 5.0)], 2),
        ("largest", [InProject(1, 3, 10, None), InProject(2, 0, 90, -1.0)], 2),
        ("largest", [InProject(1, 3, 10, math.nan), InProject(2, 3, 9, math.inf)], 2),
    ],
)
def test_the_project_that_the_rule_names_decides(rule, results, project):
    for order in (results, results[::-1]):
        assert deciding(RULES[rule], order).project == project


@parity
@given(
    rule=st.sampled_from(sorted(RULES)),
    rows=st.lists(
        st.tuples(
            st.integers(1, 3), st.integers(0, 2), st.integers(0, 2), st.sampled_from([*EDGES, *STRANGE])
        ),
        min_size=1,
        max_size=12,
    ),
)
def test_rolling_up_in_sql_equals_rolling_up_in_python(postgres, rule, rows):
    given_rows = [(client, project, *rest) for project, (client, *rest) in enumerate(rows)]
    by_client: defaultdict[int, list[InProject]] = defaultdict(list)
    for client, *result in given_rows:
        by_client[client].append(InProject(*result))
    statement, params = compile_roll_up(RULES[rule], "given")
    found = rows_over(postgres, COLUMNS, given_rows, statement, params)
    assert {row["client_id"]: row["project_id"] for row in found} == {
        client: deciding(RULES[rule], results).project for client, results in by_client.items()
    }
