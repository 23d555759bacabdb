"""Clients whose records changed: from the moment workers claim their requests until the commit."""

import random
import time
from collections.abc import Iterator
from datetime import timedelta
from statistics import median

from django.utils.translation import gettext as _

from crm.models import Observation
from tiering.bench.book import Book
from tiering.bench.report import Line, at_most
from tiering.bench.rows import insert
from tiering.bench.whole_run import WORKERS
from tiering.bench.worker import Crew, Needs, crew
from tiering.facts import local_day
from tiering.models import RetierRequest
from tiering.services import requests

ONE_AT_A_TIME = 20
MANY = 10_000
WARM = 1_000
ONE_MS = 20
MANY_SECONDS = 1.0


def changed_clients(book: Book) -> Iterator[Line]:
    """One client after another, and many at once by workers that have done the like before. Expects clients with
    records."""
    RetierRequest.objects.all().delete()
    chance = random.Random(42)  # noqa: S311 - not a secret
    waits = [_one(book, chance.randint(1, book.clients), day) for day in range(ONE_AT_A_TIME)]
    yield at_most(_("one changed client, claim to commit"), 1000 * median(waits), ONE_MS, " ms", 1)
    many = min(MANY, book.clients)
    with crew(WORKERS) as workers:
        _many(book, workers, min(WARM, book.clients), least=300)
        elapsed, needs = _many(book, workers, many, least=500)
    yield at_most(
        _("%(count)s changed clients, claim to commit") % {"count": f"{many:,}"}, elapsed, MANY_SECONDS, " s"
    )
    if needs.cpu is not None:
        yield Line(
            _("CPU of workers and their server processes, a client"), f"{1e6 * needs.cpu / many:.0f} µs"
        )


def _one(book: Book, number: int, day: int) -> float:
    """A credit score is observed; the trigger of the table asks for the client."""
    today = local_day(book.as_of)
    Observation.objects.create(
        client_id=number,
        metric="credit_score",
        value=500.0 + 10 * day,
        observed_on=today - timedelta(days=day),
        received_on=today,
        source="bench",
    )
    begun = time.perf_counter()
    answered = requests.drain_requests()
    elapsed = time.perf_counter() - begun
    assert answered == 1
    return elapsed


def _many(book: Book, workers: Crew, count: int, least: int) -> tuple[float, Needs]:
    insert(
        Observation,
        "generate_series(1, %(count)s) AS n",
        {
            "client_id": "n",
            "metric": "'credit_score'",
            "value": "%(least)s + n %% 250",
            "observed_on": "%(day)s",
            "received_on": "%(day)s",
            "source": "'bench, ' || %(least)s",
        },
        {"count": count, "day": local_day(book.as_of), "least": least},
    )
    begun = time.perf_counter()
    needs = workers.drain()
    elapsed = time.perf_counter() - begun
    assert not RetierRequest.objects.exists()
    return elapsed, needs
