"""A CSV of metrics assessed by both engines, and what is said about one that cannot be used."""

import csv

import pytest
from django.utils.translation import gettext

from tests.tiering.evaluating import both, tiers, write_facts
from tests.tiering.helpers import a_document, label
from tiering.core.catalogue import METRICS
from tiering.core.check import load
from tiering.core.refusals import CriteriaError
from tiering.evaluation.facts_file import MOST_REFUSALS, FactsFile
from tiering.evaluation.own_metrics import with_own_metrics
from tiering.evaluation.refusals import FactsRefused
from tiering.evaluation.run import ENGINES, Evaluation, NoSuchOverlay

pytestmark = pytest.mark.django_db


def the_file(path, document=None, **named):
    return FactsFile(path, load(document or a_document(), METRICS), METRICS, **named)


def refusals_of(path, **named):
    with pytest.raises(FactsRefused) as refused:
        list(the_file(path, **named).subjects())
    return [(refusal.code, refusal.path) for refusal in refused.value.refusals]


def test_a_row_comes_out_for_each_row_in_the_order_of_the_file(tmp_path):
    header = ("client_id", "remark", "credit_score", "days_overdue")
    rows = [("9", "no matter", 700, 0), ("9", "", 650, 91), ("a, b", "", None, None)]
    assert both(tmp_path, a_document(), header, rows) == [
        result("9", "100", "High", "High"),
        result("9", "60", "Middle", "Low", gates="late"),
        result("a, b", "20", "Low", "Low", provisional="1"),
    ]


def result(subject, score, model, tier, provisional="0", gates=""):
    return {
        "id": subject,
        "scorecard": "all",
        "score": score,
        "model_tier": model,
        "base_tier": tier,
        "overlay_tier": tier,
        "tier": tier,
        "provisional": provisional,
        "gates": gates,
        "overlays": "",
    }


def test_rows_without_an_id_are_counted(tmp_path):
    found = both(tmp_path, a_document(), ("credit_score",), [(700,), (500,)])
    assert [row["id"] for row in found] == ["1", "2"]


def test_a_column_may_be_named_as_the_id(tmp_path):
    write_facts(tmp_path / "facts.csv", ("client_id", "code", "credit_score"), [("1", "x", 700)])
    facts = the_file(tmp_path / "facts.csv", id_column="code")
    assert [subject.id for subject in facts.subjects()] == ["x"]


def test_a_project_is_named_beside_its_client(tmp_path):
    found = both(tmp_path, a_document(), ("client_id", "project_id", "credit_score"), [("1", "P7", 700)])
    assert list(found[0])[:2] == ["id", "project_id"]
    assert found[0]["project_id"] == "P7"


def test_scores_are_exact_decimals(tmp_path):
    document = a_document()
    bands = document["scorecards"][0]["dimensions"][0]["indicators"][0]["bands"]
    second = {"metric": "pd", "weight": 3333, "missing": {"policy": "reweight"}, "bands": [
        {"lo": None, "hi": 0.5, "points": 100}, {"lo": 0.5, "hi": None, "points": 1}]}  # fmt: skip
    first = {"metric": "credit_score", "weight": 6667, "missing": {"policy": "worst"}, "bands": bands}
    document["scorecards"][0]["dimensions"][0]["indicators"] = [first, second]
    found = both(tmp_path, document, ("credit_score", "pd"), [(700, 0.5), (650, None)])
    assert [row["score"] for row in found] == ["67.0033", "60"]


def test_values_older_than_accepted_are_not_known(tmp_path):
    document = a_document()
    document["scorecards"][0]["dimensions"][0]["indicators"][0]["max_age_days"] = 30
    rows = [(700, 30), (700, 31), (700, None)]
    assert tiers(tmp_path, document, ("credit_score", "credit_score@days"), rows) == ["High", "Low", "Low"]
    facts = the_file(write_facts(tmp_path / "f.csv", ("credit_score",), []), document)
    assert facts.absent == ("days_overdue", "credit_score@days")


def test_the_migration_policy_reads_the_tier_in_force(tmp_path):
    document = a_document(policy={"migration": {"up": {"dwell_days": 90, "max_step": 1}}})
    rows = [(700, "Low", 90), (700, "Low", 89), (700, "Low", None), (700, None, None)]
    found = tiers(tmp_path, document, ("credit_score", "held", "held_days"), rows)
    assert found == ["Middle", "Low", "Low", "High"]


