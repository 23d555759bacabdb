"""Pages of alerts and of warnings as drafts, and what the API says of the same."""

import json

import pytest
from django.test import Client as Browser
from django.urls import reverse

from crm.models import Role
from tests.factories import make_observation, make_user
from tests.tiering.helpers import days_ago, publish, run_now
from tests.tiering.warnings.making import a_client, an_indicator, score, today, warn_of
from tiering.models import Alert, Policy, PolicyVersion
from tiering.services.policies import start_policy

pytestmark = pytest.mark.django_db


@pytest.fixture
def alert() -> Alert:
    publish()
    warn_of(
        an_indicator("low", severity="critical"),
        an_indicator("lower", {"metric": "credit_score", "op": "<", "value": 580}),
    )
    score(a_client(), 550)
    return Alert.objects.select_related("client__rm").get(indicator="low")


def page(user, name, *args, **query):
    browser = Browser()
    browser.force_login(user)
    return browser.get(reverse(name, args=args), query)


def test_list_shows_the_worst_first_and_narrows(alert):
    rm = alert.client.rm
    rows = page(rm, "tiering:alerts").context["rows"]
    assert [row.label for row in rows] == ["low", "lower"]
    assert "Credit score 550" in rows[0].why
    assert [row.label for row in page(rm, "tiering:alerts", severity="watch").context["rows"]] == ["lower"]
    assert page(rm, "tiering:alerts", state="resolved").context["rows"] == []


def test_bulk_acknowledging_leaves_the_list_with_what_was_seen(alert):
    browser = Browser()
    browser.force_login(alert.client.rm)
    browser.post(reverse("tiering:alerts-acknowledge"), {"alert": [alert.pk]})
    alert.refresh_from_db()
    assert alert.status == "acknowledged"


def test_page_of_an_alert_says_what_it_rests_on_and_takes_a_reason(alert):
    browser = Browser()
    browser.force_login(alert.client.rm)
    shown = browser.get(reverse("tiering:alert", args=[alert.pk])).context["page"]
    assert [(one.what, one.now) for one in shown.evidence] == [("Credit score", "550")]
    assert "600" in shown.asks
    refused = browser.post(reverse("tiering:alert-resolve", args=[alert.pk]), {"reason": ""})
    assert refused.status_code == 422
    browser.post(reverse("tiering:alert-resolve", args=[alert.pk]), {"reason": "Paid."})
    alert.refresh_from_db()
    assert (alert.status, alert.resolution) == ("resolved", "Paid.")


def test_client_panel_and_list_column_show_the_alerts(alert):
    panel = page(alert.client.rm, "tiering:client-alerts", alert.client_id)
    assert [row.label for row in panel.context["rows"]] == ["low", "lower"]
    assert "chip-bad" in page(alert.client.rm, "crm:client-list").content.decode()


GIVEN = {
    "key": "low", "label_en": "Low", "label_zh": "低", "severity": "watch", "owner": "rm", "cooldown_days": 30,
    "escalate_after_days": 7, "advice_en": "Look.", "advice_zh": "看。", "suggests": "task", "revision": 0,
    "watches": "clients",
}  # fmt: skip
FALL = {"change": "revenue", "days": 30, "as": "ratio", "op": "<", "value": 1}


@pytest.fixture
def drafting() -> tuple[Browser, PolicyVersion]:
    admin = make_user(Role.CRITERIA_ADMIN)
    browser = Browser()
    browser.force_login(admin)
    return browser, start_policy(kind=Policy.Kind.WARNINGS, by=admin)


