"""Stages: derived by the rule with why, for the book and for whoever changed; set by hand until lifted or a day."""

import json
from datetime import date, timedelta

import pytest
from django.urls import reverse

from crm.errors import Invalid, NotPermitted
from crm.models import Client, ClientRules, Role, StageChange, StageHold
from crm.models.conduct import today
from crm.selectors.client_list import conditions_for
from crm.selectors.stages import stages_of
from crm.services import bulk_edits
from crm.services.clients import update_client
from crm.services.profiles import change_profile
from crm.services.stages import (
    LiftedAlready,
    change_rules,
    derive_book,
    derive_changed,
    lift_stage,
    set_stage,
)
from tests.api.asking import Asker, make_house
from tests.factories import (
    make_client,
    make_facility,
    make_observation,
    make_project,
    make_revenue,
    make_statement,
    make_user,
)

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 20)


@pytest.fixture
def house():
    return make_house()


@pytest.fixture
def rule():
    ClientRules.objects.update(derives=True)


def spoke(client, on):
    client.interactions.create(kind="call", at=f"{on} 10:00+08:00", subject="Call", author=client.rm)


def founded(client, on):
    change_profile(by=client.rm, client=client, version=client.version, values={"founded_on": on.isoformat()})
    client.refresh_from_db()


def derived(client) -> dict[str, tuple[str, str]]:
    return {stage.axis.value: (stage.derived, stage.reason) for stage in stages_of(client, DAY)}


def test_status_follows_from_facilities_revenue_and_contact(house):
    client = house.own
    assert derived(client)["status"] == ("potential", "neither a facility nor revenue yet")
    make_revenue(client, date(2026, 3, 1), project=make_project())
    assert derived(client)["status"][0] == "potential"
    make_revenue(client, date(2026, 3, 1))
    assert derived(client)["status"] == ("dormant", "no revenue and no contact for 234 days")
    spoke(client, DAY - timedelta(days=180))
    assert derived(client)["status"] == ("active", "contact or revenue within 180 days")
    facility = make_facility(client)
    assert derived(client)["status"] == ("active", "a facility is open")
    facility.closed_on = DAY - timedelta(days=100)
    facility.save()
    assert derived(client)["status"] == ("active", "contact or revenue within 100 days")


@pytest.mark.parametrize(
    ("years", "revenues", "stage", "reason"),
    [
        (None, (), "", "neither the founding"),
        (2, (100, 90), "start_up", "founded 2.0 years ago"),
        (5, (), "", "neither the founding"),
        (12, (), "mature", "founded 12.0 years ago"),
        (12, (100, 90), "decline", "-10.0%"),
        (None, (100, 91), "mature", "-9.0%"),
        (5, (100, 115), "growth", "15.0%"),
    ],
)
def test_life_cycle_follows_from_founding_and_growth(house, years, revenues, stage, reason):
    if years:
        founded(house.own, DAY - timedelta(days=int(years * 365.25)))
    for year, revenue in zip((2024, 2025), revenues, strict=False):
        make_statement(house.own, period_end=date(year, 12, 31), revenue=revenue)
    found = derived(house.own)["life_cycle"]
    assert found[0] == stage
    assert reason in found[1].replace("\u2212", "-")


def test_book_is_derived_while_the_rule_is_on_and_says_why(house, rule):
    ClientRules.objects.update(derives=False)
    assert derive_book(day=DAY) == 0
    ClientRules.objects.update(derives=True)
    make_facility(house.team)
    founded(house.own, DAY - timedelta(days=100))
    assert derive_book(day=DAY) == 3
    house.own.refresh_from_db()
    assert (house.own.status, house.own.life_cycle, house.own.version) == ("potential", "start_up", 3)
    change = StageChange.objects.get(client=house.foreign)
    assert (change.before, change.value, change.why["code"]) == ("active", "potential", "no_business")
    assert derive_book(day=DAY) == 0


def test_whoever_changed_is_looked_at_again_and_nobody_else(house, rule):
    assert derive_changed(day=DAY) == 0
    make_facility(house.own)
    Client.objects.filter(pk=house.own.pk).update(status="dormant")
    assert derive_changed(day=DAY) == 1
    house.team.refresh_from_db()
    assert house.team.status == "active"
    assert derive_changed(day=DAY) == 0


def test_stage_set_by_hand_stands_until_its_last_day_or_until_lifted(house, rule):
    with pytest.raises(NotPermitted):
        set_stage(by=house.officer, client=house.own, axis="status", value="dormant", reason="Gone")
    hold = set_stage(
        by=house.rm, client=house.own, axis="status", value="dormant", reason="Gone", until=today()
    )
    derive_book(day=today())
    house.own.refresh_from_db()
    assert house.own.status == "dormant"
    assert stages_of(house.own, today())[0].hold == hold
    derive_book(day=today() + timedelta(days=1))
    house.own.refresh_from_db()
    assert house.own.status == "potential"
    again = set_stage(by=house.rm, client=house.own, axis="status", value="active", reason="Back")
    assert StageHold.objects.filter(lifted_at=None).get() == again
    lift_stage(by=house.rm, hold=again)
    house.own.refresh_from_db()
    assert house.own.status == "potential"
    with pytest.raises(LiftedAlready):
        lift_stage(by=house.rm, hold=again)


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"value": "growth"}, "value"),
        ({"reason": " "}, "reason"),
        ({"until": date(2020, 1, 1)}, "until"),
        ({"axis": "mood"}, "axis"),
    ],
)
def test_stage_that_makes_no_sense_is_refused(house, terms, field):
    sound = {"axis": "status", "value": "active", "reason": "Known"}
    with pytest.raises(Invalid) as refused:
        set_stage(by=house.rm, client=house.own, **{**sound, **terms})
    assert list(refused.value.fields) == [field]


