"""The book as columns on disk: what is in it, when it is renewed, who may read it, and that it is loaded once."""

import os
import threading
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from crm.models import Client, CustomMetric, Role
from tests.factories import make_client, make_observation, make_user
from tests.tiering.helpers import days_ago, run_now
from tests.tiering.preview.making import make_book, make_projects, stricter
from tiering.core.columns import UNKNOWN_AGE, Coded
from tiering.core.metric import is_missing
from tiering.models import Facts, ProjectFacts, TierScheme
from tiering.preview import books, loading, snapshot
from tiering.preview.book import Book
from tiering.preview.books import book_for
from tiering.preview.copying import Field, copy_columns
from tiering.preview.live import Preview, preview_of
from tiering.preview.loading import Needs
from tiering.preview.progress import Loading
from tiering.preview.snapshot import latest, shelf
from tiering.selectors.catalogue import policy_catalogue

pytestmark = pytest.mark.django_db
METRICS = frozenset({"credit_score", "exposure", "leverage", "life_cycle", "revenue_12m", "rating"})


def needs(*metrics: str, subject="client", aged=()) -> Needs:
    wanted = METRICS.union(metrics)
    return Needs(subject, TierScheme.objects.get().pk, wanted, frozenset(aged))


def loaded(wanted: Needs | None = None) -> Book:
    book = book_for(wanted or needs(), policy_catalogue(), wait=True)
    assert isinstance(book, Book)
    return book


def told(book: Book, metric: str) -> list:
    """The values of a metric in the order of the rows, None for what is not known."""
    column = book.columns(TierScheme.objects.get().pk, ()).values[metric]
    if isinstance(column, Coded):
        return [column.vocabulary[code] or None for code in column.codes]
    return [None if is_missing(value) else value for value in column.tolist()]


def test_columns_hold_what_is_known_of_everybody_in_the_order_of_ids():
    make_book(12)
    make_observation(Client.objects.order_by("pk")[0], "credit_score", 615.0, observed_on=days_ago(2).date())
    run_now()  # now the facts of the first client are the last row of the ledger
    book = loaded()
    rows = list(Facts.objects.filter(valid_to=None).order_by("client"))
    assert book.column("client").tolist() == [row.client_id for row in rows]
    assert book.column("facts").tolist() == [row.pk for row in rows]
    for metric in METRICS:
        assert told(book, metric) == [row.values().get(metric) for row in rows]
    clients = Client.objects.in_bulk()
    assert book.column("rm").tolist() == [clients[row.client_id].rm_id or 0 for row in rows]


def test_values_within_projects_go_before_those_of_the_client():
    make_projects()
    book = loaded(needs("project_revenue_share", "management_quality", subject="project"))
    rows = ProjectFacts.objects.filter(valid_to=None).order_by("client", "project")
    assert list(zip(book.column("client").tolist(), book.column("project").tolist(), strict=True)) == list(
        rows.values_list("client", "project")
    )
    assert told(book, "project_revenue_share") == [row.values["project_revenue_share"] for row in rows]


def test_ages_are_in_days_and_unknown_where_nothing_is_dated():
    make_book(8)
    book = loaded(needs(aged={"credit_score", "leverage"}))
    ages = book.columns(TierScheme.objects.get().pk, ()).ages
    today = book.snapshot.day
    for number, row in enumerate(Facts.objects.filter(valid_to=None).order_by("client")):
        expected = row.ages(today)
        for metric in ("credit_score", "leverage"):
            assert ages[metric][number] == expected.get(metric, UNKNOWN_AGE)


def test_word_that_the_catalogue_does_not_have_is_no_category_and_yet_known():
    make_book(2)
    Client.objects.update(life_cycle="mythical")
    run_now()
    assert set(told(loaded(), "life_cycle")) == {loading.OTHER}


def test_metrics_of_the_institutions_own_are_columns_too():
    make_book(3)
    CustomMetric.objects.create(key="esg", label_en="ESG")
    client = Client.objects.first()
    make_observation(client, "esg", 7.5, observed_on=days_ago(3).date())
    run_now()
    found = told(loaded(needs("esg")), "esg")
    assert sorted(found, key=str) == [7.5, None, None]


