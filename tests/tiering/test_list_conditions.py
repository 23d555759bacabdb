"""The client list narrowed by conditions in the language of criteria, over every field."""

import json
from datetime import date, timedelta

import pytest
from django.urls import reverse

from crm.models import Client, ContactPerson, Interaction, Role
from tests.factories import make_client, make_facility, make_industry, make_project, make_user
from tests.funnel.making import make_case, put_in_tier
from tiering.finding.catalogue import Fields
from tiering.finding.language import read

pytestmark = pytest.mark.django_db
URL = reverse("crm:client-list")


@pytest.fixture
def rm():
    return make_user(Role.RM)


def rule(metric: str, op: str, value: object) -> dict:
    return {"metric": metric, "op": op, ("values" if op == "in" else "value"): value}


def kept(user, condition: object) -> set[Client]:
    return set(read(json.dumps(condition), user).narrow(Client.objects.visible_to(user)))


def test_every_field_can_be_asked_in_every_way(rm):
    make_client(rm=rm)
    fields = Fields.of(rm)
    missing = [{"metric": key, "op": "is_missing"} for key in fields.metrics]
    values = [
        rule(key, ">", 1) if metric.is_number else rule(key, "in", list(metric.categories)[:2])
        for key, metric in fields.metrics.items()
        if metric.is_number or metric.categories
    ]
    assert len(fields.metrics) > 60
    assert kept(rm, {"any": [{"all": missing}, *values]}) is not None
    assert not read(json.dumps({"any": values}), rm).refusal


def test_and_or_and_not_go_by_the_meaning_of_criteria(rm):
    industry = make_industry()
    large = make_client(rm=rm, employees=500, industry=industry)
    small = make_client(rm=rm, employees=5)
    unknown = make_client(rm=rm, employees=None)
    many = rule("client.employees", ">=", 100)
    assert kept(rm, many) == {large}
    assert kept(rm, {"not": many}) == {small, unknown}
    assert kept(
        rm, {"all": [{"not": many}, {"not": {"metric": "client.employees", "op": "is_missing"}}]}
    ) == {small}
    assert kept(
        rm, {"any": [rule("client.employees", "<", 10), rule("client.industry", "in", [str(industry.pk)])]}
    ) == {
        large,
        small,
    }


def test_related_records_are_asked_by_their_figures(rm):
    owing, other = make_client(rm=rm), make_client(rm=rm)
    make_facility(owing, limit=10_000_000)
    make_facility(owing, limit=5_000_000, drawn=0)
    Interaction.objects.create(client=other, kind="call", at="2020-01-01T00:00Z", subject="Call", author=rm)
    assert kept(rm, rule("records.open_limits", ">", 14_000_000)) == {owing}
    assert kept(rm, rule("records.last_contact", ">", 365)) == {other}
    assert kept(rm, rule("records.open_facilities", "==", 0)) == {other}


def test_related_records_are_asked_by_what_any_of_them_is(rm):
    water, roads = make_industry(), make_industry()
    both, one, none = (make_client(rm=rm) for _ in range(3))
    for client, industry, status in (
        (both, water, "active"),
        (both, roads, "proposed"),
        (one, roads, "active"),
    ):
        project = make_project(industry=industry, status=status)
        project.participations.create(client=client, part="sponsor")
    gone = make_project(industry=water).participations.create(client=none, until="2020-01-01")
    ContactPerson.objects.create(client=one, name="Li Na", roles=["finance", "legal"])
    assert gone.client == none
    assert kept(rm, rule("project.industry", "in", [str(water.pk)])) == {both}
    assert kept(rm, rule("project.industry", "==", str(roads.pk))) == {both, one}
    assert kept(rm, rule("project.industry", "!=", str(water.pk))) == {one}
    assert kept(rm, {"not": rule("project.industry", "==", str(water.pk))}) == {one, none}
    assert kept(rm, {"metric": "project.industry", "op": "is_missing"}) == {none}
    assert kept(rm, rule("person.role", "in", ["legal"])) == {one}
    make_facility(both, matures_on=date(2090, 1, 1), limit=10_000_000)
    make_facility(both, matures_on=date.today() + timedelta(days=20), limit=5_000_000, drawn=0)
    assert kept(rm, rule("facility.matures", "<", 30)) == {both}
    assert kept(rm, rule("facility.limit", ">", 10_000_000)) == set()
    case = make_case(rm, client=one, product="lease")
    assert kept(rm, rule("case.stage", "in", [str(case.stage_id)])) == {one}
    assert kept(rm, rule("case.product", "!=", "lease")) == set()
    case.parties.create(client=both, part="guarantor")
    assert kept(rm, rule("case.product", "==", "lease")) == {one, both}


def test_tiers_are_asked_by_scheme(rm):
    tiered, other = make_client(rm=rm), make_client(rm=rm)
    scheme = put_in_tier(tiered, "A").scheme.key
    assert kept(rm, rule(f"tier.{scheme}", "in", ["A"])) == {tiered}
    assert kept(rm, {"metric": f"tier.{scheme}", "op": "is_missing"}) == {other}


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"metric": "nobody", "op": ">", "value": 1}',
        '{"metric": "client.kind", "op": "in", "values": ["x"]}',
        '{"metric": "c.id) OR (1=1", "op": "is_missing"}',
        "1" * 9000,
    ],
)
def test_what_is_not_understood_shows_nobody_and_says_why(client, rm, text):
    make_client(rm=rm)
    client.force_login(rm)
    page = client.get(URL, {"where": text})
    assert not page.context["rows"]
    assert "not understood" in page.content.decode()


def test_condition_stays_with_the_list_and_is_said_in_words(client, rm):
    found = make_client(rm=rm, employees=500)
    make_client(rm=rm, employees=5)
    client.force_login(rm)
    text = json.dumps(rule("client.employees", ">=", 100))
    page = client.get(URL, {"where": text, "sort": "-score"})
    assert [row.pk for row, _cells in page.context["rows"]] == [found.pk]
    assert "employees is at least 100" in page.content.decode()
    assert "where=" in page.context["query"].address()
    builder = client.get(reverse("crm:client-filter"), {"where": text})
    assert "employees is at least 100" in builder.content.decode()


def test_builder_is_told_the_words_and_the_number(client, rm):
    make_client(rm=rm, employees=500)
    make_client(employees=500)
    client.force_login(rm)
    asked = {"conditions": [rule("client.employees", ">=", 100)]}
    answer = client.post(reverse("tiering:list-conditions"), asked, content_type="application/json").json()
    assert answer["told"] == [{"words": "employees is at least 100", "count": "1 client", "none": False}]


def test_api_takes_the_same_conditions(client, rm):
    large = make_client(rm=rm, employees=500)
    make_client(rm=rm, employees=5)
    client.force_login(rm)
    address = reverse("api:client-list")
    answer = client.get(address, {"where": json.dumps(rule("client.employees", ">=", 100))}).json()
    assert [row["id"] for row in answer["results"]] == [large.pk]
    assert client.get(address, {"where": "{"}).status_code == 400
    fields = {one["key"]: one for one in client.get(reverse("api:client-conditions")).json()}
    assert (fields["client.employees"]["type"], fields["client.employees"]["of_any"]) == ("number", False)
    assert (fields["person.role"]["categories"]["legal"], fields["person.role"]["of_any"]) == ("Legal", True)
