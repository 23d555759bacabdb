"""Clients grouped by likeness."""

import numpy as np
import pytest

from tiering.calibration.segments import Book, segmented
from tiering.core.catalogue import METRICS
from tiering.core.check import check_data
from tiering.errors_validation import TooFewClients


def a_book(size=200):
    """Three kinds of clients: quiet, busy, and busy with debts; of some of each the debts are not known."""
    chance = np.random.default_rng(0)
    kind = np.repeat([0, 1, 2], size)
    contacts = chance.normal(np.array([2, 20, 20])[kind], 1)
    leverage = chance.normal(np.array([0.3, 0.3, 0.9])[kind], 0.03)
    exposure = np.array([1.0, 5.0, 3.0])[kind]
    return kind, Book({"contacts_12m": contacts, "leverage": leverage}, exposure, exposure / 10)


def test_segments_are_found_named_by_exposure_and_told_by_rules():
    _, book = a_book()
    found = segmented(book, METRICS)
    assert [one["clients"] for one in found["segments"]] == [200, 200, 200]
    assert [one["exposure"] for one in found["segments"]] == [1000, 600, 200]
    busy = found["segments"][0]["metrics"]
    assert [round(one["median"], 1) for one in busy] == [
        pytest.approx(20, abs=0.5),
        pytest.approx(0.3, abs=0.05),
    ]
    assert found["fidelity"] > 0.98
    assert check_data(found["document"]) == ()


def test_number_of_segments_may_be_chosen():
    _, book = a_book()
    assert len(segmented(book, METRICS, 2)["segments"]) == 2


def test_who_has_no_value_stands_where_the_median_does():
    _, book = a_book()
    leverage = book.values["leverage"].copy()
    leverage[:60] = np.nan
    found = segmented(Book({**book.values, "leverage": leverage}, book.exposure, book.revenue), METRICS)
    assert [one["clients"] for one in found["segments"]] == [200, 200, 200]


def test_who_is_not_known_enough_is_in_no_segment_of_the_document():
    _, book = a_book()
    leverage = book.values["leverage"].copy()
    leverage[-60:] = np.nan
    found = segmented(Book({**book.values, "leverage": leverage}, book.exposure, book.revenue), METRICS)
    assert found["unclear"] == pytest.approx(0.1, abs=0.05)
    assert check_data(found["document"]) == ()


def test_same_book_gives_the_same_segments():
    _, book = a_book()
    assert segmented(book, METRICS) == segmented(book, METRICS)


def test_few_clients_are_no_book():
    _, book = a_book(10)
    with pytest.raises(TooFewClients):
        segmented(book, METRICS)
