"""Overrides of clients within projects, and of clients that leave them."""

import pytest

from crm.models import Participation
from tests.factories import make_client, make_project, make_user
from tests.tiering.helpers import days_ago
from tests.tiering.overriding.making import approve, ask
from tests.tiering.placing import join, publish_within
from tiering.models import Assignment, Override
from tiering.services.override_lapse import lapse_overrides
from tiering.services.requests import drain_requests

pytestmark = pytest.mark.django_db


@pytest.fixture
def held() -> Override:
    """Held in Middle within one project, where the share is that of Low; High within another."""
    publish_within()
    client = make_client(rm=make_user("rm"))
    small, large = make_project(code="S"), make_project(code="L")
    join(client, small, revenue_share=0.1)
    join(client, large, revenue_share=0.6)
    drain_requests()
    scheme = Assignment.objects.filter(client=client).select_related("scheme").first().scheme
    return approve(ask(client, None, scheme=scheme, project=small, tier=scheme.tiers.get(key="Middle")))


def tiers(override: Override) -> dict[str | None, str]:
    rows = Assignment.objects.filter(client=override.client, valid_to=None)
    return dict(rows.values_list("project__code", "tier__key"))


def test_override_within_a_project_is_of_that_project_alone(held):
    assert tiers(held) == {"S": "Middle", "L": "High", None: "High"}
    Participation.objects.filter(project__code="L").update(revenue_share=0.3)
    drain_requests()
    assert tiers(held)["S"] == "Middle"
    assert held.client.assessments.get(valid_to=None, project=held.project).tier.key == "Low"


def test_override_of_who_takes_no_part_any_more_ends(held):
    Participation.objects.filter(project=held.project).update(until=days_ago(1).date())
    drain_requests()
    assert "S" not in tiers(held)
    lapse_overrides()
    held.refresh_from_db()
    assert (held.status, held.ended_by) == ("ended", None)
    Participation.objects.filter(project=held.project).update(until=None)
    drain_requests()
    assert tiers(held)["S"] == "Low"
