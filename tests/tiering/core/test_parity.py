"""Python and SQL give every subject the same result, whatever the document and the facts."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg2.extensions import connection as Connection

from tests.tiering.core.generators import conditions, documents, facts
from tests.tiering.core.postgres import connect, rows_over
from tiering.core.compile import compile_assessment
from tiering.core.conditions import holds, metrics_of, parse
from tiering.core.evaluate import Assessment, evaluate
from tiering.core.reading import read
from tiering.core.sql import compile_condition

parity = settings(
    max_examples=120,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.fixture(scope="module")
def postgres() -> Iterator[Connection]:
    opened = connect()
    yield opened
    opened.close()


def as_row(number: int, assessment: Assessment) -> dict[str, object]:
    return {
        "client_id": number,
        "scorecard": assessment.scorecard,
        "score": assessment.score,
        "model_tier": assessment.model_tier,
        "base_tier": assessment.base_tier,
        "overlay_tier": assessment.overlay_tier,
        "tier": assessment.tier,
        "provisional": assessment.provisional,
        "gates": list(assessment.gates),
        "overlays": list(assessment.overlays),
    }


@parity
@given(data=documents(), subjects=st.lists(facts(), min_size=8, max_size=25))
def test_assessing_in_sql_equals_assessing_in_python(postgres, data, subjects):
    document = read(data)
    statement, params = compile_assessment(document, "facts")
    rows = rows_over(postgres, subjects, statement, params)
    assert rows == [as_row(number, evaluate(document, subject)) for number, subject in enumerate(subjects)]


@parity
@given(
    data=st.lists(conditions(), min_size=1, max_size=5), subjects=st.lists(facts(), min_size=8, max_size=25)
)
def test_a_condition_in_sql_equals_the_condition_in_python(postgres, data, subjects):
    parsed = [parse(item) for item in data]
    columns = {metric: f'facts."{metric}"' for condition in parsed for metric in metrics_of(condition)}
    compiled = [compile_condition(condition, columns) for condition in parsed]
    wanted = ", ".join(f"{sql} AS c{number}" for number, (sql, _) in enumerate(compiled))
    params = [value for _, values in compiled for value in values]
    rows = rows_over(postgres, subjects, f"SELECT client_id, {wanted} FROM facts", params)
    for row, subject in zip(rows, subjects, strict=True):
        answers = [row[f"c{number}"] for number in range(len(parsed))]
        assert answers == [holds(condition, subject) for condition in parsed]
