"""Clients whose records changed: from the moment a worker claims their requests until the commit."""

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
from tiering.facts import local_day
from tiering.models import RetierRequest
from tiering.services import requests

ONE_AT_A_TIME = 20
MANY = 10_000
ONE_MS = 20
MANY_SECONDS = 1.0


def changed_clients(book: Book) -> Iterator[Line]:
    """One client after another, and many at once. Expects clients with records."""
    RetierRequest.objects.all().delete()
    chance = random.Random(42)  # noqa: S311 - not a secret
    waits = [_one(book, chance.randint(1, book.clients), day) for day in range(ONE_AT_A_TIME)]
    yield at_most(_("one changed client, claim to commit"), 1000 * median(waits), ONE_MS, " ms", 1)
    many = min(MANY, book.clients)
    elapsed = _many(book, many)
    yield at_most(
        _("%(count)s changed clients, claim to commit") % {"count": f"{many:,}"}, elapsed, MANY_SECONDS, " s"
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


def _many(book: Book, count: int) -> float:
    insert(
        Observation,
        "generate_series(1, %(count)s) AS n",
        {
            "client_id": "n",
            "metric": "'credit_score'",
            "value": "500 + n %% 250",
            "observed_on": "%(day)s",
            "received_on": "%(day)s",
            "source": "'bench, many'",
        },
        {"count": count, "day": local_day(book.as_of)},
    )
    begun = time.perf_counter()
    requests.drain(seconds=600)
    elapsed = time.perf_counter() - begun
    assert not RetierRequest.objects.exists()
    return elapsed
