"""What cases tell of their clients, as metrics."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from crm.models import CustomMetric, Observation
from funnel.models import Case, ExchangeRate
from funnel.services.cases import edit_case, open_case
from funnel.services.metrics import METRICS, feed
from funnel.services.moves import move_case
from tests.funnel.making import make_case, stage_of
from tiering.models import RetierRequest

pytestmark = pytest.mark.django_db


def told(case: Case) -> dict[str, float | None]:
    rows = Observation.objects.filter(client=case.client, source="funnel").order_by("observed_on")
    return dict(rows.values_list("metric", "value"))


def decline(case: Case) -> Case:
    stage = stage_of(case.stage.pipeline, "declined")
    return move_case(
        case=case, to_stage=stage, version=case.version, moved_by=case.client.rm, reason="withdrawn"
    )


def test_cases_tell_amount_outcomes_and_conversion_in_the_books_currency():
    case = make_case(amount=Decimal(3_000_000))
    ExchangeRate.objects.create(currency="USD", day=timezone.localdate(), rate=Decimal(7))
    open_case(
        client=case.client,
        product="loan",
        amount=Decimal(1_000_000),
        currency="USD",
        opened_by=case.client.rm,
    )
    assert told(case) == {"open_case_amount": 10_000_000, "cases_won": 0, "cases_lost": 0}
    edit_case(case=case, revision=1, by=case.client.rm, details={"amount": Decimal(4_000_000)})
    assert told(case)["open_case_amount"] == 11_000_000
    case.refresh_from_db()
    decline(case)
    assert told(case) == {
        "open_case_amount": 7_000_000,
        "cases_won": 0,
        "cases_lost": 1,
        "case_conversion": 0,
    }
    assert RetierRequest.objects.filter(client=case.client).exists()


def test_a_night_tells_what_grew_old_and_nothing_twice():
    case = decline(make_case())
    today = timezone.localdate()
    assert feed(day=today) == 0
    assert feed(day=today + timedelta(days=4 * 365)) == 1  # a conversion of nothing is not told anew
    assert told(case)["cases_lost"] == 0


def test_a_retired_metric_is_left_alone():
    make_case()
    CustomMetric.objects.filter(key="cases_won").update(retired_at=timezone.now())
    Observation.objects.all().delete()
    feed(day=timezone.localdate())
    assert set(Observation.objects.values_list("metric", flat=True)) == {"open_case_amount", "cases_lost"}
    assert set(CustomMetric.objects.values_list("key", flat=True)) == set(METRICS)
