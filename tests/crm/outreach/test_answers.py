"""Answers: entered by the RM, or given by a link that works once and shows nothing else."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from crm.errors import Invalid, NotPermitted
from crm.link_tokens import nonce_of, token_of
from crm.models import AnswerLink, Notice, Observation, Response, Role
from crm.selectors.breakdown import groupings
from crm.selectors.surveys import outcome_by, outcome_of
from crm.services.answers import (
    NotWaiting,
    answer_by_link,
    confirm_answers,
    enter_answers,
    make_link,
    revoke_link,
    set_aside,
)
from tests.api.asking import Asker, make_house
from tests.crm.outreach.making import SATISFACTION, published
from tests.factories import make_client, make_user

pytestmark = pytest.mark.django_db
GIVEN = {"pleased": "4", "plans": "no"}
TODAY = timezone.localdate


@pytest.fixture
def house():
    return make_house()


@pytest.fixture
def link(house):
    return make_link(
        by=house.rm, client=house.own, questionnaire=published().questionnaire, language="zh-hans"
    )


def test_link_is_made_in_a_language_that_the_house_has(house, link):
    questionnaire = link.version.questionnaire
    with pytest.raises(Invalid) as refused:
        make_link(by=house.rm, client=house.own, questionnaire=questionnaire, language="fr")
    assert list(refused.value.fields) == ["language"]


def address(link: AnswerLink) -> str:
    return reverse("crm:public-questionnaire", args=[token_of(link)])


def test_client_answers_once_by_its_link_and_metrics_follow(client, house, link):
    page = client.get(address(link))
    text = page.content.decode()
    assert page.status_code == 200
    assert "About you（中）" in text
    assert "About you（中）" not in client.get(address(link), {"lang": "en"}).content.decode()
    refused = client.post(address(link), {"pleased": "4", "plans": "yes", "remarks": "<b>x"})
    assert refused.status_code == 422
    assert "&lt;b&gt;x" in refused.content.decode()
    assert not Response.objects.exists()
    assert client.post(address(link), GIVEN).status_code == 302
    seen = Observation.objects.get()
    assert (seen.metric, seen.value, seen.source, seen.client) == (
        "satisfaction",
        4,
        "questionnaire",
        house.own,
    )
    assert seen.recorded_by is None
    told = Notice.objects.get()
    assert (told.recipient, told.client) == (house.rm, house.own)
    replay = client.post(address(link), {**GIVEN, "pleased": "1"})
    assert replay.status_code == 410
    assert "Many thanks（中）" in replay.content.decode()
    assert Response.objects.get().answers == {"pleased": 4, "plans": "no"}
    assert client.post(address(link), {**GIVEN, "act": "keep"}).status_code == 410


def test_page_of_a_link_shows_nothing_of_the_house(client, house, link):
    page = client.get(address(link))
    text = page.content.decode()
    for name in ("Strata", house.own.name, house.rm.name, house.own.code, "/accounts/"):
        assert name not in text
    policy = {part.strip() for part in page["Content-Security-Policy"].split(";")}
    own = {f"{name}-src 'self'" for name in ("script", "style")} | {"form-action 'self'"}
    assert policy == own | {f"{name} 'none'" for name in ("default-src", "base-uri", "frame-ancestors")}
    assert "noindex" in page["X-Robots-Tag"]
    assert page["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page["Cache-Control"]
    assert not page.cookies


@pytest.mark.parametrize("end", ["revoked", "expired", "forged", "garbage", "nonce"])
def test_link_that_is_no_more_opens_nothing(client, house, link, end):
    where = address(link)
    if end == "revoked":
        revoke_link(by=house.rm, link=link)
    elif end == "expired":
        AnswerLink.objects.update(expires_at=timezone.now())
    elif end == "forged":
        where = where[:-3] + ("aa/" if where[-3:-1] != "aa" else "bb/")
    else:
        where = reverse("crm:public-questionnaire", args=["x" * 400 if end == "garbage" else link.nonce.hex])
    closed = client.get(where)
    assert closed.status_code == 410
    assert "About you" not in closed.content.decode()
    assert client.post(where, GIVEN).status_code == closed.status_code
    assert not Response.objects.exists()


def test_draft_is_gone_on_with_until_it_is_sent(client, link):
    kept = client.post(address(link), {"act": "keep", "amount": "much", "remarks": "Half"})
    assert kept.status_code == 200
    again = client.get(address(link)).content.decode()
    assert "Half" in again
    assert not Response.objects.exists()
    client.post(address(link), GIVEN)
    link.refresh_from_db()
    assert link.draft == {}


def test_too_much_and_too_often_is_refused(client, link, settings):
    big = client.post(address(link), {"remarks": "x" * 300_000})
    assert big.status_code == 413
    settings.QUESTIONNAIRE_RATES = "2/m/key"
    cache.clear()
    assert [client.get(address(link)).status_code for _ in range(3)] == [200, 200, 429]


def test_answers_that_wait_count_once_the_rm_says_so(client, house):
    version = published(document={**SATISFACTION, "confirm": True})
    responses = []
    for grade in (2, 5):
        link = make_link(by=house.rm, client=house.own, questionnaire=version.questionnaire, language="en")
        answers = {"pleased": grade, "plans": "no"}
        responses.append(answer_by_link(nonce=nonce_of(token_of(link)), now=timezone.now(), answers=answers))
    assert not Observation.objects.exists()
    first, second = responses
    with pytest.raises(NotPermitted):
        confirm_answers(by=house.team.rm, response=first)
    confirm_answers(by=house.rm, response=first)
    assert Observation.objects.get().recorded_by == house.rm
    with pytest.raises(Invalid):
        set_aside(by=house.rm, response=second, reason=" ")
    client.force_login(house.rm)
    client.post(reverse("crm:response-decide", args=[second.pk]), {"act": "aside", "reason": "By mistake"})
    second.refresh_from_db()
    assert (second.status, second.reason) == ("set_aside", "By mistake")
    with pytest.raises(NotWaiting):
        confirm_answers(by=house.rm, response=second)
    assert "By mistake" in client.get(reverse("crm:response", args=[second.pk])).content.decode()


def test_rm_fills_in_for_a_client_that_it_holds(client, house):
    version = published()
    client.force_login(house.rm)
    where = f"{reverse('crm:answers-new', args=[house.own.pk])}?version={version.pk}"
    page = client.post(where, {"pleased": "3", "plans": "yes", "answered_on": "2026-01-05"})
    assert page.status_code == 422
    assert "Please answer this question" in page.content.decode()
    given = {"pleased": "3", "plans": "yes", "amount": "12.5", "answered_on": "2026-01-05"}
    assert client.post(where, given).status_code == 302
    assert str(Observation.objects.get().observed_on) == "2026-01-05"
    tab = client.get(reverse("crm:client-tab", args=[house.own.pk, "questionnaires"]))
    assert "About you" in tab.content.decode()
    with pytest.raises(NotPermitted):
        enter_answers(by=house.rm, client=house.team, version=version, answers={}, answered_on=TODAY())
    tomorrow = TODAY() + timedelta(days=1)
    with pytest.raises(Invalid):
        enter_answers(by=house.rm, client=house.own, version=version, answers={}, answered_on=tomorrow)


def test_survey_tells_its_rate_its_trend_and_its_groups(client, house, link):
    other = make_client(rm=house.rm, kind="institution")
    version = link.version
    make_link(by=house.rm, client=other, questionnaire=version.questionnaire, language="en")
    gone = make_link(by=house.rm, client=other, questionnaire=version.questionnaire, language="en")
    revoke_link(by=house.rm, link=gone)
    answer_by_link(nonce=link.nonce, now=timezone.now(), answers={"pleased": 5, "plans": "no"})
    for day, grade in (("2026-01-05", 1), ("2026-02-05", 3)):
        answers = {"pleased": grade, "plans": "no"}
        enter_answers(
            by=house.rm,
            client=other,
            version=version,
            answers=answers,
            answered_on=TODAY().fromisoformat(day),
        )
    seen = outcome_of(version.questionnaire, house.rm)
    assert (seen.sent, seen.answered, seen.entered, seen.rate) == (2, 1, 2, 0.5)
    assert [mean for _month, mean in seen.trend] == [0, 50, 100]
    kind = next(field for field in groupings(house.rm, TODAY()) if field.key == "client.kind")
    groups = {group.key: group.figures for group in outcome_by(version.questionnaire, kind, house.rm)}
    assert groups == {"corporate": (1, 100.0), "institution": (2, 25.0)}
    assert outcome_of(version.questionnaire, house.foreign.rm).sent == 0
    client.force_login(house.rm)
    page = client.get(reverse("crm:questionnaire", args=[version.questionnaire_id]), {"by": "client.kind"})
    assert "50%" in page.content.decode()


def test_api_does_what_the_pages_do(house):
    admin, rm = Asker(make_user(Role.CRITERIA_ADMIN)), Asker(house.rm)
    started = {"kind": "survey", "title_en": "Ease", "title_zh": "便捷度", "document": SATISFACTION}
    draft = admin.post("questionnaires/", started, key="one").data
    assert admin.post("questionnaires/", started, key="one").data["id"] == draft["id"]
    at = f"questionnaire-versions/{draft['id']}/"
    written = admin.send("PUT", at, {"revision": 0, "document": SATISFACTION}).data
    assert admin.send("PUT", at, {"revision": 0, "document": SATISFACTION}).status_code == 409
    assert admin.post(f"{at}publish/", {"revision": written["revision"]}).data["status"] == "published"
    asked = {"client": house.own.pk, "questionnaire": draft["questionnaire"], "language": "en"}
    link = rm.post("answer-links/", asked).data
    assert link["url"].endswith(token_of(AnswerLink.objects.get()) + "/")
    assert Asker(house.team.rm).get("answer-links/").data["results"][0]["url"] is None
    assert rm.post("answer-links/", {**asked, "client": house.foreign.pk}).status_code == 400
    assert rm.post(f"answer-links/{link['id']}/revoke/").data["url"] is None
    given = {"client": house.own.pk, "version": draft["id"], "answered_on": "2026-03-01"}
    refused = rm.post("responses/", {**given, "answers": {"pleased": "5", "plans": "no", "x": 1}})
    assert set(refused.data["fields"]) == {"pleased", "x"}
    entered = rm.post("responses/", {**given, "answers": {"pleased": 5, "plans": "no"}}).data
    assert entered["fed"] == {"satisfaction": 5}
    figures = rm.get(f"questionnaires/{draft['questionnaire']}/figures/", by="client.kind").data
    assert (figures["entered"], figures["groups"][0]["mean"]) == (1, 100.0)
