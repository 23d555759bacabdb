"""People and addresses of a client, and telephone numbers that nobody reads without saying why."""

from datetime import date

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from crm import sealing
from crm.errors import Conflict, Invalid, NotPermitted
from crm.models import Address, ContactPerson, Reveal, Role
from crm.selectors.audit import audit_of
from crm.services.people import (
    EndedAlready,
    NoPhone,
    add_address,
    add_person,
    change_person,
    end_address,
    end_person,
    reveal_phone,
)
from tests.api.asking import Asker, make_house
from tests.factories import make_region, make_user

pytestmark = pytest.mark.django_db

NUMBER = "+86 138 0013 8000"


@pytest.fixture
def house():
    return make_house()


@pytest.fixture
def wang(house):
    return add_person(by=house.rm, client=house.own, name="Wang", roles=["finance"], phone=NUMBER)


def test_number_stands_in_no_table_not_even_in_the_history(wang):
    change_person(by=wang.client.rm, person=wang, version=1, phone="010 5550 1234")
    with connection.cursor() as cursor:
        for table in ("crm_contactperson", "crm_contactpersonevent"):
            cursor.execute(f"SELECT string_agg(t::text, ' ') FROM {table} t")
            stored = cursor.fetchone()[0]
            assert "138 0013" not in stored
            assert "5550 1234" not in stored
    shown = [change.field for entry in audit_of(wang.client) for change in entry.changes]
    assert shown == ["last digits of the telephone number"]


def test_number_is_shown_for_a_reason_that_is_kept(house, wang):
    assert wang.phone_masked == "•••• 8000"
    for nobody in (make_user(Role.AUDITOR), house.team.rm):
        with pytest.raises(NotPermitted):
            reveal_phone(by=nobody, person=wang, reason="Curious")
    with pytest.raises(Invalid):
        reveal_phone(by=house.rm, person=wang, reason=" ")
    assert not Reveal.objects.exists()
    assert reveal_phone(by=house.officer, person=wang, reason="Overdue since May") == NUMBER
    looked = Reveal.objects.get()
    assert (looked.by, looked.person, looked.reason) == (house.officer, wang, "Overdue since May")
    assert "Overdue since May" in [entry.title for entry in audit_of(house.own)]


def test_nobody_is_called_by_a_number_that_is_not_known(house):
    person = add_person(by=house.rm, client=house.own, name="Li")
    with pytest.raises(NoPhone):
        reveal_phone(by=house.rm, person=person, reason="Call")


@pytest.mark.parametrize("phone", ["call me", "123", "+86 138 0013 8000 <b>"])
def test_what_is_no_number_is_refused(house, phone):
    with pytest.raises(Invalid) as refused:
        add_person(by=house.rm, client=house.own, name="Li", phone=phone)
    assert list(refused.value.fields) == ["phone"]


@pytest.mark.parametrize(
    "terms",
    [
        {"consent": "given"},
        {"consent_on": date(2026, 1, 1)},
        {"roles": ["friend"]},
        {"email": "nowhere"},
        {"name": ""},
    ],
)
def test_person_that_makes_no_sense_is_refused(house, terms):
    with pytest.raises(Invalid):
        add_person(by=house.rm, client=house.own, **{"name": "Li", **terms})


def test_person_is_changed_at_the_version_that_was_seen_until_ended(house, wang):
    changed = change_person(by=house.rm, person=wang, version=1, position="CFO", do_not_contact=True)
    assert (changed.position, changed.version) == ("CFO", 2)
    assert sealing.unseal(changed.phone_sealed) == NUMBER
    with pytest.raises(Conflict):
        change_person(by=house.rm, person=wang, version=1, position="CEO")
    assert change_person(by=house.rm, person=wang, version=2, phone="").phone_masked == ""
    with pytest.raises(NotPermitted):
        end_person(by=house.team.rm, person=wang)
    end_person(by=house.rm, person=wang)
    with pytest.raises(EndedAlready):
        end_person(by=house.rm, person=wang)


def test_client_has_one_registered_address_at_a_time(house):
    first = add_address(by=house.rm, client=house.own, kind="registered", text="1 Main Street")
    with pytest.raises(Invalid, match="registered address already"):
        add_address(by=house.rm, client=house.own, kind="registered", text="2 Main Street")
    end_address(by=house.rm, address=first)
    add_address(by=house.rm, client=house.own, kind="registered", text="2 Main Street", region=make_region())


