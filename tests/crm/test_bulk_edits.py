"""Many clients changed at once: previewed, applied, taken back, each client accounted for."""

from datetime import date

import pghistory
import pytest
from django.urls import reverse
from django.utils import timezone

from crm.errors import Invalid, NotPermitted
from crm.history import events_of
from crm.imports.errors import WrongMoment
from crm.models import Absence, BulkEdit, BulkItem, Client, ClientTag, KeptRecord, Role, SavedView, Tag, User
from crm.selectors.profiles import values_of
from crm.services import bulk_edits, edits
from crm.services.profile_fields import add_field
from crm.services.profiles import change_profile
from tests.factories import make_client, make_industry, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def rm():
    return make_user()


def outcomes(edit: BulkEdit) -> dict[str, int]:
    edit.refresh_from_db()
    counts: dict[str, int] = edit.counts
    return counts


def done(edit: BulkEdit, by, act, capture) -> BulkEdit:
    with capture(execute=True):
        act(by=by, edit=edit)
    edit.refresh_from_db()
    return edit


def test_field_is_previewed_applied_and_taken_back_but_where_somebody_changed_it(
    rm, django_capture_on_commit_callbacks
):
    one, two, same = (make_client(rm=rm, status=status) for status in ("active", "potential", "dormant"))
    colleague = make_client(rm=make_user(team=rm.team), status="active")
    foreign = make_client(rm=make_user())
    edit = bulk_edits.choose(by=rm, clients=[c.pk for c in (one, two, same, colleague, foreign)])
    bulk_edits.plan(by=rm, edit=edit, act="status", value="dormant")
    assert outcomes(edit) == {"change": 2, "same": 1, "refuse": 1}
    assert set(edit.items.filter(outcome="change").values_list("before", flat=True)) == {
        "active",
        "potential",
    }
    assert edit.items.get(client=colleague).code == "not_held"
    with pghistory.context(user=rm.pk):
        Client.objects.filter(pk=two.pk).update(status="active")
    events = events_of(Client).count()
    done(edit, rm, bulk_edits.apply, django_capture_on_commit_callbacks)
    assert (edit.status, outcomes(edit)) == ("applied", {"change": 1, "same": 1, "refuse": 2})
    assert edit.items.get(client=two).code == "changed_since"
    one.refresh_from_db()
    assert (one.status, one.version, events_of(Client).count()) == ("dormant", 2, events + 1)
    done(edit, rm, bulk_edits.undo, django_capture_on_commit_callbacks)
    one.refresh_from_db()
    assert (edit.status, one.status, one.version, edit.counts["kept"]) == ("undone", "active", 3, 0)
    with pytest.raises(WrongMoment):
        bulk_edits.undo(by=rm, edit=edit)


def test_undo_leaves_clients_that_somebody_changed_since(rm, django_capture_on_commit_callbacks):
    clients = [make_client(rm=rm, status="active") for _ in range(2)]
    edit = bulk_edits.choose(by=rm, query="status=active")
    industry = make_industry()
    bulk_edits.plan(by=rm, edit=edit, act="industry", value=str(industry.pk))
    done(edit, rm, bulk_edits.apply, django_capture_on_commit_callbacks)
    with pghistory.context(user=rm.pk):
        Client.objects.filter(pk=clients[0].pk).update(status="dormant")
    done(edit, rm, bulk_edits.undo, django_capture_on_commit_callbacks)
    assert [Client.objects.get(pk=c.pk).industry for c in clients] == [industry, None]
    assert (edit.counts["kept"], KeptRecord.objects.get().record_id) == (1, clients[0].pk)


@pytest.mark.parametrize(("act", "before", "after"), [("tag", 0, 3), ("untag", 3, 0)])
def test_tags_are_added_and_taken_away_and_that_is_taken_back_but_of_clients_given_away_since(
    act, before, after, rm, django_capture_on_commit_callbacks
):
    clients = [make_client(rm=rm) for _ in range(3)]
    tag = Tag.objects.create(team=rm.team, name="VIP")
    if before:
        for client in clients:
            ClientTag.objects.create(client=client, tag=tag, added_by=rm)
    edit = bulk_edits.choose(by=rm, clients=[client.pk for client in clients])
    bulk_edits.plan(by=rm, edit=edit, act=act, value="vip" if act == "tag" else str(tag.pk))
    done(edit, rm, bulk_edits.apply, django_capture_on_commit_callbacks)
    assert ClientTag.objects.filter(tag=tag).count() == after
    Client.objects.filter(pk=clients[2].pk).update(rm=make_user(team=rm.team))
    done(edit, rm, bulk_edits.undo, django_capture_on_commit_callbacks)
    marked = [ClientTag.objects.filter(tag=tag, client=client).count() for client in clients]
    assert marked == [before > 0, before > 0, after > 0]
    kept = KeptRecord.objects.get()
    assert (kept.code, edit.counts["kept"]) == ("not_held", 1)
    assert clients[2].name_zh in kept.name


