"""Metrics of the institution's own in facts and in criteria, and how old values are."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils.translation import override

from crm.models import CreditReport, CustomMetric
from tests.factories import make_client, make_facility, make_observation, make_payment, make_statement
from tests.tiering.helpers import NOON_IN_SHANGHAI, a_document, facts_of, label, publish, run_now, tier_of
from tests.tiering.test_facts_dates import noon
from tiering import display, observables
from tiering.core.evaluate import evaluate
from tiering.core.reading import read
from tiering.facts import derive
from tiering.facts.ages import ages_of
from tiering.facts.reading import age_columns, columns_of
from tiering.models import Facts
from tiering.selectors.catalogue import catalogue, catalogue_of
from tiering.services.subjects import COMPARED, KEYS

pytestmark = pytest.mark.django_db

JUNE_30 = date(2026, 6, 30)


def make_metric(key: str = "esg", **fields: Any) -> CustomMetric:
    return CustomMetric.objects.create(**{"key": key, "label_en": "ESG", "label_zh": "环境", **fields})


def make_choice(key: str = "outlook") -> CustomMetric:
    names = [{"key": "bright", "en": "Bright", "zh": "好"}, {"key": "dim", "en": "Dim", "zh": ""}]
    return make_metric(key, type="category", categories=names)


def reading(metric: str, **limits: Any) -> dict[str, Any]:
    """A document with one indicator: High from 50 of the metric on."""
    bands = [{"lo": None, "hi": 50, "points": 0}, {"lo": 50, "hi": None, "points": 100}]
    indicator = {"metric": metric, "weight": 10000, "missing": {"policy": "worst"}, "bands": bands, **limits}
    dimension = {"key": "one", "label": label("One"), "weight": 10000, "indicators": [indicator]}
    return a_document(scorecards=[{"key": "all", "label": label("All"), "dimensions": [dimension]}])


def test_metric_added_now_is_derived_now():
    client = make_client()
    make_observation(client, "esg", 62.5)
    assert facts_of(client)["custom"] == {}
    before = facts_of(client)["content_hash"]
    make_metric(max_age_days=30)
    make_choice()
    make_observation(client, "outlook", "dim")
    facts = facts_of(client)
    assert facts["custom"] == {"esg": 62.5, "outlook": "dim"}
    assert facts["content_hash"] != before
    assert facts_of(client, noon(JUNE_30 + timedelta(days=31)))["custom"] == {"outlook": "dim"}


def test_number_survives_storage_to_the_last_digit():
    make_metric()
    for value in (0.1, 1e-300, 2**53 + 2.0, 123456.78901234567, -1 / 3):
        client = make_client()
        make_observation(client, "esg", value)
        make_observation(client, "satisfaction", value)
        facts = facts_of(client)
        assert (facts["custom"]["esg"], facts["satisfaction"]) == (value, value)


def test_no_metric_is_called_like_a_column_of_a_run():
    assert {*KEYS, COMPARED, "held_rank", "held_days"} <= observables.TAKEN


def test_metric_that_strata_has_taken_since_is_stratas():
    make_metric("satisfaction", label_en="Old")
    client = make_client()
    make_observation(client, "satisfaction", 4.0)
    facts = facts_of(client)
    assert (facts["satisfaction"], facts["custom"]) == (4.0, {})
    assert catalogue()["satisfaction"].label == "Satisfaction"


def test_catalogue_has_own_metrics_in_the_language_of_the_reader():
    make_metric(unit="fraction", direction="higher")
    make_choice()
    known = catalogue()
    assert (known["esg"].unit, known["esg"].direction, known["outlook"].is_number) == (
        "fraction",
        "higher",
        False,
    )
    assert display.metric_label("esg", known) == "ESG"
    assert display.metric_value("esg", 0.125, known) == "12.5%"
    with override("zh-hans"):
        assert display.metric_label("esg", known) == "环境"
        assert [display.metric_value("outlook", key, known) for key in ("bright", "dim")] == ["好", "Dim"]


def test_reader_of_a_document_asks_for_own_metrics_only_where_it_names_one(django_assert_num_queries):
    make_metric()
    with django_assert_num_queries(0):
        assert "esg" not in catalogue_of(read(a_document()))
    assert "esg" in catalogue_of(read(reading("esg")))


def expressions(document: dict[str, Any], client: Any) -> dict[str, Any]:
    """What `reading` reads of the derived facts of a client."""
    parsed, statement, params = read(document), *derive([client.pk], NOON_IN_SHANGHAI)
    known = catalogue()
    columns = {
        **columns_of(parsed, "f", known),
        **age_columns(parsed, "f", "%(day)s::date", known),
    }
    listed = ", ".join(f'{sql} AS "{key}"' for key, sql in columns.items())
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {listed} FROM ({statement}) AS f", params)
        return dict(zip(columns, cursor.fetchone(), strict=True))


@pytest.mark.parametrize(
    ("metric", "age"),
    [
        ("esg", 10),
        ("leverage", 181),
        ("current_ratio", 3),
        ("credit_score", 29),
        ("pd", None),
        ("days_overdue", 0),
        ("utilisation", 4),
        ("region_factor", None),
    ],
)
def test_age_is_that_of_the_record_behind_the_value(metric, age):
    client = make_client()
    make_metric()
    make_statement(client, period_end=date(2025, 12, 31))
    make_observation(client, "current_ratio", 1.5, observed_on=date(2026, 6, 27))
    make_observation(client, "utilisation", 0.5, observed_on=date(2026, 6, 26))
    make_observation(client, "esg", 62.5, observed_on=date(2026, 6, 20))
    make_payment(make_facility(client), date(2026, 6, 1))
    CreditReport.objects.create(
        client=client,
        bureau="X",
        reported_on=date(2026, 6, 1),
        received_on=date(2026, 6, 1),
        score=700,
    )
    facts = facts_of(client)
    assert ages_of(facts["dates"], JUNE_30).get(metric) == age
    assert expressions(reading(metric, max_age_days=30), client)[f"{metric}@days"] == age


def test_document_reads_columns_and_own_metrics_as_their_types():
    client = make_client()
    make_metric()
    make_observation(client, "esg", 62.5)
    assert expressions(reading("esg"), client)["esg"] == 62.5
    assert expressions(reading("relationship_years"), client)["relationship_years"] is None


def test_stored_facts_explain_a_tier_by_a_metric_of_the_institutions_own():
    client = make_client()
    make_metric()
    make_observation(client, "esg", 62.5, observed_on=date(2026, 1, 1))
    publish(reading("esg"))
    run_now()
    stored = Facts.objects.get(client=client, valid_to=None)
    assert tier_of(client) == "High"
    assert stored.custom == {"esg": 62.5}
    assert evaluate(read(reading("esg")), stored.values()).tier == 0
    assert stored.ages(date(2026, 1, 11))["esg"] == 10
