import pytest

from crm.models import Role
from tests.api.asking import Asker
from tests.factories import make_user
from tests.tiering.helpers import publish
from tests.tiering.test_overlays import with_overlay
from tiering.models import OverlayActivation

pytestmark = pytest.mark.django_db
ASKED = {"overlay": "downturn", "reason": "PMI below 49"}


@pytest.fixture
def admins():
    publish(with_overlay())
    return Asker(make_user(Role.CRITERIA_ADMIN)), Asker(make_user(Role.CRITERIA_ADMIN))


def test_overlay_is_asked_for_approved_and_ended_by_two(admins):
    asker, approver = admins
    made = asker.post("overlays/", ASKED)
    assert (made.status_code, made.data["state"], made.data["ends"]) == (201, "waiting", None)
    path = f"overlays/{made.data['id']}/"
    assert asker.post(f"{path}approve/").data["code"] == "own_activation"
    approved = approver.post(f"{path}approve/")
    assert (approved.data["state"], approved.data["approved_by"] is not None) == ("on", True)
    assert approver.post(f"{path}approve/").data["code"] == "already_approved"
    (told,) = Asker(make_user(Role.RM)).get("overlays/").data["overlays"]
    assert (told["key"], told["is_on"], told["text"]["effect"]) == (
        "downturn",
        True,
        "cut-offs higher by 25 points",
    )
    assert [row["reason"] for row in told["activations"]] == ["PMI below 49"]
    later = asker.post(f"{path}end/", {"at": "2999-01-01T00:00:00Z"})
    assert (later.data["state"], later.data["ends"][:4]) == ("on", "2999")
    assert asker.post(f"{path}end/").data["state"] == "over"
    assert asker.post(f"{path}end/").data["code"] == "overlay_over"


def test_same_key_asks_once(admins):
    asker, _ = admins
    first, again = (asker.post("overlays/", ASKED, key="k") for _ in range(2))
    assert first.data["id"] == again.data["id"]
    assert asker.post("overlays/", ASKED).data["code"] == "overlay_already_on"
    assert OverlayActivation.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"overlay": "boom"}, 400, "unknown_overlay"),
        ({"reason": ""}, 400, "invalid"),
        ({"scheme": "moon"}, 400, "invalid"),
        ({"ends": "2020-01-01T00:00:00Z"}, 400, "overlay_ends_too_early"),
        ({"approved_by": 1}, 400, "invalid"),
    ],
)
def test_what_cannot_be_is_refused(admins, changes, status, code):
    answer = admins[0].post("overlays/", {**ASKED, **changes})
    assert (answer.status_code, answer.data["code"]) == (status, code)


def test_without_criteria_there_are_none():
    asker = Asker(make_user(Role.CRITERIA_ADMIN))
    assert asker.get("overlays/").data["code"] == "no_criteria"
    assert asker.post("overlays/", ASKED).data["code"] == "no_criteria"
