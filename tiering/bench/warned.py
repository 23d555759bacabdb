"""How soon a statement that breaks a covenant is known to whoever has to act: alert, proposal, RM, officer."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from crm.models import Client, FinancialStatement, Notice, Role, User
from crm.signals import records_changed
from tiering.bench.book import Book, make_book
from tiering.bench.records import make_records
from tiering.bench.report import Line, at_most
from tiering.bench.scratch import Scratch
from tiering.bench.worker import STATEMENT_TIMEOUT_MS, address
from tiering.facts import local_day
from tiering.models import Alert, Policy, Proposal
from tiering.services.clock import database_now
from tiering.services.covenants import agree_covenant
from tiering.services.policies import put_policy_in_effect, start_policy
from tiering.services.raising import CRITICAL
from tiering.services.requests import retier_changed
from tiering.tasks import sweep
from tiering.warnings.library import library

GOAL: Final = 5.0
PATIENCE: Final = 60.0
BEAT: Final = 5.0
"""Seconds between two looks of the sweeper, as in production."""


CLIENTS: Final = 1_000


def measured_warnings(scratch: Scratch) -> Iterator[Line]:
    """The same in a database of its own."""
    with scratch.database():
        book = make_book(CLIENTS)
        make_records(book)
        yield from warned(book)


def warned(book: Book) -> Iterator[Line]:
    """Seconds from the commit of a statement to each of what follows, by a worker of its own. Expects clients with
    records, and a broker."""
    client = _prepare(book)
    with _worker():
        begun = _type_in(client)
        for what, is_there in _awaited(client).items():
            yield at_most(what, _until(is_there, begun), GOAL, " s")


def _prepare(book: Book) -> Client:
    """A client that keeps its covenant, under warnings that are in effect."""
    author, publisher, officer = (
        User.objects.create_user(f"bench-{place}", role=role, name=f"Bench {place}")
        for place, role in enumerate((Role.CRITERIA_ADMIN, Role.CRITERIA_ADMIN, Role.RISK_OFFICER))
    )
    draft = start_policy(kind=Policy.Kind.WARNINGS, by=author, document=library())
    put_policy_in_effect(version=draft, publisher=publisher)
    client = Client.objects.order_by("pk")[0]
    Client.objects.filter(pk=client.pk).update(rm=book.rm, team=book.rm.team)
    with transaction.atomic():
        retier_changed([client.pk])
    agree_covenant(
        client=client, metric="leverage", op="<=", value=0.99, starts_on=local_day(book.as_of), by=officer
    )
    return Client.objects.get(pk=client.pk)


def _type_in(client: Client) -> float:
    """A statement with more debts than assets, as a page would save it; when its commit began."""
    latest = FinancialStatement.objects.filter(client=client).latest("period_end", "received_on")
    latest.pk, latest.total_liabilities = None, (latest.total_assets or 0) * 2
    latest.received_on = local_day(database_now())
    latest.period_end += timedelta(days=1)
    with transaction.atomic():
        latest.save()
        records_changed()
        return time.perf_counter()


def _awaited(client: Client) -> dict[str, Callable[[], bool]]:
    alerts = Alert.objects.filter(client=client, indicator="covenant_breach")
    told = Notice.objects.filter(client=client, kind=CRITICAL)

    return {
        _("statement to alert"): alerts.exists,
        _("statement to proposal"): Proposal.objects.filter(client=client, status="pending").exists,
        _("statement to notice of the RM"): told.filter(recipient__role=Role.RM).exists,
        _("statement to notice of an officer"): told.filter(recipient__role=Role.RISK_OFFICER).exists,
    }


def _until(is_there: Callable[[], bool], begun: float) -> float:
    """Seconds from the beginning until it is there, ringing as beat does."""
    swept = begun
    while not is_there():
        now = time.perf_counter()
        if now - begun > PATIENCE:
            return PATIENCE
        if now - swept > BEAT:
            sweep()
            swept = now
        time.sleep(0.01)
    return time.perf_counter() - begun


@contextmanager
def _worker() -> Iterator[None]:
    """A worker as in production, once it hears."""
    environment = os.environ | {
        "DATABASE_URL": address(),
        "STRATA_DB_STATEMENT_TIMEOUT_MS": str(STATEMENT_TIMEOUT_MS),
    }
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "-c", "1", "-l", "ERROR"]
    process = subprocess.Popen(command, env=environment, cwd=settings.BASE_DIR, stdout=subprocess.PIPE)  # noqa: S603
    try:
        _wait_for_it()
        yield
    finally:
        process.kill()
        process.communicate()


def _wait_for_it() -> None:
    begun = time.perf_counter()
    while not current_app.control.ping(timeout=0.5):
        if time.perf_counter() - begun > PATIENCE:
            raise RuntimeError("The worker does not answer.")
