"""The impact of a version through the API: the same figures as on the page, and the same people behind them."""

import pytest

from crm.models import Role, User
from tests.api.asking import Asker
from tests.factories import make_user
from tests.tiering.preview.making import make_book, stricter
from tests.tiering.test_overlays import with_overlay
from tiering.models import CriteriaVersion
from tiering.preview.figures import impact_of
from tiering.preview.live import preview_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> User:
    return make_user(Role.RISK_OFFICER)


def test_figures_are_those_of_the_preview(officer):
    make_book(30)
    version = stricter()
    impact = impact_of(preview_of(version, officer, wait=True))
    told = Asker(officer).get(f"criteria/{version.pk}/impact/").data
    assert told["whole"]["subjects"] == 30
    assert told["ways"]["down"]["subjects"] == impact.way("down").subjects > 0
    assert told["reviews"]["exposure"] == impact.reviews.exposure
    assert sum(move["subjects"] for move in told["moves"]) == 30
    assert {group["name"] for group in told["groups"]["segment"]} == {"All", "Growing"}
    assert [mover["exposure"] for mover in told["movers"]] == [mover.exposure for mover in impact.movers]
    assert all(mover["reasons"] for mover in told["movers"])
    assert told["limits"]["facilities"] == impact.limits.facilities
    assert told["missing"][0]["metric"] == "leverage"


def test_subjects_behind_a_figure_come_page_by_page(officer, monkeypatch):
    monkeypatch.setattr("tiering.api.impact.PAGE", 4)
    make_book(30)
    version = stricter()
    asker, address = Asker(officer), f"criteria/{version.pk}/impact/clients/"
    page = asker.get(address, way="down").data
    seen = [row["client"]["id"] for row in page["results"]]
    while page["next"]:
        page = asker.get(address, way="down", after=page["next"]).data
        seen += [row["client"]["id"] for row in page["results"]]
    assert len(seen) == len(set(seen)) == page["count"] > 4


def test_what_is_not_known_is_refused(officer):
    make_book(2)
    version = stricter()
    asker = Asker(officer)
    assert asker.get(f"criteria/{version.pk}/impact/", moons="2").status_code == 400
    assert asker.get(f"criteria/{version.pk}/impact/", switch="boom").status_code == 404
    assert asker.get(f"criteria/{version.pk}/impact/clients/", way="sideways").status_code == 404
    assert Asker(make_user(Role.RM)).get(f"criteria/{version.pk}/impact/").status_code == 403


def test_version_that_gives_no_tiers_is_refused_with_what_to_put_right(officer):
    make_book(2)
    version = stricter(cutoffs=[{"tier": "High", "min": 80}, {"tier": "Middle", "min": 50}])
    answer = Asker(officer).get(f"criteria/{version.pk}/impact/")
    assert (answer.status_code, answer.data["code"]) == (400, "criteria_refused")
    assert any("cutoffs" in field for field in answer.data["fields"])


def test_switching_an_overlay_is_shown(officer):
    make_book(10, document=with_overlay())
    version = CriteriaVersion.objects.get()
    told = Asker(officer).get(f"criteria/{version.pk}/impact/", switch="downturn").data
    assert told["ways"]["down"]["subjects"] > 0
    assert told["movers"][0]["reasons"] == ["overlay “Downturn”"]
