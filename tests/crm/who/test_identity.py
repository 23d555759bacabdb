"""Numbers that identify a client: checked by their standard, sealed, told from equal ones, shown for a reason."""

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from crm import sealing
from crm.core.identity import fault_of
from crm.errors import Conflict, Invalid, NotPermitted
from crm.models import IdentityNumber, IdentityReveal, Role
from crm.selectors.audit import audit_of
from crm.selectors.search import search
from crm.services.clients import update_client
from crm.services.identity import NumberElsewhere, add_number, change_number, end_number, reveal_number
from crm.services.people import EndedAlready
from tests.api.asking import Asker, make_house
from tests.factories import make_client, make_user

pytestmark = pytest.mark.django_db

USCC = "91110000600037341L"
LEI = "213800KUD8LAJWSQ9D15"
ID_CARD = "11010519491231002X"


@pytest.fixture
def house():
    return make_house()


@pytest.fixture
def number(house):
    return add_number(by=house.rm, client=house.own, kind="uscc", number=USCC)


@pytest.mark.parametrize(
    ("kind", "number", "fault"),
    [
        ("uscc", USCC, ""),
        ("uscc", "9111 0000 6000 3734 1l", ""),
        ("uscc", "91110000600037341M", "check"),
        ("uscc", "9111000060003734", "form"),
        ("lei", LEI, ""),
        ("lei", "213800KUD8LAJWSQ9D51", "check"),
        ("lei", LEI[:-1], "form"),
        ("id_card", ID_CARD, ""),
        ("id_card", "110105194912310021", "check"),
        ("id_card", "110105194913310021", "form"),
        ("passport", "E12345678", ""),
        ("passport", "!!", "form"),
        ("tax", "DE 811 115 368", ""),
        ("tax", "1", "length"),
        ("other", "1" * 41, "length"),
    ],
)
def test_number_is_held_against_the_standard_of_its_kind(kind, number, fault):
    assert fault_of(kind, number) == fault


def test_number_stands_in_no_table_not_even_in_the_history(house, number):
    change_number(by=house.rm, row=number, version=1, kind="lei", number=LEI)
    with connection.cursor() as cursor:
        for table in ("crm_identitynumber", "crm_identitynumberevent"):
            cursor.execute(f"SELECT string_agg(t::text, ' ') FROM {table} t")
            stored = cursor.fetchone()[0]
            assert USCC not in stored
            assert LEI not in stored
    shown = {change.field for entry in audit_of(house.own) for change in entry.changes}
    assert shown == {"kind", "last characters"}


def test_number_is_shown_for_a_reason_that_is_kept(house, number):
    assert number.masked == "•••• 341L"
    for nobody in (make_user(Role.AUDITOR), house.team.rm):
        with pytest.raises(NotPermitted):
            reveal_number(by=nobody, row=number, reason="Curious")
    with pytest.raises(Invalid):
        reveal_number(by=house.rm, row=number, reason=" ")
    assert reveal_number(by=house.officer, row=number, reason="Court file") == USCC
    assert IdentityReveal.objects.get().reason == "Court file"
    assert "Court file" in [entry.title for entry in audit_of(house.own)]


def test_number_of_another_client_is_warned_of_and_entered_all_the_same(house, number):
    with pytest.raises(NumberElsewhere, match=house.own.name):
        add_number(by=house.rm, client=make_client(rm=house.rm), kind="uscc", number=USCC.lower())
    with pytest.raises(NumberElsewhere, match="one that you may not see"):
        add_number(by=house.foreign.rm, client=house.foreign, kind="uscc", number=USCC)
    add_number(by=house.foreign.rm, client=house.foreign, kind="uscc", number=USCC, even_so=True)
    with pytest.raises(Invalid, match="already"):
        add_number(by=house.rm, client=house.own, kind="tax", number=USCC, even_so=True)


