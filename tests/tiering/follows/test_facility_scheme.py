"""By which scheme facilities go where more than one has a tier policy."""

import pytest
from django.urls import reverse

from crm.models import Client, Role
from tests.api.asking import Asker
from tests.factories import make_client, make_user
from tests.tiering.follows.documents import a_tier_policy, terms
from tests.tiering.follows.making import known, lends, policies, put_in_effect, score
from tests.tiering.helpers import a_document, days_ago, label, publish
from tests.tiering.pages.making import visitor_of
from tiering.models import FacilityChange, Policy, PolicyVersion, TierScheme
from tiering.pages.consequences import consequence_lines
from tiering.selectors.consequences import consequences_of
from tiering.services.runs import start_run, work_through
from tiering.services.tier_changes import work_changes

pytestmark = pytest.mark.django_db

NOTHING = {"limit": None, "add_on": 0}
SILENT = [terms(key, **NOTHING) for key in ("High", "Middle", "Low")]


@pytest.fixture
def client() -> Client:
    made = make_client(rm=make_user(Role.RM))
    known(made)
    lends(made)
    return made


def second(key: str = "another", **changes) -> tuple[TierScheme, PolicyVersion]:
    """Another scheme of the same criteria, with a tier policy of its own."""
    version = publish(a_document(scheme=key, policy={}, label=label("Another")))
    scheme = version.criteria.scheme
    return scheme, put_in_effect(Policy.Kind.TIER_POLICY, a_tier_policy(**changes), scheme=scheme)


def run(scheme: TierScheme, days: float) -> None:
    work_through(start_run(requested_by=None, scheme=scheme, as_of=days_ago(days)))


def fall(client: Client) -> None:
    """From High to Low in every scheme, worked off."""
    score(client, 720, 30)
    for scheme in TierScheme.objects.all():
        run(scheme, 20)
    score(client, 500, 15)
    for scheme in TierScheme.objects.order_by("is_primary"):
        run(scheme, 10)
    work_changes()


def proposing(client: Client) -> set[str]:
    """The schemes whose moves propose something for the facilities."""
    found = FacilityChange.objects.filter(client=client, status="proposed")
    return set(found.values_list("change__scheme__key", flat=True))


def test_facilities_go_by_the_primary_scheme_whichever_moves_first(client):
    policies()
    second()
    fall(client)
    assert proposing(client) == {"small"}


def test_facilities_go_by_another_scheme_where_nothing_follows_from_the_primary_one(client):
    policies(tiers=SILENT)
    second("b_second")
    second("a_second")
    second("a_first", tiers=SILENT)
    fall(client)
    assert proposing(client) == {"a_second"}


def test_what_another_scheme_proposed_makes_way(client):
    silent = policies(tiers=SILENT)
    scheme, _version = second()
    fall(client)
    assert proposing(client) == {scheme.key}
    put_in_effect(Policy.Kind.TIER_POLICY, a_tier_policy(), days_ago(5), silent.policy.scheme)
    score(client, 650, 3)
    run(silent.policy.scheme, 2)
    work_changes()
    assert proposing(client) == {"small"}
    assert {change.term for change in FacilityChange.objects.filter(status="proposed")} == {"rate"}


def test_other_schemes_say_by_which_one_facilities_go(client):
    policies()
    scheme, version = second()
    fall(client)
    lines = {line.key: line for line in consequence_lines(consequences_of(client, scheme))}
    assert lines["limit"].note.endswith("facilities go by Small")
    assert lines["add_on"].note == "facilities go by Small"
    reader = make_user(Role.AUDITOR)
    asker = Asker(reader)
    assert asker.get(f"clients/{client.pk}/follows/?scheme={scheme.key}").data["facilities_by"] == "small"
    assert asker.get(f"clients/{client.pk}/follows/").data["facilities_by"] is None
    page = visitor_of(reader).get(reverse("tiering:policy", args=[version.pk]))
    assert "go by Small, not by this scheme" in page.content.decode()
