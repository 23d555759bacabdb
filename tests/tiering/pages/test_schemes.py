"""What pages and the API tell of schemes side by side, and of tiers within projects."""

import re
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.models import Client, Project, Role, User
from tests.api.asking import Asker
from tests.factories import make_client, make_project, make_user
from tests.tiering.helpers import a_document, days_ago, publish
from tests.tiering.placing import join, place, publish_within
from tiering.models import Assessment, Proposal, TierScheme

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> User:
    return make_user(Role.RISK_OFFICER)


@pytest.fixture
def lin() -> Client:
    return make_client(name_zh="林氏", rm=make_user(Role.RM))


def fragment(browser: Any, user: User, name: str, pk: int | None = None, status: int = 200) -> str:
    browser.force_login(user)
    response = browser.get(reverse(name, args=[pk] if pk else []))
    assert response.status_code == status
    return re.sub(r"\s+", " ", response.content.decode())


def badges(html: str) -> list[str]:
    return re.findall(r'class="tier [^>]*>([^<]*)</span>', html)


@pytest.fixture
def two_projects(lin: Client) -> tuple[Project, Project]:
    """High within a small one, Low within a large one; by the best, High as a whole."""
    publish()
    version = publish_within()
    small, large = make_project(name_en="Small dam"), make_project(name_en="Large dam")
    join(lin, small, part="sponsor")
    join(lin, large)
    share = "project_revenue_share"
    place(lin, version, "Low", project=large, values={share: 0.1, "project_revenue_12m": 5e6}, score=20)
    place(lin, version, "High", project=small, values={share: 0.6, "project_revenue_12m": 1e6}, score=100)
    place(lin, version, "High", score=100)
    return small, large


class TestClientPage:
    def test_every_scheme_is_told_the_primary_one_first_each_with_its_explanation(self, client, officer, lin):
        place(lin, publish(), "Middle")
        other = publish(a_document(scheme="other", label={"en": "Another", "zh": "另一"}))
        place(lin, other, "Low", at=days_ago(3))
        publish(a_document(scheme="third", label={"en": "Third", "zh": "第三"}))
        html = fragment(client, officer, "tiering:client-schemes", lin.pk)
        assert badges(html) == ["Middle", "Low", "–"]
        assert html.index("primary") < html.index("Another") < html.index("Third")
        assert f'href="/clients/{lin.pk}/?scheme=other#why-tier"' in html
        assert f'href="/clients/{lin.pk}/#why-tier"' in html
        assert "no tier yet" in html

    def test_nothing_is_told_while_the_primary_scheme_is_the_only_one(self, client, officer, lin):
        place(lin, publish(), "Middle")
        assert fragment(client, officer, "tiering:client-schemes", lin.pk) == ""

    def test_tiers_within_projects_are_told_with_the_rule_and_the_project_that_decides(
        self, client, officer, lin, two_projects
    ):
        small, large = two_projects
        html = fragment(client, officer, "tiering:client-project-tiers", lin.pk)
        assert badges(html) == ["High", "Low", "High"]
        assert "60%" in html
        assert "1 m" in html or "1.0 m" in html
        assert html.index("decides") < html.index("Large dam")
        assert "The best of its projects decides." in html
        assert f"?scheme=partners&amp;project={small.pk}#why-tier" in html
        assert reverse("crm:project", args=[large.pk]) in html

    def test_roll_up_by_the_largest_value_marks_that_project(self, client, officer, lin):
        version = publish_within({"rule": "largest", "by": "project_revenue_12m"})
        for name, share, revenue, tier in (("甲", 0.6, 1e6, "High"), ("乙", 0.1, 5e6, "Low")):
            project = make_project(name_zh=name)
            join(lin, project)
            values = {"project_revenue_share": share, "project_revenue_12m": revenue}
            place(lin, version, tier, project=project, values=values)
        place(lin, version, "Low")
        html = fragment(client, officer, "tiering:client-project-tiers", lin.pk)
        assert html.index("乙") < html.index("decides")
        assert html.count("chip-ok") == 1
        assert "The project with the largest value decides: Contribution to the project in 12 months." in html

    def test_project_without_a_tier_yet_is_told_and_an_ended_part_is_not(self, client, officer, lin):
        publish_within()
        join(lin, make_project(name_en="New dam"))
        join(lin, make_project(name_en="Old dam"), until=timezone.localdate())
        html = fragment(client, officer, "tiering:client-project-tiers", lin.pk)
        assert "New dam" in html
        assert "Old dam" not in html
        assert badges(html) == ["–"]

    def test_nothing_is_told_without_a_scheme_of_projects(self, client, officer, lin):
        place(lin, publish(), "Middle")
        join(lin, make_project())
        assert fragment(client, officer, "tiering:client-project-tiers", lin.pk) == ""

    def test_foreign_client_is_not_found(self, client, two_projects, lin):
        stranger = make_user(Role.RM)
        for name in ("tiering:client-schemes", "tiering:client-project-tiers"):
            fragment(client, stranger, name, lin.pk, status=404)


