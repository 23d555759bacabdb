"""A form that is sent twice makes one thing, and sends both senders to it."""

import re
from functools import partial

import pytest
from django.test import Client as Browser
from django.urls import reverse

from crm.models import Client, IdempotencyKey, Interaction, Role
from funnel.models import Case
from funnel.services.pipelines import ensure_seed_pipeline
from tests.at_once import at_once
from tests.factories import make_client, make_user

pytestmark = pytest.mark.django_db
LOG = "/interactions/new/"
CONTACT = {"kind": "call", "at": "2026-06-30T10:00", "subject": "Call"}


@pytest.fixture
def rm(client):
    user = make_user(Role.RM)
    client.force_login(user)
    return user


def shown(client, address: str) -> dict[str, str]:
    """What the form at an address sends along to be done once."""
    return {"once": re.search(r'name="once" value="([^"]+)"', client.get(address).content.decode())[1]}


def test_contact_sent_twice_is_logged_once(client, rm):
    about = make_client(rm=rm)
    form = CONTACT | shown(client, f"{LOG}?client={about.pk}")
    answers = [client.post(LOG, form | {"client": about.pk}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Interaction.objects.count() == 1


def test_form_filled_in_anew_after_going_back_is_another_contact(client, rm):
    about = make_client(rm=rm)
    form = CONTACT | shown(client, f"{LOG}?client={about.pk}")
    for subject in ("Call", "Second call"):
        client.post(LOG, form | {"client": about.pk} | {"subject": subject})
    assert Interaction.objects.count() == 2


def test_refused_form_can_be_sent_again(client, rm):
    form = {"kind": "corporate", "status": "active", "name_en": "Northwind"}
    form |= shown(client, reverse("crm:client-new"))
    assert client.post(reverse("crm:client-new"), form).status_code == 422
    assert not IdempotencyKey.objects.exists()
    answers = [client.post(reverse("crm:client-new"), form | {"code": "C1"}) for _ in range(2)]
    made = Client.objects.get()
    assert {answer.headers["Location"] for answer in answers} == {reverse("crm:client", args=[made.pk])}


@pytest.mark.django_db(transaction=True)
def test_double_click_opens_one_case(rm):
    ensure_seed_pipeline()
    about, address = make_client(rm=rm), reverse("funnel:new-case")
    browsers = [Browser() for _ in range(4)]
    for browser in browsers:
        browser.force_login(rm)
    form = {"client": about.pk, "product": "term_loan", "amount": "1000"} | shown(browsers[0], address)
    answers = at_once(*(partial(browser.post, address, form) for browser in browsers))
    assert [answer.headers["Location"] for answer in answers] == [
        reverse("funnel:case", args=[Case.objects.get().pk])
    ] * 4