def test_snapshot_is_kept_as_long_as_nothing_changes_and_renewed_as_soon_as_something_does():
    make_book(4)
    first = loaded().snapshot
    assert loaded().snapshot.folder == first.folder
    make_observation(Client.objects.first(), "credit_score", 610.0, observed_on=days_ago(2).date())
    assert loaded().snapshot.folder == first.folder
    run_now()
    second = loaded()
    assert second.snapshot.folder != first.folder
    assert 610.0 in told(second, "credit_score")


@pytest.mark.parametrize(("later", "renewed"), [(timedelta(minutes=4), False), (timedelta(minutes=61), True)])
def test_snapshot_lasts_an_hour(monkeypatch, later, renewed):
    make_book(2)
    first = loaded().snapshot
    now = books.database_now()
    monkeypatch.setattr(books, "database_now", lambda: now + later)
    assert (loaded().snapshot.folder != first.folder) == renewed


def test_metric_that_an_edit_adds_is_fetched_for_the_same_facts(monkeypatch):
    monkeypatch.setattr(books, "MATERIAL", 1)
    make_book(6)
    first = loaded()
    before = {row.pk: row.values()["pd"] for row in Facts.objects.filter(valid_to=None)}
    client = Client.objects.first()
    make_observation(client, "pd", 0.42, observed_on=days_ago(2).date())
    run_now()
    wider = loaded(needs("pd", "size_class", aged={"pd"}))
    assert wider.snapshot.folder == first.snapshot.folder
    assert wider.memo is first.memo
    assert told(wider, "pd") == [before[pk] for pk in wider.column("facts").tolist()]
    assert 0.42 not in told(wider, "pd")


def test_snapshot_whose_facts_are_gone_is_taken_anew(monkeypatch):
    monkeypatch.setattr(books, "MATERIAL", 1)
    make_book(3)
    first = loaded()
    make_observation(Client.objects.first(), "pd", 0.42, observed_on=days_ago(2).date())
    run_now()
    monkeypatch.setattr(loading, "_recent", lambda subject: "tiering_facts f WHERE f.valid_to IS NULL")
    wider = loaded(needs("pd"))
    assert wider.snapshot.folder != first.snapshot.folder
    assert 0.42 in told(wider, "pd")


def test_book_of_a_database_that_was_put_back_is_not_that_of_the_later_one():
    make_book(3)
    first = loaded().snapshot
    later = snapshot.Snapshot(**{**vars(first), "marks": snapshot.Marks(10**9, 10**9, 10**9)})
    later.write()
    assert loaded().snapshot.folder != first.folder


def test_files_are_for_their_owner_alone(shelf):
    make_book(2)
    folder = loaded().snapshot.folder
    for path in (shelf, folder.parent, folder, *folder.iterdir()):
        assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("spoil", ["open", "link"])
def test_folder_that_somebody_else_could_use_is_refused(settings, tmp_path, spoil):
    root = tmp_path / "there"
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    if spoil == "open":
        root.mkdir(mode=0o755)
        root.chmod(0o755)
    else:
        root.symlink_to(tmp_path / "elsewhere")
    settings.PREVIEW_DIR = root
    with pytest.raises(ImproperlyConfigured, match="belongs to us"):
        shelf_of_this_database()


def shelf_of_this_database() -> Path:
    return shelf()


def test_load_that_fails_leaves_nothing_behind(monkeypatch):
    make_book(2)

    def fails(*given):
        raise RuntimeError("disk full")

    monkeypatch.setattr(loading, "_sort", fails)
    with pytest.raises(RuntimeError, match="disk full"):
        loaded()
    left = {path.name for path in shelf_of_this_database().iterdir()}
    assert left == {"client.lock", "client.progress"}
    monkeypatch.undo()


