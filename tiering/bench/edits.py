"""How long a person waits who saves a client, alone and while a run goes on."""

import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

from django.db import connection
from django.utils.translation import gettext as _

from crm.models import Client
from crm.services.clients import update_client
from tiering.bench.book import Book, change_facts
from tiering.bench.clocks import percentile
from tiering.bench.report import Line, at_most
from tiering.bench.whole_run import WORKERS, official_run
from tiering.bench.worker import crew

PAUSE = 0.01
TIMES_IDLE = 2
LONGEST = 300


def edits(book: Book, seconds: float) -> Iterator[Line]:
    """The 95th percentile and the longest wait, in milliseconds, idle and during official runs, for as long."""
    idle = _saves(book, lambda: time.sleep(seconds))
    during: list[float] = []
    with crew(WORKERS) as workers:
        run_for = 0.0
        while run_for < seconds or not during:
            change_facts(book)
            begun = time.perf_counter()
            during += _saves(book, lambda: official_run(workers))
            run_for += time.perf_counter() - begun
    before, beside = percentile(idle, 0.95), percentile(during, 0.95)
    yield Line(_("saving a client, idle: p95"), f"{before:.1f} ms")
    yield Line(_("saving a client, during a run: p95"), f"{beside:.1f} ms")
    yield at_most(_("saving a client, p95 during a run ÷ idle"), beside / before, TIMES_IDLE, digits=1)
    yield at_most(_("saving a client, longest wait during a run"), max(during), LONGEST, " ms", 0)


def _saves(book: Book, meanwhile: Callable[[], object]) -> list[float]:
    """How long each save took of somebody who saves one client after the other, meanwhile."""
    told = Event()
    with ThreadPoolExecutor(1) as pool:
        saves = pool.submit(_save_until, told, book)
        try:
            meanwhile()
        finally:
            told.set()
        return saves.result()


def _save_until(told: Event, book: Book) -> list[float]:
    """On a connection of this thread's own, which has saved before, as those of web processes have."""
    chance, waited = random.Random(42), []  # noqa: S311 - not a secret
    try:
        _save(book, 1)
        while not told.is_set():
            waited.append(1000 * _save(book, chance.randint(1, book.clients)))
            told.wait(PAUSE)
    finally:
        connection.close()
    return waited


def _save(book: Book, number: int) -> float:
    client = Client.objects.get(pk=number)
    begun = time.perf_counter()
    name = f"{client.name_en.split(' #')[0]} #{client.version}"
    update_client(by=book.rm, client=client, version=client.version, name_en=name)
    return time.perf_counter() - begun
