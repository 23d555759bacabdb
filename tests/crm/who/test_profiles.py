"""Declared fields: made without a migration, filled in by the kinds that have them, asked for, listed, and metrics."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.http import QueryDict
from django.urls import reverse

from crm.details import details_of
from crm.errors import Conflict, Invalid, NotPermitted
from crm.models import Client, CustomMetric, Observation, ProfileField, ProfileValue, Role
from crm.models.conduct import today
from crm.selectors.audit import audit_of
from crm.selectors.client_list import ListQuery, conditions_for
from crm.selectors.profiles import age_on, profile_of
from crm.services.profile_fields import add_field, change_field, retire_field
from crm.services.profiles import change_profile
from tests.api.asking import Asker, make_house
from tests.factories import make_client, make_observation, make_user

pytestmark = pytest.mark.django_db

ESG = [{"key": "low", "en": "Low", "zh": "低"}, {"key": "high", "en": "High", "zh": "高"}]


@pytest.fixture
def house():
    return make_house()


@pytest.fixture
def person(house):
    return make_client(rm=house.rm, kind="individual")


@pytest.fixture
def administrator(db):
    return make_user(Role.SYSTEM_ADMIN)


def told(client) -> dict[str, str]:
    return {one.field.key: one.text for one in profile_of(client) if one.text}


def found(user, condition) -> set[int]:
    sentence = conditions_for(user).read(json.dumps(condition), user)
    assert not sentence.refusal, sentence.refusal
    return set(sentence.narrow(Client.objects.visible_to(user)).values_list("pk", flat=True))


def test_fields_of_a_client_are_those_of_its_kind(house, person):
    assert {"birth_date", "occupation", "net_worth"} <= {one.field.key for one in profile_of(person)}
    assert {one.field.key for one in profile_of(house.own)} == {
        "founded_on", "ownership", "owner_level", "exchange", "stock_code",
    }  # fmt: skip
    with pytest.raises(Invalid) as refused:
        change_profile(by=house.rm, client=house.own, version=1, values={"occupation": "Engineer"})
    assert list(refused.value.fields) == ["occupation"]


def test_details_of_a_person_leave_out_what_only_organisations_have(house, person):
    assert "employees" in {one.name for one in details_of(house.own)}
    assert "employees" not in {one.name for one in details_of(person)}
    person.employees = 3
    assert "employees" in {one.name for one in details_of(person)}


def test_profile_is_changed_at_the_version_that_was_seen_and_told_in_the_audit(house, person):
    values = {"birth_date": "1980-05-01", "occupation": "Engineer"}
    changed = change_profile(by=house.rm, client=person, version=1, values=values)
    assert changed.version == 2
    assert told(person)["occupation"] == "Engineer"
    with pytest.raises(Conflict):
        change_profile(by=house.rm, client=person, version=1, values={})
    with pytest.raises(NotPermitted):
        change_profile(by=house.officer, client=person, version=2, values={})
    change_profile(by=house.rm, client=person, version=2, values={"occupation": "", "birth_date": None})
    assert not ProfileValue.objects.exists()
    assert {entry.title for entry in audit_of(person)} >= {"Occupation", "Date of birth"}


def test_saving_what_stands_there_writes_nothing(house, person):
    change_profile(by=house.rm, client=person, version=1, values={"occupation": "Engineer"})
    same = change_profile(by=house.rm, client=person, version=2, values={"occupation": " Engineer "})
    assert same.version == 2


@pytest.mark.parametrize(
    ("key", "said", "reason"),
    [
        ("net_worth", "much", "number"),
        ("net_worth", float("inf"), "number"),
        ("birth_date", "31.12.1980", "day"),
        ("birth_date", (date.today() + timedelta(days=40)).isoformat(), "not come"),
        ("birth_date", "1066-10-14", "1800"),
        ("occupation", "x" * 301, "300"),
        ("occupation", 7, "text"),
    ],
)
def test_what_a_field_cannot_hold_is_refused_beside_it(house, person, key, said, reason):
    with pytest.raises(Invalid) as refused:
        change_profile(
            by=house.rm, client=person, version=1, values={key: said, "occupation": "x"} | {key: said}
        )
    assert reason in refused.value.fields[key][0]
    assert not ProfileValue.objects.exists()


def test_value_of_a_metric_is_an_observation(house, person):
    make_observation(person, "net_worth", 5_000_000.0, source="bank letter", observed_on=date(2025, 1, 1))
    (known,) = [one for one in profile_of(person) if one.field.key == "net_worth"]
    assert (known.value, known.source) == (5_000_000.0, "bank letter")
    change_profile(by=house.rm, client=person, version=1, values={"net_worth": 5_000_000})
    assert Observation.objects.count() == 1
    change_profile(by=house.rm, client=person, version=1, values={"net_worth": 8_000_000})
    latest = Observation.objects.latest("observed_on")
    assert (latest.value, latest.observed_on, latest.source) == (8e6, today(), "Client record")
    with pytest.raises(Invalid, match="stays on record"):
        change_profile(by=house.rm, client=person, version=2, values={"net_worth": None})


def test_field_is_made_changed_and_retired_by_administrators_alone(administrator, house):
    terms: dict[str, Any] = {
        "key": "esg_class",
        "type": "choice",
        "label_en": "ESG class",
        "choices": ESG,
        "kinds": ["corporate"],
    }
    with pytest.raises(NotPermitted):
        add_field(by=house.officer, **terms)
    field = add_field(by=administrator, is_metric=True, **terms)
    assert CustomMetric.objects.get(key="esg_class").categories == ESG
    change_profile(by=house.rm, client=house.own, version=1, values={"esg_class": "high"})
    assert Observation.objects.get().text == "high"
    with pytest.raises(Invalid, match="must stay"):
        change_field(by=administrator, field=field, choices=ESG[:1])
    more = [*ESG, {"key": "top", "en": "Top", "zh": ""}]
    change_field(by=administrator, field=field, choices=more, label_en="ESG")
    metric = CustomMetric.objects.get(key="esg_class")
    assert (metric.label_en, len(metric.categories)) == ("ESG", 3)
    retire_field(by=administrator, field=field)
    assert "esg_class" not in {one.field.key for one in profile_of(house.own)}


@pytest.mark.parametrize(
    "terms",
    [
        {"key": "Net worth"},
        {"key": "net_worth"},
        {"type": "choice"},
        {"choices": ESG},
        {"unit": "money"},
        {"kinds": []},
        {"kinds": ["animal"]},
        {"is_metric": True},
        {"key": "leverage", "type": "choice", "choices": ESG, "is_metric": True},
    ],
)
def test_field_that_makes_no_sense_is_refused(administrator, terms):
    sound = {"key": "esg", "label_en": "ESG", "kinds": ["corporate"]}
    with pytest.raises(Invalid):
        add_field(by=administrator, **{**sound, **terms})
    assert ProfileField.objects.filter(of_the_house=False).count() == 0


def test_required_field_is_asked_for_when_the_profile_is_saved(administrator, house, client):
    add_field(by=administrator, key="dossier", label_en="Dossier", kinds=["corporate"], required=True)
    client.force_login(house.rm)
    page = client.get(reverse("crm:client", args=[house.own.pk])).content.decode()
    assert "Still to be filled in: Dossier" in page
    address = reverse("crm:profile-edit", args=[house.own.pk])
    assert "required" in client.post(address, {"version": 1, "ownership": "state"}).content.decode()
    sent = {"version": 1, "ownership": "state", "dossier": "A-17"}
    assert client.post(address, sent).status_code == 302
    assert told(house.own) == {"ownership": "State-owned", "dossier": "A-17"}


def test_conditions_ask_for_every_type_of_field(administrator, house, person):
    add_field(by=administrator, key="lines", type="number", label_en="Lines", kinds=["corporate"])
    add_field(by=administrator, key="visited", type="flag", label_en="Visited", kinds=["corporate"])
    values = {
        "lines": 3,
        "visited": True,
        "ownership": "state",
        "stock_code": "600000",
        "founded_on": "2020-01-01",
    }
    change_profile(by=house.rm, client=house.own, version=1, values=values)
    born = today().replace(year=today().year - 46, day=1)
    change_profile(by=house.rm, client=person, version=1, values={"birth_date": born.isoformat()})
    for condition in (
        {"metric": "field.lines", "op": ">=", "value": 3},
        {"metric": "field.visited", "op": "==", "value": "yes"},
        {"metric": "field.ownership", "op": "in", "values": ["state"]},
        {"metric": "field.stock_code", "op": "==", "value": "given"},
        {"metric": "field.founded_on", "op": ">", "value": 365},
    ):
        assert found(house.rm, condition) == {house.own.pk}, condition
    assert found(house.rm, {"metric": "field.birth_date", "op": "==", "value": 46}) == {person.pk}
    assert age_on(date(1980, 12, 31), date(2026, 12, 30)) == 45


def test_field_is_a_column_of_the_list_at_once(administrator, house, client):
    add_field(by=administrator, key="desk", label_en="Desk", kinds=["corporate"])
    change_profile(by=house.rm, client=house.own, version=1, values={"desk": "Energy desk"})
    client.force_login(house.rm)
    shown = client.post(reverse("crm:client-columns"), {"view": "all", "column": ["field.desk"]}, follow=True)
    assert "Energy desk" in shown.content.decode()


def test_administrator_declares_a_field_in_the_admin(administrator, client):
    client.force_login(administrator)
    address = reverse("admin:crm_profilefield_add")
    terms = {"key": "esg", "type": "number", "label_en": "ESG", "kinds": ["corporate"], "place": 50}
    wrong = client.post(address, {**terms, "key": "leverage", "type": "text", "is_metric": "on"})
    assert "Only numbers and choices" in wrong.content.decode()
    assert client.post(address, {**terms, "is_metric": "on", "unit": "points"}).status_code == 302
    field = ProfileField.objects.get(key="esg")
    assert field.metric == "esg"
    change = reverse("admin:crm_profilefield_change", args=[field.pk])
    assert client.post(change, {**terms, "unit": "points", "label_zh": "环境"}).status_code == 302
    assert CustomMetric.objects.get(key="esg").label_zh == "环境"


def test_fields_and_profiles_over_the_api(administrator, house):
    admin, asker = Asker(administrator), Asker(house.rm)
    terms = {"key": "esg", "type": "number", "label_en": "ESG", "kinds": ["corporate"], "is_metric": True}
    made = admin.post("client-fields/", terms)
    assert (made.status_code, made.data["metric"]) == (201, "esg")
    assert asker.post("client-fields/", terms).status_code == 403
    path = f"clients/{house.own.pk}/profile/"
    changed = asker.patch(path, {"version": 1, "values": {"esg": 61.5, "exchange": "sse"}})
    values = {one["key"]: one["value"] for one in changed.data["fields"]}
    assert (values["esg"], values["exchange"], changed.data["version"]) == (61.5, "sse", 2)
    wrong = asker.patch(path, {"version": 2, "values": {"exchange": "moon", "esg": "x"}})
    assert set(wrong.data["fields"]) == {"exchange", "esg"}
    assert asker.patch(path, {"version": 1, "values": {}}).status_code == 409
    retired = admin.patch(f"client-fields/{made.data['id']}/", {"retired": True, "meaning_en": "Old"})
    assert (bool(retired.data["retired_at"]), retired.data["meaning_en"]) == (True, "Old")
    assert "esg" not in {one["key"] for one in asker.get(path).data["fields"]}
    assert Asker(house.foreign.rm).get(path).status_code == 404


def test_field_is_changed_in_its_place_and_asked_about_where_two_set_it(house, person, client):
    client.force_login(house.rm)
    address = reverse("crm:profile-field", args=[person.pk, "occupation"])
    card = client.get(reverse("crm:client-profile", args=[person.pk])).content.decode()
    assert f'data-inline="{address}"' in card
    assert 'name="version" id="id_version"' in client.get(address + "?edit").content.decode()
    assert client.post(address, {"version": "", "occupation": "Engineer"}).status_code == 200
    Client.objects.filter(pk=person.pk).update(version=9)
    collided = client.post(address, {"version": "", "occupation": "Doctor"})
    dialog = collided.content.decode()
    assert collided.status_code == 409
    assert all(f">{value}</dd>" in dialog for value in ("–", "Engineer", "Doctor"))
    assert 'data-version="Engineer"' in dialog
    saved = client.post(address, {"version": "Engineer", "occupation": "Doctor"})
    assert "Doctor" in saved.content.decode()
    born = reverse("crm:profile-field", args=[person.pk, "birth_date"])
    assert client.post(born, {"version": "", "birth_date": "1066-10-14"}).status_code == 422
    assert client.get(reverse("crm:profile-field", args=[house.own.pk, "occupation"])).status_code == 404


def test_list_is_ordered_by_declared_fields(house, person, client):
    other = make_client(rm=house.rm, kind="individual")
    for one, occupation, worth in ((person, "Teacher", 2e6), (other, "Actor", 3e6)):
        values = {"occupation": occupation, "net_worth": worth}
        change_profile(by=house.rm, client=one, version=1, values=values)
    client.force_login(house.rm)
    for sort, expected in (
        ("field.occupation", [other, person]),
        ("-field.occupation", [person, other]),
        ("-field.net_worth", [other, person]),
    ):
        query = ListQuery.read(QueryDict(f"sort={sort}&columns=name,field.occupation"), house.rm)
        rows = query.page().rows
        assert rows[:2] == expected
        assert len(rows) == Client.objects.visible_to(house.rm).count()
