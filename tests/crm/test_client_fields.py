"""A client's fields, each changed in its place on the page."""

import pytest
from django.urls import reverse

from crm.models import Client, Role
from tests.factories import make_client, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(client) -> Client:
    made = make_client(rm=make_user(Role.RM), name_zh="", name_en="Northwind", status="active")
    client.force_login(made.rm)
    return made


def address(of: Client, name: str) -> str:
    return reverse("crm:client-field", args=[of.pk, name])


def test_field_is_opened_filled_and_saved_with_the_title_that_tells_it(client, held):
    editor = client.get(address(held, "name_en") + "?edit").content.decode()
    assert 'value="Northwind"' in editor
    assert 'name="version" value="1"' in editor
    answer = client.post(address(held, "name_en"), {"version": 1, "name_en": "Southwind"})
    assert answer.status_code == 200
    assert "<h1>Southwind</h1>" in answer.content.decode()
    held.refresh_from_db()
    assert (held.name_en, held.status, held.version) == ("Southwind", "active", 2)


def test_refused_value_comes_back_in_the_editor(client, held):
    answer = client.post(address(held, "employees"), {"version": 1, "employees": "many"})
    assert answer.status_code == 422
    assert 'value="many"' in answer.content.decode()
    nameless = client.post(address(held, "name_en"), {"version": 1, "name_en": ""})
    assert nameless.status_code == 422
    assert "English or a Chinese name" in nameless.content.decode()
    held.refresh_from_db()
    assert (held.employees, held.name_en) == (None, "Northwind")


def test_field_that_somebody_else_set_meanwhile_is_asked_about(client, held):
    client.post(address(held, "status"), {"version": 1, "status": "dormant"})
    answer = client.post(address(held, "status"), {"version": 1, "status": "potential"})
    dialog = answer.content.decode()
    assert answer.status_code == 409
    assert all(f">{value}</dd>" in dialog for value in ("Active", "Dormant", "Potential"))
    assert 'data-version="2"' in dialog
    merged = client.post(address(held, "employees"), {"version": 1, "employees": "12"})
    assert merged.status_code == 200
    held.refresh_from_db()
    assert (held.status, held.employees) == ("dormant", 12)


def test_colleague_reads_the_field_and_unknown_ones_are_not_there(client, held):
    assert client.get(address(held, "code")).status_code == 404
    client.force_login(make_user(Role.RM, team=held.team))
    content = client.get(address(held, "status")).content.decode()
    assert "Active" in content
    assert "data-inline" not in content
    assert client.get(address(held, "status") + "?edit").status_code == 403
