"""The way of a version: each step, by whom it may be taken, and what stands against it."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.utils import timezone

from crm.errors import NotPermitted
from crm.models import Role
from tests.at_once import at_once
from tests.factories import make_user
from tests.tiering.helpers import a_document, days_ago, publish
from tests.tiering.test_trials import STRICTER
from tests.tiering.under_way import a_draft, acts, admin, approved, cut_at, submitted
from tiering.core.cases import Case
from tiering.errors import (
    CriteriaRefused,
    DraftIsUsed,
    EffectiveTooLate,
    NotADraft,
    NotApproved,
    NotSubmitted,
    OtherBasis,
    OtherContent,
    OwnCriteria,
    PurposeRequired,
    ReasonRequired,
    TestsFail,
    VersionDiscarded,
)
from tiering.models import CriteriaEdit, CriteriaStep, CriteriaVersion, TieringRun
from tiering.selectors.criteria import effective_version
from tiering.selectors.lifecycle import is_overtaken, replaced_by, sent_back_to, waiting_for
from tiering.services.criteria_tests import add_test
from tiering.services.drafts import edit_draft, start_draft
from tiering.services.lifecycle import (
    approve_version,
    discard_version,
    publish_version,
    put_in_effect,
    reject_version,
    submit_version,
    withdraw_version,
)

pytestmark = pytest.mark.django_db


def test_each_step_is_kept_with_person_content_and_word():
    author, checker = admin(), admin()
    version = submitted(author)
    approve_version(version=version, by=checker, content_hash=version.content_hash, comment="Sound.")
    published = publish_version(version=version, publisher=checker)
    steps = list(CriteriaStep.objects.order_by("pk").values_list("act", "by", "comment", "content_hash"))
    told = [("submitted", author, "Stricter."), ("approved", checker, "Sound."), ("published", checker, "")]
    assert steps == [(act, by.pk, word, version.content_hash) for act, by, word in told]
    assert (published.purpose, published.approver) == ("Stricter.", checker)
    assert published.submitted_at < published.approved_at < published.published_at


def test_purpose_is_asked_once_and_kept():
    version = a_draft()
    for nothing in ("", "  "):
        with pytest.raises(PurposeRequired):
            submit_version(version=version, by=version.author, purpose=nothing)
    submit_version(version=version, by=version.author, purpose=" Why. ")
    withdraw_version(version=version, by=version.author)
    assert submit_version(version=version, by=version.author).purpose == "Why."


def test_author_can_do_nothing_that_takes_a_second_person():
    author = admin()
    version = submitted(author)
    with pytest.raises(OwnCriteria):
        approve_version(version=version, by=author, content_hash=version.content_hash)
    approve_version(version=version, by=admin(), content_hash=version.content_hash)
    with pytest.raises(OwnCriteria):
        publish_version(version=version, publisher=author)
    assert CriteriaVersion.objects.get().status == "approved"


def test_whoever_edited_it_can_neither_approve_nor_publish():
    version, editor = a_draft(), admin()
    edit_draft(version=version, edits=[cut_at(90, was=80)], by=editor)
    version = submit_version(version=version, by=version.author, purpose="Why.")
    with pytest.raises(OwnCriteria):
        approve_version(version=version, by=editor, content_hash=version.content_hash)
    assert not waiting_for(editor).exists()
    approve_version(version=version, by=admin(), content_hash=version.content_hash)
    with pytest.raises(OwnCriteria):
        publish_version(version=version, publisher=editor)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.CRITERIA_ADMIN])
def test_only_criteria_administrators_take_steps(role):
    version, user = submitted(), make_user(role)
    for step in (
        lambda: submit_version(version=version, by=user, purpose="x"),
        lambda: withdraw_version(version=version, by=user),
        lambda: reject_version(version=version, by=user, reason="x"),
        lambda: approve_version(version=version, by=user, content_hash=version.content_hash),
        lambda: publish_version(version=version, publisher=user),
        lambda: discard_version(version=version, by=user),
    ):
        with pytest.raises(NotPermitted):
            step()
    assert acts(version) == ["submitted"]


def test_steps_are_taken_in_order():
    version, checker = a_draft(), admin()
    with pytest.raises(NotSubmitted):
        approve_version(version=version, by=checker, content_hash=version.content_hash)
    with pytest.raises(NotSubmitted):
        reject_version(version=version, by=checker, reason="x")
    with pytest.raises(NotSubmitted):
        withdraw_version(version=version, by=checker)
    submit_version(version=version, by=version.author, purpose="Why.")
    with pytest.raises(NotADraft):
        submit_version(version=version, by=version.author, purpose="Why.")
    with pytest.raises(NotApproved):
        publish_version(version=version, publisher=checker)
    with pytest.raises(NotADraft):
        discard_version(version=version, by=version.author)


def test_rejecting_takes_a_reason_and_reaches_the_authors():
    author, checker, editor = admin(), admin(), admin()
    version = a_draft(author)
    edit_draft(version=version, edits=[cut_at(90, was=80)], by=editor)
    submit_version(version=version, by=author, purpose="Why.")
    with pytest.raises(ReasonRequired):
        reject_version(version=version, by=checker, reason=" ")
    reject_version(version=version, by=checker, reason="Too strict.")
    assert [list(sent_back_to(user)) for user in (author, editor, checker)] == [[version], [version], []]
    submit_version(version=version, by=author, purpose="Better.")
    assert not sent_back_to(author).exists()
    assert list(waiting_for(checker)) == [version]


def test_only_the_content_that_was_shown_is_approved():
    version, checker = submitted(), admin()
    shown = version.content_hash
    edit_draft(version=version, edits=[cut_at(90, was=80)], by=version.author)
    with pytest.raises(NotSubmitted):
        approve_version(version=version, by=checker, content_hash=shown)
    version = submit_version(version=version, by=version.author)
    with pytest.raises(OtherContent):
        approve_version(version=version, by=checker, content_hash=shown)
    approve_version(version=version, by=checker, content_hash=version.content_hash)
    with pytest.raises(OtherContent):
        publish_version(version=version, publisher=checker, content_hash=shown)
    assert acts(version) == ["submitted", "reopened", "submitted", "approved"]


def test_editing_an_approved_version_takes_its_approval_back():
    version = approved()
    edit_draft(version=version, edits=[cut_at(90, was=80)], by=version.author)
    version.refresh_from_db()
    assert (version.status, version.approver, version.approved_at) == ("draft", None, None)


def test_deciding_on_what_was_compared_with_another_version_is_refused():
    first = publish(effective_from=days_ago(9))
    version, checker = submitted(cutoffs=STRICTER), admin()
    assert not is_overtaken(version, first)
    between = publish(a_document(note={"en": "2", "zh": "2"}), effective_from=None)
    assert is_overtaken(version, between)
    assert replaced_by(version) == between
    with pytest.raises(OtherBasis):
        approve_version(version=version, by=checker, content_hash=version.content_hash, replaces=first.pk)
    approve_version(version=version, by=checker, content_hash=version.content_hash, replaces=between.pk)
    again = publish(a_document(note={"en": "3", "zh": "3"}), effective_from=None)
    with pytest.raises(OtherBasis):
        publish_version(version=version, publisher=checker, replaces=between.pk)
    assert publish_version(version=version, publisher=checker, replaces=again.pk).status == "published"


def test_first_version_replaces_nothing():
    version, checker = submitted(), admin()
    with pytest.raises(OtherBasis):
        approve_version(version=version, by=checker, content_hash=version.content_hash, replaces=987)
    approve_version(version=version, by=checker, content_hash=version.content_hash, replaces=0)


def test_version_can_take_effect_later_and_the_former_stays_until_then():
    first, checker = publish(), admin()
    version = approved(checker, cutoffs=STRICTER)
    later = timezone.now() + timedelta(days=3)
    publish_version(version=version, publisher=checker, effective_from=later)
    scheme = first.criteria.scheme
    assert effective_version(scheme, timezone.now()) == first
    assert effective_version(scheme, later) == version
    assert not TieringRun.objects.exists()


def test_restored_version_goes_the_same_way():
    first = publish(effective_from=days_ago(9))
    publish(a_document(cutoffs=STRICTER), effective_from=days_ago(5))
    author = admin()
    draft = start_draft(author=author, based_on=first)
    assert (draft.number, draft.status, draft.content_hash) == (3, "draft", first.content_hash)
    with pytest.raises(OwnCriteria):
        put_in_effect(version=draft, approver=author)
    put_in_effect(version=draft, approver=admin())
    assert effective_version(first.criteria.scheme, timezone.now()) == draft


def test_failing_test_case_stands_against_every_step():
    version, checker = a_draft(), admin()
    add_test(version=version, case=Case("Good", {"credit_score": 720.0}, "High"), by=version.author)
    wrong = add_test(version=version, case=Case("Bad", {"credit_score": 500.0}, "High"), by=version.author)
    with pytest.raises(TestsFail, match="“Bad”") as refused:
        submit_version(version=version, by=version.author, purpose="Why.")
    assert refused.value.names == ("Bad",)
    wrong.delete()
    submit_version(version=version, by=version.author, purpose="Why.")
    approve_version(version=version, by=checker, content_hash=version.content_hash)
    publish_version(version=version, publisher=checker)


def test_draft_that_makes_no_sense_is_not_submitted():
    version = a_draft(cutoffs=[{"tier": "High", "min": 80}, {"tier": "Low", "min": 10}])
    with pytest.raises(CriteriaRefused):
        submit_version(version=version, by=version.author, purpose="Why.")


def test_discarded_draft_is_gone_with_its_edits_and_cases():
    version = a_draft()
    edit_draft(version=version, edits=[cut_at(90, was=80)], by=version.author)
    add_test(version=version, case=Case("Good", {}, "High"), by=version.author)
    submit_version_and_back(version)
    discard_version(version=version, by=admin())
    assert not CriteriaVersion.objects.exists()
    assert not CriteriaEdit.objects.exists()


def submit_version_and_back(version: CriteriaVersion) -> None:
    version.tests.all().delete()
    submit_version(version=version, by=version.author, purpose="Why.")
    withdraw_version(version=version, by=version.author)


def test_draft_that_another_was_begun_from_is_not_discarded():
    version = a_draft()
    start_draft(author=admin(), based_on=version)
    with pytest.raises(DraftIsUsed):
        discard_version(version=version, by=version.author)
    assert CriteriaVersion.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_who_approve_at_once_one_does():
    version = submitted()
    approve = partial(approve_version, version=version, content_hash=version.content_hash)
    outcomes = at_once(*(partial(approve, by=checker) for checker in (admin(), admin())))
    assert {type(outcome) for outcome in outcomes} == {CriteriaVersion, NotSubmitted}
    assert acts(version) == ["submitted", "approved"]


def test_whoever_submitted_it_can_neither_approve_nor_publish():
    version, helper = a_draft(), admin()
    version = submit_version(version=version, by=helper, purpose="Why.")
    with pytest.raises(OwnCriteria):
        approve_version(version=version, by=helper, content_hash=version.content_hash)
    assert not waiting_for(helper).exists()
    withdraw_version(version=version, by=helper)
    version = submit_version(version=version, by=version.author)
    assert list(waiting_for(helper)) == [version]
    approve_version(version=version, by=helper, content_hash=version.content_hash)


def test_submission_that_was_not_shown_is_not_approved():
    """Purpose and test cases are not in the hash of the content."""
    version, checker = submitted(), admin()
    shown, at = version.content_hash, version.submitted_at
    withdraw_version(version=version, by=version.author)
    version = submit_version(version=version, by=version.author, purpose="Something else.")
    assert version.content_hash == shown
    with pytest.raises(OtherContent):
        approve_version(version=version, by=checker, content_hash=shown, submitted_at=at)
    approve_version(version=version, by=checker, content_hash=shown, submitted_at=version.submitted_at)


def test_version_takes_effect_within_ten_years():
    version = approved()
    with pytest.raises(EffectiveTooLate):
        publish_version(
            version=version, publisher=admin(), effective_from=datetime(9999, 12, 31, 23, 59, tzinfo=UTC)
        )


def test_draft_that_somebody_discarded_meanwhile_is_refused():
    version, by = a_draft(), admin()
    discard_version(version=CriteriaVersion.objects.get(pk=version.pk), by=by)
    for act in (
        lambda: edit_draft(version=version, edits=[cut_at(90, was=80)], by=by),
        lambda: start_draft(author=by, based_on=version),
        lambda: submit_version(version=version, by=by, purpose="Why."),
        lambda: add_test(version=version, case=Case("x", {}, "High"), by=by),
    ):
        with pytest.raises(VersionDiscarded):
            act()
