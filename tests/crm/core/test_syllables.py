import pytest

from crm.core.syllables import initials_of


@pytest.mark.parametrize(
    ("word", "initials"),
    [
        ("hangzhouhongxin", ["hzhx"]),
        ("hangzhouhongxn", ["hzhx"]),  # a letter too few
        ("hangzhouhonngxin", ["hzhx"]),  # a letter too many
        ("hangzhuohongxin", ["hzhx"]),  # two exchanged
        ("bejingtiansheng", ["bjts"]),
        ("hangzhouhengwe", ["hzhe", "hzhg", "hzhw"]),  # what it was meant to be cannot be told
        ("blackstone", []),
        ("c00042", []),
        ("", [""]),
    ],
)
def test_initials_are_those_of_what_was_meant(word, initials):
    assert initials_of(word) == initials