def test_person_has_no_life_cycle(house):
    person = make_client(rm=house.rm, kind="individual")
    assert list(derived(person)) == ["status"]
    with pytest.raises(Invalid):
        set_stage(by=house.rm, client=person, axis="life_cycle", value="growth", reason="x")


def test_what_is_written_into_the_record_stands_against_the_rule(house, rule):
    update_client(by=house.rm, client=house.own, version=1, life_cycle="mature", employees=3)
    hold = StageHold.objects.get()
    assert (hold.axis, hold.value, hold.by) == ("life_cycle", "mature", house.rm)
    ClientRules.objects.update(derives=False)
    update_client(by=house.rm, client=house.own, version=2, life_cycle="growth")
    assert StageHold.objects.count() == 1


def test_stage_set_for_many_clients_stands_against_the_rule(house, rule):
    edit = bulk_edits.choose(by=house.rm, clients=[house.own.pk])
    edit = bulk_edits.plan(by=house.rm, edit=edit, act="status", value="dormant")
    bulk_edits.apply(by=house.rm, edit=edit)
    bulk_edits.run_edit(edit.pk)
    derive_book(day=DAY)
    house.own.refresh_from_db()
    assert house.own.status == "dormant"
    assert StageHold.objects.get().why == "Set for many clients at once."
    edit.refresh_from_db()
    bulk_edits.undo(by=house.rm, edit=edit)
    bulk_edits.run_edit(edit.pk)
    house.own.refresh_from_db()
    assert (house.own.status, StageHold.objects.count()) == ("active", 0)


def test_rules_are_changed_by_administrators_and_hang_together(house):
    administrator = make_user(Role.SYSTEM_ADMIN)
    with pytest.raises(NotPermitted):
        change_rules(by=house.rm, dormant_days=1)
    for broken in ({"growth_from": -0.2}, {"dormant_days": 0}, {"middle_worth": 9e9}, {"mature_years": 1.0}):
        with pytest.raises(Invalid):
            change_rules(by=administrator, **broken)
    assert change_rules(by=administrator, dormant_days=90).dormant_days == 90


def test_class_of_wealth_follows_from_either_amount(house, client):
    person, income, unknown = (make_client(rm=house.rm, kind="individual") for _ in range(3))
    make_observation(person, "net_worth", 1_000_000.0)
    make_observation(income, "annual_income", 1_000_000.0)
    expected = {"mid": {person.pk}, "hnw": {income.pk}, "ordinary": set()}
    for value, clients in expected.items():
        text = json.dumps({"metric": "client.wealth", "op": "==", "value": value})
        narrow = conditions_for(house.rm).read(text, house.rm).narrow
        assert set(narrow(Client.objects.all()).values_list("pk", flat=True)) == clients
    client.force_login(house.rm)
    assert "High net worth" in client.get(reverse("crm:client-profile", args=[income.pk])).content.decode()
    assert "wealth" not in client.get(reverse("crm:client-profile", args=[unknown.pk])).content.decode()


def test_stage_by_page_says_why_and_is_set_and_lifted(house, client, rule):
    client.force_login(house.rm)
    page = client.get(reverse("crm:client", args=[house.own.pk])).content.decode()
    assert "Soon Potential: neither a facility nor revenue yet" in page
    address = reverse("crm:stage-set", args=[house.own.pk, "status"])
    assert client.get(reverse("crm:stage-set", args=[house.own.pk, "mood"])).status_code == 404
    assert client.post(address, {"value": "dormant", "reason": "Moved away"}).status_code == 302
    page = client.get(reverse("crm:client", args=[house.own.pk])).content.decode()
    assert "Moved away" in page
    hold = StageHold.objects.get()
    assert client.post(reverse("crm:stage-lift", args=[hold.pk])).status_code == 302
    house.own.refresh_from_db()
    assert house.own.status == "potential"


def test_stages_and_rules_over_the_api(house, rule):
    asker, path = Asker(house.rm), f"clients/{house.own.pk}/stages/"
    assert [stage["derived"] for stage in asker.get(path).data["stages"]] == ["potential", ""]
    held = asker.post(path, {"axis": "life_cycle", "value": "growth", "reason": "Merger"})
    assert held.data["stages"][1]["hold"]["reason"] == "Merger"
    assert asker.post(path, {"axis": "status", "value": "growth", "reason": "x"}).status_code == 400
    lifted = asker.post(f"{path}lift/", {"axis": "life_cycle"})
    assert lifted.data["stages"][1]["hold"] is None
    assert asker.post(f"{path}lift/", {"axis": "life_cycle"}).status_code == 404
    admin = Asker(make_user(Role.SYSTEM_ADMIN))
    assert admin.patch("client-rules/", {"dormant_days": 120}).data["dormant_days"] == 120
    assert asker.get("client-rules/").data["derives"] is True
    assert "fields" in admin.patch("client-rules/", {"growth_from": -1}).data
