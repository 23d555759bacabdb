"""A value of a metric, recorded from the client's page."""

import pytest
from django.urls import reverse

from crm.models import Client, Observation, Role
from tests.factories import make_client, make_project, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(client) -> Client:
    made = make_client(rm=make_user(Role.RM))
    client.force_login(made.rm)
    return made


def address(of: Client) -> str:
    return reverse("crm:observation-new", args=[of.pk])


def send(browser, of: Client, **changes):
    given = {"metric": "credit_score", "value": "712", "observed_on": "2026-06-30", "source": "Bureau"}
    return browser.post(address(of), {**given, **changes})


def test_number_is_recorded_and_shown(client, held):
    response = send(client, held)
    assert response["Location"] == reverse("crm:client-tab", args=[held.pk, "statements"])
    found = Observation.objects.get()
    assert (found.metric, found.value, found.recorded_by) == ("credit_score", 712.0, held.rm)
    assert "712" in client.get(response["Location"]).content.decode()


def test_category_is_chosen_among_its_own(client, held):
    form = client.get(address(held), {"metric": "life_cycle"}).content.decode()
    assert '<option value="mature">Mature</option>' in form
    send(client, held, metric="life_cycle", value="mature")
    assert Observation.objects.get().text == "mature"
    assert send(client, held, metric="life_cycle", value="712").status_code == 422


def test_project_is_asked_for_where_the_metric_is_of_one(client, held):
    project = make_project()
    held.participations.create(project=project)
    assert 'name="project"' not in client.get(address(held), {"metric": "credit_score"}).content.decode()
    metric = "project_risk_capacity"
    assert 'name="project"' in client.get(address(held), {"metric": metric}).content.decode()
    assert send(client, held, metric=metric, value="4").status_code == 422
    assert send(client, held, metric=metric, value="4", project=make_project().pk).status_code == 422
    send(client, held, metric=metric, value="4", project=project.pk)
    assert Observation.objects.get().project == project


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"metric": ""}, "This field is required."),
        ({"metric": "moon_phase"}, "Select a valid choice."),
        ({"value": "many"}, "Enter a number."),
        ({"metric": "pd", "value": "2"}, "less than or equal to 1.0"),
        ({"observed_on": "2999-01-01"}, "This day has not come yet."),
        ({"source": ""}, "This field is required."),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(client, held, changes, said):
    response = send(client, held, **changes)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not Observation.objects.exists()


def test_only_the_holder_has_the_form(client, held):
    tab = reverse("crm:client-tab", args=[held.pk, "statements"])
    assert address(held) in client.get(tab).content.decode()
    client.force_login(make_user(Role.RM, team=held.team))
    assert address(held) not in client.get(tab).content.decode()
    assert client.get(address(held)).status_code == 403
    assert send(client, held).status_code == 403
