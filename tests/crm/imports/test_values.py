import contextlib
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.imports import values
from crm.imports.values import BadCell


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("1234.5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("(1,234)", "-1234"),
        ("−5", "-5"),
        ("１２３．５", "123.5"),
        ("12.5%", "0.125"),
        ("5‰", "0.005"),
        ("1.2万", "12000"),
        ("3亿", "300000000"),
        ("500万元", "5000000"),
        ("¥1,000", "1000"),
        ("-USD 20", "-20"),
        ("1e3", "1000"),
    ],
)
def test_number_reads_what_people_write(raw, expected):
    assert values.number(raw) == Decimal(expected)


@pytest.mark.parametrize(
    "raw", ["1,7", "1.234,56", "200.000.000", "12 apples", "--5", "nan", "inf", "五百", "%", "1,2345"]
)
def test_number_refuses_what_can_be_read_in_two_ways_or_none(raw):
    with pytest.raises(BadCell) as bad:
        values.number(raw)
    assert bad.value.code == "not_a_number"


def test_amount_takes_its_scale_from_the_row_unless_the_cell_names_one():
    assert values.amount("1.5", Decimal(10_000)) == Decimal("15000.00")
    assert values.amount("5万", Decimal(10_000)) == Decimal("50000.00")
    with pytest.raises(BadCell):
        values.amount("5%", Decimal(1))
    with pytest.raises(BadCell) as bad:
        values.amount("1e18", Decimal(1))
    assert bad.value.code == "too_large"


def test_measure_refuses_numbers_beyond_double_precision():
    with pytest.raises(BadCell):
        values.measure("1e999")


@pytest.mark.parametrize(
    "raw",
    [
        "2025-03-31",
        "2025/3/31",
        "2025.3.31",
        "20250331",
        "2025年3月31日",
        "2025年03月31号",
        "2025-03-31 00:00:00",
    ],
)
def test_day_reads_dates_with_the_year_first(raw):
    assert values.day(raw) == date(2025, 3, 31)


def test_day_with_the_year_last_needs_an_order_unless_both_agree():
    assert values.day("03/04/2025", "mdy") == date(2025, 3, 4)
    assert values.day("03/04/2025", "dmy") == date(2025, 4, 3)
    assert values.day("05.05.2025") == date(2025, 5, 5)
    with pytest.raises(BadCell) as bad:
        values.day("03/04/2025")
    assert bad.value.code == "ambiguous_date"


@pytest.mark.parametrize("raw", ["2025-02-30", "31/31/2025", "25-03-31", "45000", "soon", "0001-01-01"])
def test_day_refuses_what_is_no_date(raw):
    with pytest.raises(BadCell) as bad:
        values.day(raw, "mdy")
    assert bad.value.code == "not_a_date"


def test_text_unescapes_entities_and_narrows_letters():
    assert values.text("  Smith &amp; Co.　（中国） ", 80) == "Smith & Co. (中国)"
    assert values.text("R&D; AT&T", 80) == "R&D; AT&T"
    with pytest.raises(BadCell):
        values.text("x" * 81, 80)


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_number_reads_back_every_grouped_amount(amount):
    assert values.number(f"{amount:,}") == amount


@given(st.text(max_size=30))
def test_no_cell_breaks_a_parser(raw):
    for parse in (values.number, values.measure, values.day, lambda cell: values.choice(cell, {"a": "A"})):
        with contextlib.suppress(BadCell):
            assert parse(raw) is not None
