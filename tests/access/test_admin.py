"""What a system administrator may not do, with every form of the admin at hand."""

import pytest
from django.urls import reverse

from crm.models import Role, User
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client):
    user = make_user(Role.SYSTEM_ADMIN)
    client.force_login(user)
    return user


def change(client, user: User, **fields) -> User:
    """Send the form of a user as it stands, with other values in the given fields."""
    address = reverse("admin:crm_user_change", args=[user.pk])
    shown = client.get(address).context["adminform"].form
    sent = {name: value for name, value in shown.initial.items() if value not in (None, False)}
    answer = client.post(address, {**sent, **fields})
    assert answer.status_code == 302, answer.context["errors"]
    user.refresh_from_db()
    return user


def test_nobody_gives_themselves_another_role(client, administrator):
    changed = change(client, administrator, role=Role.RISK_OFFICER, name="Renamed")
    assert (changed.role, changed.name) == (Role.SYSTEM_ADMIN, "Renamed")


def test_nobody_makes_themselves_inactive(client, administrator):
    assert change(client, administrator, is_active="").is_active


def test_role_of_somebody_else_can_be_given(client, administrator):
    assert change(client, make_user(Role.AUDITOR), role=Role.RISK_OFFICER).role == Role.RISK_OFFICER
