"""Campaigns: who is invited and who is left out, mails that leave once, and the cases that came of them."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from crm.errors import Conflict, Invalid, NotPermitted
from crm.models import Absence, Campaign, Client, Invitation, Task
from crm.services import campaigns as services
from crm.services.answers import answer_by_link
from crm.services.consent import record_consent
from crm.services.inviting import send_invitations
from crm.services.segments import keep_segment, remove_segment
from tests.api.asking import Asker, make_house
from tests.crm.outreach.making import published
from tests.factories import make_client
from tests.funnel.making import make_case, put_in_tier

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
DAYS = {"starts_on": TODAY, "ends_on": TODAY + timedelta(days=20)}


@pytest.fixture
def house():
    return make_house()


@pytest.fixture(autouse=True)
def house_that_sends_mail(settings):
    settings.SENDS_MAIL = True
    settings.BASE_URL = "https://strata.example"


def contact(client: Client, **more):
    given = {
        "consent": "given",
        "consent_on": TODAY,
        "email": f"wang@client{client.pk}.example",
        "language": "en",
    }
    return client.people.create(**{"name": "Wang", **given, **more})


def drafted(house, **more) -> Campaign:
    segment = keep_segment(by=house.rm, name="All", kind="live", query="", clients=Client.objects.all())
    fields = {"name": "Green finance day", "goal": "Ten cases", "segment": segment, **DAYS, **more}
    campaign = services.start_campaign(by=house.rm, **fields)
    services.put_text(
        by=house.rm, campaign=campaign, language="en", subject="Come", body="Dear {name}, come."
    )
    return campaign


def seen(campaign: Campaign) -> int:
    campaign.refresh_from_db()
    return campaign.version


def launched(house, **more) -> Campaign:
    campaign = drafted(house, **more)
    return services.launch_campaign(by=house.rm, campaign=campaign, version=seen(campaign))


def invitation_of(campaign: Campaign, client: Client) -> Invitation:
    return campaign.invitations.get(client=client)


def test_audience_is_fixed_at_launch_with_who_was_left_out_and_why(house):
    names = ("banned", "nobody", "silent", "unreachable", "reached")
    clients = {name: make_client(rm=house.rm) for name in names}
    for name in ("banned", "reached"):
        contact(clients[name])
    contact(clients["silent"], consent="not_asked", consent_on=None)
    contact(clients["unreachable"], email="")
    record_consent(by=house.rm, client=clients["banned"], stance="blocked", source="Call")
    campaign = launched(house)
    reasons = {name: invitation_of(campaign, client).left_out for name, client in clients.items()}
    assert reasons == {
        "banned": "blocked", "nobody": "no_person", "silent": "no_consent", "unreachable": "no_address",
        "reached": "",
    }  # fmt: skip
    assert not campaign.invitations.filter(client__in=[house.team, house.foreign]).exists()
    contact(make_client(rm=house.rm))
    campaign.refresh_from_db()
    assert campaign.invitations.count() == 6
    with pytest.raises(services.NotADraftAnyMore):
        services.put_text(by=house.rm, campaign=campaign, language="en", subject="x", body="x")


def test_words_are_changed_and_removed_as_they_were_seen(house):
    campaign = drafted(house)
    (text,) = campaign.texts.all()
    before = seen(campaign)
    services.put_text(by=house.rm, campaign=campaign, text=text, version=before, body="Do come.")
    with pytest.raises(Conflict):
        services.put_text(by=house.rm, campaign=campaign, text=text, version=before, body="Stay away.")
    with pytest.raises(Conflict):
        services.remove_text(by=house.rm, text=text, version=before)
    with pytest.raises(Conflict):
        services.launch_campaign(by=house.rm, campaign=campaign, version=before)
    text.refresh_from_db()
    assert text.body == "Do come."
    services.remove_text(by=house.rm, text=text, version=seen(campaign))
    with pytest.raises(Conflict):
        services.put_text(by=house.rm, campaign=campaign, text=text, version=seen(campaign), body="x")


def test_campaign_of_a_segment_that_was_removed_is_not_launched(house):
    contact(house.own)
    campaign = drafted(house)
    remove_segment(by=house.rm, segment=campaign.segment, revision=0)
    with pytest.raises(Invalid, match="segment"):
        services.launch_campaign(by=house.rm, campaign=campaign, version=seen(campaign))
    assert not Invitation.objects.exists()


def test_words_are_the_nearest_by_tier_demand_and_language(house):
    by_tier, by_demand, chinese = (make_client(rm=house.rm) for _ in range(3))
    put_in_tier(by_tier, "A")
    Client.objects.filter(pk=by_demand.pk).update(demand_level="premium")
    for client in (by_tier, by_demand):
        contact(client)
    contact(chinese, language="zh-hans")
    campaign = drafted(house)
    for more in ({"tier": "A"}, {"demand_level": "premium"}, {"language": "zh-hans"}):
        given: dict[str, Any] = {"language": "en", "subject": str(more), "body": "x", **more}
        services.put_text(by=house.rm, campaign=campaign, **given)
    services.launch_campaign(by=house.rm, campaign=campaign, version=seen(campaign))
    said = {
        one.client: one.text.subject
        for one in campaign.invitations.invited().select_related("text", "client")
    }
    assert said == {
        by_tier: "{'tier': 'A'}",
        by_demand: "{'demand_level': 'premium'}",
        chinese: "{'language': 'zh-hans'}",
    }


def test_mail_leaves_once_with_the_link_and_is_tried_again_after_a_failure(house, monkeypatch):
    contact(house.own)
    campaign = launched(house, kind="survey", questionnaire=published().questionnaire)
    invitation = invitation_of(campaign, house.own)
    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", lambda self: 1 / 0)
        assert send_invitations(seconds=5) == 0
    invitation.refresh_from_db()
    assert (invitation.delivery, invitation.failure) == ("waiting", "ZeroDivisionError")
    assert send_invitations(seconds=5) == 0  # not before its time
    Invitation.objects.update(free_at=timezone.now() - timedelta(minutes=1))
    assert send_invitations(seconds=5) == 1
    assert send_invitations(seconds=5) == 0
    (sent,) = mail.outbox
    assert sent.body.startswith("Dear Wang, come.")
    assert "https://strata.example/q/" in sent.body
    assert sent.extra_headers["Message-ID"].startswith(f"<strata-invitation-{invitation.pk}@")
    answer_by_link(nonce=invitation.link.nonce, now=timezone.now(), answers={"pleased": 4, "plans": "no"})
    page = services_results(campaign, house)
    assert (page["sent"], page["opened"], page["answered"]) == (1, 1, 1)


def services_results(campaign: Campaign, house) -> dict[str, int]:
    return Asker(house.rm).get(f"campaigns/{campaign.pk}/results/").data[-1]["figures"]


def test_who_takes_consent_back_after_the_launch_gets_no_mail(house):
    contact(house.own)
    campaign = launched(house)
    record_consent(by=house.rm, client=house.own, stance="refused", channel="email", source="Mail")
    assert send_invitations(seconds=5) == 0
    assert invitation_of(campaign, house.own).delivery == "failed"
    assert not mail.outbox


def test_calls_are_tasks_of_rms_who_are_there(client, house):
    contact(house.own, phone_sealed="x", phone_fingerprint="x")
    campaign = launched(house, channel="phone")
    task = Task.objects.get()
    assert (task.assignee, task.client) == (house.rm, house.own)
    client.force_login(house.rm)
    assert "Invite Wang to “Green finance day”" in client.get(reverse("crm:tasks")).content.decode()
    services.close_campaign(by=house.rm, campaign=campaign)
    Absence.objects.create(user=house.rm, entered_by=house.rm, **DAYS)
    again = services.start_campaign(
        by=house.rm, name="Again", goal="x", segment=campaign.segment, channel="phone", **DAYS
    )
    services.put_text(by=house.rm, campaign=again, language="en", subject="x", body="x")
    with pytest.raises(services.NobodyToInvite):
        services.launch_campaign(by=house.rm, campaign=again, version=seen(again))


def test_draft_is_changed_by_its_owner_as_they_saw_it(house):
    campaign = drafted(house)
    with pytest.raises(Conflict):
        services.change_campaign(by=house.rm, campaign=campaign, version=9, name="x")
    with pytest.raises(NotPermitted):
        services.change_campaign(by=house.team.rm, campaign=campaign, version=seen(campaign), name="x")
    with pytest.raises(Invalid):
        services.change_campaign(by=house.rm, campaign=campaign, version=seen(campaign), kind="survey")
    late = {"ends_on": TODAY - timedelta(days=9)}
    with pytest.raises(Invalid):
        services.change_campaign(by=house.rm, campaign=campaign, version=seen(campaign), **late)


def test_pages_lead_from_a_draft_to_the_cases_that_came_of_it(client, house):
    contact(house.own)
    segment = keep_segment(by=house.rm, name="All", kind="live", query="", clients=Client.objects.all())
    client.force_login(house.rm)
    fields = {"name": "Day", "kind": "event", "goal": "Cases", "segment": segment.pk, "channel": "email"}
    client.post(reverse("crm:campaign-new"), {**fields, **{name: str(day) for name, day in DAYS.items()}})
    campaign = Campaign.objects.get()
    at = reverse("crm:campaign", args=[campaign.pk])
    text = {"language": "en", "subject": "Come", "body": "Dear {name}", "version": 1}
    client.post(reverse("crm:campaign-text-new", args=[campaign.pk]), text)
    assert "would be invited" in client.get(at).content.decode()
    client.post(reverse("crm:campaign-act", args=[campaign.pk]), {"act": "launch", "version": 2})
    invitation = invitation_of(campaign, house.own)
    case, strange = make_case(house.rm, client=house.own), make_case(house.team.rm)
    note = reverse("crm:invitation", args=[invitation.pk])
    assert case.code in client.get(note).content.decode()
    refused = client.post(note, {"answer": "yes", "case": strange.pk})
    assert "has no such case" in refused.content.decode()
    client.post(note, {"answer": "yes", "attended": "on", "case": case.pk})
    page = client.get(at).content.decode()
    assert case.code in page
    told = Asker(house.rm).get(f"campaigns/{campaign.pk}/results/").data[-1]
    assert (told["figures"]["yes"], told["figures"]["attended"], told["figures"]["cases"]) == (1, 1, 1)
    assert list(told["amounts"].values()) == [f"{case.amount:.2f}"]
    assert Asker(house.foreign.rm).get(f"campaigns/{campaign.pk}/").status_code == 404


def test_api_drafts_and_launches(house):
    contact(house.own)
    segment = keep_segment(by=house.rm, name="All", kind="live", query="", clients=Client.objects.all())
    rm, days = Asker(house.rm), {name: day.isoformat() for name, day in DAYS.items()}
    asked = {"name": "Day", "kind": "event", "goal": "x", "segment": segment.pk, "channel": "email", **days}
    made = rm.post("campaigns/", asked, key="once").data
    at = f"campaigns/{made['id']}/"
    assert rm.post(f"{at}launch/", {"version": 1}).data["fields"] == {
        "texts": ["Write what the clients are told."]
    }
    assert rm.patch(at, {"version": 1, "goal": "Ten cases"}).data["version"] == 2
    assert rm.post(f"{at}texts/", {"language": "en", "subject": "Come", "body": "x"}).data["version"] == 3
    assert rm.post(f"{at}launch/", {"version": 3}).data["status"] == "running"
    (row,) = rm.get("invitations/", campaign=made["id"]).data["results"]
    assert rm.patch(f"invitations/{row['id']}/", {"answer": "later"}).data["answer"] == "later"
    assert rm.post(f"{at}close/").data["status"] == "closed"
    assert not Invitation.objects.filter(delivery="waiting").exists()