def test_number_is_changed_at_the_version_that_was_seen_until_ended(house, number):
    changed = change_number(by=house.rm, row=number, version=1, country="cn")
    assert (changed.country, sealing.unseal(changed.sealed)) == ("CN", USCC)
    with pytest.raises(Conflict):
        change_number(by=house.rm, row=number, version=1, note="late")
    with pytest.raises(Invalid, match="not written"):
        change_number(by=house.rm, row=number, version=2, kind="lei")
    end_number(by=house.rm, row=number)
    with pytest.raises(EndedAlready):
        end_number(by=house.rm, row=number)


def test_kinds_of_number_are_those_of_the_kind_of_client(house):
    person = make_client(rm=house.rm, kind="individual")
    for client, kind, text in ((person, "lei", LEI), (house.own, "id_card", ID_CARD)):
        with pytest.raises(Invalid) as refused:
            add_number(by=house.rm, client=client, kind=kind, number=text)
        assert list(refused.value.fields) == ["kind"]


def test_registration_number_meant_as_a_code_has_its_check_character(house):
    with pytest.raises(Invalid, match="check character"):
        update_client(by=house.rm, client=house.own, version=1, registration_number=USCC[:-1] + "M")
    update_client(by=house.rm, client=house.own, version=1, registration_number="HRB 12345")


def test_client_is_found_by_its_whole_number(house, number):
    def found(user, term):
        return [hit.label for group in search(user, term, 5) if group.key == "numbers" for hit in group.hits]

    assert found(house.rm, "9111 0000-6000 3734 1l") == [house.own.name]
    assert found(house.foreign.rm, USCC) == []
    assert found(house.rm, USCC[:-1]) == []
    end_number(by=house.rm, row=number)
    assert found(house.rm, USCC) == []


def test_numbers_move_to_a_new_key(house, number, settings):
    settings.SEALING_KEYS = [Fernet.generate_key().decode(), *settings.SEALING_KEYS]
    call_command("seal_anew")
    settings.SEALING_KEYS = settings.SEALING_KEYS[:1]
    assert sealing.unseal(IdentityNumber.objects.get().sealed) == USCC


def test_number_by_page_is_asked_about_and_shown_once(house, number, client):
    client.force_login(house.rm)
    other = make_client(rm=house.rm)
    address = reverse("crm:number-new", args=[other.pk])
    asked = client.post(address, {"kind": "uscc", "number": USCC})
    assert "enter it even so" in asked.content.decode()
    assert client.post(address, {"kind": "uscc", "number": USCC, "even_so": "on"}).status_code == 302
    page = client.get(reverse("crm:client", args=[house.own.pk])).content.decode()
    assert "•••• 341L" in page
    assert USCC not in page
    shown = client.post(reverse("crm:number-reveal", args=[number.pk]), {"reason": "Contract"})
    assert USCC in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    edit = reverse("crm:number-edit", args=[number.pk])
    assert client.post(edit, {"kind": "uscc", "version": 1, "note": "copy seen"}).status_code == 302
    assert client.post(reverse("crm:number-end", args=[number.pk])).status_code == 302
    assert IdentityNumber.objects.get(pk=number.pk).note == "copy seen"


def test_number_by_api_is_added_found_shown_and_ended(house):
    asker = Asker(house.rm)
    made = asker.post("numbers/", {"client": house.own.pk, "kind": "lei", "number": LEI})
    assert (made.status_code, made.data["number"]) == (201, "•••• 9D15")
    wrong = asker.post("numbers/", {"client": house.own.pk, "kind": "lei", "number": LEI[:-1] + "6"})
    assert "check character" in wrong.data["fields"]["number"][0]
    pk = made.data["id"]
    assert [row["id"] for row in asker.get("numbers/", number=LEI.lower()).data["results"]] == [pk]
    changed = asker.patch(f"numbers/{pk}/", {"version": 1, "note": "by letter"})
    assert (changed.data["note"], changed.data["number"]) == ("by letter", "•••• 9D15")
    assert asker.post(f"numbers/{pk}/reveal/", {"reason": "Contract"}).data == {"number": LEI}
    assert asker.post(f"numbers/{pk}/end/").data["ended_on"]
    assert asker.get("numbers/", ended="false").data["results"] == []
    assert Asker(house.foreign.rm).get(f"numbers/{pk}/").status_code == 404
