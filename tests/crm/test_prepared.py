"""Statements that are written once and asked with other values."""

from datetime import timedelta

import pytest
from django.db.models import F, Max, QuerySet
from django.utils import timezone

from crm import slots
from crm.models import Client, Interaction, Role
from crm.paging import counting
from crm.prepared import Among, Given, Reader, Sight, prepared
from tests.factories import make_client, make_team, make_user

pytestmark = pytest.mark.django_db


def test_statement_is_written_once_and_asked_with_other_values(django_assert_num_queries):
    built = []

    @prepared
    def latest(kinds: str, clients: Given, until: Given) -> QuerySet:
        built.append(kinds)
        rows = Interaction.objects.filter(Among("client", clients), kind=kinds, at__lte=until).order_by()
        return rows.values_list("client").annotate(Max("at"))

    rm = make_user(Role.RM)
    first, second, silent = (make_client(rm=rm) for _ in range(3))
    now = timezone.now()
    for one in (first, second):
        for days in (1, 3):
            Interaction.objects.create(
                client=one, kind="call", at=now - timedelta(days=days), author=rm, subject="-"
            )
    with django_assert_num_queries(3):
        assert dict(latest("call", clients=[first.pk, silent.pk], until=now)) == {
            first.pk: now - timedelta(days=1)
        }
        assert dict(latest("call", clients=[second.pk], until=now - timedelta(days=2))) == {
            second.pk: now - timedelta(days=3)
        }
        assert latest("call", clients=[], until=now) == []
    assert built == ["call"]
    assert latest("visit", clients=[first.pk], until=now) == []
    assert built == ["call", "visit"]


def test_reader_whose_account_changes_is_asked_for_anew(django_assert_num_queries):
    @prepared
    def names(reader: Reader) -> QuerySet:
        return Client.objects.visible_to(reader.user).order_by(F("pk")).values_list("pk")

    rm, elsewhere = make_user(Role.RM), make_user(Role.RM)
    mine, theirs = make_client(rm=rm), make_client(rm=elsewhere)
    assert names(Reader.of(rm)) == [(mine.pk,)]
    rm.team = elsewhere.team
    assert names(Reader.of(rm)) == [(theirs.pk,)]
    rm.role = Role.AUDITOR
    assert names(Reader.of(rm)) == [(mine.pk,), (theirs.pk,)]
    rm.role, rm.team = Role.SYSTEM_ADMIN, make_team()
    with django_assert_num_queries(0):  # nobody: nothing is asked
        assert names(Reader.of(rm)) == []


@pytest.mark.parametrize("role", Role.values)
def test_numbers_of_the_sidebar_depend_on_the_account_alone(role, django_assert_num_queries):
    user = make_user(role)
    with django_assert_num_queries(0):
        text, _given = counting([entry.count(user) for entry in slots.nav.for_user(user) if entry.count])
    assert text.startswith("SELECT")


def test_records_come_with_what_is_joined_to_them_and_each_reader_sees_their_own(django_assert_num_queries):
    built = []

    @prepared
    def calls(sight: Sight, client: Given) -> QuerySet[Interaction]:
        built.append(sight.role)
        rows = Interaction.objects.visible_to(sight.user).filter(client=client)
        return rows.select_related("author")[:1]

    rm, elsewhere, auditor = make_user(Role.RM), make_user(Role.RM), make_user(Role.AUDITOR)
    mine, theirs = make_client(rm=rm), make_client(rm=elsewhere)
    for one in (mine, theirs):
        Interaction.objects.create(client=one, kind="call", at=timezone.now(), author=one.rm, subject="-")
    with django_assert_num_queries(5):
        (call,) = calls(Sight.of(rm), client=mine.pk)
        assert (call.client_id, call.author) == (mine.pk, rm)
        assert calls(Sight.of(rm), client=theirs.pk) == []
        (call,) = calls(Sight.of(elsewhere), client=theirs.pk)
        assert call.author == elsewhere
        assert calls(Sight.of(elsewhere), client=mine.pk) == []
        assert [one.author for one in calls(Sight.of(auditor), client=mine.pk)] == [rm]
    assert built == [Role.RM, Role.AUDITOR]
    rm.is_active = False
    assert calls(Sight.of(rm), client=mine.pk) == []
    assert calls(Sight.of(make_user(Role.SYSTEM_ADMIN)), client=mine.pk) == []
