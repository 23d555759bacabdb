"""Making one client of two: everything moves, what stays is named, and all of it can be taken back."""

import threading
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from pghistory.models import Event

from crm import merging
from crm.errors import Conflict, Invalid, NotPermitted
from crm.models import Client, DuplicatePair, Merge, Note, Revenue, Role
from crm.models.conduct import today
from crm.names import sort_key
from crm.selectors.search import search
from crm.services.merging import (
    CHOOSABLE,
    MergedAlready,
    MergedOn,
    NotToMerge,
    UndoneAlready,
    columns,
    digests,
    merge_clients,
    moved_by,
    undo_merge,
)
from crm.services.notes import write_note
from crm.services.people import add_person
from crm.services.tasks import finish_task
from tests.access.alerts import a_draft, an_alert
from tests.api.asking import Asker, make_house
from tests.factories import (
    make_client,
    make_facility,
    make_observation,
    make_revenue,
    make_statement,
    make_user,
)
from tests.funnel.making import put_in_tier
from tiering.models import Alert, Assignment, Covenant, Facts, WatchlistEntry

WRITTEN_OF_MERGED = {"crm.Notice", "crm.Reveal", "crm.IdentityReveal"}
"""What was told and looked at of a client may be written of one that is merged by then."""


@pytest.fixture
def house():
    return make_house()


@pytest.fixture
def two(house):
    """A client and one that is the same, each with records, some of them alike."""
    kept = make_client(rm=house.rm, code="A1", employees=10)
    gone = make_client(
        rm=house.rm, code="B1", name_zh="杭州宏信有限公司", sort_key=sort_key("杭州宏信有限公司", "")
    )
    Client.objects.filter(pk=gone.pk).update(registration_number="91330100MA27XF6A1B", employees=12)
    gone.refresh_from_db()
    for one in (kept, gone):
        make_statement(one)
        make_revenue(one, date(2026, 1, 1), 5_000)
        one.addresses.create(kind="registered", text="1 Main Street")
    add_person(by=house.rm, client=gone, name="Wang", phone="+86 138 0013 8000")
    make_facility(gone)
    make_observation(gone, "esg_score", 3.0)
    gone.tasks.create(assignee=house.rm, title="Call", due_on=date(2026, 11, 30))
    gone.relations.create(party=make_client(rm=house.rm), kind="guarantor")
    gone.relations.create(party=kept, kind="related", note="the same owner")
    return kept, gone


def state(client):
    """All that moves of a client, and its own fields, as they are stored."""
    records = {}
    for label, model, column, _treatment in columns():
        ids = model._base_manager.filter(**{column: client.pk}).values_list("pk", flat=True)
        records[label, column] = digests(model, list(ids))
    return records, Client.objects.filter(pk=client.pk).values(*CHOOSABLE, "merged_into").get()


def merge(house, two, **fields):
    kept, gone = two
    given = {"versions": (kept.version, gone.version), "reason": "One register entry", "chosen": ()} | fields
    return merge_clients(by=house.rm, client=kept, gone=gone, **given)


def names_a_client() -> set[tuple[str, str]]:
    """Every column of a table of ours that points to a client."""
    found = set()
    for model in apps.get_models():
        if not issubclass(model, Event):
            found |= {
                (model._meta.label, column.name)
                for column in model._meta.concrete_fields
                if column.is_relation and column.related_model is Client
            }
    return found


def test_every_column_that_names_a_client_says_what_becomes_of_it():
    assert set(merging.treatments) == names_a_client()


def test_every_unique_rule_of_what_moves_is_understood():
    for label, model, column, _treatment in columns():
        rows = model._base_manager.none()
        assert isinstance(model(), Model)
        merging.left_by_rules(rows, column, Client(pk=1))
        assert label


