import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from crm.errors import Conflict, Invalid, NotPermitted
from crm.models import Client, Interaction, Role
from crm.services.clients import NotAManager, assign_rm, create_client, update_client
from crm.services.fields import FieldsChanged
from crm.services.interactions import log_interaction
from tests.crm.imports.making import imported
from tests.factories import make_client, make_industry, make_team, make_user

pytestmark = pytest.mark.django_db


def test_rm_creates_a_client_in_the_own_book():
    rm = make_user(Role.RM)
    made = create_client(by=rm, code="C1", name_zh="苏州恒威化工有限公司", kind="corporate", status="active")
    stored = Client.objects.get(pk=made.pk)
    assert (stored.rm, stored.team, stored.version) == (rm, rm.team, 1)
    assert stored.sort_key.startswith("su1 zhou1 heng2")
    assert Client.objects.matching("恒威").get() == stored


def test_lead_creates_a_client_of_the_team_that_nobody_holds_yet():
    lead = make_user(Role.TEAM_LEAD)
    made = create_client(by=lead, code="C1", name_en="Northwind")
    assert (made.rm, made.team) == (None, lead.team)


@pytest.mark.parametrize("role", [Role.RISK_OFFICER, Role.AUDITOR, Role.CRITERIA_ADMIN, Role.SYSTEM_ADMIN])
def test_only_bookholders_create_clients(role):
    with pytest.raises(NotPermitted):
        create_client(by=make_user(role), code="C1", name_en="Northwind")


@pytest.mark.parametrize(
    ("fields", "blamed"),
    [
        ({"code": "C1"}, "__all__"),
        ({"code": "", "name_en": "Northwind"}, "code"),
        ({"code": "TAKEN", "name_en": "Northwind"}, "code"),
        ({"code": "C1", "name_en": "Wang", "kind": "individual", "registration_number": "9131"}, "__all__"),
        ({"code": "C1", "name_en": "Northwind", "status": "asleep"}, "status"),
    ],
)
def test_bad_fields_are_named_and_nothing_is_stored(fields, blamed):
    make_client(code="TAKEN")
    with pytest.raises(Invalid) as refusal:
        create_client(by=make_user(Role.RM), **fields)
    assert list(refusal.value.fields) == [blamed]
    assert Client.objects.count() == 1


def test_two_clients_without_a_registration_number_are_no_duplicates():
    rm = make_user(Role.RM)
    create_client(by=rm, code="C1", name_en="One", registration_number="")
    create_client(by=rm, code="C2", name_en="Two", registration_number="")
    assert Client.objects.filter(registration_number__isnull=True).count() == 2


def test_update_counts_the_version_and_resorts():
    client = make_client(rm=make_user(Role.RM))
    changed = update_client(by=client.rm, client=client, version=1, name_zh="", name_en="Zephyr")
    assert (changed.version, changed.sort_key) == (2, "zephyr")


def test_saving_asks_the_database_no_rule_that_it_holds_itself(django_assert_max_num_queries):
    client = make_client(rm=make_user(Role.RM))
    with django_assert_max_num_queries(7):  # four of them begin and end savepoints
        update_client(by=client.rm, client=client, version=1, name_en="Zephyr")


def test_second_of_two_editors_is_refused_and_changes_nothing():
    client = make_client(rm=make_user(Role.RM))
    update_client(by=client.rm, client=client, version=1, name_en="First")
    with pytest.raises(Conflict):
        update_client(by=client.rm, client=client, version=1, name_en="Second")
    assert Client.objects.get(pk=client.pk).name_en == "First"


def test_what_two_editors_change_in_different_fields_is_merged():
    client = make_client(rm=make_user(Role.RM))
    industry = make_industry()
    update_client(by=client.rm, client=client, version=1, employees=7, industry=industry)
    # A form sends every field; the second editor changed the size alone.
    seen = {"employees": None, "industry": None, "name_en": client.name_en, "size_class": "large"}
    merged = update_client(by=client.rm, client=client, version=1, **seen)
    assert (merged.employees, merged.industry, merged.size_class, merged.version) == (7, industry, "large", 3)
    same = update_client(by=client.rm, client=client, version=1, employees=7)
    assert same.version == 3


def test_field_that_both_editors_changed_is_told_with_what_it_was():
    client = make_client(rm=make_user(Role.RM), status="active")
    update_client(by=client.rm, client=client, version=1, status="dormant", employees=7)
    with pytest.raises(FieldsChanged) as refused:
        update_client(by=client.rm, client=client, version=1, status="potential", size_class="large")
    (found,) = refused.value.collisions
    assert (found.field, found.was, found.theirs, found.yours) == ("status", "Active", "Dormant", "Potential")
    assert refused.value.version == 2
    assert Client.objects.get(pk=client.pk).size_class == ""


