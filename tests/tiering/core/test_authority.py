"""Which row of an authority describes a change, what votes come to, and what such a document may not say."""

import copy

import pytest

from tiering.core.authority import ANY_OFFICER, Authority, Change, Demand, severity_of
from tiering.core.authority_document import blank, check, example, read
from tiering.core.policies import Known
from tiering.core.refusals import CriteriaError

KNOWN = Known(
    tiers={"six": ("AAA", "AA", "A", "B", "C", "D"), "small": ("High", "Middle", "Low")},
    teams=frozenset({"east"}),
    sectors=frozenset({"steel"}),
)


def change(old: int, new: int, exposure: float = 0.0, scheme: str = "six") -> Change:
    tiers = KNOWN.tiers[scheme]
    return Change(scheme, old, new, tiers[old], tiers[new], exposure)


def authority(*rows: dict, **more: object) -> Authority:
    return read({"format": 1, "decisions": [*rows, {"needs": {"grade": 1}}], **more})


def codes(document: dict) -> set[str]:
    try:
        return {refusal.code for refusal in check(read(document), KNOWN)}
    except CriteriaError as error:
        return {refusal.code for refusal in error.refusals}


@pytest.mark.parametrize(
    ("row", "described", "other"),
    [
        ({"direction": "up"}, change(3, 2), change(2, 3)),
        ({"notches": {"min": 2}}, change(1, 3), change(2, 3)),
        ({"notches": {"max": 1}}, change(2, 3), change(1, 3)),
        ({"exposure": {"from": 100}}, change(1, 2, 100), change(1, 2, 99.9)),
        ({"exposure": {"below": 100}}, change(1, 2, 99.9), change(1, 2, 100)),
        ({"scheme": "six"}, change(1, 2), change(1, 2, scheme="small")),
        ({"scheme": "six", "from": ["AA"]}, change(1, 2), change(2, 3)),
        ({"scheme": "six", "to": ["AA", "A"]}, change(3, 2), change(2, 3)),
        ({"to": [0]}, change(1, 0, scheme="small"), change(0, 1)),
    ],
)
def test_row_describes_what_it_names_and_nothing_else(row, described, other):
    found = authority({**row, "needs": {"grade": 3}})
    assert (found.demand(described).grade, found.demand(other).grade) == (3, 1)


def test_first_row_that_describes_a_change_counts():
    found = authority(
        {"direction": "down", "needs": {"grade": 2}}, {"notches": {"min": 2}, "needs": {"grade": 3}}
    )
    assert (found.demand(change(1, 3)).grade, found.demand(change(3, 1)).grade) == (2, 3)


@pytest.mark.parametrize(
    ("approvals", "rejections", "outcome"),
    [(0, 0, None), (1, 0, None), (2, 0, "approved"), (1, 1, None), (2, 1, "approved"), (0, 2, "rejected"),
     (1, 2, "rejected")],
)  # fmt: skip
def test_two_of_three_decide(approvals, rejections, outcome):
    assert Demand(1, of=3, needs=2).outcome(approvals, rejections) == outcome


def test_one_officer_decides_with_one_vote():
    assert (ANY_OFFICER.outcome(1, 0), ANY_OFFICER.outcome(0, 1)) == ("approved", "rejected")


def test_falls_are_more_severe_than_rises():
    assert [severity_of(n) for n in (-3, -2, -1, 1, 2)] == ["high", "high", "medium", "low", "medium"]


def test_example_and_blank_make_sense():
    assert codes(example()) == codes(dict(blank(KNOWN))) == set()
    assert read(example()).demand(change(1, 4, 200e6)) == Demand(2, 3, 2, 0)
    assert read(example()).overrides.up_share == 200


@pytest.mark.parametrize(
    ("place", "value", "code"),
    [
        (("decisions", 0, "needs", "committee", "needs"), 4, "committee_too_small"),
        (("decisions", 0, "notches"), {"min": 3, "max": 2}, "notches_reversed"),
        (("decisions", 0, "exposure"), {"from": 5, "below": 5}, "exposure_reversed"),
        (("decisions", 0, "scheme"), "seven", "unknown_scheme"),
        (("decisions", 1, "to"), ["AAA"], "tier_without_scheme"),
        (("decisions", 3, "direction"), "up", "no_default_row"),
        (("decisions", 0), {"needs": {"grade": 1}}, "rows_behind_default"),
        (("work", "assignment", "officers"), {"steel": ["li"]}, "officers_not_used"),
        (("work", "assignment"), {"by": "sector", "officers": {"wool": ["li"]}}, "unknown_code"),
        (("work", "hours", "high"), 0, "shape_minimum"),
        (("decisions", 0, "needs", "committee", "of"), 1, "shape_minimum"),
        (("decisions", 0, "whom"), "all", "shape_additionalProperties"),
    ],
)
def test_senseless_document_is_refused_where_it_is(place, value, code):
    document = copy.deepcopy(example())
    at = document
    for step in place[:-1]:
        at = at[step]
    at[place[-1]] = value
    assert code in codes(document)


def test_tier_that_the_scheme_has_not_is_refused():
    row = {"scheme": "small", "from": ["AAA", 3], "needs": {"grade": 1}}
    refusals = check(authority(row), KNOWN)
    assert [(one.code, one.params["tier"]) for one in refusals] == [
        ("tier_not_in_scheme", "AAA"),
        ("tier_not_in_scheme", 3),
    ]
