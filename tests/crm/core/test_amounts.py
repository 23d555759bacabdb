import re
from decimal import Decimal

import pytest

from crm.core.amounts import read_amount


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1,234,567.89", "1234567.89"),
        ("１，２３４", "1234"),
        ("3.2万", "32000"),
        ("3.2 万元", "32000"),
        ("1亿2,000万", "120000000"),
        ("1.5亿", "150000000"),
        ("12.5 m", "12500000"),
        ("2bn", "2000000000"),
        ("500k", "500000"),
        ("(1,234)", "-1234"),
        ("-0.5", "-0.5"),
        ("¥ 100", "100"),
        (".5", "0.5"),
    ],
)
def test_amount_is_read_as_people_write_it(text, amount):
    assert read_amount(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text", ["-", "1,2", "12,34,567", "1.234,5", "万", "1万2亿", "1 2x", "lots", "(5", "1e9", "--1"]
)
def test_what_could_mean_two_things_or_none_is_refused(text):
    with pytest.raises(ValueError, match=re.escape(text)):
        read_amount(text)
