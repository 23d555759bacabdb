"""Of which kinds a client has records: one statement for a page, and of that client's own."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.models import Client, Follow, Participation, Project, Role
from crm.presence import may_have
from crm.reading import one_reading
from tests.factories import make_client, make_user

pytestmark = pytest.mark.django_db


def test_kinds_are_asked_for_once_in_a_page():
    user = make_user(Role.RM)
    followed, other = make_client(rm=user), make_client(rm=user)
    Follow.objects.create(client=followed, user=user)
    with one_reading(), CaptureQueriesContext(connection) as captured:
        assert may_have(followed, Follow)
        assert not may_have(followed, Participation)
        assert len(captured) == 1
        assert not may_have(other, Follow)
    assert len(captured) == 2


def test_outside_a_page_whoever_asks_looks():
    with CaptureQueriesContext(connection) as captured:
        assert may_have(Client(pk=1), Participation)
    assert len(captured) == 0


def test_kind_that_nobody_registered_is_refused():
    with one_reading(), pytest.raises(KeyError):
        may_have(make_client(), Project)
