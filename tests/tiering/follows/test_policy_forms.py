"""Tier policies and products edited in forms: what is shown is what is saved."""

import json

import pytest
from django.urls import reverse

from crm.models import Role
from tests.factories import make_user
from tests.tiering.follows.documents import some_products
from tests.tiering.follows.making import policies
from tests.tiering.pages.making import visitor_of
from tiering.models import PolicyVersion
from tiering.services.policies import start_policy

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return make_user(Role.CRITERIA_ADMIN)


def draft(based_on: PolicyVersion, by) -> PolicyVersion:
    return start_policy(kind=based_on.policy.kind, scheme=based_on.policy.scheme, based_on=based_on, by=by)


def fields_of(*forms) -> dict:
    """What a browser would send of forms as they were shown."""
    sent = {}
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is not None and value is not False:
                sent[bound.html_name] = value
    return sent


def test_tier_policy_is_saved_as_it_was_shown_and_changed_where_it_was(admin):
    version = draft(policies(), admin)
    address, visitor = reverse("tiering:tier-policy-form", args=[version.pk]), visitor_of(admin)
    context = visitor.get(address).context
    sent = fields_of(context["head"], *(form for _, form in context["pairs"]))
    assert visitor.post(address, sent).status_code == 302
    version.refresh_from_db()
    assert version.revision == 0
    of_cases = {"tier-1-ticket_most": 5_000_000, "tier-1-documents": ["licence"], "base_rate": 345}
    changes = {"tier-0-contact_days": 45, "tier-2-events": "gift|12|A gift|礼品", **of_cases}
    visitor.post(address, {**sent, **changes})
    version.refresh_from_db()
    high, middle, low = version.document["tiers"]
    assert (middle["ticket"], middle["documents"]) == ({"least": None, "most": 5_000_000}, ["licence"])
    assert "ticket" not in low
    assert (version.revision, high["contact_days"]) == (1, 45)
    assert low["service"]["events"] == [
        {"key": "gift", "label": {"en": "A gift", "zh": "礼品"}, "months": 12}
    ]
    page = visitor.get(reverse("tiering:policy", args=[version.pk])).content.decode()
    for said in ("every 45 days", "3.45 % a year", "up to 5.0 m", "Licences and articles"):
        assert said in page


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"tier-0-times_0": ""}, "Give a metric and how many times it counts, or neither."),
        ({"tier-0-review_months": 13}, "less than or equal to 12"),
        ({"tier-0-events": "gift|often|A|B"}, "is no number of months"),
        ({"tier-0-services": "Only English"}, "is not of the form"),
        ({"tier-0-team_zh": ""}, "Write both languages, or neither."),
        ({"revision": 7}, "Somebody changed this in the meantime."),
    ],
)
def test_what_is_wrong_stays_in_the_form_and_says_so(admin, changes, said):
    version = draft(policies(), admin)
    address, visitor = reverse("tiering:tier-policy-form", args=[version.pk]), visitor_of(admin)
    context = visitor.get(address).context
    sent = fields_of(context["head"], *(form for _, form in context["pairs"]))
    answer = visitor.post(address, {**sent, "tier-0-contact_days": 45, **changes})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    version.refresh_from_db()
    assert version.revision == 0


def test_products_are_added_changed_and_removed(admin):
    policies()
    version = draft(put_in_effect_again(), admin)
    address, visitor = reverse("tiering:products-form", args=[version.pk]), visitor_of(admin)
    forms = visitor.get(address).context["forms"]
    sent = fields_of(forms.management_form, *forms) | {"revision": 0}
    assert visitor.post(address, sent).status_code == 302
    version.refresh_from_db()
    assert version.document == some_products()
    condition = {"metric": "revenue", "op": ">", "value": 5.0}
    added = {
        "product-3-key": "deposit", "product-3-rank": 9, "product-3-label_en": "Deposit",
        "product-3-label_zh": "存款", "product-3-why_en": "Cash", "product-3-why_zh": "现金",
        "product-3-when": json.dumps(condition),
    }  # fmt: skip
    visitor.post(address, {**sent, **added, "product-0-remove": "on"})
    version.refresh_from_db()
    assert [one["key"] for one in version.document["products"]] == ["lease", "factoring", "deposit"]
    assert version.document["products"][-1]["when"] == condition
    refused = visitor.post(address, {**sent, **added, "product-3-when": '{"metric": 1}', "revision": 1})
    assert "This is not a condition." in refused.content.decode()
    refused = visitor.post(address, {**sent, **added, "product-3-why_zh": "", "revision": 1})
    assert "This field is required." in refused.content.decode()


def put_in_effect_again() -> PolicyVersion:
    return PolicyVersion.objects.get(policy__kind="products", status="published")


def test_condition_is_told_in_words_with_its_count(admin):
    policies()
    asked = {"conditions": [{"metric": "revenue", "op": ">", "value": 5}]}
    answer = visitor_of(admin).post(
        reverse("tiering:policy-conditions"), json.dumps(asked), content_type="application/json"
    )
    (told,) = answer.json()["told"]
    assert "Revenue is above" in told["words"]
    assert told["count"] == "0 of 0 clients"
    broken = visitor_of(admin).post(
        reverse("tiering:policy-conditions"), "{", content_type="application/json"
    )
    assert broken.status_code == 400
