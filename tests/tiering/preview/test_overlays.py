"""What switching an overlay would do, shown before anybody asks and before anybody approves."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.models import Role, User
from tests.factories import make_client, make_observation, make_user
from tests.tiering.helpers import days_ago, publish, run_now, tier_of
from tests.tiering.pages.making import visitor_of
from tests.tiering.test_overlays import ask, at, ensure_runs_through, switch_on, with_overlay
from tiering.models import TierScheme
from tiering.preview.figures import impact_of
from tiering.preview.live import preview_of, switched
from tiering.selectors.criteria import effective_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def clients():
    """Of ten clients five are High in quiet times and Middle in a downturn; the others stay Low."""
    publish(with_overlay())
    made = [make_client() for _ in range(10)]
    for number, client in enumerate(made):
        score = 720.0 if number % 2 else 500.0
        make_observation(client, "credit_score", score, observed_on=days_ago(30).date())
    run_now(as_of=days_ago(1))
    ensure_runs_through()
    return made


@pytest.fixture
def admin() -> User:
    return make_user(Role.CRITERIA_ADMIN)


def version():
    return effective_version(TierScheme.objects.get(), timezone.now())


def moves(user: User) -> dict:
    preview = preview_of(version(), user, switch=switched(version(), "downturn"), wait=True)
    return {move: amount.subjects for move, amount in impact_of(preview).moves.items() if move[0] != move[1]}


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def panel(user: User, key: str = "downturn"):
    address = reverse("tiering:draft-impact", args=[version().pk])
    return visitor_of(user).get(address, {"switch": key}, HTTP_HX_REQUEST="true")


def test_what_is_shown_is_what_the_run_then_does(clients, admin):
    assert moves(admin) == {(0, 1): 5}
    switch_on()
    ensure_runs_through()
    assert sorted(map(tier_of, clients)) == ["Low"] * 5 + ["Middle"] * 5
    assert moves(admin) == {(1, 0): 5}


def test_overlay_that_ends_by_itself_is_undone_as_the_preview_says(clients, admin, monkeypatch):
    now = timezone.now()
    switch_on(ends=now + timedelta(hours=1))
    ensure_runs_through()
    assert moves(admin) == {(1, 0): 5}
    at(monkeypatch, now + timedelta(hours=2))
    (run,) = ensure_runs_through()
    assert (run.trigger, run.terms["overlays"]) == ("overlay", [])
    assert [tier_of(client) for client in clients].count("High") == 5


def test_panel_says_which_way_it_is_and_why_clients_move(clients, admin):
    page = text_of(panel(admin))
    assert "If it were on now" in page
    assert "overlay “Downturn”" in page
    assert "Keep as a simulation" not in page
    assert "Criteria in effect" not in page
    figures = panel(admin).context["sheet"].figures
    down = next(figure for figure in figures if figure.key == "down")
    assert (down.value, "switch=downturn" in down.address) == ("5", True)
    assert visitor_of(admin).get(down.address).context["page"].count == 5
    switch_on()
    assert "If it were ended now" in text_of(panel(admin))


def test_page_offers_the_preview_and_shows_it_at_once_while_approval_is_awaited(clients, admin):
    address = reverse("tiering:overlays", args=[TierScheme.objects.get().pk])
    offered = text_of(visitor_of(admin).get(address))
    assert "What switching it on would do" in offered
    assert 'hx-trigger="toggle from:closest details once"' in offered
    ask()
    assert 'hx-trigger="load"' in text_of(visitor_of(admin).get(address))
    assert "What switching it on would do" not in text_of(visitor_of(make_user(Role.RM)).get(address))


def test_overlay_that_the_version_does_not_have_is_not_found(clients, admin):
    assert panel(admin, "boom").status_code == 404
