"""The identity of a document, the seed that Strata ships, and the metric catalogue."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from tests.tiering.core.test_evaluate import document
from tiering.core.catalogue import CHANGE_METRICS, METRICS
from tiering.core.check import load
from tiering.core.document import content_hash, points
from tiering.core.evaluate import evaluate, needs_review
from tiering.core.metric import Fact
from tiering.core.reading import read

SEED = Path(__file__).parents[3] / "tiering" / "criteria" / "aa_a_b.json"

STEADY: dict[str, Fact] = {
    "client_kind": "corporate", "life_cycle": "mature", "size_class": "large", "rating": "AA", "leverage": 0.35,
    "current_ratio": 2.1, "operating_margin": 0.22, "interest_cover": 4.0, "cash_flow_margin": 0.15, "pd": 0.002,
    "credit_score": 760.0, "days_overdue": 0.0, "days_overdue_12m": 0.0, "registered_capital": 3e8,
    "market_influence": 5.0, "industry_risk": 0.9, "demand_level": "premium", "products_held": 4.0,
    "utilisation": 0.5, "cooperation_potential": 5.0, "revenue_contribution": 0.2, "contacts_12m": 14.0,
}  # fmt: skip


@pytest.fixture(scope="module")
def seed():
    return load(json.loads(SEED.read_text()))


def test_the_hash_ignores_how_the_json_is_written():
    data = document()
    rewritten = json.loads(json.dumps(data, indent=3, sort_keys=True).replace('"min": 40', '"min": 40.0'))
    assert rewritten == data
    assert content_hash(rewritten) == content_hash(data) == read(data).hash
    assert len(content_hash(data)) == 64


def test_the_hash_changes_with_any_content():
    data = document()
    data["cutoffs"][1]["min"] = 40.01
    assert content_hash(data) != content_hash(document())


def test_a_document_knows_the_metrics_it_reads(seed):
    assert seed.metrics <= METRICS.keys()
    assert {"days_overdue", "life_cycle", "management_quality"} <= seed.metrics


def test_the_seed_puts_a_steady_client_on_top(seed):
    result = evaluate(seed, STEADY)
    assert (result.scorecard, result.tier, result.provisional) == ("established", 0, False)
    assert points(result.score) >= Decimal(90)


@pytest.mark.parametrize("kind", ["corporate", "institution", "individual"])
@pytest.mark.parametrize("stage", [None, "start_up", "mature"])
def test_the_seed_keeps_a_newly_identified_client_low_and_provisional(seed, kind, stage):
    result = evaluate(seed, {"client_kind": kind, "life_cycle": stage})
    assert result.provisional
    assert result.tier == 2


@pytest.mark.parametrize(
    ("trouble", "tier"),
    [({"days_overdue": 91.0}, 2), ({"days_overdue": 30.0}, 1), ({"leverage": 0.95}, 2), ({"pd": 0.2}, 2)],
)
def test_the_seed_caps_a_client_in_trouble(seed, trouble, tier):
    assert evaluate(seed, {**STEADY, **trouble}).tier == tier


def test_the_seed_leaves_small_moves_of_small_exposures_to_the_machine(seed):
    small, large = {"exposure": 1e6}, {"exposure": 5e7}
    assert not needs_review(seed, small, 2, 1)
    assert not needs_review(seed, small, 1, 2)
    assert needs_review(seed, large, 2, 1)
    assert needs_review(seed, small, 0, 1)
    assert needs_review(seed, small, 2, 0)


def test_the_seed_is_labelled_as_an_example_in_both_languages():
    label = json.loads(SEED.read_text())["label"]
    assert "example, calibrate" in label["en"]
    assert "示例" in label["zh"]


def test_every_metric_is_complete():
    for key, metric in {**METRICS, **CHANGE_METRICS}.items():
        assert metric.key == key
        assert metric.label
        assert metric.help.endswith(".")
        assert "%" not in metric.label + metric.help  # extraction would take it for a placeholder
        assert bool(metric.categories) != metric.is_number
