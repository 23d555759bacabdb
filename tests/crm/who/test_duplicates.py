"""Clients that look like one: warned of when entered, found each night, decided once."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.core.likeness import Party, likeness
from crm.errors import Invalid, NotPermitted
from crm.models import Client, DuplicatePair, Role
from crm.names import sort_key
from crm.selectors.duplicates import lookalikes
from crm.services.clients import LooksLike, create_client, update_client
from crm.services.duplicates import (
    DecidedAlready,
    decide_later,
    decide_not_same,
    look_for_duplicates,
    refresh_keys,
    reopen_pair,
)
from crm.services.people import add_person
from tests.api.asking import Asker, make_house
from tests.factories import make_client, make_region, make_user


@pytest.fixture
def house():
    return make_house()


def named(rm, name_zh="", name_en="", **fields):
    """A client whose names are found by sound."""
    made = make_client(rm=rm, name_zh=name_zh, name_en=name_en, sort_key=sort_key(name_zh, name_en), **fields)
    refresh_keys([made.pk])
    return made


def pairs():
    """The open pairs, each by its names."""
    return {frozenset((pair.one.name, pair.other.name)) for pair in DuplicatePair.objects.open()}


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        (Party(chinese="杭州宏信精密", sound="a"), Party(chinese="宏信精密杭州", sound="b"), 100, 100),
        (Party(chinese="杭州宏信", sound="a"), Party(chinese="杭州鸿鑫", sound="a"), 96, 96),
        (Party(chinese="杭州宏信", sound="a"), Party(chinese="杭州宏达", sound="b"), 0, 79),
        (Party(latin="huaxin precision"), Party(latin="precison huaxin"), 90, 99),
        (Party(latin="plant 2 of huaxin"), Party(latin="plant 3 of huaxin"), 0, 60),
        (Party(latin="alpha", number="1"), Party(latin="omega", number="1"), 90, 100),
        (Party(chinese="杭州宏信", number="91330100A"), Party(chinese="杭州宏信", number="92440300Z"), 0, 70),
        (Party(kind="individual", chinese="王伟"), Party(kind="individual", chinese="王伟"), 60, 60),
    ],
)
def test_likeness_weighs_name_and_number(one, other, least, most):
    assert least <= likeness(one, other).score <= most


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed",
    [
        {"name_zh": "杭州宏信精密制造股份公司"},
        {"name_zh": "杭州鸿鑫精密制造有限公司"},
        {"name_en": "Hongxin Precision Co., Ltd."},
        {"name_en": "The HONGXIN Precison GmbH"},
        {"name_en": "Something Else", "registration_number": "91330100MA27XF6A1B"},
    ],
)
def test_entering_a_client_names_those_it_looks_like(house, typed):
    there = named(
        house.rm,
        "杭州宏信精密制造有限公司",
        "Hongxin Precision Ltd",
        registration_number="91330100MA27XF6A1B",
    )
    assert [one.client for one in lookalikes(house.rm, typed)] == [there]
    assert lookalikes(make_house().rm, typed) == []


@pytest.mark.django_db
def test_form_and_api_ask_why_and_remember(house, client):
    there = named(house.rm, "杭州宏信有限公司")
    client.force_login(house.rm)
    said = {"code": "N1", "name_zh": "杭州宏信股份有限公司", "kind": "corporate", "status": "potential"}
    asked = client.post(reverse("crm:client-new"), said)
    assert (asked.status_code, Client.objects.filter(code="N1").count()) == (422, 0)
    assert there.code in asked.content.decode()
    made = client.post(reverse("crm:client-new"), said | {"despite": "Its sister in Ningbo"})
    assert made.status_code == 302
    pair = DuplicatePair.objects.get()
    assert (pair.one, pair.other.code, pair.status, pair.reason) == (
        there,
        "N1",
        "not_same",
        "Its sister in Ningbo",
    )
    ask = Asker(house.rm)
    refused = ask.post("clients/", said | {"code": "N2"})
    assert (refused.status_code, refused.json()["code"]) == (409, "looks_like_others")
    assert {one["id"] for one in refused.json()["alike"]} == {there.pk, pair.other_id}
    assert ask.post("clients/", said | {"code": "N2", "despite": "Another sister"}).status_code == 201
    with pytest.raises(LooksLike):
        create_client(by=house.rm, code="N3", name_zh="杭州宏信")


@pytest.mark.django_db
def test_round_finds_pairs_of_changed_clients_alone(house):
    one, other = named(house.rm, "杭州宏信有限公司"), named(house.rm, "宁波天盛贸易有限公司")
    first = look_for_duplicates(now=timezone.now())
    assert (first.looked_at, pairs()) == (Client.objects.count(), set())
    update_client(by=house.rm, client=other, version=1, name_zh="杭州宏信（集团）有限公司")
    again = look_for_duplicates(now=timezone.now())
    assert (again.looked_at, pairs()) == (1, {frozenset((one.name, "杭州宏信(集团)有限公司"))}) or pairs()
    assert look_for_duplicates(now=timezone.now()).looked_at == 0
    update_client(by=house.rm, client=other, version=2, name_zh="宁波天盛贸易有限公司")
    look_for_duplicates(now=timezone.now())
    assert pairs() == set()


@pytest.mark.django_db
def test_people_are_paired_by_telephone_and_not_by_name(house):
    alike = [named(house.rm, "王伟", kind="individual") for _ in range(2)]
    look_for_duplicates(now=timezone.now())
    assert pairs() == set()
    for one in alike:
        add_person(by=house.rm, client=one, name="Wang Wei", phone="+86 138 0013 8000")
    look_for_duplicates(now=timezone.now())
    assert DuplicatePair.objects.get().evidence["phone"] == "agrees"


@pytest.mark.django_db
def test_pair_is_decided_once_and_stays_decided(house):
    region = make_region()
    for _ in range(2):
        named(house.rm, "杭州宏信精密制造有限公司", region=region)
    look_for_duplicates(now=timezone.now())
    pair, today = DuplicatePair.objects.get(), date(2026, 11, 22)
    with pytest.raises(NotPermitted):
        decide_not_same(by=house.team.rm, pair=pair, reason="No")
    with pytest.raises(Invalid):
        decide_not_same(by=house.rm, pair=pair, reason=" ")
    decide_not_same(by=house.rm, pair=pair, reason="Two plants")
    with pytest.raises(DecidedAlready):
        decide_later(by=house.rm, pair=pair, until=today + timedelta(days=5), today=today)
    Client.objects.update(employees=7)
    look_for_duplicates(now=timezone.now())
    pair.refresh_from_db()
    assert pair.status == "not_same"
    reopen_pair(by=house.rm, pair=pair)
    with pytest.raises(Invalid):
        decide_later(by=house.rm, pair=pair, until=today, today=today)
    decide_later(by=make_user(Role.RISK_OFFICER), pair=pair, until=today + timedelta(days=5), today=today)
    look_for_duplicates(now=timezone.now() + timedelta(days=365))
    assert DuplicatePair.objects.get().status == "open"


@pytest.mark.django_db
def test_list_shows_pairs_of_which_one_sees_both(house, client):
    region = make_region()
    near, far = (named(rm, "杭州宏信精密制造有限公司", region=region) for rm in (house.rm, make_house().rm))
    look_for_duplicates(now=timezone.now())
    for user, shown in ((house.rm, False), (make_user(Role.AUDITOR), True)):
        client.force_login(user)
        page = client.get(reverse("crm:duplicates")).content.decode()
        assert (far.code in page) is shown
        found = Asker(user).get(f"duplicates/?client={near.pk}").json()["results"]
        assert [one["other"]["id"] for one in found] == ([far.pk] if shown else [])
        card = client.get(reverse("crm:client-duplicates", args=[near.pk])).content.decode()
        assert (far.code in card) is shown