def test_overlays_act_when_they_are_switched_on(tmp_path):
    bonus = {"key": "support", "label": label("Support"), "effect": "bonus", "points": 20}
    document = a_document(overlays=[bonus])
    assert tiers(tmp_path, document, ("credit_score",), [(650,)]) == ["Middle"]
    assert tiers(tmp_path, document, ("credit_score",), [(650,)], overlays=["support"]) == ["High"]


def test_an_unknown_overlay_is_refused_with_those_there_are(tmp_path):
    document = load(a_document(), METRICS)
    facts = the_file(write_facts(tmp_path / "f.csv", ("credit_score",), [(700,)]))
    with pytest.raises(NoSuchOverlay, match="drought"):
        Evaluation(document, METRICS, facts, "python", frozenset({"drought"})).run(tmp_path / "out.csv")


def test_ranks_are_those_within_the_file(tmp_path):
    shares = [
        {"tier": "High", "share": 2500},
        {"tier": "Middle", "share": 5000},
        {"tier": "Low", "share": 10000},
    ]
    cutoffs = {"by": "cumulative", "metric": "exposure", "steps": shares}
    rows = [(700, amount) for amount in (10, 40, 30, 20, None)]
    found = both(tmp_path, a_document(cutoffs=cutoffs), ("credit_score", "exposure"), rows)
    assert [row["tier"] for row in found] == ["Low", "High", "Middle", "Low", "Low"]
    assert [row["provisional"] for row in found] == ["0", "0", "0", "0", "1"]


def test_metrics_that_the_catalogue_does_not_have_may_come_with_the_file(tmp_path):
    declared = [{"key": "rooms", "unit": "count"}, {"key": "grade", "categories": {"a": "A", "b": "B"}}]
    own = with_own_metrics(METRICS, declared)
    document = a_document()
    rooms = {"lo": None, "hi": 50, "points": 0}, {"lo": 50, "hi": None, "points": 100}
    document["scorecards"][0]["dimensions"][0]["indicators"] = [
        {"metric": "rooms", "weight": 5000, "missing": {"policy": "worst"}, "bands": list(rooms)},
        {"metric": "grade", "weight": 5000, "missing": {"policy": "worst"}, "categories": {"a": 100, "b": 0}},
    ]
    rows = [(50, "a"), (49, "a"), (50, None)]
    assert tiers(tmp_path, document, ("rooms", "grade"), rows, catalogue=own) == ["High", "Middle", "Middle"]


@pytest.mark.parametrize(
    ("declared", "path"),
    [
        ({"key": "rooms"}, "$"),
        ([{"label": label("Rooms")}], "$[0]"),
        ([{"key": "Rooms"}], "$[0].key"),
        ([{"key": "rooms"}, {"key": "beds", "unit": "pieces"}], "$[1].unit"),
        ([{"key": "rooms", "categories": {}}], "$[0].categories"),
    ],
)
def test_a_declaration_of_no_metric_is_refused_by_place(declared, path):
    with pytest.raises(CriteriaError) as refused:
        with_own_metrics(METRICS, declared)
    assert [refusal.path for refusal in refused.value.refusals] == [path]


@pytest.mark.parametrize("engine", ENGINES)
def test_bad_cells_are_named_by_row_and_column_and_nothing_is_written(tmp_path, engine):
    path = write_facts(
        tmp_path / "facts.csv",
        ("id", "credit_score", "days_overdue"),
        [(1, 700, 0), (2, "62%", 0), (3, "nan", "1e999"), (4, "1_000", ""), (5,)],
    )
    out = tmp_path / "out.csv"
    out.write_text("what was there before")
    document = load(a_document(), METRICS)
    with pytest.raises(FactsRefused) as refused:
        Evaluation(document, METRICS, the_file(path), engine).run(out)
    assert [(refusal.code, refusal.path) for refusal in refused.value.refusals] == [
        ("not_a_number", "facts.csv:3:credit_score"),
        ("not_a_number", "facts.csv:4:credit_score"),
        ("not_a_number", "facts.csv:4:days_overdue"),
        ("not_a_number", "facts.csv:5:credit_score"),
        ("row_ragged", "facts.csv:6"),
    ]
    assert "“62%”" in refused.value.refusals[0].text(gettext)
    assert "0.62" in refused.value.refusals[0].remedy(gettext)
    assert out.read_text() == "what was there before"
    assert {found.name for found in tmp_path.iterdir()} == {"facts.csv", "out.csv"}