class TestProjectPage:
    def test_participants_stand_with_their_tiers_the_largest_share_first(
        self, client, officer, lin, two_projects
    ):
        _, large = two_projects
        version = publish_within(scheme="others")
        wang = make_client(name_zh="王氏")
        join(wang, large)
        place(wang, version, "Middle", project=large, values={"project_revenue_share": 0.4})
        html = fragment(client, officer, "tiering:project-tiers", large.pk)
        assert html.index("王氏") < html.index("林氏")
        assert badges(html) == ["–", "Middle", "Low", "–"]

    def test_page_shows_the_project_and_its_participants(self, client, officer, lin, two_projects):
        _, large = two_projects
        html = fragment(client, officer, "crm:project", large.pk)
        assert large.code in html
        assert "林氏" in html

    def test_reader_sees_only_the_participants_of_the_team(self, client, lin, two_projects):
        _, large = two_projects
        other = make_client(name_zh="王氏", rm=make_user(Role.RM))
        join(other, large)
        html = fragment(client, lin.rm, "tiering:project-tiers", large.pk)
        assert "林氏" in html
        assert "王氏" not in html

    def test_project_of_strangers_is_not_found(self, client, lin):
        project = make_project()
        join(make_client(), project)
        for name in ("crm:project", "tiering:project-tiers"):
            fragment(client, lin.rm, name, project.pk, status=404)


class TestClientList:
    def test_filter_narrows_by_the_tiers_of_another_scheme(self, client, officer):
        publish()
        other, third = (
            publish(a_document(scheme=key, label={"en": key.title(), "zh": key}))
            for key in ("other", "third")
        )
        both, one, none = (make_client(name_zh=name) for name in ("甲", "乙", "丙"))
        place(both, other, "High")
        place(both, third, "Low")
        place(one, other, "High")
        place(none, other, "Low")
        high = other.criteria.scheme.tiers.get(key="High").pk
        low = third.criteria.scheme.tiers.get(key="Low").pk
        client.force_login(officer)

        def names(*tiers: int) -> list[str]:
            response = client.get(reverse("crm:client-list"), {"other_tier": tiers})
            return [found.name for found, _ in response.context["rows"]]

        assert names(high) == ["甲", "乙"]
        assert names(high, low) == ["甲"]

    def test_tier_within_a_project_is_not_the_clients(self, client, officer, lin):
        version = publish_within()
        project = make_project()
        join(lin, project)
        place(lin, version, "High", project=project)
        high = version.criteria.scheme.tiers.get(key="High").pk
        client.force_login(officer)
        response = client.get(reverse("crm:client-list"), {"other_tier": high})
        assert response.context["rows"] == []

    def test_filter_is_left_out_while_there_is_one_scheme(self, client, officer, lin):
        place(lin, publish(), "High")
        client.force_login(officer)
        assert "Other schemes" not in client.get(reverse("crm:client-list")).content.decode()


class TestSchemeList:
    def test_criteria_administrator_makes_another_scheme_primary(self, client):
        publish()
        other = publish(a_document(scheme="other")).criteria.scheme
        client.force_login(make_user(Role.CRITERIA_ADMIN))
        assert "Make primary" in client.get(reverse("tiering:schemes")).content.decode()
        response = client.post(reverse("tiering:scheme-primary", args=[other.pk]), follow=True)
        assert TierScheme.objects.get(is_primary=True) == other
        assert "is the primary scheme now" in response.content.decode()

    def test_scheme_of_projects_is_refused_in_words(self, client):
        publish()
        within = publish_within().criteria.scheme
        client.force_login(make_user(Role.CRITERIA_ADMIN))
        response = client.post(reverse("tiering:scheme-primary", args=[within.pk]), follow=True)
        assert "places clients within projects" in response.content.decode()
        assert TierScheme.objects.get(is_primary=True).key == "small"

    def test_others_read_the_list_without_the_button(self, client, officer):
        publish()
        publish(a_document(scheme="other"))
        html = fragment(client, officer, "tiering:schemes")
        assert "Make primary" not in html
        assert badges(html) == ["High", "Middle", "Low"] * 2


