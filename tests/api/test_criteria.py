import pytest
from django.core.cache import cache

from crm.models import CustomMetric, Role
from tests.api.asking import Asker
from tests.factories import make_client, make_observation, make_user
from tests.tiering.helpers import a_document, days_ago, publish, run_now
from tests.tiering.test_trials import STRICTER, draft
from tiering.core.schema import SCHEMA
from tiering.criteria_files import template_keys
from tiering.models import CriteriaVersion, TieringRun
from tiering.services.lifecycle import put_in_effect
from tiering.services.runs import work_through

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    return Asker(make_user(Role.CRITERIA_ADMIN))


def light_document() -> dict:
    document = a_document()
    document["scorecards"][0]["dimensions"][0]["weight"] = 9900
    return document


def test_document_is_checked_in_the_readers_language_and_not_kept(author):
    assert author.post("criteria/check/", {"document": a_document()}).data == {"refusals": []}
    (refusal,) = author.post("criteria/check/", {"document": light_document()}).data["refusals"]
    assert refusal == {
        "code": "weights_not_whole",
        "path": "$.scorecards[0].dimensions",
        "message": "The weights add up to 9900 basis points and not to 10000.",
        "fix": "Change them by 100 basis points in all.",
    }
    author.headers["Accept-Language"] = "zh-hans"
    (refusal,) = author.post("criteria/check/", {"document": light_document()}).data["refusals"]
    assert "9900" in refusal["message"]
    assert refusal["message"].isascii() is False
    assert not CriteriaVersion.objects.exists()


@pytest.mark.parametrize("document", [None, [], "x", 5, {"format": 1}, {"a\x00": "\x00"}])
def test_whatever_is_sent_as_a_document_is_answered(author, document):
    answer = author.post("criteria/check/", {"document": document})
    assert answer.status_code in (200, 400)
    assert answer.status_code == 400 or answer.data["refusals"]
    assert author.post("criteria/", {"document": document}).status_code == 400


def test_check_knows_the_institutions_own_metrics(author):
    document = a_document()
    document["scorecards"][0]["dimensions"][0]["indicators"][0]["metric"] = "esg"
    (refusal,) = author.post("criteria/check/", {"document": document}).data["refusals"]
    assert refusal["code"] == "unknown_metric"
    CustomMetric.objects.create(key="esg", label_en="ESG")
    assert author.post("criteria/check/", {"document": document}).data["refusals"] == []


def test_schema_and_templates_are_told(author):
    assert author.get("criteria/schema/").data == SCHEMA
    told = author.get("criteria/templates/").data["templates"]
    assert [template["key"] for template in told] == list(template_keys())


def test_draft_is_read_with_its_document_once_it_is_published(author):
    made = author.post("criteria/", {"document": a_document()})
    assert (made.status_code, made.data["status"], made.data["scheme"]) == (201, "draft", "small")
    path = made["Location"].split("/api/v1/")[1]
    rm = Asker(make_user(Role.RM))
    assert rm.get(path).status_code == 404
    put_in_effect(version=CriteriaVersion.objects.get(), approver=make_user(Role.CRITERIA_ADMIN))
    assert rm.get(path).data["document"] == a_document()
    assert [row["number"] for row in rm.get("criteria/", scheme="small").data["results"]] == [1]


def test_template_makes_a_draft_and_one_of_both_is_sent(author):
    assert author.post("criteria/", {"template": "slotting"}).data["scheme"] == "slotting"
    assert author.post("criteria/", {"template": "nothing"}).data["code"] == "no_such_template"
    for body in ({}, {"template": "rfm", "document": {}}):
        assert author.post("criteria/", body).status_code == 400


def test_drafts_are_hidden_from_those_who_do_not_work_on_criteria(author):
    pk = author.post("criteria/", {"document": a_document()}).data["id"]
    rm = Asker(make_user(Role.RM))
    assert rm.get(f"criteria/{pk}/").status_code == 404
    assert rm.get("criteria/").data["results"] == []
    assert rm.post("criteria/", {"document": a_document()}).status_code == 403


def test_versions_are_compared_in_words(author):
    first, second = publish(), publish(a_document(cutoffs=STRICTER), effective_from=None)
    answer = author.get(f"criteria/{second.pk}/differences/", **{"with": first.pk})
    (text,) = answer.data["differences"]
    assert "High 80" in text
    assert author.get(f"criteria/{second.pk}/differences/").status_code == 400
    assert author.get(f"criteria/{second.pk}/differences/", **{"with": 987654321}).status_code == 404


def test_list_costs_as_many_queries_for_many_as_for_one(author):
    publish()
    one = author.queries("criteria/")
    for number in range(3):
        publish(a_document(note={"en": str(number), "zh": "x"}), effective_from=days_ago(9 - number))
    assert author.queries("criteria/") == one


