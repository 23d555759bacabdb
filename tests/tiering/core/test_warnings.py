"""Reading early warnings, what their conditions mean, and that Python and SQL mean the same."""

import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg2.extensions import connection as Connection

from tests.tiering.core.generators import CATEGORIES, EDGES, NUMBERS, STRANGE, comparisons, label
from tests.tiering.core.parity import parity
from tests.tiering.core.postgres import COMPARED, METRICS, rows_over
from tiering.core import catalogue
from tiering.core.metric import Fact
from tiering.core.policies import Known
from tiering.core.refusals import CriteriaError
from tiering.core.sql import compile_condition
from tiering.core.warning_readings import Covenant, Moment, changed, kept, with_readings
from tiering.core.warnings import check, read, read_trigger, warns
from tiering.warnings.columns import columns_of, then

LIBRARY = Path(catalogue.__file__).parents[1] / "warnings" / "library.json"
RISE = {"change": "leverage", "days": 365, "as": "difference", "op": ">", "value": 0.1}
HALVED = {"change": "revenue", "days": 180, "as": "ratio", "op": "<", "value": 0.5}
OVERDUE = {"metric": "days_overdue", "op": ">", "value": 90}
DRIFT = {
    "metric": "pd",
    "by": "industry",
    "days": 365,
    "as": "ratio",
    "op": ">",
    "value": 1.2,
    "least_clients": 5,
}


def an_indicator(when=RISE, **changes):
    return {
        "key": "one", "label": label("One"), "when": when, "severity": "watch", "owner": "rm", "cooldown_days": 30,
        "escalate_after_days": 7, "advice": label("Look."), "suggests": "task", **changes,
    }  # fmt: skip


def a_document(*indicators):
    return {"format": 1, "indicators": list(indicators)}


def holds(when, **known) -> bool:
    return warns(read_trigger(when), Moment(**known), catalogue.METRICS)


def test_library_can_be_put_in_effect_and_has_at_least_twenty_indicators():
    library = read(json.loads(LIBRARY.read_text()))
    assert check(library, Known()) == ()
    assert len(library.indicators) >= 20
    assert all(one.label["zh"] and one.advice["zh"] for one in library.indicators)


@pytest.mark.parametrize(
    ("now", "before", "how", "change"),
    [
        (0.8, 0.5, "difference", 0.8 - 0.5),
        (40.0, 100.0, "ratio", 0.4),
        (-40.0, 100.0, "ratio", -0.4),
        (40.0, 0.0, "ratio", None),
        (40.0, -100.0, "ratio", None),
        (None, 1.0, "difference", None),
        (math.nan, 1.0, "difference", None),
        (1.0, math.inf, "difference", None),
        (1e200, -1e200, "difference", None),
        ("BBB", "AA", "difference", 2.0),
        ("AA", "?", "difference", None),
    ],
)
def test_change_is_known_where_both_ends_are(now, before, how, change):
    assert changed(now, before, how, ("AAA", "AA", "A", "BBB")) == change


def test_change_compares_facts_in_force_with_those_that_held_so_many_days_ago():
    assert holds(RISE, facts={"leverage": 0.75}, then={365: {"leverage": 0.6}})
    assert not holds(RISE, facts={"leverage": 0.75}, then={365: {"leverage": 0.7}})
    assert not holds(RISE, facts={"leverage": 0.75}, then={30: {"leverage": 0.6}})
    assert not holds(RISE, facts={"leverage": 0.75})


def test_age_is_of_a_value_that_is_known():
    stale = {"age": "leverage", ">": 400}
    assert holds(stale, facts={"leverage": 0.5}, ages={"leverage": 401})
    assert not holds(stale, facts={"leverage": 0.5}, ages={"leverage": 400})
    assert not holds(stale, facts={}, ages={"leverage": 900})


def test_covenant_that_cannot_be_tested_is_not_breached():
    bound = Covenant("leverage", "<=", 0.7)
    assert [kept(bound, {"leverage": value}) for value in (0.7, 0.71, None, math.nan)] == [
        True,
        False,
        None,
        None,
    ]
    assert holds({"covenants": "breached"}, facts={"leverage": 0.71}, covenants=[bound])
    full = Covenant("utilisation", "<=", 0.9, own={"utilisation": 1.0})
    assert (kept(full, {"utilisation": 0.5}), kept(full, {})) == (False, False)
    assert not holds({"covenants": "breached"}, facts={}, covenants=[bound])
    assert holds({"covenants": "untested"}, facts={}, covenants=[bound])
    assert not holds({"covenants": "untested"}, facts={})


def test_partner_warns_of_the_other_clients_of_a_project():
    shared = {"partner": OVERDUE}
    assert holds(shared, facts={}, partners=[{"days_overdue": 3.0}, {"days_overdue": 91.0}])
    assert not holds(shared, facts={"days_overdue": 91.0}, partners=[{"days_overdue": 3.0}])


def test_connected_client_warns_whatever_projects_it_shares():
    connected = {"connected": OVERDUE}
    assert holds(connected, facts={}, connected=[{"days_overdue": 3.0}, {"days_overdue": 91.0}])
    assert not holds(connected, facts={"days_overdue": 91.0}, partners=[{"days_overdue": 91.0}])


def test_missed_review_warns_after_its_days():
    missed = {"review": "overdue", ">": 30}
    assert [holds(missed, facts={}, review_overdue=days) for days in (31, 30, None)] == [True, False, False]