@pytest.mark.parametrize("other", ["+86-138-0013-8000", "＋８６ １３８００１３８０００"])
def test_fingerprint_is_that_of_the_number_and_not_of_how_it_is_written(other):
    assert sealing.fingerprint(other) == sealing.fingerprint(NUMBER) != sealing.fingerprint("138 0013 8000")


def test_hint_gives_little_away():
    assert [sealing.hint(text) for text in (NUMBER, "123456", "12")] == ["8000", "56", ""]


def test_keys_are_changed_without_losing_a_number(settings, wang):
    old, new = settings.SEALING_KEYS[0], Fernet.generate_key().decode()
    settings.SEALING_KEYS = [new, old]
    call_command("seal_anew", stdout=None)
    settings.SEALING_KEYS = [new]
    wang.refresh_from_db()
    assert sealing.unseal(wang.phone_sealed) == NUMBER
    settings.SEALING_KEYS = [old]
    with pytest.raises(CommandError, match="Put the key of its day back in"):
        call_command("seal_anew")


def test_people_and_addresses_on_the_page(client, house):
    client.force_login(house.rm)
    tab = reverse("crm:client-tab", args=[house.own.pk, "people"])
    said = {"name": "Wang", "roles": ["owner", "finance"], "phone": NUMBER, "consent": "not_asked"}
    assert client.post(reverse("crm:person-new", args=[house.own.pk]), said)["Location"] == tab
    person = ContactPerson.objects.get()
    where = {"kind": "office", "text": "1 Main Street"}
    assert client.post(reverse("crm:address-new", args=[house.own.pk]), where)["Location"] == tab
    html = client.get(tab).content.decode()
    assert "•••• 8000" in html
    assert "1 Main Street" in html
    assert "138 0013" not in html
    edit = reverse("crm:person-edit", args=[person.pk])
    assert "138 0013" not in client.get(edit).content.decode()
    assert client.post(edit, {**said, "phone": "", "name": "Wang Wei", "version": "1"}).status_code == 302
    stale = client.post(edit, {**said, "name": "Wang Lei", "version": "1"})
    assert (stale.status_code, "Somebody changed this" in stale.content.decode()) == (422, True)
    shown = client.post(reverse("crm:person-phone", args=[person.pk]), {"reason": "Call"})
    assert NUMBER in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    for name, row in (("person-end", person), ("address-end", Address.objects.get())):
        assert client.post(reverse(f"crm:{name}", args=[row.pk]))["Location"] == tab
    assert "No longer there" in client.get(tab).content.decode()


def test_people_and_addresses_over_the_api(house, wang):
    rm = Asker(house.rm)
    made = rm.post("people/", {"client": house.own.pk, "name": "Li", "phone": "010 5550 1234"})
    assert (made.status_code, made.data["phone"]) == (201, "•••• 1234")
    assert rm.post("people/", {"client": house.foreign.pk, "name": "Li"}).status_code == 400
    found = rm.get("people/", phone="+86-138-00138000").data["results"]
    assert [one["id"] for one in found] == [wang.pk]
    path = f"people/{made.data['id']}/"
    assert rm.patch(path, {"version": 1, "position": "CFO"}).data["position"] == "CFO"
    assert rm.patch(path, {"version": 1, "position": "CEO"}).status_code == 409
    assert rm.post(f"{path}phone/", {}).status_code == 400
    told = rm.post(f"{path}phone/", {"reason": "Call"})
    assert (told.data, told["Cache-Control"]) == ({"phone": "010 5550 1234"}, "no-store")
    assert rm.post(f"{path}end/").data["ended_on"] is not None
    assert [one["name"] for one in rm.get("people/", ended="true").data["results"]] == ["Li"]
    place = rm.post("addresses/", {"client": house.own.pk, "text": "1 Main Street"}).data
    path = f"addresses/{place['id']}/"
    assert rm.patch(path, {"version": 1, "postcode": "100000"}).data["postcode"] == "100000"
    assert rm.post(f"{path}end/").data["ended_on"] is not None
    assert rm.post(f"{path}end/").data["code"] == "ended_already"
