"""What a page tells once, after a redirect, is told to the one whose act it was."""

import pytest
from django.urls import reverse

from crm.models import Role
from tests.factories import make_client, make_user

pytestmark = pytest.mark.django_db


def test_notice_lies_in_the_session_and_ends_with_it(client):
    rm = make_user(Role.RM)
    client.force_login(rm)
    about = make_client(rm=rm)
    form = {"client": about.pk, "kind": "call", "at": "2026-06-30T10:00", "subject": "Call"}
    answer = client.post(reverse("crm:interaction-new"), form)
    assert answer.status_code == 302
    assert set(answer.cookies) <= {"session", "csrftoken"}
    client.post(reverse("account_logout"))
    client.force_login(make_user(Role.AUDITOR))
    assert f"The contact with {about.name}" not in client.get("/").content.decode()
