"""Consent and do-not-contact by channel: kept with its history, and counted by the nearest word."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.errors import Invalid, NotPermitted
from crm.models import ConsentRecord
from crm.selectors.consent import people_for
from crm.services.consent import ConsentOver, end_consent, record_consent
from tests.api.asking import Asker, make_house

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def house():
    return make_house()


@pytest.fixture
def wang(house):
    return house.own.people.create(name="Wang", email="wang@client.example")


def say(house, stance: str, channel: str = "", **more) -> ConsentRecord:
    return record_consent(
        by=house.rm, client=house.own, stance=stance, channel=channel, source="Form of May", **more
    )


def may(house, channel: str, days: int = 0) -> list[str]:
    people = people_for([house.own.pk], channel, TODAY + timedelta(days=days))
    return [person.name for person in people]


def test_nearest_word_counts_and_a_ban_before_everything(house, wang):
    assert may(house, "email") == []
    say(house, "given")
    assert may(house, "email") == may(house, "phone") == ["Wang"]
    say(house, "refused", "email", person=wang)
    assert (may(house, "email"), may(house, "phone")) == ([], ["Wang"])
    say(house, "given", "email", person=wang)
    assert may(house, "email") == ["Wang"]
    ban = say(house, "blocked", "email")
    assert (may(house, "email"), may(house, "phone")) == ([], ["Wang"])
    end_consent(by=house.rm, record=ban)
    assert may(house, "email") == ["Wang"]
    wang.do_not_contact = True
    wang.save()
    assert may(house, "email") == []


def test_word_of_the_person_itself_counts_where_no_channel_was_spoken_of(house, wang):
    wang.consent, wang.consent_on = "given", TODAY
    wang.save()
    assert may(house, "post") == ["Wang"]
    say(house, "refused", "post", until=TODAY + timedelta(days=5))
    assert (may(house, "post"), may(house, "post", days=5)) == ([], ["Wang"])


def test_what_was_said_before_stays_and_ends(house, wang):
    first = say(house, "given", "phone", since=TODAY - timedelta(days=30))
    say(house, "refused", "phone")
    first.refresh_from_db()
    assert first.until == TODAY
    with pytest.raises(ConsentOver):
        end_consent(by=house.rm, record=first)
    assert ConsentRecord.objects.count() == 2


def test_what_makes_no_sense_is_refused(house, wang):
    stranger = house.team.people.create(name="Li")
    for wrong in (
        {"person": stranger},
        {"since": TODAY + timedelta(days=1)},
        {"until": TODAY - timedelta(days=1)},
    ):
        with pytest.raises(Invalid):
            say(house, "given", **wrong)
    with pytest.raises(Invalid):
        record_consent(by=house.rm, client=house.own, stance="given", source=" ")
    with pytest.raises(NotPermitted):
        record_consent(by=house.rm, client=house.team, stance="given", source="x")


def test_pages_and_api_keep_and_show_it(client, house, wang):
    client.force_login(house.rm)
    given = {"stance": "blocked", "channel": "phone", "source": "Call", "since": TODAY.isoformat()}
    assert client.post(reverse("crm:consent-new", args=[house.own.pk]), given).status_code == 302
    overview = client.get(reverse("crm:client", args=[house.own.pk])).content.decode()
    assert "no Telephone" in overview
    assert "Call" in client.get(reverse("crm:client-tab", args=[house.own.pk, "people"])).content.decode()
    rm = Asker(house.rm)
    told = rm.post(
        "consents/", {"client": house.own.pk, "stance": "given", "source": "Web", "person": wang.pk}
    )
    assert told.status_code == 201
    assert rm.get("consents/", holds="true", stance="given").data["results"][0]["id"] == told.data["id"]
    assert rm.post(f"consents/{told.data['id']}/end/").data["until"] == TODAY.isoformat()
    assert rm.post(f"consents/{told.data['id']}/end/").status_code == 409