class TestApi:
    def test_all_schemes_and_projects_are_told(self, officer, lin, two_projects):
        small, large = two_projects
        answer = Asker(officer).get(f"clients/{lin.pk}/tiers/")
        assert answer.status_code == 200
        primary, partners = answer.data["schemes"]
        assert (primary["scheme"]["key"], primary["standing"]) == ("small", None)
        assert partners["standing"]["tier"]["key"] == "High"
        assert (partners["roll_up"], partners["decided_by"]) == ({"rule": "best", "by": None}, small.pk)
        first, second = answer.data["projects"]
        assert (first["project"]["id"], first["parts"]) == (small.pk, ["sponsor"])
        assert first["facts"]["project_revenue_share"] == 0.6
        [tier] = second["tiers"]
        assert (second["project"]["code"], tier["scheme"], tier["score"]) == (large.code, "partners", 20.0)

    def test_a_past_date_tells_what_held_then(self, officer, lin, two_projects):
        answer = Asker(officer).get(f"clients/{lin.pk}/tiers/?as_of={days_ago(60):%Y-%m-%d}")
        assert [found["standing"] for found in answer.data["schemes"]] == [None, None]
        assert [found["tiers"] for found in answer.data["projects"]] == [[], []]

    def test_foreign_client_is_not_found(self, lin, two_projects):
        assert Asker(make_user(Role.RM)).get(f"clients/{lin.pk}/tiers/").status_code == 404


class TestExplanation:
    def test_client_page_explains_the_tier_of_the_scheme_in_the_address(self, client, officer, lin):
        place(lin, publish(), "Middle")
        place(
            lin, publish(a_document(scheme="other", label={"en": "Another", "zh": "另一"})), "Low", score=20
        )
        client.force_login(officer)
        address = reverse("crm:client", args=[lin.pk])
        own = client.get(address).content.decode()
        other = client.get(address, {"scheme": "other"}).content.decode()
        chip = '<span class="chip scheme-of">Another</span>'
        assert chip not in own
        assert chip in other
        assert '<input type="hidden" name="scheme" value="other">' in other

    def test_tier_within_a_project_is_explained_from_its_facts(self, client, officer, lin, two_projects):
        small, _ = two_projects
        client.force_login(officer)
        address = reverse("tiering:client-why", args=[lin.pk])
        html = client.get(address, {"scheme": "partners", "project": small.pk}).content.decode()
        assert "Why tier High" in html
        assert "Small dam" in html
        assert "Share of project revenue" in html

    @pytest.mark.parametrize("query", [{"scheme": "none"}, {"project": "987654321"}, {"project": "x"}])
    def test_unknown_scheme_or_project_is_not_found(self, client, officer, lin, query):
        publish()
        client.force_login(officer)
        assert client.get(reverse("tiering:client-why", args=[lin.pk]), query).status_code == 404

    def test_api_explains_the_tier_within_a_project(self, officer, lin, two_projects):
        _, large = two_projects
        asker = Asker(officer)
        answer = asker.get(f"clients/{lin.pk}/tier/?scheme=partners&project={large.pk}")
        assert (answer.data["tier"]["key"], answer.data["project"]["code"]) == ("Low", large.code)
        assert answer.data["assessment"]["dimensions"][0]["indicators"][0]["value"] == 0.1
        assert [row["tier"]["key"] for row in answer.data["history"]] == ["Low"]
        whole = asker.get(f"clients/{lin.pk}/tier/?scheme=partners")
        assert (whole.data["tier"]["key"], whole.data["project"]) == ("High", None)
        assert asker.get(f"clients/{lin.pk}/tier/?scheme=partners&project=987654321").status_code == 404


class TestReviews:
    def test_queue_and_change_name_the_scheme_and_the_project_that_they_are_about(
        self, client, officer, lin, two_projects
    ):
        _, large = two_projects
        assessment = Assessment.objects.get(client=lin, project=large)
        scheme = assessment.scheme
        waiting = Proposal.objects.create(
            client=lin,
            project=large,
            scheme=scheme,
            from_tier=assessment.tier,
            to_tier=scheme.tiers.get(key="Middle"),
            assessment=assessment,
            run=assessment.run,
        )
        client.force_login(officer)
        queue = client.get(reverse("tiering:reviews")).content.decode()
        change = client.get(reverse("tiering:review", args=[waiting.pk])).content.decode()
        assert "Partners · Large dam" in queue
        assert "Partners · Large dam" in change
        asked = Asker(officer).get("proposals/")
        assert asked.data["results"][0]["project"]["code"] == large.code