def test_old_snapshots_are_swept(monkeypatch):
    make_book(2)
    first = loaded().snapshot.folder
    os.utime(first, (0, 0))
    leftover = first.parent / ".client-left.1"
    leftover.mkdir()
    os.utime(leftover, (0, 0))
    run_now()
    make_client()
    run_now()
    assert loaded().snapshot.folder != first
    assert not first.exists()
    assert not leftover.exists()
    assert latest(first.parent, "client") is not None


def test_book_that_nobody_came_for_is_let_go_of(monkeypatch):
    make_book(2)
    folder = loaded().snapshot.folder
    assert books._tidying.is_alive()
    now = timezone.now()
    monkeypatch.setattr(books.timezone, "now", lambda: now + timedelta(minutes=59))
    books._tidy(folder.parent)
    assert books._books["client"].snapshot.folder == folder
    monkeypatch.setattr(books.timezone, "now", lambda: now + timedelta(minutes=61))
    os.utime(folder, (0, 0))
    books._tidy(folder.parent)
    assert "client" not in books._books
    assert not folder.exists()


def test_folder_that_is_not_whole_is_passed_over():
    make_book(2)
    good = loaded().snapshot.folder
    broken = good.parent / "client-99990101T000000000000"
    broken.mkdir(mode=0o700)
    assert loaded().snapshot.folder == good
    (broken / "snapshot.json").write_text('{"subject": "client"}')
    assert loaded().snapshot.folder == good


def test_many_rows_come_in_pieces(tmp_path, monkeypatch):
    monkeypatch.setattr("tiering.preview.copying._CHUNK", 100)
    told_of: list[int] = []
    fields = [Field("number", "n", "i8"), Field("half", "n / 2.0", "f8"), Field("small", "mod(n, 7)", "u1")]
    rows = copy_columns(fields, "FROM generate_series(1, 1000) AS n", {}, tmp_path, told_of.append)
    assert rows == told_of[-1] == 1000
    assert len(told_of) > 100
    number = np.load(tmp_path / "number.npy")
    assert number.tolist() == list(range(1, 1001))
    assert np.load(tmp_path / "half.npy").tolist() == [n / 2 for n in range(1, 1001)]
    assert np.load(tmp_path / "small.npy").tolist() == [n % 7 for n in range(1, 1001)]


def seen(preview: Preview | Loading) -> int:
    """How many subjects there are."""
    assert isinstance(preview, Preview)
    return preview.book.snapshot.count


@pytest.mark.django_db(transaction=True)
def test_a_large_book_is_loaded_once_beside_those_who_ask(monkeypatch):
    make_book(5)
    version, user = stricter(), make_user(Role.AUDITOR)
    monkeypatch.setattr(books, "AT_ONCE", 2)
    monkeypatch.setattr(books, "PATIENCE", 0.01)
    gate, load, taken = threading.Event(), books.take_snapshot, []

    def slowly(*given):
        taken.append(given)
        gate.wait(20)
        return load(*given)

    monkeypatch.setattr(books, "take_snapshot", slowly)
    for _ in range(3):
        assert isinstance(preview_of(version, user), Loading)
    gate.set()
    assert books._jobs["client"].over.wait(20)
    assert len(taken) == 1
    assert not isinstance(preview_of(version, user), Loading)
    # What changed meanwhile is loaded beside those who go on with what there is.
    run_now()
    make_client()
    run_now()
    assert seen(preview_of(version, user)) == 5
    assert books._jobs["client"].over.wait(20)
    assert seen(preview_of(version, user)) == 6


@pytest.mark.django_db(transaction=True)
def test_load_that_failed_is_told_to_who_waits_and_tried_again(monkeypatch):
    make_book(3)
    version, user = stricter(), make_user(Role.AUDITOR)
    monkeypatch.setattr(books, "AT_ONCE", 1)
    monkeypatch.setattr(books, "PATIENCE", 20)
    load = books.take_snapshot

    def fails(*given):
        raise RuntimeError("disk full")

    monkeypatch.setattr(books, "take_snapshot", fails)
    with pytest.raises(RuntimeError, match="disk full"):
        preview_of(version, user)
    monkeypatch.setattr(books, "take_snapshot", load)
    assert seen(preview_of(version, user)) == 3
