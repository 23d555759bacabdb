"""The metric catalogue by page: what is told of each metric, and the institution's own."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from crm.models import CustomMetric, Role, User
from tests.factories import make_client, make_observation, make_project, make_user
from tests.tiering.helpers import days_ago, facts_of, publish, run_now
from tests.tiering.pages.making import visitor_of
from tests.tiering.placing import publish_within
from tests.tiering.test_facts_custom import reading
from tiering.core.catalogue import METRICS
from tiering.errors import CriteriaRefused
from tiering.services.runs import start_run, work_through

pytestmark = pytest.mark.django_db
ESG = {
    "key": "esg", "type": "category", "label_en": "ESG", "label_zh": "环境", "unit": "", "direction": "higher",
    "categories": "low | Low | 低\nhigh | High | 高", "max_age_days": "365",
}  # fmt: skip
WITHIN = "project_risk_capacity"


@pytest.fixture
def admin() -> User:
    cache.clear()
    return make_user(Role.CRITERIA_ADMIN)


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def catalogue_page(user: User, **query):
    return visitor_of(user).get(reverse("tiering:metrics"), query)


def line_of(response, key: str):
    (line,) = (line for group in response.context["groups"] for line in group.lines if line.metric.key == key)
    return line


def send(user: User, name: str, *args, **given):
    return visitor_of(user).post(reverse(f"tiering:{name}", args=args), given, follow=True)


def test_every_metric_stands_with_its_formula_unit_age_and_readers(admin):
    version = publish()
    page = catalogue_page(admin)
    assert {line.metric.key for group in page.context["groups"] for line in group.lines} == set(METRICS)
    leverage = line_of(page, "leverage")
    assert (leverage.help, leverage.values, leverage.direction, leverage.max_age) == (
        "Total liabilities ÷ total assets. Above 1, equity is negative.", "percentage", "lower is better", "550 days",
    )  # fmt: skip
    assert leverage.readers == ()
    assert [reader.pk for reader in line_of(page, "credit_score").readers] == [version.pk]
    chinese = visitor_of(admin).get(reverse("tiering:metrics"), headers={"Accept-Language": "zh-hans"})
    assert "资产负债率" in text_of(chinese)


def test_search_finds_by_key_name_and_formula(admin):
    for term, key in (
        ("LEVER", "leverage"),
        ("Days overdue", "days_overdue"),
        ("÷ total assets", "leverage"),
    ):
        assert line_of(catalogue_page(admin, q=term), key)
    assert "No such metric" in text_of(catalogue_page(admin, q="nothing at all"))


def test_share_known_is_of_the_readers_clients_and_counted_once_a_run(admin):
    publish()
    lead = make_user(Role.TEAM_LEAD)
    mine = make_client(team=lead.team)
    for client in (mine, make_client()):
        make_client()
        make_observation(client, "credit_score", 650.0, observed_on=days_ago(30).date())
    run_now()
    first = catalogue_page(admin)
    assert not first.context["is_counted"]
    assert line_of(first, "credit_score").known is None
    assert "known=1" in text_of(first)
    assert line_of(catalogue_page(admin, known=1), "credit_score").known == 0.5
    again = catalogue_page(admin)
    assert (again.context["is_counted"], line_of(again, "credit_score").known) == (True, 0.5)
    assert line_of(catalogue_page(lead, known=1), "credit_score").known == 1.0
    make_observation(make_client(), "credit_score", 650.0, observed_on=days_ago(30).date())
    run_now()
    assert line_of(catalogue_page(admin, known=1), "credit_score").known == pytest.approx(3 / 5)


def test_share_known_within_projects_is_of_clients_within_projects(admin):
    version = publish_within()
    for scored in (True, False):
        client, project = make_client(), make_project()
        client.participations.create(project=project)
        if scored:
            make_observation(client, WITHIN, 4.0, project=project, observed_on=days_ago(30).date())
    work_through(start_run(requested_by=None, version=version))
    assert line_of(catalogue_page(admin, known=1), WITHIN).known == 0.5


def test_new_metric_is_observed_derived_and_read_by_criteria_at_once(admin):
    said = text_of(send(admin, "metric-new", **ESG))
    assert "“ESG” can be observed, and read by criteria, from now on." in said
    rm = make_user(Role.RM)
    client = make_client(rm=rm)
    given = {"metric": "esg", "value": "high", "observed_on": days_ago(2).date(), "source": "Questionnaire"}
    response = visitor_of(rm).post(reverse("crm:observation-new", args=[client.pk]), given)
    assert response.status_code == 302
    assert facts_of(client, days_ago(0))["custom"] == {"esg": "high"}
    indicator = {
        "metric": "esg",
        "weight": 10000,
        "missing": {"policy": "worst"},
        "categories": {"low": 0, "high": 100},
    }
    document = reading("credit_score")
    document["scorecards"][0]["dimensions"][0]["indicators"] = [indicator]
    publish(document)
    run_now()
    line = line_of(catalogue_page(admin, known=1), "esg")
    assert (line.known, len(line.readers)) == (1.0, 1)
    assert "ESG" in text_of(visitor_of(rm).get(reverse("tiering:criteria")))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"key": "leverage"}, "“leverage” is taken."),
        ({"key": "Esg!"}, "A key begins with a letter"),
        ({"label_en": ""}, "This field is required."),
        ({"type": "number"}, "A category has a list of categories and no unit; a number has none."),
        ({"categories": "high | High\nhigh | Higher"}, "Two categories have the same key."),
    ],
)
def test_metric_that_cannot_be_is_refused_and_what_was_typed_stays(admin, given, said):
    response = send(admin, "metric-new", **{**ESG, **given})
    assert response.status_code == 422
    assert said in text_of(response)
    assert "环境" in text_of(response)
    assert not CustomMetric.objects.exists()


def test_change_keeps_key_and_type_and_every_category(admin):
    send(admin, "metric-new", **ESG)
    metric = CustomMetric.objects.get()
    more = "low | Low | 低\nhigh | High | 高\ntop | Top |"
    changed = {**ESG, "key": "other", "type": "number", "label_en": "ESG grade", "categories": more}
    send(admin, "metric-edit", metric.pk, **changed)
    metric.refresh_from_db()
    assert (metric.key, metric.type, metric.label_en, len(metric.categories)) == (
        "esg", "category", "ESG grade", 3,
    )  # fmt: skip
    refused = send(admin, "metric-edit", metric.pk, **{**ESG, "categories": "low | Low |"})
    assert "These categories must stay: high, top." in text_of(refused)


def test_retired_metric_is_observed_and_published_no_more_until_it_is_used_again(admin):
    CustomMetric.objects.create(key="esg", label_en="ESG")
    metric = CustomMetric.objects.get()
    version = publish(reading("esg"))
    assert "“ESG” is retired." in text_of(send(admin, "metric-retire", metric.pk))
    assert "retired" in text_of(catalogue_page(admin, q="esg"))
    rm = make_user(Role.RM)
    address = reverse("crm:observation-new", args=[make_client(rm=rm).pk])
    given = {"metric": "esg", "value": "5", "observed_on": days_ago(2).date(), "source": "Bureau"}
    assert visitor_of(rm).post(address, given).status_code == 422
    with pytest.raises(CriteriaRefused):
        publish(reading("esg") | {"note": {"en": "2", "zh": "2"}}, effective_from=None)
    assert line_of(catalogue_page(admin), "esg").readers[0].pk == version.pk
    assert "“ESG” is in use again." in text_of(send(admin, "metric-retire", metric.pk, restore="yes"))
    assert visitor_of(rm).post(address, given).status_code == 302
    publish(reading("esg") | {"note": {"en": "2", "zh": "2"}}, effective_from=None)


@pytest.mark.parametrize("role", [Role.RM, Role.RISK_OFFICER, Role.AUDITOR])
def test_others_read_the_catalogue_and_change_nothing(role):
    CustomMetric.objects.create(key="esg", label_en="ESG")
    user = make_user(role)
    page = text_of(catalogue_page(user))
    assert "New metric" not in page
    assert "/criteria/metrics/new/" not in page
    assert send(user, "metric-retire", CustomMetric.objects.get().pk).status_code == 403