class TestTrials:
    def test_simulation_is_started_and_its_results_read(self):
        publish()
        officer = Asker(make_user(Role.RISK_OFFICER))
        client = make_client()
        make_observation(client, "credit_score", 650.0, observed_on=days_ago(30).date())
        run_now(as_of=days_ago(1))
        version = draft(cutoffs=STRICTER)
        body = {"kind": "simulation", "version": version.pk, "basis": "facts"}
        started = officer.post("runs/", body)
        assert (started.status_code, started.data["kind"], started.data["basis"]) == (
            201,
            "simulation",
            "facts",
        )
        pk = started.data["id"]
        work_through(TieringRun.objects.get(pk=pk))
        (result,) = officer.get(f"runs/{pk}/results/", way="down").data["results"]
        assert (result["client"]["id"], result["held"], result["tier"]) == (client.pk, "Middle", "Low")
        assert officer.get(f"runs/{pk}/results/", way="up").data["results"] == []
        assert officer.get(f"runs/{pk}/results/", within_projects="true").data["results"] == []
        assert officer.get(f"runs/{pk}/results/", way="sideways").status_code == 400
        lead = Asker(make_user(Role.TEAM_LEAD))
        assert lead.get(f"runs/{pk}/results/").data["results"] == []

    def test_official_run_has_none_and_a_draft_is_no_official_one(self):
        publish()
        officer = Asker(make_user(Role.RISK_OFFICER))
        assert officer.get(f"runs/{run_now().pk}/results/").status_code == 404
        refused = officer.post("runs/", {"version": draft(cutoffs=STRICTER).pk})
        assert (refused.status_code, refused.data["code"]) == (409, "not_in_effect")
        for body in ({"version": 987654321}, {"version": True}, {"scheme": "moon"}, {"kind": "guess"}):
            assert officer.post("runs/", body).status_code == 400


class TestMetrics:
    def test_catalogue_is_told_with_readers_and_share_known(self):
        cache.clear()
        version = publish()
        make_observation(make_client(), "credit_score", 650.0, observed_on=days_ago(30).date())
        make_client()
        run_now()
        asker = Asker(make_user(Role.RISK_OFFICER))
        metrics = {row["key"]: row for row in asker.get("metrics/", known="true").data["metrics"]}
        told = metrics["credit_score"]
        assert (told["known"], told["unit"], told["id"], told["retired"]) == (0.5, "points", None, False)
        assert told["read_by"] == [{"id": version.pk, "scheme": "small", "version": 1}]
        assert {category["key"] for category in metrics["life_cycle"]["categories"]} >= {"growth", "mature"}
        assert asker.get("metrics/").data["metrics"][0]["known"] is None
        assert asker.get("metrics/", knwon="true").status_code == 400

    def test_own_metric_is_added_changed_and_retired(self, author):
        categories = [{"key": "low", "en": "Low", "zh": "低"}, {"key": "high", "en": "High"}]
        body = {"key": "esg", "type": "category", "label_en": "ESG", "categories": categories}
        made = author.post("metrics/", body)
        assert (made.status_code, made.data["label"]) == (201, "ESG")
        assert made.data["categories"] == [{"key": "low", "label": "Low"}, {"key": "high", "label": "High"}]
        path = f"metrics/{made.data['id']}/"
        assert author.patch(path, {"max_age_days": 30}).data["max_age_days"] == 30
        assert author.patch(path, {"key": "other"}).status_code == 400
        assert "must stay" in str(author.patch(path, {"categories": categories[:1]}).data["fields"])
        assert author.patch(path, {"retired": True}).data["retired"] is True
        assert author.patch(path, {"retired": False}).data["retired"] is False

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"key": "leverage"}, "key"),
            ({"key": "A b"}, "__all__"),
            ({"label_en": ""}, "label_en"),
            ({"unit": "furlongs"}, "unit"),
            ({"categories": [{"key": "a", "en": "A"}]}, "__all__"),
            ({"type": "category", "categories": [{"key": "a", "en": "A"}] * 2}, "categories"),
            ({"type": "category", "categories": [{"key": "A!", "en": "A"}]}, "categories.0.key"),
            ({"max_age_days": -1}, "max_age_days"),
        ],
    )
    def test_metric_that_cannot_be_is_refused_by_field(self, author, changes, field):
        answer = author.post("metrics/", {"key": "esg", "label_en": "ESG", **changes})
        assert (answer.status_code, field in answer.data["fields"]) == (400, True), answer.data
        assert not CustomMetric.objects.exists()

    def test_taken_key_and_missing_metric(self, author):
        for status in (201, 400):
            assert author.post("metrics/", {"key": "esg", "label_en": "ESG"}).status_code == status
        assert author.patch("metrics/987654321/", {"retired": True}).status_code == 404
        assert Asker(make_user(Role.RM)).post("metrics/", {"key": "x", "label_en": "X"}).status_code == 403