def test_many_are_left_to_a_worker_and_done_once(rm, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(edits, "AT_ONCE", 0)
    rung = []
    monkeypatch.setattr(edits.current_app, "send_task", lambda name, args: rung.append(args[0]))
    client = make_client(rm=rm, status="active")
    edit = bulk_edits.choose(by=rm, clients=[client.pk])
    bulk_edits.plan(by=rm, edit=edit, act="status", value="dormant")
    done(edit, rm, bulk_edits.apply, django_capture_on_commit_callbacks)
    assert (rung, edit.status) == ([edit.pk], "applying")
    bulk_edits.run_edit(edit.pk)
    bulk_edits.run_edit(edit.pk)
    client.refresh_from_db()
    assert (client.status, client.version) == ("dormant", 2)


def test_who_may_not_is_refused(rm):
    client = make_client(rm=rm)
    edit = bulk_edits.choose(by=rm, clients=[client.pk])
    with pytest.raises(NotPermitted):
        bulk_edits.choose(by=make_user(Role.AUDITOR), clients=[client.pk])
    with pytest.raises(NotPermitted):
        bulk_edits.plan(by=make_user(team=rm.team), edit=edit, act="status", value="dormant")
    with pytest.raises(bulk_edits.UnknownAct):
        bulk_edits.plan(by=rm, edit=edit, act="rm", value="1")
    with pytest.raises(Invalid):
        bulk_edits.plan(by=rm, edit=edit, act="status", value="gone")
    with pytest.raises(bulk_edits.NobodyChosen):
        bulk_edits.choose(by=rm, clients=[make_client(rm=make_user()).pk])


def test_bulk_edit_by_page_and_by_api(client, django_capture_on_commit_callbacks):
    lead = make_user(Role.TEAM_LEAD)
    rm = make_user(team=lead.team)
    ours = [make_client(rm=rm, status="active") for _ in range(2)]
    client.force_login(lead)
    begun = client.post(reverse("crm:bulk-new"), {"all": "1", "list": "status=active"})
    edit = BulkEdit.objects.get()
    assert begun.url == reverse("crm:bulk", args=[edit.pk])
    act = reverse("crm:bulk-act", args=[edit.pk])
    client.post(act, {"step": "plan", "act": "status", "value_status": "dormant"})
    page = client.get(begun.url).content.decode()
    assert "Active → <strong>Dormant</strong>" in page
    assert "Change 2 clients" in page
    with django_capture_on_commit_callbacks(execute=True):
        client.post(act, {"step": "apply"})
    assert "Take the change back" in client.get(begun.url).content.decode()
    assert set(Client.objects.values_list("status", flat=True)) == {"dormant"}

    def call(path: str, body: dict | None = None, pk: int | None = None) -> dict:
        with django_capture_on_commit_callbacks(execute=True):
            url = reverse(f"api:bulk-edit-{path}", args=[pk] if pk else [])
            answer = client.post(url, body or {}, content_type="application/json")
        assert answer.status_code < 300, answer.content
        told: dict = answer.json()
        return told

    pk = call("list", {"clients": [c.pk for c in ours]})["id"]
    assert call("plan", {"act": "rm", "value": str(rm.pk)}, pk)["counts"] == {"same": 2}
    assert call("plan", {"act": "status", "value": "active"}, pk)["counts"] == {"change": 2}
    call("apply", pk=pk)
    items = client.get(reverse("api:bulk-edit-items", args=[pk])).json()["results"]
    assert [item["outcome"] for item in items] == ["change", "change"]
    call("undo", pk=pk)
    assert set(Client.objects.values_list("status", flat=True)) == {"dormant"}
    assert BulkItem.objects.filter(edit=pk).count() == 2


def test_saved_views_by_api_are_never_silently_overwritten(client, rm):
    client.force_login(rm)
    body = {"list_key": "clients", "name": "Mine", "query": "status=active", "columns": ["name", "code"]}
    made = client.post(reverse("api:view-list"), body, content_type="application/json").json()
    url = reverse("api:view-detail", args=[made["id"]])

    def patch(**given) -> int:
        code: int = client.patch(url, given, content_type="application/json").status_code
        return code

    assert client.post(reverse("api:view-list"), body, content_type="application/json").status_code == 400
    assert patch(revision=0, query="status=dormant") == 200
    assert patch(revision=0, query="") == 409
    assert patch(revision=1, reach="house") == 403
    assert patch(revision=1, reach="team") == 200
    client.force_login(make_user(team=rm.team))
    assert client.get(url).json()["query"] == "status=dormant"
    assert patch(revision=2, query="") == 403
    client.force_login(rm)
    assert client.delete(url, {"revision": 2}, content_type="application/json").status_code == 204
    assert not SavedView.objects.exists()


def test_deputy_changes_the_book_they_look_after_but_no_client_that_was_merged_since(
    rm, django_capture_on_commit_callbacks
):
    deputy, day = make_user(team=rm.team), timezone.localdate()
    Absence.objects.create(user=rm, deputy=deputy, starts_on=day, ends_on=day, entered_by=rm)
    kept, gone = (make_client(rm=rm, status="active") for _ in range(2))
    edit = bulk_edits.choose(by=deputy, clients=[kept.pk, gone.pk])
    bulk_edits.plan(by=deputy, edit=edit, act="status", value="dormant")
    assert outcomes(edit) == {"change": 2}
    Client.objects.filter(pk=gone.pk).update(merged_into=kept)
    done(edit, deputy, bulk_edits.apply, django_capture_on_commit_callbacks)
    assert list(Client.objects.order_by("pk").values_list("status", flat=True)) == ["dormant", "active"]
    assert edit.items.get(client=gone).code == "not_held"


def test_clients_are_not_given_to_a_colleague_who_left_since(django_capture_on_commit_callbacks):
    lead = make_user(Role.TEAM_LEAD)
    held, taker = make_client(rm=make_user(team=lead.team)), make_user(team=lead.team)
    edit = bulk_edits.choose(by=lead, clients=[held.pk])
    bulk_edits.plan(by=lead, edit=edit, act="rm", value=str(taker.pk))
    User.objects.filter(pk=taker.pk).update(is_active=False)
    done(edit, lead, bulk_edits.apply, django_capture_on_commit_callbacks)
    assert edit.status == "failed"
    assert not Client.objects.filter(rm=taker).exists()


def test_declared_fields_are_changed_for_many_and_taken_back(rm, django_capture_on_commit_callbacks):
    admin = make_user(Role.SYSTEM_ADMIN)
    plain = add_field(by=admin, key="opened", label_en="Opened", type="date", kinds=["corporate"])
    metric = add_field(
        by=admin, key="seats", label_en="Seats", type="number", kinds=["corporate"], is_metric=True
    )
    one, two = (make_client(rm=rm) for _ in range(2))
    person = make_client(rm=rm, kind="individual")
    change_profile(by=rm, client=one, version=one.version, values={"opened": "2026-01-01"})
    for field, bad, value in ((plain, "soon", "2026-03-31"), (metric, "many", "12")):
        edit = bulk_edits.choose(by=rm, clients=[one.pk, two.pk, person.pk])
        for refused in (bad, ""):
            with pytest.raises(Invalid):
                bulk_edits.plan(by=rm, edit=edit, act=f"field-{field.pk}", value=refused)
        bulk_edits.plan(by=rm, edit=edit, act=f"field-{field.pk}", value=value)
        assert outcomes(edit) == {"change": 2, "refuse": 1}
        assert edit.items.get(client=person).code == "field_of_another_kind"
        done(edit, rm, bulk_edits.apply, django_capture_on_commit_callbacks)
        known = values_of([one.pk, two.pk], [field])
        assert [str(known[pk, field.pk]).removesuffix(".0") for pk in (one.pk, two.pk)] == [value, value]
        done(edit, rm, bulk_edits.undo, django_capture_on_commit_callbacks)
        left = values_of([one.pk, two.pk], [field])
        assert list(left.values()) == ([date(2026, 1, 1)] if field == plain else [])
