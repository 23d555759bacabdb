"""The page of overlays: what each does, and how two people switch it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.models import Role, User
from tests.factories import make_user
from tests.tiering.helpers import publish
from tests.tiering.pages.making import visitor_of
from tests.tiering.test_overlays import with_overlay
from tiering.models import OverlayActivation, TierScheme

pytestmark = pytest.mark.django_db


@pytest.fixture
def admins() -> tuple[User, User]:
    publish(with_overlay())
    return make_user(Role.CRITERIA_ADMIN), make_user(Role.CRITERIA_ADMIN)


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def address() -> str:
    return reverse("tiering:overlays", args=[TierScheme.objects.get().pk])


def ask(user: User, **changes):
    given = {"overlay": "downturn", "reason": "PMI below 49", "starts": "", "ends": "", **changes}
    return visitor_of(user).post(address(), given, follow=True)


def act(user: User, name: str) -> str:
    activation = OverlayActivation.objects.latest("pk")
    return text_of(visitor_of(user).post(reverse(f"tiering:{name}", args=[activation.pk]), follow=True))


def test_overlay_is_told_in_words_and_switched_by_two(admins):
    asker, approver = admins
    page = text_of(visitor_of(make_user(Role.RM)).get(address()))
    assert "Downturn" in page
    assert "cut-offs higher by 25 points" in page
    assert "applies to: everybody" in page
    assert "Ask to switch it on" not in page
    asked = text_of(ask(asker))
    assert "Somebody else has to approve it." in asked
    assert "you asked: somebody else approves" in asked
    assert "overlay-approve" not in asked
    waiting = text_of(visitor_of(approver).get(address()))
    assert "waits for approval" in waiting
    assert "PMI below 49" in waiting
    assert reverse("tiering:overlay-approve", args=[OverlayActivation.objects.get().pk]) in waiting
    assert '<span class="chip chip-ok">on</span>' in act(approver, "overlay-approve")
    ended = act(asker, "overlay-end")
    assert '<span class="chip">off</span>' in ended
    assert "History" in ended


def test_criteria_page_says_which_overlays_are_on(admins):
    asker, approver = admins
    ask(asker)
    reader = visitor_of(make_user(Role.RM))
    assert 'chip-ok">on' not in text_of(reader.get(reverse("tiering:criteria")))
    act(approver, "overlay-approve")
    page = text_of(reader.get(reverse("tiering:criteria")))
    assert 'chip-ok">on' in page
    assert address() in page


def test_what_was_typed_stays_where_it_is_refused(admins):
    asker, _ = admins
    refused = ask(asker, ends="2020-01-01T00:00", reason="Because")
    assert refused.status_code == 422
    assert "Choose a later end." in text_of(refused)
    assert "Because</textarea>" in text_of(refused)
    assert "This field is required." in text_of(ask(asker, reason=""))
    assert not OverlayActivation.objects.exists()


def test_stale_pages_are_told_what_happened_meanwhile(admins):
    asker, approver = admins
    ask(asker)
    assert "in a part of that time already" in text_of(ask(approver))
    act(approver, "overlay-approve")
    assert "Somebody approved this overlay already." in act(make_user(Role.CRITERIA_ADMIN), "overlay-approve")
    act(asker, "overlay-end")
    assert "The time of this overlay is over." in act(approver, "overlay-end")
    assert "have no overlay “boom”" in text_of(ask(asker, overlay="boom"))


def test_form_sent_twice_asks_once(admins):
    asker, _ = admins
    for _ in range(2):
        assert "asked for" in text_of(ask(asker, once="7b0e"))
    assert OverlayActivation.objects.count() == 1


def test_what_was_taken_back_is_not_approved_and_leaves_its_time_free(admins):
    asker, approver = admins
    later = timezone.localtime() + timedelta(days=3)
    ask(asker, starts=later.strftime("%Y-%m-%dT%H:%M"))
    act(asker, "overlay-end")
    assert "The time of this overlay is over." in act(approver, "overlay-approve")
    assert "never approved" in text_of(visitor_of(asker).get(address()))
    assert "Somebody else has to approve it." in text_of(ask(asker, starts=later.strftime("%Y-%m-%dT%H:%M")))


def test_overlay_that_the_criteria_lost_keeps_its_history(admins):
    asker, approver = admins
    ask(asker)
    act(approver, "overlay-approve")
    publish(with_overlay() | {"overlays": []}, effective_from=None)
    page = text_of(visitor_of(asker).get(address()))
    assert "not in the criteria in effect" in page
    assert '<span class="chip">off</span>' in page
    assert "Ask to switch it on" not in page
    assert "Ask for a further time" not in page
