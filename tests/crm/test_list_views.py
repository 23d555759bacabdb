"""What people keep of the client list: views under a name, and columns."""

import json

import pytest
from dateutil.relativedelta import relativedelta
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from crm import slots
from crm.errors import Conflict, Invalid, NotPermitted
from crm.models import Role, SavedView
from crm.services.views import remove_view, replace_view, save_view, share_view
from tests.factories import make_client, make_revenue, make_user

pytestmark = pytest.mark.django_db
URL = reverse("crm:client-list")
HOUSE, TEAM = SavedView.Reach.HOUSE, SavedView.Reach.TEAM


@pytest.fixture
def rm():
    return make_user(Role.RM)


def keep(user, name: str = "Dormant", query: str = "status=dormant", **fields) -> SavedView:
    return save_view(by=user, list_key="clients", name=name, query=query, **fields)


def tabs(client, user, **params) -> str:
    client.force_login(user)
    return client.get(URL, params).content.decode()


def test_kept_view_shows_its_clients_again(client, rm):
    sleeping = make_client(rm=rm, status="dormant")
    make_client(rm=rm)
    client.force_login(rm)
    answer = client.post(
        reverse("crm:view-new"), {"name": "Asleep", "list": "status=dormant", "reach": "private"}
    )
    page = client.get(answer.url)
    assert [row.pk for row, _cells in page.context["rows"]] == [sleeping.pk]
    assert "Asleep" in page.content.decode()
    assert not page.context["query"].is_changed
    assert client.get(f"{answer.url}&q=x").context["query"].is_changed


def test_private_views_are_seen_by_their_owner_alone(client, rm):
    lead = make_user(Role.TEAM_LEAD, team=rm.team)
    keep(rm, "Mine")
    keep(rm, "Ours", reach=TEAM)
    keep(lead, "House", reach=HOUSE)
    assert all(name in tabs(client, rm) for name in ("Mine", "Ours", "House"))
    of_lead, of_stranger = tabs(client, lead), tabs(client, make_user(Role.RM))
    assert ("Mine" in of_lead, "Ours" in of_lead) == (False, True)
    assert ("Ours" in of_stranger, "House" in of_stranger) == (False, True)


def test_only_managers_share_with_everybody_and_only_members_with_a_team(rm):
    with pytest.raises(NotPermitted):
        keep(rm, reach=HOUSE)
    with pytest.raises(NotPermitted):
        keep(make_user(Role.RISK_OFFICER), reach=TEAM)
    with pytest.raises(Invalid):
        keep(rm, reach="elsewhere")


def test_view_is_never_overwritten_by_its_name_or_unseen(rm):
    view = keep(rm)
    with pytest.raises(Invalid):
        keep(rm, query="status=active")
    replace_view(by=rm, view=view, revision=0, query="status=active")
    for act in (
        lambda: replace_view(by=rm, view=view, revision=0, query="status=potential"),
        lambda: share_view(by=rm, view=view, revision=0, reach=TEAM),
        lambda: remove_view(by=rm, view=view, revision=0),
    ):
        with pytest.raises(Conflict):
            act()
    view.refresh_from_db()
    assert (view.query, view.revision) == ("status=active", 1)


def test_shared_view_is_changed_by_its_owner_alone(client, rm):
    colleague = make_user(Role.RM, team=rm.team)
    view = keep(rm, reach=TEAM)
    client.force_login(colleague)
    address = reverse("crm:view-change", args=[view.pk])
    for act in ("replace", "share", "remove"):
        client.post(address, {"act": act, "revision": 0, "list": "status=active", "reach": "private"})
    view.refresh_from_db()
    assert (view.query, view.reach, view.revision) == ("status=dormant", TEAM, 0)


def test_owner_replaces_shares_and_forgets_a_view(client, rm):
    view = keep(rm)
    client.force_login(rm)
    address, listed = reverse("crm:view-change", args=[view.pk]), f"status=active&saved={view.pk}"
    client.post(address, {"act": "replace", "revision": 0, "list": listed})
    client.post(address, {"act": "share", "revision": 1, "list": listed, "reach": "team"})
    view.refresh_from_db()
    assert (view.query, view.reach, view.team) == ("status=active", TEAM, rm.team)
    client.post(address, {"act": "remove", "revision": 2, "list": listed})
    assert not SavedView.objects.exists()


def test_columns_are_kept_for_each_view_and_user(client, rm):
    make_client(rm=rm)
    client.force_login(rm)

    def heads(user=rm, **params) -> list[str]:
        client.force_login(user)
        return [column.key for column, _address in client.get(URL, params).context["heads"]]

    usual = heads()
    assert "code" not in usual
    client.post(reverse("crm:client-columns"), {"list": "view=mine", "column": ["code", "rm", "nonsense"]})
    assert heads(view="mine") == ["name", "code", "rm"]
    assert heads() == usual == heads(make_user(Role.RM, team=rm.team), view="mine")
    client.force_login(rm)
    client.post(reverse("crm:client-columns"), {"list": "view=mine", "usual": "1"})
    assert heads(view="mine") == usual


def test_saved_view_brings_its_columns_to_others(client, rm):
    view = keep(rm, columns=["name", "code"], reach=TEAM)
    make_client(rm=rm)
    client.force_login(make_user(Role.RM, team=rm.team))
    page = client.get(URL, {"saved": view.pk})
    assert [column.key for column, _address in page.context["heads"]] == ["name", "code"]


def test_revenue_is_drawn_as_a_line_of_twelve_months(client, rm):
    found = make_client(rm=rm)
    last = timezone.localdate().replace(day=1) - relativedelta(months=1)
    make_revenue(found, last)
    client.force_login(rm)
    client.post(reverse("crm:client-columns"), {"list": "", "column": ["revenue"]})
    assert '<svg class="spark' in client.get(URL).content.decode()


def test_view_of_a_team_cannot_be_without_one(rm):
    with pytest.raises(IntegrityError):
        SavedView.objects.create(list_key="clients", owner=rm, name="Ours", reach=TEAM)


def test_queries_do_not_grow_with_the_rows_whatever_is_asked_and_shown(client, rm):
    keys = [column.key for column in slots.list_columns.for_user(rm)]
    client.force_login(rm)
    client.post(reverse("crm:client-columns"), {"list": "", "column": keys})
    where = json.dumps({"any": [
        {"metric": "client.status", "op": "in", "values": ["active"]},
        {"metric": "records.open_tasks", "op": ">", "value": 0},
    ]})  # fmt: skip

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(URL, {"where": where, "sort": "-score"}).status_code == 200
        return len(captured)

    make_client(rm=rm)
    queries()
    few = queries()
    for _number in range(12):
        make_revenue(make_client(rm=rm), timezone.localdate().replace(day=1) - relativedelta(months=1))
    assert queries() <= few
