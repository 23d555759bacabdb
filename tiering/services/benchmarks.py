"""Benchmarks of the whole book."""

from datetime import datetime

from django.db import connection, transaction

from tiering.facts.benchmark import take
from tiering.models import PortfolioBenchmark
from tiering.services.planner import over_the_book

COLUMNS = "clients, total_revenue, revenue_steps, monetary_edges, frequency_edges, recency_edges"
TAKE = """
INSERT INTO tiering_portfoliobenchmark (as_of, {columns})
SELECT %(as_of)s, {columns} FROM ({taken}) AS taken
ON CONFLICT (as_of) DO NOTHING
"""


@transaction.atomic
def take_benchmark(*, as_of: datetime) -> PortfolioBenchmark:
    """The benchmark of a moment, taken from the records that were known at it unless it was taken before.

    A run that derives the facts of the whole book takes one first; facts derived later read it until the next.
    """
    known = PortfolioBenchmark.objects.filter(as_of=as_of).first()
    if known:
        return known
    taken, params = take(as_of)
    with connection.cursor() as cursor:
        over_the_book(cursor)
        cursor.execute(TAKE.format(columns=COLUMNS, taken=taken), params)
    return PortfolioBenchmark.objects.get(as_of=as_of)
