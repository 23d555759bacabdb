"""Projects are entered and changed, and shares of one part never exceed the whole."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.errors import Conflict, Invalid, NotPermitted
from crm.models import Client, Observation, Participation, Project, Role
from crm.services import projects as services
from tests.api.asking import Asker
from tests.factories import make_client, make_project, make_user
from tiering.models import RetierRequest

pytestmark = pytest.mark.django_db


@pytest.fixture
def held() -> Client:
    return make_client(rm=make_user(Role.RM))


@pytest.fixture
def project(held) -> Project:
    found = make_project()
    held.participations.create(project=found, revenue_share=0.6)
    return found


def other_of(client: Client) -> Client:
    return make_client(rm=client.rm)


def test_project_is_entered_with_its_first_participant_by_page_and_api(client, held):
    RetierRequest.objects.all().delete()
    client.force_login(held.rm)
    said = {
        "name_zh": "青岚风电场",
        "status": "proposed",
        "currency": "usd",
        "capex": "1.2亿",
        "amount": "8,000万",
        "es_category": "B",
        "part": "sponsor",
        "revenue_share": "40",
    }
    told = client.post(reverse("crm:project-new", args=[held.pk]), said, follow=True)
    assert "青岚风电场" in told.content.decode()
    part = Participation.objects.get(client=held)
    assert (part.part, part.revenue_share, part.project.currency) == ("sponsor", 0.4, "USD")
    assert (part.project.capex, part.project.amount) == (120_000_000, 80_000_000)
    assert RetierRequest.objects.filter(client=held).exists()
    page = client.get(reverse("crm:project", args=[part.project_id])).content.decode()
    assert "Participants" in page
    asker = Asker(held.rm)
    body = {"client": held.pk, "part": "borrower", "name_en": "Wind", "capex": "5.00", "region": None}
    made = asker.post("projects/", body, key="k")
    assert (made.status_code, made.data["capex"], made.data["version"]) == (201, "5.00", 1)
    (row,) = asker.get("participations/", project=made.data["id"]).data["results"]
    assert (row["client"]["id"], row["part"]) == (held.pk, "borrower")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"currency": "RENMINBI"}, "currency"),
        ({"es_category": "Z"}, "es_category"),
        ({"capex": Decimal(-1)}, "capex"),
        ({"approved_on": date(2026, 3, 1), "signed_on": date(2026, 2, 1)}, "signed_on"),
        ({"name_en": "", "name_zh": ""}, "__all__"),
    ],
)
def test_what_cannot_be_is_refused_by_field(held, project, changes, field):
    with pytest.raises(Invalid) as refused:
        services.change_project(by=held.rm, project=project, version=1, **changes)
    assert field in refused.value.fields


def test_change_needs_a_held_participant_and_the_version_that_was_seen(held, project):
    services.change_project(by=held.rm, project=project, version=1, name_en="New")
    with pytest.raises(Conflict):
        services.change_project(by=held.rm, project=project, version=1, name_en="Newer")
    with pytest.raises(NotPermitted):
        services.change_project(by=make_user(Role.RM, team=held.team), project=project, version=2)
    with pytest.raises(NotPermitted):
        services.change_project(by=make_user(Role.RISK_OFFICER), project=project, version=2)
    assert Project.objects.get().name_en == "New"


def test_shares_of_a_part_come_to_the_whole_at_most(held, project):
    def join(share: float, **days) -> Participation:
        return services.add_participant(
            by=held.rm, project=project, client=other_of(held), part="borrower", revenue_share=share, **days
        )

    with pytest.raises(Invalid, match=r"60\.0% together; at most 40\.0%"):
        join(0.5)
    row = join(0.4)
    with pytest.raises(Invalid):
        services.change_participant(by=held.rm, participation=row, version=1, revenue_share=0.41)
    services.change_participant(by=held.rm, participation=row, version=1, until=date(2026, 1, 1))
    join(0.4, since=date(2026, 1, 1))  # when the other has left
    again = {"by": held.rm, "project": project, "client": held}
    services.add_participant(
        **again, part="sponsor", revenue_share=1.0
    )  # another part has a whole of its own
    with pytest.raises(Invalid, match="already"):
        services.add_participant(**again, part="borrower")


def test_clients_of_others_cannot_be_drawn_into_a_project(held, project):
    with pytest.raises(NotPermitted):
        services.add_participant(
            by=held.rm, project=project, client=make_client(rm=make_user()), part="sponsor"
        )


def test_cover_ratios_count_for_everyone_in_the_project(client, held, project):
    client.force_login(held.rm)
    url = reverse("crm:project-cover", args=[project.pk])
    empty = client.post(url, {"observed_on": "2026-06-30", "source": "model"})
    assert (empty.status_code, "at least one" in empty.content.decode()) == (422, True)
    later = {"dscr": "1.3", "observed_on": "2999-01-01", "source": "model"}
    assert "This day has not come yet." in client.post(url, later).content.decode()
    today = timezone.localdate().isoformat()
    client.post(url, {"dscr": "1.3", "llcr": "1.45", "observed_on": today, "source": "model"})
    assert set(Observation.objects.values_list("metric", "value", "project")) == {
        ("project_dscr", 1.3, project.pk),
        ("project_llcr", 1.45, project.pk),
    }
    assert "1.30×" in client.get(reverse("crm:project", args=[project.pk])).content.decode()
