"""Filters of the funnel that are kept under a name."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from crm.models import Role, SavedView
from tests.factories import make_user
from tests.funnel.making import make_case

pytestmark = pytest.mark.django_db


def test_a_kept_view_shows_its_cases_again_to_those_that_it_is_for(client):
    rm = make_user()
    lease, _loan = make_case(rm, product="lease"), make_case(rm)
    lead, stranger = make_user(Role.TEAM_LEAD, team=rm.team), make_user()
    client.force_login(rm)
    kept = {"name": "Leases", "list": "product=lease&by=stage&rm=nobody", "reach": "team", "page": "list"}
    answer = client.post(reverse("funnel:view-new"), kept)
    view = SavedView.objects.get()
    assert (view.list_key, view.query, view.team) == ("cases", "product=lease", rm.team)
    assert urlsplit(answer.url).path == reverse("funnel:list")
    assert parse_qs(urlsplit(answer.url).query) == {"product": ["lease"], "saved": [str(view.pk)]}
    for user, sees in ((lead, True), (stranger, False)):
        client.force_login(user)
        board = client.get(reverse("funnel:board"), {"product": "lease", "saved": view.pk})
        assert ("Leases" in board.content.decode()) == sees
    client.force_login(lead)
    listed = client.get(reverse("funnel:list"), {"product": "lease"})
    assert [card.case for card in listed.context["cards"]] == [lease]
    change = reverse("funnel:view-change", args=[view.pk])
    client.post(change, {"act": "remove", "revision": 0})
    assert SavedView.objects.exists()
    client.force_login(rm)
    changed = client.get(
        reverse("funnel:board"), {"late": "on", "saved": view.pk}, headers={"HX-Request": "true"}
    )
    assert 'hx-swap-oob="true"' in changed.content.decode()
    assert "Save “Leases”" in changed.content.decode()
    client.post(change, {"act": "replace", "revision": 0, "list": "late=on"})
    client.post(change, {"act": "replace", "revision": 0, "list": "mine=on"})
    view.refresh_from_db()
    assert view.query == "late=on"
    client.post(change, {"act": "remove", "revision": 1})
    assert not SavedView.objects.exists()


def test_the_list_narrows_to_a_stage_of_the_funnel(client):
    rm = make_user()
    make_case(rm)
    further = make_case(rm, stage="preliminary_assessment")
    client.force_login(rm)
    asked = {"pipeline": "financing", "stage": "preliminary_assessment"}
    listed = client.get(reverse("funnel:list"), asked)
    assert [card.case for card in listed.context["cards"]] == [further]
    assert listed.context["address"] == "pipeline=financing&stage=preliminary_assessment"
