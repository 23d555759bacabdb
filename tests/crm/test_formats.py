from datetime import timedelta

import pytest
from django.contrib.humanize.templatetags.humanize import intcomma
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
        assert formats.money_number(2_423_080_000) == "242,308"


@pytest.mark.parametrize(
    ("amount", "chinese"),
    [
        (94_300_000, "9,430 万"),
        (99_990_000, "9,999 万"),
        (99_996_000, "1.00 亿"),
        (2_423_080_000, "24.23 亿"),
        (145_393_400_000, "1,453.93 亿"),
        (-250_000_000, "-2.50 亿"),
    ],
)
def test_money_that_stands_alone_counts_hundred_millions_in_chinese(amount, chinese):
    with translation.override("zh-hans"):
        assert formats.money(amount) == chinese


@pytest.mark.parametrize(("count", "text"), [(999, "999"), (2_000, "2,000"), (1_234_567, "1,234,567")])
def test_counts_are_grouped_by_thousands_in_both_languages(count, text):
    for language in ("en", "zh-hans"):
        with translation.override(language):
            assert intcomma(count) == text


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