@pytest.mark.django_db
def test_merge_moves_everything_and_undoing_gives_it_back(house, two):
    kept, gone = two
    before = state(kept), state(gone)
    done = merge(house, two, chosen=["registration_number", "employees"])
    assert moved_by(done)["contact persons"] == 1
    kept.refresh_from_db()
    gone.refresh_from_db()
    assert (kept.employees, kept.registration_number, gone.registration_number) == (
        12,
        "91330100MA27XF6A1B",
        None,
    )
    assert gone.merged_into == kept
    assert (kept.people.count(), kept.facilities.count(), kept.tasks.count()) == (1, 1, 1)
    left = {
        "addresses": gone.addresses.count(),
        "statements": gone.statements.count(),
        "relations": gone.relations.count(),
    }
    assert left == {"addresses": 1, "statements": 1, "relations": 1}
    assert {row.source for row in Revenue.objects.filter(client=kept)} == {"ledger", "ledger · B1"}
    came = undo_merge(by=house.rm, merge=done)
    assert came.notes == []
    assert (state(kept), state(gone)) == before
    with pytest.raises(UndoneAlready):
        undo_merge(by=house.rm, merge=done)


@pytest.mark.django_db
def test_undoing_says_what_changed_since(house, two):
    kept, gone = two
    done = merge(house, two, chosen=["employees"])
    finish_task(by=house.rm, task=kept.tasks.get())
    kept.people.update(client=make_client(rm=house.rm))
    Client.objects.filter(pk=kept.pk).update(employees=50)
    notes = undo_merge(by=house.rm, merge=done).notes
    assert len(notes) == 3
    kept.refresh_from_db()
    assert (kept.employees, gone.tasks.get().status, gone.people.count()) == (50, "done", 0)


@pytest.mark.django_db
def test_merge_is_refused_to_others_and_of_what_changed(house, two):
    kept, gone = two
    for stranger in (house.team.rm, make_house().rm, make_user(Role.AUDITOR)):
        with pytest.raises(NotPermitted):
            merge_clients(by=stranger, client=kept, gone=gone, versions=(1, 1), reason="Same")
    with pytest.raises(Conflict):
        merge(house, two, versions=(1, 9))
    with pytest.raises(Invalid):
        merge(house, two, reason=" ")
    told = {"reason": "Late", "strategy": "reduce", "entered_by": house.rm, "owner": house.rm}
    WatchlistEntry.objects.create(client=gone, next_review_on=date(2026, 12, 1), **told)
    with pytest.raises(NotToMerge, match="watch list"):
        merge(house, two)
    assert not Merge.objects.exists()


@pytest.mark.django_db
def test_covenants_that_are_not_over_bind_the_client_that_stays_until_that_is_taken_back(house, two):
    kept, gone = two
    terms = {"client": gone, "metric": "leverage", "op": "<=", "value": 0.7, "entered_by": house.rm}
    day, year = today(), timedelta(days=365)
    spans = [(day - year, None), (day - year, day + year), (day + year, None), (day - year, day - year)]
    for starts_on, ends_on in spans:
        Covenant.objects.create(**terms, starts_on=starts_on, ends_on=ends_on)

    def spans_of(client):
        return list(client.covenants.order_by("pk").values_list("starts_on", "ends_on"))

    done = merge(house, two)
    assert spans_of(kept) == spans[:3]
    over = [(day - year, day), (day - year, day), (day + year, day + year), spans[3]]
    assert spans_of(gone) == over
    undo_merge(by=house.rm, merge=done)
    assert (spans_of(kept), spans_of(gone)) == (over[:3], spans)


@pytest.mark.django_db
@pytest.mark.parametrize("chosen", ["rm", "team"])
def test_manager_and_team_are_taken_from_the_same_of_two_teams(chosen, house):
    kept, gone = house.own, house.foreign
    given = {"by": house.officer, "client": kept, "gone": gone, "versions": (1, 1), "reason": "Same"}
    with pytest.raises(Invalid, match="same client"):
        merge_clients(**given, chosen=[chosen])
    assert merge_clients(**given, chosen=["rm", "team"]).is_in_force
    kept.refresh_from_db()
    assert (kept.rm, kept.team) == (gone.rm, gone.team)


@pytest.mark.django_db
def test_merges_of_merged_clients_are_taken_back_in_their_order(house, two):
    kept, _gone = two
    first = merge(house, two)
    kept.refresh_from_db()
    with pytest.raises(MergedAlready):
        merge(house, two, versions=(2, 2))
    third = make_client(rm=house.rm)
    second = merge_clients(by=house.rm, client=third, gone=kept, versions=(1, 2), reason="Same")
    with pytest.raises(MergedOn):
        undo_merge(by=house.rm, merge=first)
    undo_merge(by=house.rm, merge=second)
    undo_merge(by=house.rm, merge=first)
    assert not Client.objects.filter(merged_into__isnull=False).exists()