def test_indicator_of_a_draft_is_edited_in_a_form(drafting):
    browser, draft = drafting
    address = reverse("tiering:warnings-indicator", args=[draft.pk, "new"])
    assert browser.post(address, {**GIVEN, "when": json.dumps(FALL)}).status_code == 302
    draft.refresh_from_db()
    assert [(one["key"], one["when"]) for one in draft.document["indicators"]] == [("low", FALL)]
    shown = browser.get(reverse("tiering:warnings-indicator", args=[draft.pk, "low"])).context["form"].rules
    assert (shown.data, shown.words) == (FALL, "Revenue against 30 days before is below 100%")
    browser.post(reverse("tiering:warnings-library", args=[draft.pk]), {"key": ["silent"]})
    browser.post(reverse("tiering:warnings-remove", args=[draft.pk, "low"]))
    draft.refresh_from_db()
    assert [one["key"] for one in draft.document["indicators"]] == ["silent"]
    assert browser.get(reverse("tiering:warnings-trial", args=[draft.pk])).status_code == 200
    assert browser.get(reverse("tiering:policy", args=[draft.pk])).status_code == 200


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"when": json.dumps({**FALL, "change": "unheard_of"})}, "when"),
        ({"when": json.dumps({**FALL, "days": 0})}, "when"),
        ({"when": ""}, "when"),
        ({"when": "{"}, "when"),
        ({"watches": "segments"}, "drift_days"),
        ({"key": "a" * 40, "when": json.dumps(FALL)}, "key"),
    ],
)
def test_refused_indicator_says_why_beside_its_field(drafting, changes, field):
    browser, draft = drafting
    address = reverse("tiering:warnings-indicator", args=[draft.pk, "new"])
    refused = browser.post(address, {**GIVEN, **changes})
    assert refused.status_code == 422
    assert field in refused.context["form"].errors
    assert refused.context["refusals"] == []


def test_drift_of_segments_is_edited_in_fields(drafting):
    browser, draft = drafting
    drift = {
        "metric": "pd", "by": "industry", "days": 365, "as": "ratio", "op": ">=", "value": 1.25, "least_clients": 20,
    }  # fmt: skip
    given = {**GIVEN, "watches": "segments", **{f"drift_{name}": value for name, value in drift.items()}}
    address = reverse("tiering:warnings-indicator", args=[draft.pk, "new"])
    refused = browser.post(address, given)
    assert "owner" in refused.context["form"].errors
    assert browser.post(address, {**given, "owner": "officer"}).status_code == 302
    draft.refresh_from_db()
    assert draft.document["indicators"][0]["drift"] == drift


def test_builder_is_told_the_sentence_and_how_many_clients_a_change_holds_of(drafting):
    browser, _ = drafting
    publish()
    for now in (550, 650):
        client = a_client()
        make_observation(client, "credit_score", 700.0, observed_on=days_ago(100).date())
        run_now(as_of=days_ago(95))
        score(client, now)
    fall = {"change": "credit_score", "days": 90, "as": "difference", "op": "<=", "value": -100}
    address = reverse("tiering:warning-conditions")

    def ask(*conditions):
        return browser.post(address, json.dumps({"conditions": conditions}), "application/json")

    assert ask(fall, {"covenants": "breached"}).json()["told"] == [
        {
            "words": "Change of Credit score in 90 days is at most -100",
            "count": "1 of 2 clients",
            "none": False,
        },
        {"words": "A covenant is breached", "count": "0 of 2 clients", "none": True},
    ]
    assert ask({**fall, "change": "unheard_of"}).status_code == 400


def test_api_does_what_the_pages_do(alert):
    browser = Browser()
    browser.force_login(alert.client.rm)

    def post(path, **body):
        return browser.post(f"/api/v1/{path}", json.dumps(body), "application/json")

    told = browser.get("/api/v1/alerts/", {"severity": "critical"}).json()["results"]
    assert [(one["id"], one["label"]) for one in told] == [(alert.pk, "low")]
    assert post("alerts/acknowledge/", alerts=[alert.pk]).json() == {"acknowledged": 1}
    assert post(f"alerts/{alert.pk}/task/", due_on=str(today())).json()["task"]
    assert post(f"alerts/{alert.pk}/resolve/", reason="Paid.").json()["status"] == "resolved"
    assert post(f"alerts/{alert.pk}/resolve/", reason="Paid.").status_code == 409
    covenant = post(
        f"clients/{alert.client_id}/covenants/", metric="leverage", op="<=", value=0.7, starts_on=str(today())
    )
    assert covenant.status_code == 201
    assert post(f"clients/{alert.client_id}/asset-classes/", grade="loss", reason="x").status_code == 403
