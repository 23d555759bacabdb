"""The Polish companies scored by the document in docs/examples; skipped where the data is not at hand."""

import csv
import json
import runpy
import statistics
from pathlib import Path

import pytest

from tiering.core.catalogue import METRICS
from tiering.core.check import load
from tiering.core.metric import Catalogue
from tiering.core.writing import text_of
from tiering.evaluation.facts_file import FactsFile
from tiering.evaluation.own_metrics import with_own_metrics
from tiering.evaluation.run import ENGINES, Evaluation

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"
ARFF = EXAMPLES.parents[2] / "shared" / "data" / "polish_5year.arff.gz"
DOCUMENT = json.loads((EXAMPLES / "polish.json").read_text("utf-8"))

data_at_hand = pytest.mark.skipif(not ARFF.exists(), reason=f"the shared data is not at {ARFF.parent}")


@pytest.fixture(scope="module")
def polish(tmp_path_factory) -> Path:
    """The companies as a CSV, made by the recipe in docs/examples."""
    out = tmp_path_factory.mktemp("polish") / "polish.csv"
    assert runpy.run_path(str(EXAMPLES / "polish_csv.py"))["convert"](ARFF, out) == 5910
    return out


def known() -> Catalogue:
    return with_own_metrics(METRICS, json.loads((EXAMPLES / "polish_metrics.json").read_text("utf-8")))


def test_the_document_makes_sense_and_is_written_as_an_export_writes_it():
    load(DOCUMENT, known())
    assert (EXAMPLES / "polish.json").read_text("utf-8") == text_of(DOCUMENT)


@data_at_hand
@pytest.mark.django_db
def test_both_engines_agree_on_every_company_and_tell_the_bankrupt_ones(polish, tmp_path):
    document, catalogue = load(DOCUMENT, known()), known()
    facts = FactsFile(polish, document, catalogue, outcome_column="bankrupt")
    assert facts.absent == ()
    tallies = {
        engine: Evaluation(document, catalogue, facts, engine).run(tmp_path / engine) for engine in ENGINES
    }
    assert (tmp_path / "python").read_bytes() == (tmp_path / "sql").read_bytes()
    found = tallies["sql"].discrimination
    assert (tallies["sql"].count, found.bad) == (5910, 410)
    gini = round(float(found.gini), 4)
    print(f"Gini of the score on the Polish companies: {gini}")
    assert gini == 0.6241


@data_at_hand
def test_bands_are_fifths_of_the_companies(polish):
    with polish.open() as file:
        rows = list(csv.DictReader(file))
    for dimension in DOCUMENT["scorecards"][0]["dimensions"]:
        for indicator in dimension["indicators"]:
            values = [float(row[indicator["metric"]]) for row in rows if row[indicator["metric"]]]
            edges = [float(f"{edge:.3g}") for edge in statistics.quantiles(values, n=5)]
            assert [band["lo"] for band in indicator["bands"][1:]] == edges


@data_at_hand
def test_proposal_from_one_half_tells_the_bankrupt_of_the_other_better_than_a_regression(polish):
    # scikit-learn is imported by this test alone.
    from tiering.calibration.on_file import calibrated

    catalogue = known()
    facts = FactsFile(polish, load(DOCUMENT, catalogue), catalogue, outcome_column="bankrupt")
    trial = calibrated(DOCUMENT, catalogue, facts)
    load(trial.proposal.document, catalogue)
    tried = {name: others for name, (_, others) in trial.ginis.items()}
    print(f"Gini on the half not learned from: {tried}")
    assert tried["proposed"] > max(tried["before"], tried["regression"], tried["regression_cut"]) + 0.1