@pytest.mark.parametrize(
    ("indicator", "code", "path"),
    [
        (an_indicator({**RISE, "days": 0}), "reading_shape", "$.indicators[0].when"),
        (
            an_indicator({"all": [OVERDUE, {"change": "leverage"}]}),
            "reading_shape",
            "$.indicators[0].when.all[1]",
        ),
        (an_indicator({**RISE, "op": "like"}), "condition_shape", "$.indicators[0].when"),
        (an_indicator({"covenants": "kept"}), "reading_shape", "$.indicators[0].when"),
        (an_indicator({"partner": {}}), "condition_shape", "$.indicators[0].when.partner"),
        (an_indicator(drift=DRIFT), "when_or_drift", "$.indicators[0]"),
        (an_indicator(severity="bad"), "shape_enum", "$.indicators[0].severity"),
        (an_indicator(advice={"en": "Look."}), "shape_required", "$.indicators[0].advice"),
    ],
)
def test_what_has_not_the_shape_is_refused_at_its_place(indicator, code, path):
    with pytest.raises(CriteriaError) as caught:
        read(a_document(indicator))
    (refusal,) = caught.value.refusals
    assert (refusal.code, refusal.path) == (code, path)
    assert refusal.text()
    assert refusal.remedy()


@pytest.mark.parametrize(
    ("indicator", "code"),
    [
        (an_indicator({**RISE, "change": "unheard_of"}), "unknown_metric"),
        (an_indicator({**HALVED, "change": "rating"}), "metric_not_a_number"),
        (an_indicator({"age": "project_amount", ">": 3}), "metric_out_of_scope"),
        (an_indicator({"partner": {**OVERDUE, "metric": "unheard_of"}}), "unknown_metric"),
        (an_indicator({"all": [RISE, {**RISE, "op": "<", "value": 0}]}), "condition_never_holds"),
    ],
)
def test_what_makes_no_sense_is_refused(indicator, code):
    (refusal,) = check(read(a_document(indicator)), Known())
    assert refusal.code == code


def test_segments_are_watched_by_officers_and_keys_are_used_once():
    drift = {key: value for key, value in an_indicator(drift=DRIFT).items() if key != "when"}
    refusals = check(read(a_document(drift, an_indicator())), Known())
    assert [refusal.code for refusal in refusals] == ["duplicate_key", "drift_of_nobody"]


def changes() -> st.SearchStrategy[dict]:
    compared = {"op": st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), "value": st.sampled_from(EDGES)}
    days = st.sampled_from([30, 365])
    of_numbers = st.fixed_dictionaries(
        {
            "change": st.sampled_from(NUMBERS),
            "days": days,
            "as": st.sampled_from(["difference", "ratio"]),
            **compared,
        }
    )
    places = {"value": st.sampled_from([-2, 0, 1, 3])}
    of_categories = st.fixed_dictionaries(
        {
            "change": st.sampled_from(CATEGORIES),
            "days": days,
            "as": st.just("difference"),
            **compared,
            **places,
        }
    )
    return st.one_of(of_numbers, of_categories)


def triggers() -> st.SearchStrategy[dict]:
    return st.recursive(
        st.one_of(comparisons(), changes(), changes()),
        lambda inner: st.one_of(
            st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"all": parts}),
            st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"any": parts}),
            inner.map(lambda part: {"not": part}),
        ),
        max_leaves=4,
    )


def facts() -> st.SearchStrategy[dict[str, Fact]]:
    numbers = st.one_of(
        st.sampled_from(EDGES), st.sampled_from(STRANGE), st.sampled_from([0.2, 1.1, 1e120, 1e-120])
    )
    return st.fixed_dictionaries(
        dict.fromkeys(NUMBERS, numbers)
        | {
            metric: st.sampled_from([None, "", "?", *catalogue.METRICS[metric].categories])
            for metric in CATEGORIES
        }
    )


@parity
@given(when=triggers(), moments=st.lists(st.tuples(facts(), facts(), facts()), min_size=1, max_size=6))
def test_python_and_sql_agree_on_triggers(postgres: Connection, when, moments):
    trigger = read_trigger(when)
    expected = [
        warns(trigger, Moment(now, {30: month, 365: year}), catalogue.METRICS) for now, month, year in moments
    ]
    columns = columns_of(trigger, catalogue.METRICS, "NULL::date", {})
    condition, params = compile_condition(
        trigger.when, columns, with_readings(catalogue.METRICS, trigger.readings)
    )
    names = ", ".join(f'{{0}}."{metric}@{{1}}" AS "{metric}"' for metric in METRICS)
    relations = [
        f"(SELECT {names.format('g', span)}) AS {alias}"
        for span, alias in (("now", "f"), (30, then(30)), (365, then(365)))
    ]
    held = rows_over(
        postgres,
        {"place": "int"}
        | {
            f"{metric}@{span}": "float8" if metric in NUMBERS else "text"
            for span in ("now", 30, 365)
            for metric in METRICS
        },
        [[at, *(one[metric] for one in moment for metric in METRICS)] for at, moment in enumerate(moments)],
        f"SELECT {condition} AS holds FROM given g, LATERAL {', LATERAL '.join(relations)} ORDER BY place",
        params,
    )
    assert [row["holds"] for row in held] == expected
    COMPARED["early warnings"] += len(moments)