@pytest.mark.django_db
def test_merged_client_leads_to_the_one_it_is_part_of(house, two, client):
    kept, gone = two
    pair = DuplicatePair.objects.create(one=kept, other=gone, score=90)
    client.force_login(house.rm)
    address = f"{reverse('crm:merge', args=[kept.pk])}?with={gone.pk}"
    assert "杭州宏信有限公司" in client.get(address).content.decode()
    said = {"client_version": 1, "gone_version": 1, "reason": "One register entry", "take_employees": "gone"}
    assert client.post(address, said).status_code == 302
    pair.refresh_from_db()
    kept.refresh_from_db()
    assert (pair.status, kept.employees) == ("merged", 12)
    for page in (reverse("crm:client", args=[gone.pk]), reverse("crm:client-tab", args=[gone.pk, "people"])):
        assert client.get(page)["Location"] == reverse("crm:client", args=[kept.pk])
    ask = Asker(house.rm)
    told = ask.get(f"clients/{gone.pk}/")
    assert (told.status_code, str(kept.pk) in told.json()["message"]) == (410, True)
    assert Asker(make_house().rm).get(f"clients/{gone.pk}/").status_code == 404
    for words in ("B1", "hzhx"):
        hits = [
            hit.url for group in search(house.rm, words, 5) if group.key == "clients" for hit in group.hits
        ]
        assert hits == [reverse("crm:client", args=[kept.pk])]
    assert (
        reverse("crm:client", args=[gone.pk]) not in client.get(reverse("crm:client-list")).content.decode()
    )
    done = Merge.objects.get()
    assert "One register entry" in client.get(reverse("crm:merge-detail", args=[done.pk])).content.decode()
    assert ask.post(f"merges/{done.pk}/undo/", {}).json()["notes"] == []
    assert client.get(reverse("crm:client", args=[gone.pk])).status_code == 200


@pytest.mark.django_db
def test_tier_ends_with_the_merge_and_goes_on_when_it_is_taken_back(house, two):
    _kept, gone = two
    held = put_in_tier(gone, "A")
    facts = Facts.objects.get(client=gone, valid_to=None)
    raised = an_alert(gone, a_draft())
    Alert.objects.filter(pk=raised.pk).update(
        status="acknowledged", acknowledged_by=house.rm, acknowledged_at=timezone.now()
    )
    done = merge(house, two)
    assert not Assignment.objects.filter(client=gone, valid_to=None).exists()
    assert not Facts.objects.filter(client=gone, valid_to=None).exists()
    assert not Alert.objects.filter(client=gone).exclude(status="resolved").exists()
    undo_merge(by=house.rm, merge=done)
    assert list(
        Alert.objects.filter(client=gone).exclude(status="resolved").values_list("status", "resolution")
    ) == [("acknowledged", "")]
    again = Assignment.objects.get(client=gone, valid_to=None)
    assert (again.tier, again.assessment) == (held.tier, held.assessment)
    assert facts.client == gone


@pytest.mark.django_db(transaction=True)
def test_who_writes_while_a_client_is_merged_away_is_refused(house, two):
    """On two connections: the writer waits for the merge, and is told that nothing was written."""
    _kept, gone = two
    begun, came = threading.Event(), []

    def write() -> None:
        try:
            with transaction.atomic():
                write_note(by=house.rm, client=gone, text="They called.")
                begun.set()
        except IntegrityError as error:
            came.append(merging.of_a_merged_client(error))
        connection.close()

    writer = threading.Thread(target=write)
    with transaction.atomic():
        merge(house, two)
        writer.start()
        assert begun.wait(10)
    writer.join(10)
    assert came == [True]
    assert not Note.objects.exists()


@pytest.mark.django_db
def test_every_table_whose_rows_move_refuses_records_of_merged_clients():
    wanted = {
        model._meta.db_table
        for label, model, column, _how in columns()
        if column == "client" and label not in WRITTEN_OF_MERGED
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'zz_not_of_a_merged_client'"
        )
        assert {name for (name,) in cursor.fetchall()} == wanted
