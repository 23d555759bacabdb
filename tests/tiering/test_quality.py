"""How well clients are known: what is asked for, what is missing or too old, and the work that follows."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.errors import NotPermitted
from crm.models import Client, Role, Task
from tests.api.asking import Asker, make_house
from tests.factories import make_industry, make_region, make_user
from tests.funnel.making import put_in_tier
from tiering.models import DataGap, DataQuality
from tiering.pages.quality import definitions
from tiering.selectors.catalogue import catalogue
from tiering.selectors.quality import asked, book_quality
from tiering.services.quality import ask_for, renew_changed_quality, renew_every_quality, renew_quality

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return make_house()


def renew(*clients):
    renew_quality(at=timezone.now(), day=timezone.localdate(), clients=[client.pk for client in clients])


def things(client):
    return set(DataGap.objects.filter(client=client).values_list("thing", flat=True))


def test_record_is_asked_for_by_kind_and_filled_gaps_go(house):
    renew(house.own)
    assert things(house.own) == {
        "record.registration_number",
        "record.industry",
        "record.region",
        "record.client_since",
        "record.people",
        "record.address",
    }
    house.own.people.create(name="Wang")
    house.own.addresses.create(text="1 Main Street")
    Client.objects.filter(pk=house.own.pk).update(industry=make_industry(), region=make_region())
    renew(house.own)
    assert things(house.own) == {"record.registration_number", "record.client_since"}
    quality = DataQuality.objects.get(client=house.own)
    assert (quality.asked, quality.known, quality.fresh, quality.score) == (7, 5, 5, 71)
    Client.objects.filter(pk=house.own.pk).update(kind="individual", status="potential")
    renew(house.own)
    assert (things(house.own), book_quality(rm=house.rm.pk).fresh) == (set(), 1.0)


def test_scorecard_asks_for_its_metrics_with_the_distance_to_a_border(house):
    held = put_in_tier(house.own, "A")
    renew(house.own)
    wanted = " ".join(asked(timezone.now(), timezone.localdate()).things)
    metrics = things(house.own) - {one for one in things(house.own) if one.startswith("record.")}
    assert metrics
    assert all(f"'{key}'" in wanted for key in metrics)
    assert held.client == house.own
    assert renew_every_quality(at=timezone.now(), day=timezone.localdate()) == 1
    assert DataQuality.objects.count() == Client.objects.count()


def test_changed_clients_alone_are_looked_at_again(house):
    now, day = timezone.now(), timezone.localdate()
    assert renew_changed_quality(at=now, day=day) == Client.objects.count()
    assert renew_changed_quality(at=now, day=day) == 0
    house.team.addresses.create(text="1 Main Street")
    assert renew_changed_quality(at=now, day=day) == 1
    assert "record.address" not in things(house.team)


def test_gap_is_asked_for_once_and_its_task_is_done_when_it_is_filled(house):
    renew(house.own, house.foreign)
    day = date(2026, 11, 22)
    chosen = list(DataGap.objects.filter(thing="record.address").values_list("pk", flat=True))
    assert len(chosen) == 2
    given: dict[str, Any] = {"gaps": chosen, "due_on": day + timedelta(days=14), "today": day}
    with pytest.raises(NotPermitted):
        ask_for(by=make_user(Role.AUDITOR), **given)
    assert [ask_for(by=house.rm, **given), ask_for(by=house.rm, **given)] == [1, 0]
    task = Task.objects.get(kind="data-gap")
    assert (task.client, task.assignee, task.status) == (house.own, house.rm, "open")
    house.own.addresses.create(text="1 Main Street")
    renew(house.own)
    task.refresh_from_db()
    assert task.status == "done"


def test_pages_and_api_show_what_is_missing_of_clients_that_one_sees(house, client):
    renew(house.own, house.foreign)
    client.force_login(house.rm)
    card = client.get(reverse("tiering:client-quality", args=[house.own.pk])).content.decode()
    assert f"{reverse('crm:client-edit', args=[house.own.pk])}#id_industry" in card
    page = client.get(reverse("tiering:gaps") + "?order=exposure&thing=record.region").content.decode()
    assert house.own.name in page
    assert house.foreign.name not in page
    assert house.own.name in client.get(reverse("crm:client-list") + "?columns=name,quality").content.decode()
    ask = Asker(house.rm)
    gaps = ask.get("data/gaps/").data["results"]
    assert {one["client"]["id"] for one in gaps} == {house.own.pk}
    said = {"gaps": [gaps[0]["id"]], "due_on": timezone.localdate().isoformat()}
    assert ask.post("data/gaps/ask/", said).data == {"tasks": 1}
    chosen = client.post(reverse("tiering:gaps-ask"), {"gap": [one["id"] for one in gaps]})
    assert (chosen.status_code, Task.objects.filter(kind="data-gap").count()) == (302, len(gaps))


def test_dictionary_says_what_everything_means_and_is_searched(client, house):
    found = definitions(catalogue(), "unified social")
    assert [one.key for one in found] == ["record.registration_number"]
    client.force_login(house.rm)
    page = client.get(reverse("tiering:dictionary") + "?q=leverage").content.decode()
    assert 'id="leverage"' in page
    assert 'id="current_ratio"' not in page
    assert {one["key"] for one in Asker(house.rm).get("data/dictionary/").data} >= {
        "leverage",
        "record.region",
    }


def test_fields_of_forms_and_of_the_client_page_say_what_they_mean(client, house):
    client.force_login(house.rm)
    form = client.get(reverse("crm:client-edit", args=[house.own.pk])).content.decode()
    assert 'aria-describedby="id_employees_meaning"' in form
    assert 'data-meaning="People with a contract' in form
    page = client.get(reverse("crm:client", args=[house.own.pk])).content.decode()
    assert 'data-meaning="The industry that most' in page
    task = client.get(reverse("crm:task-new")).content.decode()
    assert 'data-meaning="The last day on which it may be done' in task
    assert {"statement.revenue", "case.source", "term_sheet.fee"} <= {
        one.key for one in definitions(catalogue())
    }
