"""Metrics of the institution's own, as an administrator writes them down."""

import pytest
from django.db import IntegrityError, InternalError
from django.urls import reverse
from django.utils.translation import override

from crm.forms.custom_metrics import CustomMetricForm
from crm.metrics import observable
from crm.models import CustomMetric, Role
from tests.factories import make_user

pytestmark = pytest.mark.django_db

ESG = {
    "key": "esg", "label_en": "ESG", "label_zh": "环境与社会", "type": "category", "unit": "",
    "direction": "higher", "categories": "low|Low\nhigh | High | 高", "max_age_days": "365",
}  # fmt: skip


def errors_of(**changes) -> dict:
    form = CustomMetricForm({**ESG, **changes})
    form.is_valid()
    return dict(form.errors)


def test_written_metric_is_observable_at_once_in_either_language(client):
    client.force_login(make_user(Role.SYSTEM_ADMIN))
    answer = client.post(reverse("admin:crm_custommetric_add"), ESG)
    assert answer.status_code == 302, answer.context["errors"]
    metric = observable()["esg"]
    assert (metric.type, dict(metric.categories)) == ("category", {"low": "Low", "high": "High"})
    with override("zh-hans"):
        assert [str(metric.label), *map(str, metric.categories.values())] == ["环境与社会", "Low", "高"]


def test_form_shows_categories_as_they_are_written(client):
    client.force_login(make_user(Role.SYSTEM_ADMIN))
    client.post(reverse("admin:crm_custommetric_add"), ESG)
    metric = CustomMetric.objects.get()
    page = client.get(reverse("admin:crm_custommetric_change", args=[metric.pk])).content.decode()
    assert "low | Low\nhigh | High | 高</textarea>" in page


@pytest.mark.parametrize("key", ["leverage", "notches", "client_id", "tier", "Esg", "1st", "a-b", "a b"])
def test_key_that_is_taken_or_not_plain_is_refused(key):
    errors = errors_of(key=key)
    assert errors.keys() & {"key", "__all__"}


@pytest.mark.parametrize(
    "changes",
    [
        {"categories": ""},
        {"categories": "high"},
        {"categories": "high | High\nhigh | Higher"},
        {"categories": "High | High"},
        {"type": "number"},
        {"unit": "days"},
        {"unit": "furlongs"},
    ],
)
def test_categories_and_unit_fit_the_type(changes):
    assert errors_of(**changes)


def test_category_that_observations_may_hold_stays():
    metric = CustomMetric.objects.create(
        key="esg",
        label_en="ESG",
        type="category",
        categories=[{"key": "high", "en": "High", "zh": ""}, {"key": "low", "en": "Low", "zh": ""}],
    )
    form = CustomMetricForm({**ESG, "categories": "high | High\nmiddle | Middle"}, instance=metric)
    assert "low" in str(form.errors["categories"])


@pytest.mark.parametrize(
    "change", [{"key": "esg_2"}, {"type": "category", "categories": [{"key": "a", "en": "A"}]}]
)
def test_database_keeps_key_and_type(change):
    metric = CustomMetric.objects.create(key="esg", label_en="ESG")
    with pytest.raises(InternalError):
        CustomMetric.objects.filter(pk=metric.pk).update(**change)


def test_database_refuses_a_key_that_is_not_plain():
    with pytest.raises(IntegrityError):
        CustomMetric.objects.create(key="a'b", label_en="Injected")
