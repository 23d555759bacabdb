"""Sources that tell the same thing differently: found, put in order, decided between."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.errors import Conflict, Invalid, NotPermitted
from crm.models import Client, CreditReport, Observation, Role
from crm.models.conduct import today
from tests.api.asking import Asker, make_house
from tests.factories import make_observation, make_statement, make_user
from tests.tiering.helpers import facts_of
from tiering.errors_sources import DecisionOver, OverrideStands, ToldOtherwise
from tiering.models import DataGap, RetierRequest, SourceConflict
from tiering.services.quality import renew_quality
from tiering.services.sources import decide_between, fingerprint, remove_order, set_order, undo_decision

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return make_house()


def ago(days):
    return today() - timedelta(days=days)


def observe(client, metric, value, days, source):
    day = ago(days)
    return make_observation(client, metric, value, observed_on=day, received_on=day, source=source)


def renew(client):
    renew_quality(at=timezone.now(), day=timezone.localdate(), clients=[client.pk])


def conflict_of(client, metric="employees"):
    renew(client)
    return SourceConflict.objects.filter(client=client, metric=metric).first()


def value_of(client, metric="employees"):
    return facts_of(client, timezone.now())[metric]


def decide(house, conflict, source, **said):
    given = {"by": house.rm, "client": house.own, "metric": conflict.metric, "reason": "Audited.", **said}
    return decide_between(**{"seen": fingerprint(conflict.told), "source": source, **given})


def test_record_and_sources_of_the_same_time_that_differ_are_found_as_work(house):
    Client.objects.filter(pk=house.own.pk).update(employees=500)
    observe(house.own, "employees", 495, 10, "Survey")
    assert conflict_of(house.own) is None, "within the tolerance"
    observe(house.own, "employees", 300, 600, "Old survey")
    assert conflict_of(house.own) is None, "of another time"
    observe(house.own, "employees", 400, 20, "Bureau")
    found = conflict_of(house.own)
    assert [(one["source"], one["value"]) for one in found.told] == [
        ("Survey", 495),
        ("Bureau", 400),
        ("Client record", 500),
    ]
    assert found.settled == ""
    assert DataGap.objects.get(client=house.own, thing="employees").state == "conflict"


def test_statement_and_bureaus_are_sources_too(house):
    make_statement(house.own, revenue=1_000_000)
    CreditReport.objects.create(
        client=house.own, rating="A", bureau="One", reported_on=ago(5), received_on=ago(5)
    )
    CreditReport.objects.create(
        client=house.own, rating="BB", bureau="Two", reported_on=ago(9), received_on=ago(9)
    )
    observe(house.own, "revenue", 2_000_000, 3, "Tax return")
    assert [one["source"] for one in conflict_of(house.own, "rating").told] == ["One", "Two"]
    assert {one["source"] for one in conflict_of(house.own, "revenue").told} == {"statement", "Tax return"}


def test_order_of_sources_says_what_counts_and_settles(house):
    admin = make_user(Role.CRITERIA_ADMIN)
    Client.objects.filter(pk=house.own.pk).update(employees=500)
    make_statement(house.own, revenue=1_000_000)
    CreditReport.objects.create(
        client=house.own, rating="A", bureau="One", reported_on=ago(5), received_on=ago(5)
    )
    CreditReport.objects.create(
        client=house.own, rating="BB", bureau="Two", reported_on=ago(9), received_on=ago(9)
    )
    observe(house.own, "employees", 100, 5, "Survey")
    observe(house.own, "employees", 400, 20, "Bureau")
    observe(house.own, "revenue", 2_000_000, 3, "Tax return")
    conflict_of(house.own)
    assert (value_of(house.own), value_of(house.own, "rating")) == (100, "A")
    with pytest.raises(NotPermitted):
        set_order(by=house.rm, metric="employees", sources=["Bureau"])
    RetierRequest.objects.all().delete()
    order = set_order(by=admin, metric="employees", sources=["Bureau"])
    assert RetierRequest.objects.filter(client=house.own).exists()
    assert (value_of(house.own), conflict_of(house.own).settled) == (400, "order")
    order = set_order(
        by=admin, metric="employees", sources=["Client record", "Bureau"], version=order.version
    )
    assert value_of(house.own) == 500
    set_order(by=admin, metric="", sources=["Two", "statement"])
    assert (value_of(house.own, "rating"), value_of(house.own, "revenue")) == ("BB", 1_000_000)
    renew(house.own)
    assert not DataGap.objects.filter(client=house.own, state="conflict").exists()
    with pytest.raises(Conflict):
        remove_order(by=admin, order=order, version=1)
    with pytest.raises(Invalid):
        set_order(by=admin, metric="employees", sources=["A", "A"], version=order.version)
    remove_order(by=admin, order=order, version=order.version)
    assert value_of(house.own) == 100


@pytest.mark.parametrize("ordered", [False, True])
def test_decision_counts_until_it_is_taken_back_or_a_source_speaks(house, ordered):
    observe(house.own, "employees", 100, 5, "Survey")
    observe(house.own, "employees", 400, 20, "Bureau")
    if ordered:
        set_order(by=make_user(Role.CRITERIA_ADMIN), metric="employees", sources=["Survey"])
    found = conflict_of(house.own)
    with pytest.raises(NotPermitted):
        decide(house, found, "Bureau", by=make_user(Role.AUDITOR))
    with pytest.raises(Invalid):
        decide(house, found, "Bureau", reason=" ")
    with pytest.raises(ToldOtherwise):
        decide(house, found, "Bureau", seen="0" * 16)
    made = decide(house, found, "Bureau")
    assert (value_of(house.own), conflict_of(house.own).settled) == (400, "decision")
    assert not DataGap.objects.filter(client=house.own, thing="employees").exists()
    undo_decision(by=house.rm, decision=made)
    with pytest.raises(DecisionOver):
        undo_decision(by=house.rm, decision=made)
    assert value_of(house.own) == 100
    again = decide(house, conflict_of(house.own), "Bureau")
    observe(house.own, "employees", 120, 1, "Survey")
    assert conflict_of(house.own).settled == ("order" if ordered else "")
    again.refresh_from_db()
    assert (again.ending, value_of(house.own)) == ("newer", 120)
    assert not Observation.objects.filter(source=Observation.DECIDED).exists()


def test_what_was_overridden_is_not_decided(house):
    observe(house.own, "employees", 100, 5, "Survey")
    observe(house.own, "employees", 400, 2, Observation.GOVERNED)
    found = conflict_of(house.own)
    assert found.settled == "override"
    with pytest.raises(OverrideStands):
        decide(house, found, "Survey")


def test_pages_and_api_show_what_sources_say_and_take_the_decision(house, client):
    observe(house.own, "employees", 100, 5, "Survey")
    observe(house.own, "employees", 400, 20, "Bureau")
    found = conflict_of(house.own)
    client.force_login(house.rm)
    shown = client.get(reverse("tiering:client-quality", args=[house.own.pk])).content.decode()
    listed = client.get(reverse("tiering:gaps") + "?state=conflict").content.decode()
    assert all("400 Bureau" in page and "100" in page for page in (shown, listed))
    page = reverse("tiering:client-sources", args=[house.own.pk, "employees"])
    assert f'value="{fingerprint(found.told)}"' in client.get(page).content.decode()
    refused = client.post(page, {"source": "Bureau", "reason": "", "seen": fingerprint(found.told)})
    assert refused.status_code == 422
    ask = Asker(house.rm)
    (row,) = ask.get("data/conflicts/", open="true").data["results"]
    said = {"source": "Bureau", "reason": "They counted.", "seen": row["seen"]}
    made = ask.post(f"data/conflicts/{row['id']}/decide/", said).data
    assert (made["value"], made["ending"]) == (400, "")
    after = client.get(page).content.decode()
    assert "They counted." in after
    assert reverse("tiering:source-decision-undo", args=[made["id"]]) in after
    assert ask.post(f"data/decisions/{made['id']}/undo/").data["ending"] == "undone"
    assert ask.post(f"data/decisions/{made['id']}/undo/").status_code == 409


def test_order_is_declared_on_the_page_and_over_the_api(house, client):
    admin = make_user(Role.CRITERIA_ADMIN)
    client.force_login(admin)
    said = {"metric": "pd", "sources": ["Two", "", "One"], "tolerance": "10", "days_apart": "200"}
    assert client.post(reverse("tiering:source-order-new"), said).status_code == 302
    assert client.post(reverse("tiering:source-order-new"), said).status_code == 422
    ask = Asker(admin)
    (order,) = ask.get("data/orders/").data
    assert (order["sources"], order["tolerance"], order["version"]) == (["Two", "One"], 0.1, 1)
    change = {"metric": "pd", "sources": ["One"], "version": 1}
    assert ask.send("PUT", "data/orders/", change).data["version"] == 2
    assert ask.send("PUT", "data/orders/", change).status_code == 409
    page = client.get(reverse("tiering:source-order", args=[order["id"]])).content.decode()
    assert 'value="One"' in page
    assert ask.post(f"data/orders/{order['id']}/remove/", {"version": 2}).status_code == 204
