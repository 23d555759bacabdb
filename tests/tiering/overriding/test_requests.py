"""Asking for an override, and taking it back."""

import pytest

from crm.errors import Invalid, NotPermitted
from crm.models import Attachment, CustomMetric, Role
from tests.factories import make_client, make_user
from tests.tiering.helpers import a_document, publish
from tests.tiering.overriding.making import ask, hold, in_days, officer, scored, tiered
from tiering.errors_overrides import AlreadyAsked, NotAssessed, NotYourRequest, OverrideDecided
from tiering.models import Override, TierScheme
from tiering.services.overrides import withdraw_override
from tiering.services.requests import drain_requests

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def criteria():
    return publish()


def refusals(*args, **changes) -> dict[str, list[str]]:
    with pytest.raises(Invalid) as refused:
        ask(*args, **changes)
    return refused.value.fields


@pytest.mark.parametrize(
    ("score", "key", "direction", "notches"), [(500.0, "Middle", "up", 1), (720.0, "Low", "down", 2)]
)
def test_request_pins_what_it_deviates_from_and_which_way(score, key, direction, notches):
    client = tiered(score)
    asked = ask(client, key)
    assert (asked.direction, asked.notches, asked.above_hard_gate) == (direction, notches, False)
    assert asked.assessment == client.assessments.get(valid_to=None)
    assert (asked.status, asked.last_day) == ("requested", in_days(90))


@pytest.mark.parametrize(("value", "direction", "notches"), [(640.0, "up", 1), (500.0, "down", 1)])
def test_request_for_a_value_says_where_it_leads(value, direction, notches):
    client = tiered(620.0 if direction == "down" else 500.0)
    asked = ask(client, None, metric="credit_score", value=value)
    assert (asked.kind, asked.direction, asked.notches) == ("input", direction, notches)


def test_request_changes_nothing():
    client = tiered(500.0)
    ask(client)
    assert client.assignments.get(valid_to=None).tier.key == "Low"


def test_what_a_request_is_refused_for_stands_beside_its_field():
    client = tiered(500.0)
    stranger = Attachment.objects.create(
        name="a.pdf",
        content_type="application/pdf",
        size=1,
        sha256="0",
        client=make_client(),
        uploaded_by=client.rm,
    )
    assert set(refusals(client, grounds=" ", reason="whim", evidence=stranger, last_day=in_days(-1))) == {
        "grounds",
        "reason",
        "evidence",
        "last_day",
    }
    assert refusals(client, last_day=in_days(366))["last_day"][0].startswith(
        "An override lasts 365 days at most"
    )
    assert refusals(client, "Low")["tier"] == ["The criteria say this tier themselves."]
    assert refusals(client, None)["tier"] == ["Choose a tier."]
    assert set(refusals(client, None, metric="credit_score", category="good")) == {"value"}
    assert set(refusals(client, None, metric="nothing", value=1.0)) == {"metric"}
    assert (
        "neither the tier nor the score" in refusals(client, None, metric="leverage", value=1.0)["value"][0]
    )


def test_value_that_ages_before_the_override_ends_is_refused():
    CustomMetric.objects.create(key="esg", label_en="ESG", max_age_days=30)
    client = tiered(500.0)
    said = refusals(client, None, metric="esg", value=3.0, last_day=in_days(31))
    assert said["last_day"][0].startswith("A value of this metric counts for 30 days")
    assert "last_day" not in refusals(client, None, metric="esg", value=3.0, last_day=in_days(30))


def test_tier_too_far_from_the_criteria_is_refused():
    tiers = [{"key": f"T{n}", "label": {"en": f"T{n}", "zh": f"T{n}"}} for n in range(5)]
    cuts = [{"tier": f"T{n}", "min": low} for n, low in enumerate((90, 80, 70, 60, 0))]
    publish(a_document(scheme="five", tiers=tiers, cutoffs=cuts, gates=[], policy={}))
    client = scored(500.0)
    drain_requests()
    five = TierScheme.objects.get(key="five")
    said = refusals(client, None, scheme=five, tier=five.tiers.get(key="T1"))
    assert said["tier"] == ["This is 3 tiers from what the criteria say, T4; overrides go 2 at most."]


def test_only_who_holds_the_client_and_officers_ask():
    client = tiered(500.0)
    for stranger in (make_user(Role.RM), make_user(Role.AUDITOR), make_user(Role.CRITERIA_ADMIN)):
        with pytest.raises(NotPermitted):
            ask(client, by=stranger)
    assert ask(client, by=officer()).requested_by.role == Role.RISK_OFFICER


def test_client_without_an_assessment_has_nothing_to_deviate_from():
    with pytest.raises(NotAssessed):
        ask(make_client(rm=make_user(Role.RM)))


def test_second_request_waits_for_the_first():
    client = tiered(500.0)
    ask(client)
    with pytest.raises(AlreadyAsked):
        ask(client, "High")


def test_request_beside_one_in_force_renews_it():
    client = tiered(500.0)
    held = hold(client)
    assert ask(client, "High").renews == held


def test_only_the_asker_withdraws_and_only_in_time():
    client = tiered(500.0)
    asked = ask(client)
    with pytest.raises(NotYourRequest):
        withdraw_override(override=asked, by=officer())
    assert withdraw_override(override=asked, by=client.rm).status == "withdrawn"
    with pytest.raises(OverrideDecided):
        withdraw_override(override=asked, by=client.rm)
    assert ask(client).status == Override.Status.REQUESTED
