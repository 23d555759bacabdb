"""The client list as its users meet it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from crm.models import Client, Interaction, Role
from crm.names import sort_key
from tests.factories import make_client, make_facility, make_industry, make_payment, make_team, make_user

pytestmark = pytest.mark.django_db
URL = reverse("crm:client-list")


@pytest.fixture
def rm():
    return make_user(Role.RM)


def named(rm, name_zh: str = "", name_en: str = "", **fields) -> Client:
    return make_client(rm=rm, name_zh=name_zh, name_en=name_en, sort_key=sort_key(name_zh, name_en), **fields)


def names(client, user, **params) -> list[str]:
    client.force_login(user)
    response = client.get(URL, params)
    assert response.status_code == 200
    return [found.name for found, _ in response.context["rows"]]


def talk(client: Client, days_ago: int, **fields) -> Interaction:
    at = timezone.now() - timedelta(days=days_ago)
    return Interaction.objects.create(
        client=client, kind="call", at=at, subject="Call", author=client.rm, **fields
    )


def test_names_sort_by_pinyin(client, rm):
    named(rm, "苏州恒威化工有限公司")
    named(rm, "北京天晟化工有限公司")
    named(rm, name_en="Northwind Ltd")
    assert names(client, rm) == ["北京天晟化工有限公司", "Northwind Ltd", "苏州恒威化工有限公司"]
    assert names(client, rm, sort="-name")[0] == "苏州恒威化工有限公司"


@pytest.mark.parametrize("term", ["恒威", "苏", "hengwei", "HENG", "C00042", " 恒威化 "])
def test_search_finds_two_characters_of_either_name_or_code(client, rm, term):
    named(rm, "苏州恒威化工有限公司", "Hengwei Chemicals", code="C00042")
    named(rm, "北京天达物流有限公司", "Tianda Logistics", code="C00077")
    assert names(client, rm, q=term) == ["苏州恒威化工有限公司"]


@pytest.mark.parametrize("term", ["没有", "'; drop table", "%", "_"])
def test_search_for_what_nobody_is_called_says_so(client, rm, term):
    named(rm, "苏州恒威化工有限公司")
    client.force_login(rm)
    assert "No client fits" in client.get(URL, {"q": term}).content.decode()


@pytest.mark.parametrize("term", ["", "  ", "\x00"])
def test_search_for_nothing_shows_everyone(client, rm, term):
    named(rm, "苏州恒威化工有限公司")
    assert names(client, rm, q=term) == ["苏州恒威化工有限公司"]


def test_other_teams_clients_are_not_listed_searched_or_counted(client, rm):
    named(rm, "苏州恒威化工有限公司")
    named(make_user(Role.RM, team=make_team()), "苏州恒威物流有限公司")
    assert names(client, rm, q="恒威") == ["苏州恒威化工有限公司"]
    assert client.get(URL).context["count"].number == 1
    assert client.get(reverse("crm:client-count"), {"q": "恒威"}).context["count"].number == 1


def test_list_of_several_pages_is_counted_after_it_is_shown(client, rm, monkeypatch):
    monkeypatch.setattr("crm.selectors.client_list.PAGE_SIZE", 1)
    for name in ("甲", "乙"):
        named(rm, name)
    client.force_login(rm)
    first = client.get(URL, {"status": "active"})
    assert first.context["count"] is None
    assert f"{reverse('crm:client-count')}?status=active" in first.content.decode()
    last = client.get(URL, {"after": first.context["page"].next})
    assert last.context["count"].number == 2


def test_filters_narrow_together_and_ignore_what_is_not_on_offer(client, rm):
    chemicals, logistics = make_industry(), make_industry()
    named(rm, "甲", industry=chemicals, status="active")
    named(rm, "乙", industry=chemicals, status="dormant")
    named(rm, "丙", industry=logistics, status="active")
    assert names(client, rm, industry=[chemicals.pk], status=["active"]) == ["甲"]
    assert len(names(client, rm, industry=["0", "nonsense"], status="drop")) == 3


def test_filter_by_rm_offers_only_the_own_team(client, rm):
    other = make_user(Role.RM, team=make_team())
    client.force_login(rm)
    offered = {
        option.value
        for entry, options, _ in client.get(URL).context["filters"]
        if entry.key == "rm"
        for option in options
    }
    assert str(rm.pk) in offered
    assert str(other.pk) not in offered


def test_my_clients_are_the_own_book(client, rm):
    colleague = make_user(Role.RM, team=rm.team)
    named(rm, "甲")
    named(colleague, "乙")
    assert sorted(names(client, rm)) == sorted(["甲", "乙"])
    assert names(client, rm, view="mine") == ["甲"]


def test_silent_view_lists_clients_without_contact_for_90_days(client, rm):
    spoken, silent, never = named(rm, "甲"), named(rm, "乙"), named(rm, "丙")
    named(rm, "丁", status="potential")
    talk(spoken, 100)
    talk(spoken, 10)
    talk(silent, 100)
    assert sorted(names(client, rm, view="silent")) == sorted([silent.name, never.name])


def test_exposure_is_what_is_drawn_less_what_is_repaid(client, rm):
    shown = named(rm, "甲")
    today = timezone.localdate()
    facility = make_facility(shown, limit=10_000_000, drawn=8_000_000)
    make_payment(facility, today - timedelta(days=30), principal=3_000_000, paid_on=today)
    make_payment(facility, today + timedelta(days=30), principal=1_000_000)
    make_facility(shown, limit=9_000_000, drawn=9_000_000, closed_on=today)
    client.force_login(rm)
    content = client.get(URL).content.decode()
    assert '<td class="number">5.0' in content
    assert "Exposure, m" in content
    assert "50%" in content


def test_pages_of_fifty_follow_each_other(client, rm):
    for number in range(53):
        named(rm, name_en=f"Client {number:03}")
    client.force_login(rm)
    first = client.get(URL)
    second = client.get(URL, {"after": first.context["page"].next})
    assert [found.name for found, _ in second.context["rows"]] == ["Client 050", "Client 051", "Client 052"]
    assert "51–53" in second.content.decode()


def test_queries_do_not_grow_with_the_clients(client, rm):
    client.force_login(rm)
    talk(named(rm, "甲"), 1)
    client.get(URL)  # the first request of a session writes it
    with CaptureQueriesContext(connection) as one:
        client.get(URL)
    for number in range(20):
        made = named(rm, f"乙{number}", industry=make_industry())
        talk(made, 1)
        make_facility(made)
    with CaptureQueriesContext(connection) as many:
        client.get(URL)
    assert len(many) == len(one)


def test_htmx_request_swaps_only_the_table_and_cleans_the_address(client, rm):
    named(rm, "甲")
    client.force_login(rm)
    headers = {"HX-Request": "true", "HX-Target": "client-list"}
    response = client.get(URL, {"q": "", "status": "active", "sort": "name"}, headers=headers)
    assert "<html" not in response.content.decode()
    assert response.headers["HX-Push-Url"] == f"{URL}?status=active&sort=name"


def test_header_click_goes_ascending_descending_off(client, rm):
    named(rm, "甲")
    client.force_login(rm)

    def next_step(**params) -> str:
        heads = client.get(URL, params).context["heads"]
        return {column.key: address for column, address in heads}["name"]

    assert next_step() == "sort=name"
    assert next_step(sort="name") == "sort=-name"
    assert next_step(sort="-name") == ""


@pytest.mark.parametrize("sort", ["rm__password", "-sort_key", "limit-use", "--name", ""])
def test_sort_that_is_not_on_offer_is_ignored(client, rm, sort):
    named(rm, "甲")
    assert names(client, rm, sort=sort) == ["甲"]


def test_lead_puts_clients_into_an_rms_book(client):
    lead = make_user(Role.TEAM_LEAD)
    old, new = make_user(Role.RM, team=lead.team), make_user(Role.RM, team=lead.team)
    moved, kept = named(old, "甲"), named(old, "乙")
    foreign = named(make_user(Role.RM), "丙")
    client.force_login(lead)
    response = client.post(
        reverse("crm:assign-rm"),
        {"client": [moved.pk, foreign.pk, "x"], "rm": new.pk, "next": f"{URL}?view=mine"},
    )
    assert response.url == f"{URL}?view=mine"
    holders = dict(Client.objects.values_list("pk", "rm"))
    assert holders == {moved.pk: new.pk, kept.pk: old.pk, foreign.pk: foreign.rm_id}
    assert Client.objects.get(pk=moved.pk).version == 2


def test_clients_cannot_be_given_to_another_teams_rm(client):
    lead = make_user(Role.TEAM_LEAD)
    mine = named(make_user(Role.RM, team=lead.team), "甲")
    client.force_login(lead)
    response = client.post(reverse("crm:assign-rm"), {"client": [mine.pk], "rm": make_user(Role.RM).pk})
    assert response.status_code == 404


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ({"client": True}, "Choose the relationship manager who takes over the clients."),
        ({"rm": True}, "Select at least one client first."),
        ({"client": True, "rm": True}, "holds these clients already."),
    ],
)
def test_assignment_that_names_too_little_says_what_is_missing(client, chosen, told):
    lead = make_user(Role.TEAM_LEAD)
    rm = make_user(Role.RM, team=lead.team)
    pks = {"client": named(rm, "甲").pk, "rm": rm.pk}
    client.force_login(lead)
    response = client.post(reverse("crm:assign-rm"), {name: pks[name] for name in chosen}, follow=True)
    assert told in response.content.decode()


@pytest.mark.parametrize("pk", ["x", "²", "9" * 19, "9" * 5000])
def test_what_is_no_id_chooses_nobody(client, pk):
    lead = make_user(Role.TEAM_LEAD)
    rm = make_user(Role.RM, team=lead.team)
    client.force_login(lead)
    assert client.post(reverse("crm:assign-rm"), {"rm": pk}).status_code == 404
    assert client.post(reverse("crm:assign-rm"), {"rm": rm.pk, "client": [pk]}).status_code == 302


def test_return_address_of_another_site_is_ignored(client):
    lead = make_user(Role.TEAM_LEAD)
    rm = make_user(Role.RM, team=lead.team)
    client.force_login(lead)
    response = client.post(reverse("crm:assign-rm"), {"rm": rm.pk, "next": "https://evil.example/"})
    assert response.url == URL
