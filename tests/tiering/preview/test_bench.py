"""The benchmark of previews over a small book: every line is there, and tiers that differ are found out."""

import pytest

from tiering.bench.assess import Disagreement
from tiering.bench.book import make_book
from tiering.bench.metrics import TABLE
from tiering.bench.preview import EDITS, previews
from tiering.bench.rows import execute

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def book():
    yield make_book(300)
    execute(f"DROP TABLE {TABLE}")


def test_every_kind_of_edit_is_timed(book):
    lines = [str(line) for line in previews(book)]
    assert len(lines) == len(EDITS) + 5
    assert all(any(what in line for line in lines) for what in EDITS)
    assert any("≤ 0.3 s" in line for line in lines)


def test_columns_that_give_other_tiers_are_found_out(book, monkeypatch):
    execute("UPDATE bench_metrics SET days_overdue = 500, pd = 0.9")
    with pytest.raises(Disagreement):
        list(previews(book))
