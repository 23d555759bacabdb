"""Who gets which change of tier."""

from tiering.core.authority import Assignment
from tiering.core.sharing import Item, Officer, share_out

AN, BO, CI = Officer(1, "an", 1), Officer(2, "bo", 2), Officer(3, "ci", 3)
ROUND = Assignment()


def test_work_goes_round_those_who_have_as_much():
    items = [Item(n, 1) for n in range(10, 16)]
    given = share_out(items, [AN, BO, CI], ROUND)
    assert sorted(given.values()) == [1, 1, 2, 2, 3, 3]


def test_whoever_has_less_to_do_comes_first():
    busy = Officer(1, "an", 1, load=2)
    given = share_out([Item(10, 1), Item(11, 1), Item(12, 1)], [busy, BO], ROUND)
    assert list(given.values()) == [2, 2, 1]


def test_grade_and_independence_are_asked_for():
    items = [Item(10, 2, frozenset({2})), Item(11, 3, frozenset({3}))]
    assert share_out(items, [AN, BO, CI], ROUND) == {10: 3}


def test_officers_of_a_sector_come_first_and_others_where_none_of_them_can():
    by_sector = Assignment("sector", {"steel": ("bo",)})
    items = [
        Item(10, 1, sector="steel"),
        Item(11, 1, frozenset({2}), sector="steel"),
        Item(12, 1, sector="wool"),
    ]
    given = share_out(items, [AN, BO], by_sector)
    assert (given[10], given[11]) == (2, 1)
    assert given[12] in (1, 2)


def test_deputy_takes_over():
    assert share_out([Item(10, 1, deputy=3)], [AN, BO, CI], ROUND) == {10: 3}
