"""Seeding the demo book: all of it in one transaction, or nothing."""

from collections.abc import Callable
from datetime import date

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from config.demo.asking import ask_the_book
from config.demo.book import Book, make_book
from config.demo.cases import load_cases
from config.demo.casework import set_rates, work_on_cases
from config.demo.cast import CODE_PREFIX
from config.demo.deciding import review_together
from config.demo.differing import decide_for_one, order_sources
from config.demo.doings import give_things_to_do
from config.demo.doubles import enter_doubles
from config.demo.drafting import start_drafts
from config.demo.following import follow, put_policies_in_effect
from config.demo.importing import upload_cards
from config.demo.load import load
from config.demo.methods import publish_criteria, switch_overlays
from config.demo.offering import offer
from config.demo.outreach import reach_out
from config.demo.past import live_the_year, sittings
from config.demo.profiles import load_profiles
from config.demo.progress import Progress
from config.demo.prospects import find_prospects
from config.demo.proving import prove
from config.demo.remembering import remember_clients
from config.demo.stages import derive_stages
from config.demo.targets import set_targets_of_the_year
from config.demo.watching import watch_the_book
from crm.models import Client
from funnel.services.pipelines import ensure_seed_pipeline
from tiering.models import RetierRequest
from tiering.services.quality import renew_changed_quality

MOST_CLIENTS = 10_000
DRAWING, TABLES, RUNS, PROOF, CASES = 12, 20, 62, 4, 2
"""What part of the whole each step takes, in per cent."""
STATEMENT_TIMEOUT = "60s"


class OtherClients(Exception):
    """The database holds clients that are not the demo's."""


def has_book() -> bool:
    return Client.objects.filter(team__code__startswith=CODE_PREFIX).exists()


def seed(*, anchor: date, clients: int, write: Callable[[str], object]) -> None:
    """Fill the database with the book of a day.

    Raises OtherClients, having changed nothing. An interruption leaves nothing behind either.
    """
    if Client.objects.exists():
        raise OtherClients(
            _("This database holds clients that are not the demo's: the demo book was not put among them.")
        )
    progress = Progress(write)
    book = make_book(anchor, clients)
    progress.advance(DRAWING, _("book of %(day)s drawn") % {"day": anchor})
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [STATEMENT_TIMEOUT])
        fill(book, progress)


def fill(book: Book, progress: Progress) -> None:
    tables = [rows for rows in book.tables() if rows]
    for rows in tables:
        load(rows)
        progress.advance(TABLES / len(tables), f"{len(rows):,} {rows[0]._meta.verbose_name_plural}")
    order_sources(book.cast)
    load_profiles(book.subjects, book.anchor)
    derive_stages(book.subjects, book.anchor)
    ask_the_book(book.subjects, book.cast, book.anchor)
    year = sittings(book.anchor, publish_criteria(book.anchor, book.cast))
    put_policies_in_effect(book.anchor, book.cast)
    switch_overlays(book.anchor, book.cast)
    pipeline = ensure_seed_pipeline()
    runs = sum(len(sitting.versions) for sitting in year)
    for text in live_the_year(year, book.cast):
        progress.advance(RUNS / runs, text)
    follow(book.anchor, book.cast)
    start_drafts(book.anchor, book.cast)
    prove(book.anchor, book.cast)
    progress.advance(PROOF, _("criteria validated, and another version beside them"))
    progress.advance(0, _("%(count)d alerts") % {"count": watch_the_book(book.anchor, book.cast)})
    set_rates(book.anchor)
    cases = load_cases(book.subjects, book.undertakings, book.anchor, pipeline)
    set_targets_of_the_year(book.cast, book.anchor, pipeline)
    work_on_cases(book.anchor)
    offer(book.cast)
    give_things_to_do(book.subjects, book.cast, book.anchor)
    remember_clients(book.subjects, book.cast, book.anchor)
    enter_doubles()
    upload_cards()
    renew_changed_quality(at=timezone.now(), day=book.anchor)
    decide_for_one()
    # The last run has seen every record above: nothing is left to re-tier.
    RetierRequest.objects.filter(client__team__code__startswith=CODE_PREFIX).delete()
    shared = review_together(book.cast, book.anchor)
    progress.advance(0, _("%(count)d tier changes shared out among officers") % {"count": shared})
    reach_out(book.cast, book.anchor)
    progress.advance(0, _("%(count)d prospects") % {"count": find_prospects(book.cast, book.anchor)})
    progress.advance(CASES, _("%(count)d financing cases") % {"count": cases})
