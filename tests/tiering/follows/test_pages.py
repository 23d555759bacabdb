"""The pages of what follows from tiers: panels, lists, decisions, reviews and their papers."""

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.models import Interaction, Role
from tests.factories import make_client, make_user
from tests.tiering.follows.making import fallen, lead_of, policies, score, small_scheme
from tests.tiering.helpers import days_ago, run_now
from tests.tiering.pages.making import visitor_of
from tiering.models import FacilityChange, PeriodicReview
from tiering.selectors.tier_policies import tier_policy
from tiering.services.review_calendar import keep_calendar

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    client = fallen()
    Interaction.objects.create(client=client, kind="call", at=days_ago(40), subject="Call", author=client.rm)
    return client


def text(user, name: str, *args, **query) -> str:
    response = visitor_of(user).get(reverse(f"tiering:{name}", args=args), query)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_client_page_tells_what_follows_and_what_to_offer(client):
    panel = text(client.rm, "client-follows", client.pk)
    assert "What follows" in panel
    assert "1.0 m" in panel
    assert "10.0 m → 2.0 m" in panel
    assert "Contact due" in panel
    offers = text(client.rm, "client-offers", client.pk)
    assert "Factoring" in offers
    assert "Its customers pay late" in offers
    assert visitor_of(client.rm).get(reverse("crm:client", args=[client.pk])).status_code == 200


def test_facility_changes_are_listed_and_decided_together(client):
    lead = lead_of(client)
    page = text(lead, "facility-changes")
    assert client.name in page
    assert 'value="accept"' in page
    assert 'value="accept"' not in text(client.rm, "facility-changes")
    ids = list(FacilityChange.objects.values_list("pk", flat=True))
    send = {"change": ids, "verdict": "accept"}
    address = reverse("tiering:facility-changes-decide")
    refused = visitor_of(lead).post(address, {**send, "reason": ""}, follow=True)
    assert "Say why you accept or decline the change." in refused.content.decode()
    done = visitor_of(lead).post(address, {**send, "reason": "Agreed"}, follow=True)
    assert "2 changes are decided." in done.content.decode()
    assert "Agreed" in text(lead, "facility-changes", status="accepted")


def test_review_goes_from_calendar_to_signature_and_paper(client):
    review, officer = PeriodicReview.objects.get(client=client), make_user(Role.RISK_OFFICER)
    month = review.due_on.strftime("%Y-%m")
    assert client.name in text(client.rm, "periodic-reviews", month=month)
    assert client.name not in text(make_user(Role.RM), "periodic-reviews")
    page = text(client.rm, "periodic-review", review.pk)
    assert "Ask for the signature" in page
    assert "Why tier Low" in page
    rm, signer = visitor_of(client.rm), visitor_of(officer)
    refused = rm.post(reverse("tiering:periodic-review-prepare", args=[review.pk]), {"conclusion": "keep"})
    assert refused.status_code == 422
    told = {"conclusion": "reduce", "findings": "Orders have halved."}
    rm.post(reverse("tiering:periodic-review-prepare", args=[review.pk]), told)
    assert "to sign" in signer.get(reverse("crm:today")).content.decode()
    back = signer.post(reverse("tiering:periodic-review-return", args=[review.pk]), follow=True)
    assert "Say what is missing" in back.content.decode()
    signer.post(reverse("tiering:periodic-review-sign", args=[review.pk]), {"remark": "Agreed"})
    assert "Reduce what is lent" in text(officer, "periodic-review", review.pk)
    paper = signer.get(reverse("tiering:periodic-review-paper", args=[review.pk]))
    assert paper["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF")
    assert client.name in text(officer, "periodic-reviews", show="done")


def test_today_tells_contacts_and_changes(client):
    shown = visitor_of(client.rm).get(reverse("crm:today")).content.decode()
    assert "Contacts due by tier" in shown
    assert client.name in text(lead_of(client), "today-facilities")
    assert client.name not in text(client.rm, "today-facilities")


def test_list_shows_contacts_due_and_narrows_to_whom_a_product_is_for(client):
    other = make_client(rm=client.rm)
    listed = visitor_of(client.rm).get(reverse("crm:client-list"), {"view": "contact-due"})
    assert client.name in listed.content.decode()
    assert other.name not in listed.content.decode()
    offered = visitor_of(client.rm).get(reverse("crm:client-list"), {"offer": "factoring"})
    assert client.name in offered.content.decode()
    assert other.name not in offered.content.decode()


def test_what_was_missed_stands_out():
    policies()
    client = make_client(rm=make_user(Role.RM))
    score(client, 620, 400)
    run_now(as_of=days_ago(400))
    scheme = small_scheme()
    keep_calendar(scheme=scheme, policy=tier_policy(scheme))
    page = text(make_user(Role.AUDITOR), "periodic-reviews", show="beyond")
    assert "has not been reviewed for more than twelve months" in page
    assert client.name in page
    assert timezone.localdate().strftime("%Y-%m") in page
