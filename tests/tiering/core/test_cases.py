"""Test cases of a document, what they cover, and the cases that are proposed for the rest."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.tiering.helpers import a_document
from tests.tiering.pages.methods import by_matrix, by_rank
from tiering.core.cases import Case, is_score, run_cases
from tiering.core.catalogue import METRICS
from tiering.core.coverage import Target, coverage, targets
from tiering.core.document import Document
from tiering.core.metric import Facts
from tiering.core.reading import read
from tiering.core.suggest import MOST, expecting, suggestions
from tiering.criteria_files import template, template_keys

GOOD = Case("Good", {"credit_score": 720.0}, "High")
LATE = Case("Late", {"credit_score": 720.0, "days_overdue": 120.0}, "Low", gates=frozenset({"late"}))


def small(**changes) -> Document:
    return read(a_document(**changes))


def faults(case: Case, document: Document | None = None) -> list[tuple[str, object, object]]:
    (verdict,) = run_cases(document or small(), [case])
    return [(fault.kind, fault.expected, fault.actual) for fault in verdict.faults]


def test_case_passes_when_everything_that_it_asks_comes():
    assert [verdict.passes for verdict in run_cases(small(), [GOOD, LATE])] == [True, True]


def test_each_thing_that_comes_otherwise_is_told_with_both_sides():
    wrong = Case("x", LATE.facts, "High", gates=frozenset(), score=Decimal("60"))
    assert faults(wrong) == [
        ("tier", "High", "Low"),
        ("gates", [], ["late"]),
        ("score", Decimal(60), Decimal("100.0")),
    ]


def test_what_is_not_asked_is_not_compared():
    assert faults(replace(LATE, gates=None, score=None)) == []
    assert faults(replace(LATE, gates=frozenset())) == [("gates", [], ["late"])]


def thirds(*points: int) -> Document:
    """Everybody scores a third of the sum of the points, which seldom has an end."""
    document = a_document()
    part = document["scorecards"][0]["dimensions"][0]
    weights = (3334, 3333, 3333)
    part["indicators"] = [
        {
            "metric": metric,
            "weight": weight,
            "missing": {"policy": "worst"},
            "bands": [{"lo": None, "hi": None, "points": earned}],
        }
        for metric, weight, earned in zip(("credit_score", "pd", "leverage"), weights, points, strict=True)
    ]
    return read(document)


@pytest.mark.parametrize(
    ("asked", "passes"),
    [("82.3", True), ("82.33", True), ("82.3345", True), ("82.4", False), ("82.34", False), ("82", False)],
)
def test_score_is_compared_to_as_many_decimals_as_are_given_and_one_at_least(asked, passes):
    case = Case("x", {}, "High", score=Decimal(asked))
    assert (faults(case, thirds(94, 83, 70)) == []) is passes


def test_what_the_document_does_not_have_fails_without_being_assessed():
    case = Case("x", {}, "Top", held="Best", overlays=frozenset({"storm"}), gates=frozenset({"flood"}))
    assert [kind for kind, _, _ in faults(case)] == [
        "unknown_tier",
        "unknown_held",
        "unknown_overlays",
        "unknown_gates",
    ]


def test_values_are_as_young_as_their_indicator_asks():
    document = read(by_matrix())
    facts: Facts = {"credit_score": 720.0, "demand_level": "premium"}
    assert faults(Case("x", facts, "High"), document) == []


def test_tier_in_force_has_been_held_for_long_unless_it_is_said():
    document = read(by_matrix())
    facts: Facts = {"credit_score": 720.0, "demand_level": "premium"}
    assert faults(Case("x", facts, "Middle", held="Low"), document) == []
    assert faults(Case("x", facts, "Low", held="Low", held_days=3), document) == []


def test_overlay_acts_only_where_it_is_on():
    document = read(by_matrix())
    facts: Facts = {"credit_score": 720.0, "demand_level": "premium"}
    assert faults(Case("x", facts, "Middle", overlays=frozenset({"downturn"})), document) == []


def test_cases_of_ranks_are_each_others_population():
    document = read(by_rank())
    values = (("a", 60.0, "High"), ("b", 30.0, "Middle"), ("c", 10.0, "Low"))
    cases = [Case(name, {"revenue": value}, tier) for name, value, tier in values]
    assert all(verdict.passes for verdict in run_cases(document, cases))
    assert not all(verdict.passes for verdict in run_cases(document, cases[1:]))


@pytest.mark.parametrize(
    ("text", "can"),
    [("0", True), ("100", True), ("75.12345678", True), ("75.123456789", False), ("-1", False)],
)
def test_score_lies_on_the_scale_with_eight_decimals(text, can):
    assert is_score(Decimal(text)) is can


def counts(document: Document, *cases: Case) -> dict[str, tuple[int, int]]:
    return {one.kind: (one.count, one.total) for one in coverage(document, run_cases(document, cases))}


def test_coverage_counts_bands_gates_steps_and_policy():
    document = small()
    assert counts(document) == {
        "scorecard": (0, 1),
        "band": (0, 3),
        "missing": (0, 1),
        "cutoff": (0, 3),
        "gate": (0, 1),
        "policy": (0, 2),
    }
    reached = counts(document, GOOD, LATE, replace(LATE, name="Fall", held="High"))
    assert reached["band"] == (1, 3)
    assert reached["gate"] == (1, 1)
    assert reached["cutoff"] == (1, 3)
    assert reached["policy"] == (1, 2)


def test_coverage_names_what_no_case_exercises():
    document = small()
    missing = [target for one in coverage(document, run_cases(document, [GOOD])) for target in one.missing]
    place = {"card": "all", "dimension": "credit", "metric": "credit_score"}
    assert Target("band", "0", **place) in missing
    assert Target("band", "2", **place) not in missing
    assert Target("gate", "late") in missing


def test_each_branch_of_the_migration_policy_is_told_apart():
    document = read(by_matrix())
    facts: Facts = {"credit_score": 720.0, "demand_level": "premium"}

    def branches(**more) -> set[str]:
        (verdict,) = run_cases(document, [Case("x", {**facts, **more.pop("facts", {})}, "High", **more)])
        found = coverage(document, [verdict])
        policy = next(one for one in found if one.kind == "policy")
        return {t.part for t in targets(document) if t.kind == "policy"} - {t.part for t in policy.missing}

    assert branches() == set()
    assert branches(held="Middle") == {"up"}
    assert branches(held="Low") == {"up", "up step"}
    assert branches(held="Low", held_days=3) == {"up dwell", "up step"}
    weak: Facts = {"credit_score": 500.0, "demand_level": "comprehensive"}
    assert branches(held="High", held_days=3, facts=weak) == {"down dwell"}
    assert branches(held="High", held_days=3, facts={**weak, "days_overdue": 99.0}) == {"down", "red flag"}


@pytest.mark.parametrize("key", template_keys())
def test_proposed_cases_pass_and_cover_what_they_say(key):
    document = read(template(key))
    found = suggestions(document, [], METRICS)
    cases = [replace(one.case, name=str(number)) for number, one in enumerate(found)]
    assert 0 < len(found) <= MOST
    if not document.rank_placements:
        assert all(verdict.passes for verdict in run_cases(document, cases))
    missing = {t for one in coverage(document, run_cases(document, cases)) for t in one.missing}
    if not document.rank_placements:
        assert not missing & {one.target for one in found}
    covered = {target for one in found for target in one.reached}
    assert len(covered) == sum(len(one.reached) for one in found), "nothing is proposed twice"


def test_proposals_take_a_case_that_is_there_and_change_one_thing():
    document = small()
    found = {one.target.kind: one for one in suggestions(document, [GOOD], METRICS)}
    # A case for a tier that none reaches is one for the band that leads there.
    assert (found["cutoff"].base, set(found["cutoff"].changed)) == ("Good", {"credit_score"})
    assert found["missing"].changed == {"credit_score": None}
    assert found["gate"].changed.keys() == {"days_overdue"}
    assert found["gate"].case.tier == "Low"


def test_nothing_is_proposed_for_what_is_covered():
    document = small()
    cases = [GOOD]
    for _ in range(3):
        found = suggestions(document, cases, METRICS)
        cases += [replace(one.case, name=f"{len(cases)}-{n}") for n, one in enumerate(found)]
    assert suggestions(document, cases, METRICS) == ()
    assert all(one.count == one.total for one in coverage(document, run_cases(document, cases)))


def test_what_comes_can_be_taken_as_what_is_expected():
    document = small()
    (verdict,) = run_cases(document, [replace(LATE, tier="High")])
    told = expecting(verdict.case, verdict, document)
    assert (told.tier, told.gates, told.score) == ("Low", frozenset({"late"}), Decimal("100.00000000"))
    assert run_cases(document, [told])[0].passes
    assert json.dumps(told.facts)
