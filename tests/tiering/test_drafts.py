"""Drafts edited by several people: no edit is lost, none is applied where something else stands, each can be undone."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from crm.errors import Conflict, NotPermitted
from crm.models import Role, User
from tests.at_once import at_once
from tests.factories import make_user
from tests.tiering.helpers import a_document, label, publish
from tiering.core.document import content_hash
from tiering.core.editing import ABSENT, Edit, value_at
from tiering.errors import NotADraft, OwnCriteria
from tiering.errors_drafting import EditRefused, FieldConflict, NoSuchPlace, NothingToRedo, NothingToUndo
from tiering.models import CriteriaEdit, CriteriaStep, CriteriaTest, CriteriaVersion
from tiering.selectors.criteria import document_of
from tiering.selectors.drafts import edited
from tiering.services.criteria import load_criteria
from tiering.services.drafts import edit_draft, redo, replace_document, start_draft, undo
from tiering.services.lifecycle import approve_version, submit_version

pytestmark = pytest.mark.django_db

WEIGHT = "scorecards/all/dimensions/credit/weight"
MIDDLE = "cutoffs/1/min"
HARD = "gates/late/hard"
GATE = {
    "key": "added",
    "label": label("Added"),
    "when": {"metric": "leverage", "op": ">", "value": 0.9},
    "effect": "cap",
    "tier": "Low",
    "hard": False,
}


def admin() -> User:
    return make_user(Role.CRITERIA_ADMIN)


def a_draft(author: User | None = None, **changes: Any) -> CriteriaVersion:
    return load_criteria(document=a_document(**changes), author=author or admin())


def put(draft: CriteriaVersion, by: User, path: str, value: Any, **more: Any) -> Any:
    """One edit of what stands there now."""
    draft.refresh_from_db()
    was = value_at(draft.document, path)
    return edit_draft(version=draft, edits=[Edit("set", path, was, value)], by=by, **more)


def says(draft: CriteriaVersion, path: str) -> Any:
    return value_at(CriteriaVersion.objects.get(pk=draft.pk).document, path)


def test_draft_begins_with_what_another_version_says():
    published, author = publish(), admin()
    draft = start_draft(author=author, based_on=published)
    assert (draft.number, draft.status, draft.based_on, draft.author) == (2, "draft", published, author)
    assert (draft.document, draft.content_hash) == (published.document, published.content_hash)


def test_draft_takes_over_evidence_and_test_cases():
    first = a_draft()
    CriteriaVersion.objects.filter(pk=first.pk).update(evidence={"from": "history"})
    CriteriaTest.objects.create(version=first, name="good", facts={"credit_score": 800}, tier="High")
    draft = start_draft(author=admin(), based_on=first)
    assert draft.evidence == {"from": "history"}
    assert list(draft.tests.values_list("name", "facts", "tier")) == [("good", {"credit_score": 800}, "High")]
    assert first.tests.count() == 1


def test_draft_of_an_older_version_rolls_back_to_it():
    first = publish()
    publish(a_document(note=label("2")), effective_from=None)
    draft = start_draft(author=admin(), based_on=first)
    assert (draft.number, draft.content_hash, draft.based_on) == (3, first.content_hash, first)


def test_edit_changes_the_draft_and_keeps_what_stood_there():
    draft, author = a_draft(), admin()
    now = put(draft, author, MIDDLE, 55, revision=0)
    draft.refresh_from_db()
    assert (says(draft, MIDDLE), draft.revision) == (55, 1)
    assert draft.content_hash == content_hash(draft.document) == now.version.content_hash
    row = CriteriaEdit.objects.get()
    assert (row.revision, row.author) == (1, author)
    assert row.edits == [{"op": "set", "path": MIDDLE, "was": 50, "value": 55}]


def test_removed_entry_is_kept_whole_and_comes_back_where_it_stood():
    author = admin()
    draft = a_draft(author, gates=[GATE, *a_document()["gates"]])
    put(draft, author, "gates/added", ABSENT)
    assert CriteriaEdit.objects.get().edits[0]["before"] == "late"
    undo(version=draft, by=author)
    assert [gate["key"] for gate in says(draft, "gates")] == ["added", "late"]


@pytest.mark.parametrize("role", [role for role in Role if role != Role.CRITERIA_ADMIN])
def test_only_criteria_administrators_edit(role):
    draft, other = a_draft(), make_user(role)
    for act in (
        lambda: start_draft(author=other, based_on=draft),
        lambda: put(draft, other, MIDDLE, 55),
        lambda: undo(version=draft, by=other),
        lambda: replace_document(version=draft, document=a_document(), by=other),
    ):
        with pytest.raises(NotPermitted):
            act()
    assert not CriteriaEdit.objects.exists()


def test_edit_that_breaks_the_shape_is_refused_beside_its_field():
    draft, author = a_draft(), admin()
    edits = [Edit("set", MIDDLE, 50, 55), Edit("set", WEIGHT, 10000, "much")]
    with pytest.raises(EditRefused) as refused:
        edit_draft(version=draft, edits=edits, by=author)
    assert [one.address for one in refused.value.placed] == [WEIGHT]
    draft.refresh_from_db()
    assert (says(draft, MIDDLE), draft.revision, CriteriaEdit.objects.count()) == (50, 0, 0)


def test_condition_that_cannot_be_read_is_refused_beside_its_field():
    with pytest.raises(EditRefused) as refused:
        put(a_draft(), admin(), "gates/late/when", {"metric": "days_overdue", "op": "~"})
    assert [one.address for one in refused.value.placed] == ["gates/late/when"]


def test_edit_that_makes_no_sense_yet_is_stored_and_told():
    draft = a_draft()
    now = put(draft, admin(), WEIGHT, 9000)
    assert [(one.refusal.code, one.address) for one in now.refusals] == [
        ("weights_not_whole", "scorecards/all/dimensions")
    ]
    assert says(draft, WEIGHT) == 9000


@pytest.mark.parametrize(("member", "value"), [("scheme", "other"), ("subject", "project")])
def test_draft_keeps_its_scheme_and_whom_it_places(member, value):
    with pytest.raises(EditRefused) as refused:
        put(a_draft(), admin(), member, value)
    assert [one.address for one in refused.value.placed] == [member]


def test_conflict_names_both_values_and_who_wrote_the_other():
    draft, one, other = a_draft(), admin(), admin()
    put(draft, one, MIDDLE, 55)
    edits = [Edit("set", HARD, True, False), Edit("set", MIDDLE, 50, 60)]
    with pytest.raises(FieldConflict) as refused:
        edit_draft(version=draft, edits=edits, by=other, revision=0)
    found = refused.value
    assert (found.path, found.was, found.theirs, found.yours, found.by) == (MIDDLE, 50, 55, 60, one)
    assert found.at == CriteriaEdit.objects.get().at
    assert str(found).startswith(
        f"Placement › 2 › minimum: {one} wrote 55 there, and you would have written 60."
    )
    assert (says(draft, MIDDLE), says(draft, HARD)) == (55, True)


def test_conflict_with_nobodys_edit_is_told_too():
    with pytest.raises(FieldConflict) as refused:
        edit_draft(version=a_draft(), edits=[Edit("set", MIDDLE, 40, 60)], by=admin())
    assert (refused.value.theirs, refused.value.by) == (50, None)
    with translation.override("zh-hans"):
        assert str(refused.value)


def test_edit_of_what_somebody_took_away_is_a_conflict():
    draft, one = a_draft(), admin()
    put(draft, one, "gates/late", ABSENT)
    with pytest.raises(FieldConflict) as refused:
        edit_draft(version=draft, edits=[Edit("set", "gates/late/tier", "Low", "Middle")], by=admin())
    assert (refused.value.theirs, refused.value.by) == (ABSENT, one)


def test_place_that_never_was_is_refused():
    with pytest.raises(NoSuchPlace, match="gates/nobody/tier"):
        edit_draft(version=a_draft(), edits=[Edit("set", "gates/nobody/tier", "Low", "High")], by=admin())


def test_edits_sent_again_are_stored_once():
    draft, author = a_draft(), admin()
    edits = [Edit("set", MIDDLE, 50, 55)]
    edit_draft(version=draft, edits=edits, by=author)
    again = edit_draft(version=draft, edits=edits, by=author, revision=1)
    assert (again.version.revision, again.since, CriteriaEdit.objects.count()) == (1, (), 1)


def test_editor_learns_what_others_wrote_since():
    draft, one, other = a_draft(), admin(), admin()
    put(draft, one, MIDDLE, 55)
    now = put(draft, other, HARD, False, revision=0)
    assert [(row.author, row.revision) for row in now.since] == [(one, 1)]
    assert edited(now.version, one, 1).since[0].author == other
    assert put(draft, other, HARD, True, revision=2).since == ()


def test_own_steps_are_taken_back_one_after_the_other_and_done_again():
    draft, author = a_draft(), admin()
    put(draft, author, MIDDLE, 55)
    put(draft, author, MIDDLE, 60)
    assert (undo(version=draft, by=author).may_undo, says(draft, MIDDLE)) == (True, 55)
    now = undo(version=draft, by=author)
    assert (now.may_undo, now.may_redo, says(draft, MIDDLE)) == (False, True, 50)
    assert now.version.content_hash == content_hash(a_document())
    redo(version=draft, by=author)
    assert says(draft, MIDDLE) == 55
    now = redo(version=draft, by=author)
    assert (now.may_undo, now.may_redo, says(draft, MIDDLE)) == (True, False, 60)
    undo(version=draft, by=author)
    undo(version=draft, by=author)
    assert says(draft, MIDDLE) == 50
    with pytest.raises(NothingToUndo):
        undo(version=draft, by=author)


def test_new_edit_leaves_nothing_to_do_again():
    draft, author = a_draft(), admin()
    put(draft, author, MIDDLE, 55)
    undo(version=draft, by=author)
    assert not put(draft, author, HARD, False).may_redo
    with pytest.raises(NothingToRedo):
        redo(version=draft, by=author)
    undo(version=draft, by=author)
    assert (says(draft, HARD), says(draft, MIDDLE)) == (True, 50)


def test_undoing_leaves_what_others_wrote():
    draft, one, other = a_draft(), admin(), admin()
    put(draft, one, MIDDLE, 55)
    put(draft, other, HARD, False)
    now = undo(version=draft, by=one, revision=1)
    assert (says(draft, MIDDLE), says(draft, HARD)) == (50, False)
    assert [row.author for row in now.since] == [other]
    assert not edited(now.version, one).may_undo
    assert edited(now.version, other).may_undo


def test_undoing_what_somebody_wrote_over_is_a_conflict():
    draft, one, other = a_draft(), admin(), admin()
    put(draft, one, MIDDLE, 55)
    put(draft, other, MIDDLE, 60)
    with pytest.raises(FieldConflict):
        undo(version=draft, by=one)
    assert says(draft, MIDDLE) == 60


def test_renaming_an_entry_can_be_undone_after_it_was_edited():
    draft, author = a_draft(), admin()
    put(draft, author, "gates/late/key", "overdue")
    put(draft, author, "gates/overdue/hard", False)
    undo(version=draft, by=author)
    undo(version=draft, by=author)
    assert content_hash(says(draft, "gates")[0]) == content_hash(a_document()["gates"][0])


def submitted(author: User) -> CriteriaVersion:
    return submit_version(version=a_draft(author), by=author, purpose="new")


def test_editing_what_is_under_review_makes_it_a_draft_again():
    author, approver = admin(), admin()
    draft = submitted(author)
    put(draft, author, MIDDLE, 55)
    draft.refresh_from_db()
    assert draft.status == "draft"
    submit_version(version=draft, by=author, purpose="new")
    draft.refresh_from_db()
    approve_version(version=draft, by=approver, content_hash=draft.content_hash)
    undo(version=draft, by=author)
    draft.refresh_from_db()
    assert (draft.status, draft.approver) == ("draft", None)
    acts = CriteriaStep.objects.filter(version=draft).order_by("pk").values_list("act", flat=True)
    assert list(acts) == ["submitted", "reopened", "submitted", "approved", "reopened"]


def test_refused_edit_leaves_the_review_as_it_is():
    author = admin()
    draft = submitted(author)
    with pytest.raises(EditRefused):
        put(draft, author, WEIGHT, "much")
    edit_draft(version=draft, edits=[Edit("set", MIDDLE, 50, 50)], by=author)
    draft.refresh_from_db()
    assert draft.status == "submitted"


def test_whoever_edited_cannot_approve():
    author, helper = admin(), admin()
    draft = a_draft(author)
    put(draft, helper, MIDDLE, 55)
    draft = submit_version(version=draft, by=author, purpose="new")
    with pytest.raises(OwnCriteria):
        approve_version(version=draft, by=helper, content_hash=draft.content_hash)
    with pytest.raises(IntegrityError), transaction.atomic():
        CriteriaVersion.objects.filter(pk=draft.pk).update(status="approved", approver=helper)


def test_published_version_is_not_edited():
    published = publish()
    with pytest.raises(NotADraft):
        put(published, published.author, MIDDLE, 55)


def test_document_is_imported_as_one_step():
    draft, author = a_draft(), admin()
    now = replace_document(
        version=draft, document=a_document(note=label("new"), gates=[GATE]), by=author, revision=0
    )
    assert {edit["path"] for edit in CriteriaEdit.objects.get().edits} == {"note", "gates"}
    assert (now.may_undo, now.version.content_hash) == (True, content_hash(now.version.document))
    undo(version=draft, by=author)
    assert content_hash(says(draft, "gates")[0]) == content_hash(a_document()["gates"][0])


def test_import_over_what_somebody_wrote_meanwhile_is_refused():
    draft = a_draft()
    put(draft, admin(), MIDDLE, 55)
    with pytest.raises(Conflict):
        replace_document(version=draft, document=a_document(), by=admin(), revision=0)


@pytest.mark.parametrize("document", [[], {"format": 1}, a_document(scheme="other")])
def test_import_of_what_is_no_document_of_the_scheme_is_refused(document):
    with pytest.raises(EditRefused):
        replace_document(version=a_draft(), document=document, by=admin())
    assert not CriteriaEdit.objects.exists()


def editing(draft: CriteriaVersion, by: User, *edits: Edit) -> Callable[[], Any]:
    return lambda: [edit_draft(version=draft, edits=[edit], by=by).version.revision for edit in edits]


@pytest.mark.django_db(transaction=True)
def test_two_people_who_edit_different_fields_at_once_lose_nothing():
    draft, one, other = a_draft(), admin(), admin()
    rising = [Edit("set", MIDDLE, number, number + 1) for number in range(50, 58)]
    falling = [Edit("set", "cutoffs/0/min", number, number - 1) for number in range(80, 72, -1)]
    risen, fallen = at_once(editing(draft, one, *rising), editing(draft, other, *falling))
    assert sorted(risen + fallen) == list(range(1, 17))
    draft.refresh_from_db()
    assert (says(draft, MIDDLE), says(draft, "cutoffs/0/min"), draft.revision) == (58, 72, 16)
    assert list(CriteriaEdit.objects.values_list("revision", flat=True)) == list(range(1, 17))


@pytest.mark.django_db(transaction=True)
def test_of_two_who_edit_one_field_at_once_one_is_told_of_the_other():
    draft, one, other = a_draft(), admin(), admin()
    outcomes = at_once(
        editing(draft, one, Edit("set", MIDDLE, 50, 55)), editing(draft, other, Edit("set", MIDDLE, 50, 60))
    )
    (error,) = [outcome for outcome in outcomes if isinstance(outcome, FieldConflict)]
    row = CriteriaEdit.objects.get()
    assert (error.by, error.theirs) == (row.author, says(draft, MIDDLE))
    assert {error.yours, error.theirs} == {55, 60}


def test_document_read_before_an_edit_is_not_mistaken_for_the_one_after_it():
    draft = a_draft()
    seen = CriteriaVersion.objects.get(pk=draft.pk)
    put(draft, draft.author, MIDDLE, 55)
    assert document_of(seen).hash == seen.content_hash
    undo(version=draft, by=draft.author)
    draft.refresh_from_db()
    assert document_of(draft).hash == draft.content_hash == seen.content_hash
