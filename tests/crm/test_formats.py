from datetime import timedelta

import pytest
from django.utils import timezone, translation

from crm import formats


@pytest.mark.parametrize(
    ("amount", "english"),
    [
        (94_300_000, "94.3 m"),
        (1_115_000_000, "1,115 m"),
        (420_000, "0.42 m"),
        (-12_200_000, "-12.2 m"),
        (0, "0 m"),
        (None, "–"),
    ],
)
def test_money_is_shown_in_millions(amount, english):
    assert formats.money(amount) == english


def test_money_counts_ten_thousands_in_chinese():
    with translation.override("zh-hans"):
        assert formats.money_number(94_300_000) == "9,430"


@pytest.mark.parametrize(
    ("days", "text"), [(0, "today"), (17, "17 d ago"), (95, "3 mo ago"), (800, "2 y ago")]
)
def test_ago_names_the_largest_unit_that_counts(days, text):
    assert formats.ago(timezone.localdate() - timedelta(days=days)) == text


def test_ago_without_a_moment_is_never():
    assert formats.ago(None) == "never"


@pytest.mark.parametrize(
    ("name", "letters"), [("Jie Zhou", "JZ"), ("周杰", "杰"), ("Madonna", "M"), ("", "")]
)
def test_initials_fit_an_avatar(name, letters):
    assert formats.initials(name) == letters


class Named:
    name, name_zh = "Chemicals", "化工"


def test_localized_follows_the_reader():
    assert formats.localized(Named()) == "Chemicals"
    with translation.override("zh-hans"):
        assert formats.localized(Named()) == "化工"
    assert formats.localized(None) == ""
