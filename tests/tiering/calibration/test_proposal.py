"""Documents proposed from history."""

import json

import numpy as np

from tests.tiering.helpers import a_document, label
from tiering.calibration.proposal import History, propose
from tiering.core.catalogue import METRICS
from tiering.core.check import check_data
from tiering.core.columns import Columns, coded
from tiering.core.columns_assess import assess
from tiering.core.reading import read
from tiering.core.terms import Terms
from tiering.validation.discrimination import gini

SUBJECTS = 3_000


def an_indicator(metric, **changes):
    bands = [{"lo": None, "hi": 0, "points": 0}, {"lo": 0, "hi": None, "points": 100}]
    return {"metric": metric, "weight": 5000, "missing": {"policy": "worst"}, "bands": bands, **changes}


def a_method():
    """Two ratios cut badly, and a rating of which the order is not known."""
    categories = dict.fromkeys(METRICS["demand_level"].categories, 50)
    categories[next(iter(categories))] = 60
    dimensions = [
        {"key": "ratios", "label": label("Ratios"), "weight": 6000,
         "indicators": [an_indicator("roe"), an_indicator("operating_margin")]},
        {"key": "demand", "label": label("Demand"), "weight": 4000, "indicators": [
            {"metric": "demand_level", "weight": 10000, "missing": {"policy": "worst"}, "categories": categories}]},
    ]  # fmt: skip
    return a_document(scorecards=[{"key": "all", "label": label("All"), "dimensions": dimensions}], gates=[])


def a_history(bad_share=0.2, seed=0):
    """Return on equity foretells the outcome, the margin says nothing, one level of demand is dangerous."""
    chance = np.random.default_rng(seed)
    roe, margin = chance.normal(0.1, 0.1, (2, SUBJECTS))
    levels = list(METRICS["demand_level"].categories)
    demand = chance.choice(levels, SUBJECTS)
    odds = -14 * (roe - 0.1) + 1.5 * (demand == levels[-1])
    bad = chance.random(SUBJECTS) < bad_share / (bad_share + (1 - bad_share) * np.exp(-odds))
    roe[:200] = np.nan
    values = {"roe": roe, "operating_margin": margin, "demand_level": coded(list(demand))}
    columns = Columns(SUBJECTS, values, {}, np.full(SUBJECTS, -1, np.int8), np.zeros(SUBJECTS, np.int32))
    return History(columns, bad, np.ones(SUBJECTS, bool))


def gini_of(document, history):
    return gini(assess(read(document), history.columns, Terms()).score.astype(float), history.bad)


def test_proposal_may_be_published_and_tells_more_on_others():
    proposed = propose(a_method(), a_history(), METRICS)
    assert check_data(proposed.document) == ()
    fresh = a_history(seed=7)
    assert gini_of(proposed.document, fresh) > gini_of(a_method(), fresh) + 0.1


def test_indicator_without_information_is_left_out_and_told():
    proposed = propose(a_method(), a_history(), METRICS)
    [ratios, _] = proposed.document["scorecards"][0]["dimensions"]
    assert [part["metric"] for part in ratios["indicators"]] == ["roe"]
    told = {one["metric"]: one for one in proposed.evidence["scorecards"]["all"]["indicators"]}
    assert told["operating_margin"]["share"] == 0
    assert told["roe"]["share"] > 0.5
    assert sum(one["share"] for one in told.values()) > 0.999
    assert json.loads(json.dumps(proposed.evidence)) == proposed.evidence


def test_dangerous_category_earns_nothing():
    proposed = propose(a_method(), a_history(), METRICS)
    demand = proposed.document["scorecards"][0]["dimensions"][1]["indicators"][0]
    assert demand["categories"][list(METRICS["demand_level"].categories)[-1]] == 0
    assert max(demand["categories"].values()) == 100


def test_scorecard_with_few_outcomes_stays_as_it_was():
    history = a_history()
    few = History(history.columns, history.bad & (np.arange(SUBJECTS) < 30), history.counted)
    proposed = propose(a_method(), few, METRICS)
    assert proposed.document["scorecards"] == a_method()["scorecards"]
    assert proposed.evidence["scorecards"]["all"]["kept"]


def test_tiers_keep_their_shares():
    history, before = a_history(), a_method()
    after = propose(before, history, METRICS).document
    shares = [
        np.bincount(assess(read(one), history.columns, Terms()).tier, minlength=3) / SUBJECTS
        for one in (before, after)
    ]
    assert np.abs(shares[0] - shares[1]).max() < 0.2
    assert before == a_method()


def test_those_out_of_scope_do_not_count():
    history = a_history()
    counted = np.arange(SUBJECTS) >= 1_000
    turned = np.where(counted, history.bad, ~history.bad)
    told = [
        propose(a_method(), History(history.columns, bad, counted), METRICS) for bad in (history.bad, turned)
    ]
    assert told[0] == told[1]