def test_version_that_history_does_not_know_conflicts():
    client = make_client(rm=make_user(Role.RM))
    with pytest.raises(Conflict):
        update_client(by=client.rm, client=client, version=9, name_en="Any")


def test_colleague_of_the_team_cannot_change_a_client():
    client = make_client(rm=make_user(Role.RM))
    with pytest.raises(NotPermitted):
        update_client(by=make_user(Role.RM, team=client.team), client=client, version=1, name_en="Mine")


def test_rm_who_moves_to_another_team_leaves_the_book_behind():
    rm = make_user(Role.RM)
    client = make_client(rm=rm, code="C1")
    rm.team = make_team()
    rm.save()
    assert not Client.objects.editable_by(rm).exists()
    with pytest.raises(NotPermitted):
        update_client(by=rm, client=client, version=1, name_en="Mine")
    assert imported("clients", [["code", "name"], ["C1", "Mine"]], by=rm).counts == {"refuse": 1}


@pytest.mark.parametrize("field", ["rm", "team", "code", "sort_key"])
def test_fields_that_are_not_for_editing_are_refused(field):
    client = make_client(rm=make_user(Role.RM))
    with pytest.raises(TypeError, match=field):
        update_client(by=client.rm, client=client, version=1, **{field: 9})


def test_assignment_counts_only_clients_that_change_hands():
    lead = make_user(Role.TEAM_LEAD)
    rm, other = (make_user(Role.RM, team=lead.team) for _ in range(2))
    theirs, mine, foreign = make_client(rm=other), make_client(rm=rm), make_client(rm=make_user(Role.RM))
    assert assign_rm(by=lead, client_ids=[theirs.pk, mine.pk, foreign.pk], rm=rm) == 1
    assert Client.objects.get(pk=foreign.pk).rm == foreign.rm


@pytest.mark.parametrize("why", ["another team", "another role", "closed account"])
def test_clients_are_given_only_to_active_rms_of_the_team(why):
    lead = make_user(Role.TEAM_LEAD)
    taker = {
        "another team": lambda: make_user(Role.RM, team=make_team()),
        "another role": lambda: make_user(Role.TEAM_LEAD, team=lead.team),
        "closed account": lambda: make_user(Role.RM, team=lead.team, is_active=False),
    }[why]()
    with pytest.raises(NotAManager):
        assign_rm(by=lead, client_ids=[make_client(team=lead.team).pk], rm=taker)


def test_contact_is_logged_with_its_author():
    client = make_client(rm=make_user(Role.RM))
    at = timezone.now() - timedelta(hours=1)
    log_interaction(
        by=client.rm, client=client, kind="call", at=at, subject="Drawdown", body="Asked for ageing."
    )
    stored = Interaction.objects.get()
    assert (stored.author, stored.at, stored.client) == (client.rm, at, client)


@pytest.mark.parametrize(
    ("fields", "blamed"),
    [
        ({"at": timezone.now() + timedelta(days=1)}, "at"),
        ({"subject": ""}, "subject"),
        ({"kind": "telepathy"}, "kind"),
    ],
)
def test_contact_with_a_bad_field_is_refused_by_name(fields, blamed):
    client = make_client(rm=make_user(Role.RM))
    given = {"kind": "call", "at": timezone.now(), "subject": "Drawdown", **fields}
    with pytest.raises(Invalid) as refusal:
        log_interaction(by=client.rm, client=client, **given)
    assert list(refusal.value.fields) == [blamed]
    assert not Interaction.objects.exists()


def test_contact_is_logged_only_by_who_holds_the_client():
    client = make_client(rm=make_user(Role.RM))
    colleague = make_user(Role.RM, team=client.team)
    with pytest.raises(NotPermitted):
        log_interaction(by=colleague, client=client, kind="call", at=timezone.now(), subject="Drawdown")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("taken", ["code", "registration_number"])
def test_number_that_somebody_takes_meanwhile_is_refused_by_field(taken):
    rm = make_user(Role.RM)
    fields = {"name_en": "Northwind", taken: "N1"}

    def second():
        try:
            create_client(by=rm, **{"code": "C2", **fields})
        except Invalid as error:
            refused.append(set(error.fields))
        finally:
            connection.close()

    refused: list[set[str]] = []
    thread = threading.Thread(target=second)
    with transaction.atomic():
        create_client(by=rm, **{"code": "C1", **fields})
        thread.start()
        wait_for_a_blocked_statement()
    thread.join(10)
    assert refused == [{taken}]
    assert Client.objects.count() == 1


def wait_for_a_blocked_statement():
    """Until another connection waits for a lock of ours."""
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute(
                """SELECT EXISTS (
                       SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"""
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    raise AssertionError("nobody waits")