def test_bad_cells_of_every_kind_are_refused(tmp_path):
    document = a_document(policy={"migration": {"up": {"max_step": 1}}})
    document["gates"][0]["when"] = {"metric": "rating", "op": "==", "value": "D"}
    document["scorecards"][0]["dimensions"][0]["indicators"][0]["max_age_days"] = 30
    header = ("credit_score", "credit_score@days", "rating", "held", "held_days", "bankrupt")
    path = write_facts(tmp_path / "f.csv", header, [(700, "-1", "AA+", "Best", "1.5", "yes")])
    facts = the_file(path, document, outcome_column="bankrupt")
    with pytest.raises(FactsRefused) as refused:
        list(facts.subjects())
    assert {(refusal.code, refusal.path) for refusal in refused.value.refusals} == {
        ("not_days", "f.csv:2:credit_score@days"),
        ("unknown_category_in_cell", "f.csv:2:rating"),
        ("not_a_tier", "f.csv:2:held"),
        ("not_days", "f.csv:2:held_days"),
        ("not_an_outcome", "f.csv:2:bankrupt"),
    }


def test_more_days_than_a_column_holds_are_refused(tmp_path):
    header = ("credit_score", "held", "held_days")
    path = write_facts(tmp_path / "f.csv", header, [(700, "Low", 3_000_000_000)])
    document = a_document(policy={"migration": {"up": {"max_step": 1}}})
    with pytest.raises(FactsRefused) as refused:
        list(the_file(path, document).subjects())
    assert [refusal.path for refusal in refused.value.refusals] == ["f.csv:2:held_days"]


def test_a_file_full_of_bad_cells_is_not_read_to_its_end(tmp_path):
    path = write_facts(tmp_path / "f.csv", ("credit_score",), [("x",)] * 1000)
    assert len(refusals_of(path)) == MOST_REFUSALS


def test_headers_that_cannot_be_used_are_refused(tmp_path):
    twice = write_facts(tmp_path / "twice.csv", ("credit_score", "pd", "pd"), [])
    assert refusals_of(twice) == [("column_twice", "twice.csv:1:pd")]
    unnamed = write_facts(tmp_path / "unnamed.csv", ("credit_score",), [])
    assert refusals_of(unnamed, id_column="code") == [("column_missing", "unnamed.csv:1")]
    other = write_facts(tmp_path / "other.csv", ("client_id;credit_score",), [])
    assert refusals_of(other) == [("no_metric_column", "other.csv:1")]


@pytest.mark.parametrize(
    "content", [b"", b'credit_score\n"unclosed', b"credit_score\n\xff\xfe7\n", b"id,credit_score\n\0,7\n"]
)
def test_files_that_are_no_table_are_refused(tmp_path, content):
    path = tmp_path / "f.csv"
    path.write_bytes(content)
    assert refusals_of(path)[0][0] in {"facts_unreadable", "no_metric_column"}


def test_a_file_that_is_not_there_is_refused(tmp_path):
    assert refusals_of(tmp_path / "none.csv") == [("facts_unreadable", "none.csv")]


def test_a_mark_of_utf8_before_the_header_is_passed_over(tmp_path):
    path = tmp_path / "f.csv"
    path.write_text("\ufeffclient_id,credit_score\n7,700\n", "utf-8")
    assert [subject.id for subject in the_file(path).subjects()] == ["7"]


def test_numbers_reach_sql_as_they_were_read(tmp_path):
    """The edge of a band in 17 digits, and its neighbours on both sides."""
    document = a_document()
    edge = 0.1 + 0.2
    bands = [{"lo": None, "hi": edge, "points": 0}, {"lo": edge, "hi": None, "points": 100}]
    document["scorecards"][0]["dimensions"][0]["indicators"][0]["bands"] = bands
    rows = [("0.3",), ("0.30000000000000004",), ("0.3000000000000001",), ("3e-1",)]
    assert tiers(tmp_path, document, ("credit_score",), rows) == ["Low", "High", "High", "Low"]


def test_the_tally_counts_tiers_and_tells_outcomes_apart(tmp_path):
    rows = [(700, 0), (650, 0), (650, 1), (500, 1), (500, None)]
    path = write_facts(tmp_path / "f.csv", ("credit_score", "bankrupt"), rows)
    document = load(a_document(), METRICS)
    for engine in ENGINES:
        facts = the_file(path, outcome_column="bankrupt")
        tally = Evaluation(document, METRICS, facts, engine).run(tmp_path / "out.csv")
        assert (tally.count, dict(tally.tiers)) == (5, {0: 1, 1: 2, 2: 2})
        # Pairs in order: 700 over both, 650 over 500, and a tie at 650.
        assert tally.discrimination.auc == 3.5 / 4
    assert len(list(csv.reader((tmp_path / "out.csv").open()))) == 6
